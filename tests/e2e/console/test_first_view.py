"""What stands on the screen when the console opens, before anybody does anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from e2e.console.conftest import OpenConsole
    from e2e.console.watching import NodeAddress, Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect


def test_the_mode_is_the_first_and_the_last_word_of_the_strip(visit: Visit) -> None:
    words = visit.page.get_by_role("banner").inner_text().split()
    assert (words[0], words[-1]) == ("EXERCISE", "EXERCISE")


def test_the_strip_tells_time_connection_data_and_attention(visit: Visit) -> None:
    strip = visit.page.get_by_role("banner")
    expect(strip).to_contain_text("LIVE")
    expect(strip).to_contain_text("14 MAR 2026")
    expect(strip).to_contain_text(re.compile(r"AMBER\s+fresh.*coverage complete"))
    expect(strip.get_by_role("button").last).to_have_text(re.compile(r"28\s+need attention"))


def test_the_worst_answers_stand_first_and_say_with_whom_and_how_close(visit: Visit) -> None:
    rows = visit.page.get_by_role("list", name="Answers, worst first").get_by_role("button")
    expect(rows).to_have_count(41)
    expect(rows.first).to_have_text(
        re.compile(r"B-101.*CONFLICT.*140620Z.*A-201.*rule R1.*footprints meet", re.DOTALL)
    )
    texts = rows.all_inner_texts()
    ranks = [0 if "CANNOT" not in t and "NO CONFLICT" not in t else 1 for t in texts]
    assert ranks == sorted(ranks)


def test_no_answer_sounds_like_a_clearance(visit: Visit) -> None:
    visit.page.get_by_role("list", name="Answers, worst first").wait_for()
    said = visit.page.locator("body").inner_text().lower().replace("keepclear", "")
    assert not re.search(r"\bclear\b", said)
    visit.answer("NO CONFLICT FOUND").click()
    expect(visit.panel("Detail")).to_contain_text("among")
    expect(visit.panel("Detail")).to_contain_text("not a permission")


@pytest.mark.map
def test_the_map_draws_what_the_lists_hold(visit: Visit) -> None:
    visit.wait_for_map()
    page = visit.page
    expect(page.locator("#map")).to_have_attribute("data-drawn", re.compile("[1-9]"))
    page.keyboard.press("2")
    expect(page.get_by_role("list", name="Operations by time").get_by_role("button")).to_have_count(
        68
    )
    page.keyboard.press("3")
    expect(page.get_by_role("list", name="Airspace").get_by_role("button")).to_have_count(7)


def test_a_browser_that_cannot_draw_the_map_says_so_and_the_lists_hold_everything(
    visit: Visit,
) -> None:
    expect(visit.page.get_by_text("This browser cannot draw the map")).to_be_visible()
    expect(visit.page.get_by_role("button", name="Answers 41")).to_be_visible()
    assert visit.faults() == []


def test_borders_come_with_their_disclaimer_and_a_switch(visit: Visit) -> None:
    expect(visit.page.get_by_text("without any position on their status")).to_be_visible()
    borders = visit.page.get_by_label("Borders")
    expect(borders).to_be_checked()
    borders.uncheck()
    visit.page.reload()
    expect(visit.page.get_by_label("Borders")).not_to_be_checked()


@pytest.mark.map
@pytest.mark.parametrize("colours", ["night", "dusk", "day"])
def test_nothing_stands_against_the_first_view_in_any_colours(visit: Visit, colours: str) -> None:
    visit.page.get_by_label("Colours").select_option(colours)
    visit.wait_for_map()
    assert visit.faults() == []


@pytest.mark.map
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (720, 450), (390, 844)])
def test_every_window_holds_it_without_scrolling_sideways(
    visit_in: OpenConsole, node: NodeAddress, width: int, height: int
) -> None:
    visit = visit_in(node, viewport={"width": width, "height": height})
    visit.wait_for_answers()
    visit.answer("B-101").click()
    visit.panel("Detail").wait_for()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") == width
    expect(visit.page.get_by_role("banner")).to_be_in_viewport()
    assert visit.faults() == []
