"""A USS's console: releasing by keys alone, refusals with their reasons, what others do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec import UNSET, structs

from e2e.console.lining import pane, part
from e2e.console.served import served
from e2e.console.watching import watched
from keepclear import compose
from keepclear.formats.f3548 import LatLngPoint, Polygon, Volume4D, moment_of
from keepclear.model.operation import Operation
from keepclear.services.declaring import declare
from keepclear.services.expected import NEW
from keepclear.services.uss.publishing import publish
from keepclear.services.uss.wanted import Wanted
from people import make, password_of
from uss.test_following import filed, zone_at
from uss.world import World, ended, new_place, planned, volume, wanted, world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

    from e2e.console.conftest import OpenConsole
    from e2e.console.watching import NodeAddress, Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

NARROW = {"viewport": {"width": 390, "height": 844}}
OTHERS = "Intents and constraints of other USSs, by time"
FAR_M = 1_000.0
"""A height that holds what `filed` flies, whatever QNH is that day."""


@pytest.fixture(scope="module")
def airspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("airspace")) as made:
        yield made


@pytest.fixture(scope="module")
def address(airspace: World) -> Iterator[NodeAddress]:
    """The guest's node."""
    with served(airspace.guest.node) as made:
        yield made


@pytest.fixture(scope="module")
def shared(map_browser: Browser, address: NodeAddress) -> Iterator[Visit]:
    """One window for all tests that need no other."""
    made = watched(map_browser, address)
    made.sign_in()
    made.page.goto(address.origin)
    made.page.get_by_role("list", name="Answers, worst first").wait_for()
    yield made
    made.page.context.close()
    assert made.foreign == []
    assert made.complaints == []


@pytest.fixture
def visit(shared: Visit) -> Visit:
    """The window with no panel open."""
    shared.keys("Escape", "Escape")
    return shared


def tab_to(visit: Visit, meant: Locator) -> None:
    """Go on with Tab until something has the focus."""
    meant.wait_for()
    for _ in range(60):
        if meant.evaluate("(element) => element === document.activeElement"):
            return
        visit.keys("Tab")
    raise AssertionError("it cannot be reached by Tab")


def search(visit: Visit, text: str) -> None:
    visit.keys("/", "Control+a")
    visit.page.keyboard.type(text)


def opened(visit: Visit, operation: Operation) -> Locator:
    """The operation's part on F3548, opened by keys."""
    row = visit.page.get_by_role("list", name="Operations by time").get_by_role("button")
    visit.keys("2")
    search(visit, operation.designator)
    expect(row).to_have_count(1)
    tab_to(visit, row)
    visit.keys("Enter")
    expect(visit.page.locator("#detail-title")).to_be_focused()
    return visit.panel("Detail").get_by_role("region", name="F3548", exact=True)


def uss_pane(visit: Visit) -> Locator:
    """The pane on F3548, by its key."""
    visit.keys("f")
    found = visit.page.get_by_role("region", name="Line", exact=True)
    found.get_by_role("heading", name="This node as a USS").wait_for()
    return found


def others(visit: Visit) -> Locator:
    return visit.page.get_by_role("list", name=OTHERS).get_by_role("button")


def heard_at(asked: Wanted) -> str:
    """When it begins, as the list has it."""
    start = asked.volumes[0].time_start
    assert start is not UNSET
    return moment_of(start).strftime("%d%H%MZ to")


def group(at: datetime) -> str:
    return at.strftime("%d%H%MZ%b%y").upper()


def test_an_operation_is_published_and_taken_back_by_keys_alone(
    airspace: World, visit: Visit
) -> None:
    operation = filed(airspace.guest, new_place(), designator="P-1")
    shown = opened(visit, operation)
    expect(shown).to_contain_text("Not published")
    tab_to(visit, shown.get_by_role("button", name="Publish to F3548…"))
    visit.keys("Enter")
    dialog = visit.page.get_by_role("dialog", name="Publish P-1 to F3548?")
    expect(dialog).to_contain_text("Everybody who may use the discovery service can learn")
    tab_to(visit, dialog.get_by_label("Priority"))
    visit.page.keyboard.type("4")
    assert visit.faults() == []
    visit.keys("Control+Enter")
    expect(shown).to_contain_text("PUBLISHED as Accepted, version 1 there.")
    expect(shown).to_contain_text("NO CONFLICT FOUND among the intents that the discovery")
    expect(shown).to_contain_text("The corridor is written as a polygon")
    expect(shown).to_contain_text("priority 4, as guest")
    expect(shown).to_contain_text("duty officer")
    assert visit.faults() == []
    ours = uss_pane(visit).get_by_role("list", name="Our operations, published")
    tab_to(visit, ours.get_by_role("button", name="P-1"))
    visit.keys("Enter")
    tab_to(visit, shown.get_by_role("button", name="Take it back from F3548…"))
    visit.keys("Enter", "Control+Enter")
    expect(shown).to_contain_text("Published no more.")
    expect(shown).to_contain_text("Not published")
    assert airspace.guest.own.intent(operation.id) is None


