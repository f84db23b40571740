"""Writing, checking, filing, changing and ending operations; nothing shows before it is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from e2e.console.watching import Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect


def test_what_is_typed_is_read_back_and_checked_before_it_is_filed(own_visit: Visit) -> None:
    own_visit.keys("o")
    own_visit.write_circle("B-900")
    form = own_visit.page.get_by_role("form", name="New operation")
    expect(form).to_contain_text("37S EA 53574 64977")
    expect(form).to_contain_text("of Ceylanpınar")
    expect(form).to_contain_text(re.compile(r"CONFLICT\s+if filed as it stands, with 2 operations"))
    expect(own_visit.page.get_by_role("button", name="Answers 41")).to_be_visible()
    assert own_visit.faults() == []
    own_visit.keys("Control+Enter")
    expect(own_visit.panel("Detail")).to_contain_text("B-900 BLUE")
    expect(own_visit.answer("B-900")).to_contain_text("CONFLICT")
    expect(own_visit.page.get_by_role("button", name="Answers 42")).to_be_visible()
    expect(own_visit.page.get_by_role("button", name="Drafts 0")).to_be_visible()


def test_what_cannot_be_read_is_said_and_never_filed(visit: Visit) -> None:
    visit.keys("o")
    visit.write_circle("B-900", start="tomorrow")
    expect(visit.page.get_by_text(re.compile("Not understood: .*tomorrow"))).to_be_visible()
    expect(visit.page.get_by_role("button", name=re.compile("File as BLUE"))).to_be_disabled()
    visit.page.get_by_role("button", name="Drop the draft…").click()
    visit.keys("Control+Enter")
    expect(visit.page.get_by_role("form")).to_have_count(0)
    # The node refused the time, as it should: the browser notes each refusal.
    visit.complaints[:] = [one for one in visit.complaints if "400" not in one and "422" not in one]


def test_a_draft_is_kept_with_its_steps_back_and_on(own_visit: Visit) -> None:
    page = own_visit.page
    own_visit.keys("o")
    page.get_by_label("Designator").fill("B-9")
    page.get_by_text("step 1").wait_for()
    page.get_by_label("Designator").fill("B-950")
    page.get_by_text("step 2").wait_for()
    page.reload()
    own_visit.wait_for_answers()
    own_visit.keys("4")
    page.get_by_role("list", name="Drafts").get_by_role("button").click()
    expect(page.get_by_label("Designator")).to_have_value("B-950")
    own_visit.keys("Alt+z")
    expect(page.get_by_label("Designator")).to_have_value("B-9")
    own_visit.keys("Alt+y")
    expect(page.get_by_label("Designator")).to_have_value("B-950")


def test_a_suggested_change_fills_the_form_and_files_nothing(own_visit: Visit) -> None:
    page = own_visit.page
    own_visit.keys("j", "Enter")
    expect(page.get_by_role("button", name="Look for changes that would help")).to_be_visible()
    own_visit.keys("w")
    page.get_by_role("button", name="Take this change").first.click()
    form = page.get_by_role("form", name="Change of B-101, version 1")
    expect(form).to_contain_text("Nothing is filed yet")
    expect(form).to_contain_text(re.compile("NO CONFLICT FOUND|CANNOT SAY"))
    expect(own_visit.answer("B-101")).to_contain_text("CONFLICT")
    own_visit.keys("Escape")
    question = page.get_by_role("dialog", name="Leave the change unfiled?")
    own_visit.keys("Enter")
    expect(question).to_have_count(0)
    expect(form).to_be_visible()
    own_visit.keys("Control+Enter")
    expect(own_visit.panel("Detail")).to_contain_text("version 2")
    expect(own_visit.answer("B-101")).to_contain_text(re.compile("NO CONFLICT FOUND|CANNOT SAY"))


def test_a_step_of_state_says_its_effect_and_takes_a_second_word(own_visit: Visit) -> None:
    page = own_visit.page
    own_visit.keys("j", "Enter")
    page.get_by_role("button", name="Cancel…").click()
    question = page.get_by_role("dialog", name="Cancel B-101?")
    expect(question).to_contain_text("leaves every check from now on")
    assert own_visit.faults() == []
    own_visit.keys("Enter")
    expect(question).to_have_count(0)
    expect(own_visit.answer("B-101")).to_be_visible()
    page.get_by_role("button", name="Activate…").click()
    own_visit.keys("Control+Enter")
    expect(own_visit.panel("Detail")).to_contain_text("active, version 2")
    page.get_by_role("button", name="Cancel…").click()
    own_visit.keys("Control+Enter")
    expect(page.get_by_role("button", name="Answers 40")).to_be_visible()
    expect(own_visit.panel("Detail")).to_contain_text("not held here any more")


@pytest.mark.map
def test_a_polygon_is_drawn_by_keyboard_and_by_mouse(visit: Visit) -> None:
    visit.wait_for_map()
    page = visit.page
    visit.keys("o")
    page.get_by_label("polygon").check()
    page.get_by_role("button", name="Draw on the map").click()
    canvas = page.locator("#map canvas")
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2 - 90, box["y"] + box["height"] / 2 - 60)
    expect(page.get_by_text("Set 2 more vertices")).to_be_visible()
    page.mouse.click(box["x"] + box["width"] / 2 + 90, box["y"] + box["height"] / 2 - 60)
    expect(page.get_by_text("Set 1 more vertex")).to_be_visible()
    visit.keys("Space", "Enter")
    expect(page.get_by_label("Vertex 3", exact=True)).to_have_value(re.compile(r"N 0\d\d\.\d+E"))
    expect(page.get_by_text(re.compile(r"= 37S|= 36S")).first).to_be_visible()
    page.get_by_role("button", name="Drop the draft…").click()
    visit.keys("Control+Enter")
