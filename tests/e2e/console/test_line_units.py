"""Who was told and who may learn what: units, levels, movements, paper and the watch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from e2e.console.lining import pane, part, release, rows, tick_all, wait_for_line

if TYPE_CHECKING:
    from playwright.sync_api import Locator

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


def list_unit(visit: Visit, name: str, number: str) -> None:
    """Put a unit on the list by the form."""
    part(visit, "Units").get_by_role("button", name="Add a unit…").click()
    form = visit.page.get_by_role("form", name="Unit")
    form.get_by_label("Name, as it is called on duty").fill(name)
    form.get_by_label("Number, frequency").fill(number)
    visit.keys("Enter")
    expect(visit.page.get_by_role("article", name=name)).to_contain_text(f"telephone {number}")


def open_newest(visit: Visit, text: str) -> Locator:
    """The pane with the newest message open that has a text in its row."""
    part(visit, "Messages")
    rows(visit).filter(has_text=text).first.click()
    return pane(visit)


def test_a_message_is_passed_to_units_only_by_what_they_said(blue: Visit, amber: Visit) -> None:
    list_unit(amber, "Tower east", "204")
    list_unit(amber, "Air defence north", "311")
    assert amber.faults() == []
    release(blue)
    alarms = amber.page.get_by_role("list", name="Alarms that wait")
    expect(alarms).to_contain_text("acknowledge")
    open_newest(amber, "DELIVERED")
    told = amber.page.get_by_role("region", name="Units that must be told")
    expect(told).to_contain_text("PASSED TO UNITS: ASKED")
    tower = told.get_by_role("article", name="Tower east")
    expect(tower).to_contain_text(re.compile("TO BE TOLD.*try telephone 204", re.DOTALL))
    amber.keys("a", "Control+Enter")
    tick_all(pane(amber).get_by_role("form", name="Read back"))
    amber.keys("Control+Enter", "Control+Enter")
    expect(rows(amber).first).to_contain_text("units to be told")
    for name in ("Tower east", "Air defence north"):
        unit = told.get_by_role("article", name=name)
        for word in ("told", "confirmed"):
            unit.get_by_role("button", name=word, exact=True).click()
            form = unit.get_by_role("form", name=f"{name}: {word}")
            form.get_by_label("As they said it").fill("Understood, two aircraft.")
            assert amber.faults() == []
            form.get_by_role("button", name=f"Keep: {word}").click()
            expect(form).to_have_count(0)
        expect(unit).to_contain_text("“Understood, two aircraft.”")
    expect(told).to_contain_text("PASSED TO UNITS: CONFIRMED")
    track = open_newest(blue, "M09").get_by_role("list", name="How far it is")
    passed = track.get_by_role("listitem").filter(has_text="passed to units")
    expect(passed).not_to_contain_text("not yet")


def test_a_unit_that_is_ended_stays_on_record(amber: Visit) -> None:
    list_unit(amber, "Field post", "17")
    post = amber.page.get_by_role("article", name="Field post")
    post.get_by_role("button", name="End…").click()
    amber.keys("Control+Enter")
    listed = amber.page.get_by_role("list", name="Units", exact=True)
    expect(listed.get_by_text("Field post")).to_have_count(0)
    amber.page.get_by_text(re.compile("^Told of nothing more")).click()
    expect(post.get_by_role("button", name="List again…")).to_be_visible()


def test_asking_says_what_it_discloses_and_a_level_is_given_and_taken_back(
    blue: Visit, amber: Visit
) -> None:
    blue.answer("B-101").click()
    detail = blue.panel("Detail")
    said = detail.get_by_role("region", name="What AMBER's node says")
    expect(said).to_contain_text("NOT ASKED")
    said.get_by_role("button", name="Ask AMBER's node…").click()
    dialog = blue.page.get_by_role("dialog")
    expect(dialog).to_contain_text("discloses the volumes and times")
    assert blue.faults() == []
    blue.keys("Control+Enter")
    expect(said).to_contain_text(re.compile("held back here .*: nothing was sent"))
    levels = detail.get_by_role("region", name="Who may learn how much")
    levels.get_by_role("button", name="Release to AMBER at a level…").click()
    dialog.get_by_label("Level").select_option("L2")
    assert blue.faults() == []
    blue.keys("Control+Enter")
    expect(levels).to_contain_text("Released at L2")
    levels.get_by_role("button", name="Take the release to AMBER back…").click()
    blue.keys("Control+Enter")
    expect(levels).not_to_contain_text("Released at L2")
    detail.get_by_text("Who saw this").click()
    seen = detail.get_by_role("list", name="Who saw this, the latest first")
    expect(seen.get_by_role("listitem").first).to_be_visible()
    assert blue.faults() == []


def test_a_movement_is_told_by_two_people_and_warned_of_a_hazard(blue: Visit, amber: Visit) -> None:
    part(blue, "Movements").get_by_role("button", name="Enter a movement…").click()
    form = blue.page.get_by_role("form", name="Movement")
    form.get_by_label("Whose movement").fill("Relief agency")
    form.get_by_label("Route, in words").fill("From the port by the coast road to the hospital")
    form.get_by_label("Take over from").select_option(index=1)
    form.get_by_label("Marks of vehicles").fill("white, blue roof")
    form.get_by_label("How it is reached").fill("radio 151.2 MHz")
    form.get_by_label("The entry ends").fill("150600ZMAR26")
    form.get_by_label("AMBER", exact=True).check()
    assert blue.faults() == []
    keep = form.get_by_role("button", name=re.compile("^Keep it"))
    expect(keep).to_be_enabled()
    keep.click()
    ours = blue.page.get_by_role("article", name="Relief agency", exact=True)
    expect(ours).to_contain_text("Nobody is told of it yet.")
    ours.get_by_role("button", name="Tell a recipient…").click()
    telling = ours.get_by_role("form", name=re.compile("^Tell a recipient"))
    telling.get_by_role("button", name="Tell AMBER…").click()
    blue.keys("Control+Enter")
    expect(telling.get_by_role("alert")).to_contain_text(re.compile("second", re.IGNORECASE))
    blue.complaints.clear()  # the browser notes the refusal
    telling.get_by_label("Second person").fill("the other officer")
    telling.get_by_role("button", name="Tell AMBER…").click()
    blue.keys("Control+Enter")
    expect(ours.get_by_role("list", name="Who was told")).to_contain_text("AMBER")
    ours.get_by_role("button", name="An assurance was said…").click()
    said = ours.get_by_role("form", name="Assurance")
    said.get_by_label("On duty there as").fill("duty officer")
    said.get_by_label("Their words, as said").fill("We do not fire on that road today.")
    said.get_by_role("button", name="Keep what they said").click()
    expect(ours).to_contain_text("AMBER, assurance GIVEN: “We do not fire on that road today.”")
    assert blue.faults() == []
    part(amber, "Movements")
    theirs = amber.page.get_by_role("article", name="Relief agency", exact=True)
    theirs.get_by_role("button", name="Warn of a hazard…").click()
    warn = theirs.get_by_role("form", name="Warn the movement")
    warn.get_by_label("The hazard").fill("Firing reported at the bridge.")
    warn.get_by_role("button", name="Have it warned").click()
    warnings = amber.page.get_by_role("article", name="Warning of Relief agency")
    warning = warnings.filter(has_text="Firing reported at the bridge.")
    expect(warning).to_contain_text("WARN Relief agency")
    warning.get_by_role("button", name="It is passed on…").click()
    passing = warning.get_by_role("form", name="Pass the warning on")
    passing.get_by_role("combobox").select_option("radio")
    passing.get_by_label("The movement took it").check()
    assert amber.faults() == []
    passing.get_by_role("button", name="Keep it").click()
    amber.page.get_by_text(re.compile("^Passed on")).click()
    expect(warning).to_contain_text("by radio, reached")


def test_a_message_goes_as_text_and_what_came_is_held_against_it(blue: Visit, amber: Visit) -> None:
    release(blue)
    found = open_newest(blue, "M09")
    found.get_by_text("As text, for voice, radio or paper").click()
    expect(found).to_contain_text("Check word")
    expect(found.get_by_role("link", name="Open the sheet to print")).to_be_visible()
    line = found.locator("p.line").first.inner_text()
    found.get_by_role("button", name="Copy the line to be read").click()
    expect(blue.page.get_by_text(re.compile("Copied|press Ctrl"))).to_be_visible()
    assert blue.faults() == []
    part(amber, "Messages").get_by_role("button", name="Came by voice or paper…").click()
    form = amber.page.get_by_role("form", name="Enter what came by voice")
    form.get_by_label("The line, as it came").fill(line)
    form.get_by_role("button", name="Read it; nothing is entered").click()
    expect(form.get_by_role("status")).to_contain_text("holds")
    form.get_by_role("button", name="Enter it…").click()
    assert amber.faults() == []
    amber.keys("Control+Enter")
    copies = amber.page.get_by_role("list", name="Copies, the newest first")
    expect(copies.get_by_role("article")).to_contain_text("M09")
    assert amber.faults() == []


def test_both_officers_sign_the_handover_sheet(blue: Visit) -> None:
    watch = part(blue, "Watch")
    watch.get_by_role("button", name="Take the watch…").click()
    form = blue.page.get_by_role("form", name="The watch")
    form.get_by_label("Role", exact=True).fill("duty officer")
    form.get_by_role("button", name="Add", exact=True).click()
    form.get_by_role("button", name="Take the watch…").click()
    blue.keys("Control+Enter")
    sheet = watch.get_by_role("region", name="Handover sheet")
    with blue.page.context.expect_page() as opened:
        sheet.get_by_role("link", name="Open the sheet as it is now").click()
    expect(opened.value.get_by_role("heading").first).to_be_visible()
    opened.value.close()
    sheet.get_by_role("button", name="Draw it up to be signed…").click()
    sheet.get_by_role("button", name=re.compile("^Draw it up; nothing")).click()
    for side, name in (("outgoing", "first officer"), ("incoming", "second officer")):
        signing = sheet.get_by_role("form", name=f"Sign as {side}")
        signing.get_by_label("who signs").fill(name)
        assert blue.faults() == []
        blue.keys("Enter")
        expect(signing).to_have_count(0)
    expect(sheet).to_contain_text("signed")
    expect(sheet).to_contain_text("The last one")


def test_what_units_were_told_fits_a_narrow_screen(
    pair: dict[str, NodeAddress], visit_in: OpenConsole
) -> None:
    visit = visit_in(pair["AMBER"], viewport={"width": 390, "height": 844})
    wait_for_line(visit)
    for name in ("Units", "Movements", "Paper", "Watch"):
        part(visit, name)
        assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= 390, name
        assert visit.faults() == []
    open_newest(visit, "M09")
    told = visit.page.get_by_role("region", name="Units that must be told")
    told.get_by_role("button", name="told", exact=True).first.click()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert visit.faults() == []