def test_a_refusal_shows_why_and_leads_to_what_stands_there(airspace: World, visit: Visit) -> None:
    place = new_place()
    planned(airspace.home, wanted(volume(place, 30.0, high_m=FAR_M)))
    operation = filed(airspace.guest, place, designator="R-1")
    shown = opened(visit, operation)
    shown.get_by_role("button", name="Publish to F3548…").click()
    visit.keys("Control+Enter")
    expect(shown).to_contain_text("REFUSED. Nothing is published.")
    expect(shown).to_contain_text(re.compile("Why: it conflicts with Accepted .* of home.*SCD0035"))
    assert visit.faults() == []
    expect(shown).to_contain_text("It would be published otherwise than it was filed")
    shown.get_by_role("button", name="Show home Accepted").click()
    expect(visit.panel("Detail")).to_contain_text("operational intent of another USS")
    opened(visit, operation)
    shown.get_by_role("button", name="Publish to F3548…").click()
    visit.keys("Control+Enter")
    shown.get_by_role("button", name="Show what others publish").click()
    expect(others(visit).first).to_contain_text("asked of its manager")
    others(visit).first.click()
    expect(visit.page.locator("#detail-title")).to_contain_text("home Accepted")
    expect(visit.page.locator("#map")).to_have_attribute("data-learnt", re.compile("^[1-9]"))
    assert visit.faults() == []


def test_what_another_plans_over_ours_is_told_listed_and_drawn_as_it_happens(
    airspace: World, visit: Visit
) -> None:
    place = new_place()
    operation = filed(airspace.guest, place, designator="L-1")
    publish(airspace.guest, operation.id, role="planner")
    ours = uss_pane(visit).get_by_role("list", name="Our operations, published")
    expect(ours).to_contain_text("L-1")
    theirs = wanted(volume(place, 30.0, high_m=FAR_M), priority=7)
    planned(airspace.home, theirs)
    told = visit.page.get_by_role("list", name="What operators were told, the latest first")
    expect(told.get_by_role("listitem").first).to_contain_text("CONFLICT that another brings about")
    alarms = visit.page.get_by_role("list", name="Alarms that wait")
    expect(alarms).to_contain_text("an intent in F3548 now meets it")
    row = others(visit).filter(has_text="told by its manager")
    expect(row).to_contain_text("home Accepted")
    row.focus()
    visit.keys("Enter")
    expect(visit.page.locator("#detail-title")).to_be_focused()
    expect(visit.page.locator("#map")).to_have_attribute("data-learnt", re.compile("^[1-9]"))
    assert visit.faults() == []
    ended(airspace.home, theirs.id)
    expect(row).to_have_count(0)
    told.get_by_role("button", name="Show L-1").first.click()
    detail = visit.panel("Detail")
    expect(detail).to_contain_text("Published as Accepted")
    expect(detail).to_contain_text("CONFLICT that another brings about")


def wide(place: float, lng: float, start_s: float) -> Volume4D:
    """Some kilometres of air, of which a corner holds what `filed` flies."""
    corners = ((-0.05, lng), (-0.05, 30.01), (0.05, 30.01), (0.05, lng))
    ring = tuple(LatLngPoint(lat=place + north, lng=east) for north, east in corners)
    plain = volume(place, start_s=start_s, end_s=start_s + 600.0, high_m=FAR_M)
    outline = structs.replace(plain.volume, outline_polygon=Polygon(vertices=ring))
    return structs.replace(plain, volume=outline)


def click_at_centre(visit: Visit) -> None:
    box = visit.page.locator("#map canvas").bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.map
def test_a_click_on_the_map_opens_what_is_learnt_there_and_another_what_lies_beneath(
    airspace: World, address: NodeAddress, visit_in: OpenConsole
) -> None:
    place = new_place()
    both = [wanted(wide(place, 29.7 + 0.02 * n, 900.0 * n), priority=7) for n in range(2)]
    operation = filed(airspace.guest, place, designator="M-1")
    publish(airspace.guest, operation.id, role="planner")
    for each in both:
        planned(airspace.home, each)
    visit = visit_in(address, reduced_motion="reduce")
    visit.wait_for_map()
    uss_pane(visit)
    row = others(visit).filter(has_text=heard_at(both[0]))
    visit.page.evaluate("() => { delete document.getElementById('map').dataset.learnt }")
    row.click()
    expect(visit.page.locator("#map")).to_have_attribute("data-learnt", re.compile("^[2-9]"))
    visit.keys("Escape")
    detail = visit.panel("Detail")
    click_at_centre(visit)
    expect(detail).to_contain_text("operational intent of another USS")
    first = detail.inner_text()
    seen = [each for each in both if each.id in first]
    assert len(seen) == 1
    (other,) = [each for each in both if each not in seen]
    click_at_centre(visit)
    expect(detail).to_contain_text(other.id)
    click_at_centre(visit)
    expect(detail).to_contain_text(seen[0].id)
    for each in both:
        ended(airspace.home, each.id)


