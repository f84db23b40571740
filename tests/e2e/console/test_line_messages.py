"""Messages between two consoles: each proof by itself, nothing sent by a single key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from e2e.console.lining import pane, part, release, rows, tick_all, wait_for_line

if TYPE_CHECKING:
    from e2e.console.conftest import OpenConsole
    from e2e.console.watching import NodeAddress, Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect


@pytest.fixture
def blue(pair: dict[str, NodeAddress], visit_in: OpenConsole) -> Visit:
    visit = visit_in(pair["BLUE"])
    wait_for_line(visit)
    return visit


@pytest.fixture
def amber(pair: dict[str, NodeAddress], visit_in: OpenConsole) -> Visit:
    visit = visit_in(pair["AMBER"])
    wait_for_line(visit)
    return visit


def test_a_flash_is_taken_by_keys_read_back_and_proved_to_its_sender(
    blue: Visit, amber: Visit
) -> None:
    release(blue)
    alarm = amber.page.get_by_role("list", name="Alarms that wait").get_by_role("listitem").first
    expect(alarm).to_contain_text(re.compile("WARNING.*FLASH.*acknowledge.*in \\d+ s", re.DOTALL))
    amber.keys("a")
    dialog = amber.page.get_by_role("dialog")
    expect(dialog).to_contain_text("approves nothing")
    assert amber.faults() == []
    amber.keys("Enter")  # the harmless button has the focus
    expect(dialog).to_have_count(0)
    expect(rows(amber).first).to_contain_text("DELIVERED")
    amber.keys("a", "Control+Enter")
    expect(rows(amber).first).to_contain_text("READBACK DUE")
    form = pane(amber).get_by_role("form", name="Read back")
    expect(form).to_contain_text("north-east of")
    tick_all(form)
    expect(form).to_contain_text("Every field as it was sent.")
    assert amber.faults() == []
    amber.keys("Control+Enter", "Control+Enter")
    expect(rows(amber).first).to_contain_text("units to be told")
    part(blue, "Messages")
    rows(blue).first.click()
    track = pane(blue).get_by_role("list", name="How far it is")
    expect(track.get_by_role("listitem").filter(has_text="read back")).to_contain_text(
        re.compile(r"\d\d:\d\d:\d\dZ AMBER")
    )
    assert blue.faults() == []


def test_a_readback_that_differs_is_said_before_it_goes(blue: Visit, amber: Visit) -> None:
    release(blue)
    alarms = amber.page.get_by_role("list", name="Alarms that wait")
    expect(alarms.get_by_role("listitem").first).to_contain_text("acknowledge")
    amber.keys("a")
    expect(amber.page.get_by_role("dialog")).to_contain_text("FLASH")
    amber.keys("Control+Enter")
    form = pane(amber).get_by_role("form", name="Read back")
    tick_all(form)
    where = form.get_by_role("listitem").filter(has_text="Where")
    where.get_by_label("read, as it stands").uncheck()
    where.get_by_label("or heard otherwise").fill("35 29 04N 035 56 55E")
    expect(where).to_contain_text(re.compile("DIFFERS.*m away"))
    expect(form).to_contain_text("it goes out as DISPUTED")
    amber.keys("Control+Enter", "Control+Enter")
    expect(rows(amber).first).to_contain_text("DISPUTED")


def test_a_conflict_becomes_an_advisory_and_is_answered(blue: Visit, amber: Visit) -> None:
    blue.answer("B-101").click()
    blue.panel("Detail").get_by_role("button", name=re.compile("Tell AMBER")).first.click()
    form = blue.page.get_by_role("form", name="Write M07 CONFLICT ADVISORY")
    named = form.get_by_label("Own operation")
    expect(named.locator("option:checked")).to_have_text(re.compile("^op-[0-9a-f]{8} BLUE"))
    expect(form).to_contain_text("1 thing stands against it: Asked change")
    beyond = form.get_by_role("region", name="More than the level")
    expect(beyond).to_have_count(0)
    assert blue.faults() == []
    form.get_by_label("Asked change").fill("Move A-201 2,500 m higher.")
    expect(form).to_contain_text("Whole. Draft kept; nobody is told yet.")
    expect(beyond).to_contain_text('"2,500 m" is finer than the grid')
    form.get_by_role("button", name="Write it exactly in Own operation").press("Enter")
    expect(beyond).to_contain_text("it names B-101 of BLUE, which they may learn of at L1")
    expect(named.locator("option:checked")).to_have_text(re.compile("^B-101 BLUE"))
    beyond.get_by_role("button", name="Write Own operation as the level allows").press("Enter")
    expect(beyond).not_to_contain_text("it names B-101")
    assert blue.faults() == []
    blue.keys("Control+Enter")
    expect(blue.page.get_by_role("dialog")).to_contain_text("Asked change: Move A-201")
    blue.keys("Control+Enter")
    expect(blue.page.get_by_label("I have read this, and they may know it")).to_be_focused()
    blue.keys("Space", "Control+Enter")
    expect(rows(blue).first).to_contain_text(re.compile("M07.*(SENT|DELIVERED)", re.DOTALL))
    part(amber, "Messages")
    asked = rows(amber).filter(has_text="CONFLICT ADVISORY").first
    asked.click()
    pane(amber).get_by_role("button", name=re.compile("^Acknowledge")).first.click()
    amber.keys("Control+Enter")
    form = pane(amber).get_by_role("form", name="Read back")
    tick_all(form)
    expect(form).to_contain_text("Every field as it was sent.")
    amber.keys("Control+Enter", "Control+Enter")
    pane(amber).get_by_role("button", name=re.compile("Answer with M08")).click()
    answer = amber.page.get_by_role("form", name="Write M08 CONFLICT ANSWER")
    expect(answer.get_by_label("Advisory")).not_to_have_value("")
    answer.get_by_label("Answer", exact=True).select_option("will move")
    expect(answer).to_contain_text("Whole. Draft kept")
    amber.keys("Control+Enter", "Control+Enter")
    expect(rows(blue).filter(has_text="CONFLICT ADVISORY").first).to_contain_text("ANSWERED")


def test_a_draft_is_kept_and_can_be_dropped(blue: Visit) -> None:
    part(blue, "Messages")
    blue.page.get_by_label("Write").select_option("M12")
    form = blue.page.get_by_role("form", name=re.compile("Write M12"))
    form.get_by_label("Who", exact=True).fill("one helicopter")
    expect(form).to_contain_text("stand against it")
    expect(form.get_by_role("button", name=re.compile("Release"))).to_be_disabled()
    expect(rows(blue).first).to_contain_text("DRAFT")
    form.get_by_role("button", name="Drop it…").click()
    blue.keys("Control+Enter")
    expect(rows(blue).filter(has_text="DRAFT")).to_have_count(0)
