"""Everything by keyboard; list, map, timeline and detail speak of one selection."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from e2e.console.watching import Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

ROOT = Path(__file__).resolve().parents[3]


def test_j_and_k_go_through_the_list_and_enter_opens(visit: Visit) -> None:
    visit.keys("j", "j", "k")
    expect(visit.answer("B-101")).to_be_focused()
    expect(visit.answer("B-101")).to_have_attribute("aria-current", "true")
    visit.keys("Enter")
    expect(visit.panel("Detail").get_by_role("heading", level=2)).to_be_focused()
    expect(visit.panel("Detail")).to_contain_text("B-101 BLUE")
    visit.keys("Escape")
    expect(visit.panel("Detail")).to_have_count(0)
    expect(visit.answer("B-101")).to_be_focused()


def test_the_detail_says_why_by_how_much_and_whom_to_call(visit: Visit) -> None:
    visit.keys("j", "Enter")
    detail = visit.panel("Detail")
    expect(detail.get_by_role("row", name=re.compile("Lateral"))).to_contain_text("3.0 NM (5.6 km)")
    expect(detail.get_by_role("row", name=re.compile("Vertical"))).to_contain_text("3,000 ft")
    expect(detail.get_by_role("img", name=re.compile("Plan"))).to_be_visible()
    expect(detail.get_by_role("img", name=re.compile("Profile"))).to_be_visible()
    expect(detail).to_contain_text("EXERCISE AMBER duty officer, 121.500 MHz")
    expect(detail).to_contain_text("among 20 AMBER notices")


def test_a_line_of_the_timeline_selects_in_the_list_too(visit: Visit) -> None:
    lanes = visit.page.get_by_role("list", name="Operations over time")
    lanes.get_by_role("button", name=re.compile("B-110 BLUE")).click()
    expect(visit.answer("B-110")).to_have_attribute("aria-current", "true")
    expect(visit.panel("Detail")).to_contain_text("B-110 BLUE")


@pytest.mark.map
def test_looking_ahead_shows_what_is_live_then(visit: Visit) -> None:
    visit.wait_for_map()
    visit.keys(*"." * 1, *"]" * 3)
    expect(
        visit.page.get_by_role("heading", name=re.compile("At 14053[0-9]ZMAR26"))
    ).to_be_visible()
    expect(visit.page.locator("#map")).to_have_attribute("data-drawn", re.compile(r"^[0-3]$"))
    visit.keys("0")
    expect(visit.page.get_by_role("heading", name="All times")).to_be_visible()


def test_the_search_narrows_the_list(visit: Visit) -> None:
    visit.keys("/")
    visit.page.keyboard.type("amber a-201")
    rows = visit.page.get_by_role("list", name="Answers, worst first").get_by_role("button")
    expect(rows).to_have_count(1)
    visit.keys("Escape")
    expect(rows).to_have_count(41)


def test_the_card_shows_the_keys_of_the_documents(visit: Visit) -> None:
    visit.keys("?")
    card = visit.page.get_by_role("dialog", name="Keys")
    page = (ROOT / "docs" / "reference" / "keys.md").read_text()
    told = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    shown = [
        tuple(cell.strip() for cell in row.split("\t"))
        for row in card.get_by_role("row").all_inner_texts()[1:]
    ]
    assert shown == told
    assert visit.faults() == []


def test_single_keys_can_be_switched_off(visit: Visit) -> None:
    visit.keys("?")
    visit.page.get_by_label("Single-letter keys are on").uncheck()
    visit.keys("Escape", "2")
    expect(visit.page.get_by_role("list", name="Answers, worst first")).to_be_visible()
    visit.page.get_by_role("button", name="Keys").click()
    visit.page.get_by_label("Single-letter keys are on").check()


def test_nothing_stands_against_an_open_answer(visit: Visit) -> None:
    for designator in ("B-101", "B-130", "NO CONFLICT FOUND"):
        visit.answer(designator).click()
        visit.panel("Detail").wait_for()
        assert visit.faults() == []