def test_a_zone_is_published_for_a_span_and_a_refusal_of_the_node_stands_there(
    airspace: World, visit: Visit
) -> None:
    zone = zone_at(new_place())
    declare(airspace.guest.node, zone, expected=NEW)
    visit.keys("3")
    search(visit, zone.id)
    row = visit.page.get_by_role("list", name="Airspace").get_by_role("button")
    expect(row).to_have_count(1)
    row.click()
    shown = visit.panel("Detail").get_by_role("region", name="F3548", exact=True)
    begin = shown.get_by_role("button", name="Publish as a constraint…")
    begin.click()
    visit.keys("Control+Enter")
    expect(shown.get_by_role("alert")).to_contain_text("binds always")
    begin.click()
    dialog = visit.page.get_by_role("dialog")
    until = compose.clock().now() + timedelta(hours=2)
    dialog.get_by_label("Until (UTC)").fill(group(until))
    assert visit.faults() == []
    expect(dialog).to_contain_text(group(until))
    visit.keys("Control+Enter")
    expect(shown).to_contain_text("Published as a constraint, version 1 there")
    expect(shown.get_by_role("alert")).to_have_count(0)
    visit.complaints.clear()  # the browser has noted the refusal by now
    ours = uss_pane(visit).get_by_role("list", name="Our zones, published")
    ours.get_by_role("button", name="Fire").click()
    shown.get_by_role("button", name="Take it back from F3548…").click()
    visit.keys("Control+Enter")
    expect(shown).to_contain_text("Not published")
    assert visit.faults() == []


@pytest.mark.map
def test_it_all_fits_a_narrow_screen(
    airspace: World, address: NodeAddress, visit_in: OpenConsole
) -> None:
    place = new_place()
    operation = filed(airspace.guest, place, designator="N-1")
    publish(airspace.guest, operation.id, role="planner")
    planned(airspace.home, wanted(volume(place, 30.0, high_m=FAR_M), priority=7))
    visit = visit_in(address, **NARROW)
    expect(opened(visit, operation)).to_contain_text("Published as Accepted")
    width = "() => document.documentElement.scrollWidth"
    assert visit.page.evaluate(width) <= 390
    assert visit.faults() == []
    visit.keys("Escape")
    uss_pane(visit)
    expect(others(visit).first).to_be_visible()
    others(visit).first.click()
    assert visit.page.evaluate(width) <= 390
    assert visit.faults() == []


def test_a_node_that_is_no_uss_shows_none_of_it(airspace: World, visit: Visit) -> None:
    operation = filed(airspace.guest, new_place(), designator="O-1")
    coordination = airspace.guest.node.coordination
    uss, coordination.uss = coordination.uss, None
    try:
        visit.page.reload()
        expect(opened(visit, operation)).to_have_count(0)
        part(visit, "Log")
        expect(pane(visit).get_by_role("button", name="F3548")).to_have_count(0)
    finally:
        coordination.uss = uss


def test_whoever_may_not_release_sees_what_is_published_and_no_more(
    airspace: World, address: NodeAddress, shared: Visit, visit_in: OpenConsole
) -> None:
    operation = filed(airspace.guest, new_place(), designator="W-1")
    publish(airspace.guest, operation.id, role="planner")
    shared.page.goto("about:blank")  # its session ends with the first account
    for kind in ("admin", "watch"):
        make(airspace.guest.node, kind, kind)
    visit = visit_in(address, signs_in=False)
    visit.complaints.clear()  # nobody is signed in yet
    reply = visit.page.request.post(
        f"{address.origin}/api/v1/session",
        data={"account": "watch", "password": password_of("watch")},
        headers={"origin": address.origin},
    )
    assert reply.status == 204, reply.text()
    visit.page.goto(address.origin)
    shown = opened(visit, operation)
    expect(shown).to_contain_text("Published as Accepted")
    expect(shown).to_contain_text("needs the right to release")
    expect(shown.get_by_role("button")).to_have_count(0)
    assert visit.faults() == []
    visit.complaints[:] = [each for each in visit.complaints if "401" not in each]
