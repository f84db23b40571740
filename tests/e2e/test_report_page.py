"""The report page in a real browser: nothing leaves the machine, everything is reachable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from e2e.chromium import CHROMIUM
from keepclear.reports.html import check_page
from keepclear.reports.subject import CheckSubject
from unit.reports.latakia import around, crowd, latakia

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM} (apt install it)"),
]


@dataclass
class Visit:
    """One page in one browser window, with everything it asked for or complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, subject: CheckSubject, folder: Path) -> None:
        file = folder / "report.html"
        file.write_bytes(check_page(subject))
        self.page.goto(file.as_uri())

    def is_quiet(self) -> bool:
        """Only the page itself was asked for, and nothing went wrong."""
        return len(self.requests) == 1 and not self.complaints


def visit_in(browser: Browser, **options: Any) -> Visit:
    settings: dict[str, Any] = {
        "viewport": {"width": 1280, "height": 900},
        "offline": True,
    } | options
    context = browser.new_context(**settings)
    context.route(
        "**/*",
        lambda route: (
            route.continue_()
            if route.request.url.startswith(("file:", "data:"))
            else route.abort("blockedbyclient")
        ),
    )
    visit = Visit(context.new_page())
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on(
        "console",
        lambda message: (
            visit.complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    return visit


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    made = visit_in(browser)
    made.open(latakia(), tmp_path)
    yield made
    made.page.context.close()


def label_boxes(page: Page) -> list[dict[str, float]]:
    """Where the labels of the map that show really stand."""
    boxes: list[dict[str, float]] = page.evaluate(
        """() => [...document.querySelectorAll("#map .pin text")]
            .filter((node) => node.getClientRects().length)
            .map((node) => node.getBoundingClientRect().toJSON())"""
    )
    return boxes


def test_the_page_asks_for_nothing_and_complains_of_nothing(visit: Visit) -> None:
    visit.page.wait_for_load_state("networkidle")
    assert visit.is_quiet(), (visit.requests, visit.complaints)


def test_the_mode_is_the_first_and_last_word_a_person_sees(visit: Visit) -> None:
    words = visit.page.locator("body").inner_text().split()
    assert words[0] == "EXERCISE"
    assert words[-1] == "EXERCISE"


def test_the_map_shows_both_sides_and_the_conflicts(visit: Visit) -> None:
    assert visit.page.locator("#map .op.own").count() == 7
    assert visit.page.locator("#map .op.other").count() == 6
    expect(visit.page.locator("#map .conflict-pin").last).to_be_visible()
    box = visit.page.locator("#map").bounding_box()
    assert box is not None
    assert box["width"] > 600


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_label_of_the_map_covers_another(browser: Browser, tmp_path: Path, width: int) -> None:
    visit = visit_in(browser, viewport={"width": width, "height": 900})
    visit.open(latakia(), tmp_path)
    visit.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
    boxes = label_boxes(visit.page)
    assert len(boxes) > 10
    for index, a in enumerate(boxes):
        for b in boxes[:index]:
            across = min(a["right"], b["right"]) - max(a["left"], b["left"])
            down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
            assert across <= 1 or down <= 3
    visit.page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_scrolls_sideways(browser: Browser, tmp_path: Path, width: int) -> None:
    visit = visit_in(browser, viewport={"width": width, "height": 844})
    visit.open(latakia(), tmp_path)
    visit.page.evaluate("() => document.querySelectorAll('details').forEach((d) => d.open = true)")
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") == width
    visit.page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_text_is_smaller_than_fourteen_pixels(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    visit = visit_in(browser, viewport={"width": width, "height": 844})
    visit.open(latakia(), tmp_path)
    visit.page.evaluate("() => document.querySelectorAll('details').forEach((d) => d.open = true)")
    smallest = visit.page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("body *")]
            .filter((node) => [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim()))
            .filter((node) => node.getClientRects().length)
            .map((node) => {
                const matrix = node.closest("svg") && node.getScreenCTM && node.getScreenCTM();
                return parseFloat(getComputedStyle(node).fontSize) * (matrix ? matrix.a : 1);
            }))"""
    )
    assert smallest >= 13.95
    visit.page.context.close()


def test_a_click_in_the_list_opens_the_card_and_selects_both_operations(visit: Visit) -> None:
    card = visit.page.locator("#conflict-3")
    assert card.get_attribute("open") is None
    visit.page.locator(".short a[data-conflict='3']").click()
    assert card.get_attribute("open") is not None
    expect(card.locator("svg.plan")).to_be_in_viewport()
    assert visit.page.locator("#map .op.selected").count() == 2
    told = visit.page.locator("#selected").inner_text()
    assert "B-7732 BLUE" in told
    assert "A-0912 AMBER" in told


def test_the_keyboard_alone_reaches_and_opens_a_card(visit: Visit) -> None:
    page = visit.page
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.closest('#conflict-2') !== null"):
            break
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    assert page.locator("#conflict-2").get_attribute("open") is not None


def test_the_first_tab_stop_leads_past_the_map(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("() => document.activeElement.textContent") == (
        "Skip to the conflicts"
    )


def test_the_map_answers_to_keys_and_steps_through_conflicts(visit: Visit) -> None:
    page, world = visit.page, visit.page.locator("#map .world")
    page.locator("#map").focus()
    before = world.get_attribute("viewBox")
    page.keyboard.press("+")
    closer = world.get_attribute("viewBox")
    assert closer is not None
    assert float(closer.split()[2]) < 1000
    page.keyboard.press("0")
    assert world.get_attribute("viewBox") == before
    page.keyboard.press("n")
    assert page.locator("#conflict-1.selected").count() == 1
    page.keyboard.press("n")
    assert page.locator("#conflict-2.selected").count() == 1
    page.keyboard.press("p")
    assert page.locator("#conflict-1.selected").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".selected").count() == 0


def test_a_click_on_the_map_selects_what_was_clicked(visit: Visit) -> None:
    visit.page.locator("#map .pin.own:not(.crowded) a", has_text="B-7760").click()
    assert "B-7760 BLUE" in visit.page.locator("#selected").inner_text()
    assert visit.page.locator("tr.selected").count() == 1


def test_the_mouse_moves_the_map_without_selecting(visit: Visit) -> None:
    page, world = visit.page, visit.page.locator("#map .world")
    before = world.get_attribute("viewBox")
    page.locator("#map").hover(position={"x": 300, "y": 60})
    page.mouse.down()
    page.mouse.move(500, 420, steps=5)
    page.mouse.up()
    assert world.get_attribute("viewBox") != before
    assert page.locator("#map .selected").count() == 0


def test_the_scale_bar_follows_the_zoom(visit: Visit) -> None:
    page = visit.page
    before = page.locator("#map .scale").text_content()
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    expect(page.locator("#map .scale")).not_to_have_text(before)


def test_borders_and_day_colours_are_switches(visit: Visit) -> None:
    page = visit.page
    border = page.locator("#map .border")
    expect(border).to_be_visible()
    page.get_by_label("Borders").uncheck()
    expect(border).to_be_hidden()
    dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Day colours").check()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") != dark


def test_without_scripts_everything_can_be_read(browser: Browser, tmp_path: Path) -> None:
    visit = visit_in(browser, java_script_enabled=False)
    visit.open(latakia(), tmp_path)
    page = visit.page
    assert visit.is_quiet(), (visit.requests, visit.complaints)
    expect(page.locator("#map .op.own").first).to_be_visible()
    expect(page.locator("button").first).to_be_hidden()
    page.locator("#conflict-2 summary").click()
    expect(page.locator("#conflict-2 svg.profile")).to_be_visible()
    page.get_by_label("Borders").uncheck()
    expect(page.locator("#map .border")).to_be_hidden()
    page.context.close()


def test_on_paper_every_card_is_open(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    expect(visit.page.locator("#conflict-5 svg.plan")).to_be_visible()
    expect(visit.page.locator(".switches")).to_be_hidden()


@pytest.mark.parametrize("place", [(-17.0, 179.95), (89.8, 30.0)])
def test_the_map_works_at_the_antimeridian_and_the_pole(
    browser: Browser, tmp_path: Path, place: tuple[float, float]
) -> None:
    visit = visit_in(browser)
    visit.open(around(*place), tmp_path)
    frame = visit.page.locator("#map").bounding_box()
    drawn = visit.page.locator("#map .op.own path").bounding_box()
    assert frame is not None
    assert drawn is not None
    assert drawn["width"] > 0.4 * frame["width"]
    assert frame["x"] <= drawn["x"]
    assert drawn["x"] + drawn["width"] <= frame["x"] + frame["width"] + 1
    assert visit.is_quiet(), (visit.requests, visit.complaints)
    visit.page.context.close()


def test_a_large_check_stays_usable(browser: Browser, tmp_path: Path) -> None:
    visit = visit_in(browser)
    visit.open(crowd(), tmp_path)
    page = visit.page
    page.locator("#map").focus()
    page.keyboard.press("n")
    assert page.locator("#conflict-1.selected").count() == 1
    page.locator("#conflict-250 summary").click()
    assert page.locator("#conflict-250").get_attribute("open") is not None
    assert page.evaluate("() => document.documentElement.scrollWidth") == 1280
    assert visit.is_quiet(), (visit.requests, visit.complaints)
    page.context.close()
