"""Calls, readouts, the watch and its log, kept as they happen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from e2e.console.lining import LINE, new_id, pane, part, put, wait_for_line

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


def test_a_call_is_kept_while_it_runs_and_read_out_afterwards(blue: Visit) -> None:
    part(blue, "Calls").get_by_role("button", name="We call").click()
    form = blue.page.get_by_role("form", name="Call")
    expect(form.get_by_role("timer")).to_have_text(re.compile(r"00:00:\d\d\s+running"))
    form.get_by_label("Role or office").fill("minister of defence")
    blue.keys("Enter")
    expect(form).to_contain_text("BLUE minister of defence")
    form.get_by_label("Topic").fill("contacts")
    form.get_by_label("Words as said").fill("Контакты восстановлены.")
    form.get_by_label("What the interpreter made of it").fill("Contacts are restored.")
    blue.keys("Control+Enter")
    expect(form).to_contain_text("“Контакты восстановлены.”")
    expect(form.get_by_role("status")).to_have_text("Kept.")
    assert blue.faults() == []
    form.get_by_role("button", name="concluded").click()
    expect(form).to_contain_text("ended")
    form.get_by_role("button", name="Write our readout").click()
    readout = blue.page.get_by_role("form", name="Readout")
    expect(readout.get_by_label("Of which talk")).not_to_have_value("")
    readout.get_by_label("Topic").fill("course of the talks")
    readout.get_by_label("Told as").select_option("divergence")
    readout.get_by_label("What it says").fill("areas of overlap and areas of divergence")
    readout.get_by_role("button", name="Add the point").click()
    readout.get_by_role("button", name=re.compile("Keep it")).click()
    expect(readout).to_contain_text("Kept.")
    assert blue.faults() == []


def test_two_accounts_stand_side_by_side_without_a_verdict(blue: Visit) -> None:
    call = new_id()
    began = {"line": LINE, "kind": "principals", "placed_by": "theirs"}
    times = {"started_at": "2026-03-14T04:00:00Z", "ended_at": "2026-03-14T04:50:00Z"}
    put(blue, f"/calls/{call}", began | times | {"ending": "concluded"}, is_new=True)
    for party, kind, points in (
        ("BLUE", "own", [("course of the talks", "divergence", "areas of divergence"),
                         ("deconfliction", "intention", "mechanisms will be discussed")]),
        ("AMBER", "published", [("Course of the talks", "common ground", "views coincide"),
                                ("purpose", "claim", "a defensive presence")]),
    ):  # fmt: skip
        told = [
            {"number": at, "topic": topic, "stance": stance, "text": text}
            for at, (topic, stance, text) in enumerate(points, start=1)
        ]
        body = {"line": LINE, "party": party, "kind": kind, "about_kind": "call", "about": call}
        put(blue, f"/readouts/{new_id()}", body | {"points": told}, is_new=True)
    part(blue, "Readouts")
    blue.page.get_by_role("list", name="Talks with readouts").get_by_text("50 min").click()
    beside = pane(blue)
    expect(beside).to_contain_text(re.compile("1 contradict.*1 only BLUE.*1 only AMBER", re.DOTALL))
    row = beside.get_by_role("row").filter(has_text="areas of divergence")
    expect(row).to_contain_text("views coincide")
    expect(beside).to_contain_text("It says nothing of who is right.")
    assert blue.faults() == []


def test_a_note_is_corrected_only_by_another(blue: Visit) -> None:
    log = part(blue, "Log")
    log.get_by_label("Note", exact=False).fill("Call at 0900 was not answered.")
    blue.keys("Control+Enter")
    notes = log.get_by_role("list", name="Watch log, the newest first").get_by_role("listitem")
    expect(notes).to_have_count(1)
    notes.first.get_by_role("button", name="Correct…").click()
    log.get_by_label("The correction", exact=False).fill("It was answered at 0904.")
    blue.keys("Control+Enter")
    expect(notes).to_have_count(2)
    expect(notes.filter(has_text="was not answered").last).to_contain_text("corrected")
    log.get_by_label("Search the watch log").fill("0904")
    expect(notes).to_have_count(1)
    assert blue.faults() == []


def test_the_watch_is_taken_by_role_and_the_other_side_is_told(
    blue: Visit, pair: dict[str, NodeAddress], visit_in: OpenConsole
) -> None:
    watch = part(blue, "Watch")
    watch.get_by_role("button", name="Take the watch…").click()
    form = blue.page.get_by_role("form", name="The watch")
    form.get_by_label("Role", exact=True).fill("duty officer")
    form.get_by_label("Languages").fill("en ru")
    form.get_by_label("certified linguist").check()
    form.get_by_role("button", name="Add", exact=True).click()
    assert blue.faults() == []
    form.get_by_role("button", name="Take the watch…").click()
    blue.keys("Control+Enter")
    expect(watch).to_contain_text("A certified linguist is on duty.")
    amber = visit_in(pair["AMBER"])
    strip = amber.page.get_by_role("region", name="Lines")
    expect(strip).to_contain_text(re.compile("BLUE: duty officer"))
