"""The line on the screen: first of all, in words, and nothing in its way."""

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

PARTS = {
    "Messages": "which message",
    "Calls": "No call is on record",
    "Talks": "No series of talks",
    "Readouts": "No readout is on record",
    "Asked": "Considered is not accepted",
    "Units": "No unit is listed",
    "Movements": "No answer to it is an approval",
    "Paper": "None came",
    "State": "Every contact",
    "Watch": "What the next watch takes over",
    "Log": "Nothing is written yet",
}
"""Each part of the pane, and words that stand there once it is filled."""


@pytest.fixture
def blue(pair: dict[str, NodeAddress], visit_in: OpenConsole) -> Visit:
    """BLUE's console, once its strip stands; change nothing."""
    visit = visit_in(pair["BLUE"])
    wait_for_line(visit)
    return visit


def test_the_strip_says_what_is_declared_beside_what_is_observed(blue: Visit) -> None:
    strip = blue.page.get_by_role("region", name="Lines")
    expect(strip).to_contain_text(re.compile("AMBER.*LAPSED", re.DOTALL))
    expect(strip).to_contain_text("declared BLUE open, AMBER open")
    expect(strip).to_contain_text("observed network")
    expect(strip).to_contain_text(re.compile("last answered check .* ago"))
    expect(strip).to_contain_text("next check in")
    expect(strip).to_contain_text("own buffers ×")
    expect(strip).to_contain_text(re.compile("on watch BLUE: .* AMBER: "))


def test_the_line_stands_above_alarms_conflicts_and_map(blue: Visit) -> None:
    order = [
        blue.page.get_by_role("region", name="Lines"),
        blue.page.get_by_role("region", name="Alarms"),
        blue.page.get_by_role("list", name="Answers, worst first"),
        blue.page.get_by_role("region", name="Timeline"),
    ]
    tops = [box["y"] for box in (each.bounding_box() for each in order) if box]
    assert len(tops) == len(order)
    assert tops == sorted(tops)


def test_until_the_sound_check_the_screen_says_that_nothing_can_be_heard(blue: Visit) -> None:
    alarms = blue.page.get_by_role("region", name="Alarms")
    expect(alarms).to_contain_text("NO SOUND.")
    alarms.get_by_role("button", name="Sound check").click()
    expect(alarms).not_to_contain_text("NO SOUND.")
    expect(alarms.get_by_role("button", name="Sound check")).to_be_visible()


@pytest.mark.map
def test_the_pane_opens_and_closes_by_keys_and_the_map_stays(blue: Visit) -> None:
    blue.wait_for_map()
    blue.page.evaluate("() => { document.querySelector('#map canvas').dataset.kept = 'yes' }")
    pane(blue)
    expect(blue.page.locator("#map canvas[data-kept]")).to_be_visible()
    blue.keys("Escape")
    expect(blue.page.get_by_role("region", name="Line", exact=True)).to_have_count(0)
    expect(blue.page.locator("#map canvas[data-kept]")).to_be_visible()


@pytest.mark.parametrize("name", PARTS)
def test_nothing_stands_against_any_part_of_the_line(blue: Visit, name: str) -> None:
    expect(part(blue, name)).to_contain_text(PARTS[name])
    assert blue.faults() == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_no_part_of_the_line_scrolls_the_page_sideways(
    pair: dict[str, NodeAddress], visit_in: OpenConsole, width: int, height: int
) -> None:
    visit = visit_in(pair["BLUE"], viewport={"width": width, "height": height})
    wait_for_line(visit)
    for name, words in PARTS.items():
        expect(part(visit, name)).to_contain_text(words)
        assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("colours", ["dusk", "day"])
def test_the_strips_are_legible_in_other_colours(blue: Visit, colours: str) -> None:
    blue.page.get_by_label("Colours").select_option(colours)
    part(blue, "State")
    assert blue.faults() == []


def test_the_state_tells_channels_proofs_and_two_datings_of_the_silence(blue: Visit) -> None:
    for text, side, source in (("August 2014", "press", "article"), ("2014", "own", "log")):
        body = {"kind": "call", "level": "minister", "at": {"text": text}, "side": side}
        put(blue, f"/lines/{LINE}/contacts/{new_id()}", body | {"source": source}, is_new=True)
    state = part(blue, "State")
    expect(state.get_by_role("heading", name="Channels")).to_be_visible()
    expect(state.get_by_role("row", name=re.compile("network"))).to_contain_text("open")
    expect(state.get_by_role("heading", name="Restoration")).to_be_visible()
    expect(state.get_by_role("button", name="Offer to restore")).to_be_visible()
    expect(state.get_by_role("img", name=re.compile("Contacts over time"))).to_be_visible()
    contacts = state.get_by_role("region", name="Contacts")
    expect(contacts).to_contain_text("“article”")
    expect(contacts).to_contain_text("“log”")
    assert blue.faults() == []
