"""A lapsed line brought back proof by proof from both consoles, then suspended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from e2e.console.lining import part, wait_for_line

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from e2e.console.conftest import OpenConsole
    from e2e.console.watching import NodeAddress, Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

PROOFS = {
    "Offered, or joined": "Offer to restore",
    "Own check answered": "Test",
    "Keys and clocks compared": "Verify keys and clocks",
    "Gap list given": "Give our list",
}


@pytest.fixture
def consoles(pair: dict[str, NodeAddress], visit_in: OpenConsole) -> tuple[Visit, Visit]:
    blue, amber = visit_in(pair["BLUE"]), visit_in(pair["AMBER"])
    for visit in (blue, amber):
        wait_for_line(visit)
        part(visit, "State")
    return blue, amber


def restoration(visit: Visit) -> Locator:
    return visit.page.get_by_role("region", name="Restoration")


def prove(visit: Visit, button: str) -> None:
    restoration(visit).get_by_role("button", name=button).click()
    expect(visit.page.get_by_role("dialog")).to_contain_text(button)
    visit.keys("Control+Enter")


def test_a_line_is_up_only_after_every_proof_of_both_sides(consoles: tuple[Visit, Visit]) -> None:
    strips = [visit.page.get_by_role("region", name="Lines") for visit in consoles]
    expect(strips[0]).to_contain_text("LAPSED")
    for title, button in PROOFS.items():
        for visit in consoles:
            prove(visit, button)
        for visit in consoles:
            step = restoration(visit).get_by_role("listitem").filter(has_text=title)
            expect(step).to_contain_text(re.compile("yes.*yes", re.DOTALL))
        expect(strips[0]).to_contain_text("RESTORING")
    expect(restoration(consoles[0])).to_contain_text("What the gap left here")
    assert consoles[0].faults() == []
    for visit in consoles:
        prove(visit, "Confirm")
    for strip in strips:
        expect(strip).to_contain_text(re.compile(r"\bUP\b"))


def test_a_suspension_needs_two_people_and_hides_nothing(consoles: tuple[Visit, Visit]) -> None:
    blue, amber = consoles
    declared = blue.page.get_by_role("region", name="Declarations")
    declared.get_by_role("button", name="Suspend…").first.click()
    form = blue.page.get_by_role("form", name="Suspend the line")
    form.get_by_label("How much").select_option("air")
    form.get_by_label("What still works for safety").fill("FLASH is taken")
    form.get_by_label("Second person").fill("the other officer")
    assert blue.faults() == []
    form.get_by_role("button", name="Suspend…").click()
    expect(blue.page.get_by_role("dialog")).to_contain_text("FLASH still goes")
    blue.keys("Control+Enter")
    strip = amber.page.get_by_role("region", name="Lines")
    expect(strip).to_contain_text(re.compile("BLUE suspended .air.: “FLASH is taken”"))
    expect(strip).to_contain_text("observed network answering")
    expect(declared.get_by_role("button", name="Resume…")).to_be_visible()
