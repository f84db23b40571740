"""A browser window on a node, with everything it asked for and complained of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from e2e.chromium import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route

AXE = Path(__file__).resolve().parents[3] / "console" / "node_modules" / "axe-core" / "axe.min.js"


class NodeAddress(NamedTuple):
    """How to reach a node.

    Attributes:
        ticket_url: enters it once without the token.
        token: enters it any time.
    """

    ticket_url: str
    token: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.ticket_url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass
class Visit:
    """One window.

    Attributes:
        page: the page in it.
        node: what it looks at.
        foreign: addresses off the node that were asked for.
        complaints: errors and warnings of the page.
    """

    page: Page
    node: NodeAddress
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """Give the token as the console's form does."""
        reply = self.page.request.post(
            f"{self.node.origin}/api/v1/session",
            data={"token": self.node.token, "actor": "duty officer"},
            headers={"origin": self.node.origin},
        )
        assert reply.status == 204, reply.text()

    def faults(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA, in a line each; empty where nothing."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            """() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
                                         'best-practice']})
                .then((run) => run.violations.flatMap((one) => one.nodes.map(
                    (node) => `${one.id}: ${node.html} ${node.failureSummary}`)))"""
        )
        return [str(one) for one in found]

    def wait_for_answers(self) -> None:
        self.answer("B-101").wait_for()

    def wait_for_map(self) -> None:
        self.page.locator("#map[data-drawn]").wait_for()

    def answer(self, designator: str) -> Locator:
        rows = self.page.get_by_role("list", name="Answers, worst first").get_by_role("button")
        return rows.filter(has_text=designator).first

    def panel(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def write_circle(self, designator: str, *, start: str = "140630ZMAR26") -> None:
        """Fill in a new operation in the way of A-201."""
        page = self.page
        page.get_by_label("Designator").fill(designator)
        page.get_by_label("Centre").fill("36 43.74N 039 36.00E")
        page.get_by_label("Radius").fill("2")
        page.get_by_label("Lower height").fill("FL240")
        page.get_by_label("Upper height").fill("FL260")
        page.get_by_label("From (UTC)").fill(start)
        page.get_by_label("Until (UTC)").fill("140700ZMAR26")


def watched(browser: Browser, node: NodeAddress, **options: Any) -> Visit:
    """A window that is kept from leaving the node."""
    settings: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}} | options
    context = browser.new_context(**settings)
    context.set_default_timeout(PATIENCE_MS)
    visit = Visit(context.new_page(), node)

    def guard(route: Route) -> None:
        if route.request.url.startswith(f"{node.origin}/"):
            route.continue_()
        else:
            visit.foreign.append(route.request.url)
            route.abort("blockedbyclient")

    def listen(message: ConsoleMessage) -> None:
        # The graphics driver's remarks on speed are about this machine, not the page.
        if message.type in ("error", "warning") and "GL Driver Message" not in message.text:
            visit.complaints.append(message.text)

    context.route("**/*", guard)
    visit.page.on("console", listen)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    return visit
