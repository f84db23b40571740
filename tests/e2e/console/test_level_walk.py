"""A walk through every part of the console, as every kind of account, past all that is hidden.

AMBER gave BLUE one operation at each of the levels L0 to L3, and told it of a site and a
movement. What the page holds and what the network brought it is searched for what the level,
or the kind of the account, keeps back.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.looking import kinds_in_turn
from e2e.console.served import served
from e2e.console.watching import Visit
from keepclear.model.operation import DisclosureLevel
from levels_world import BLUES, CONVOY_MARKS, SITE_MARKS, given_to, levels_world, marks
from people import password_of

if TYPE_CHECKING:
    from playwright.sync_api import Request

    from e2e.console.conftest import OpenConsole

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

L = DisclosureLevel
MOVING = {"watch", "releaser", "liaison", "movement officer"}
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"

OVERHEARD = """
    const ask = window.fetch;
    window.overheard = [];
    window.fetch = async (...given) => {
        const reply = await ask(...given);
        if (!reply.url.includes('/events'))
            window.overheard.push([`${reply.status} ${reply.url}`, await reply.clone().text()]);
        return reply;
    };
"""
"""Keeps what every request of the page brought; the stream of changes never ends."""


@dataclass
class Walk:
    """One window, with everything that it showed and was told.

    Attributes:
        visit: the window.
        pending: requests under way; the stream of changes is none.
        shown: what the page held, by where one stood.
    """

    visit: Visit
    pending: set[Request] = field(default_factory=set)
    shown: dict[str, str] = field(default_factory=dict)

    def listen(self) -> None:
        page = self.visit.page
        page.on("request", self._began)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        page.add_init_script(OVERHEARD)

    def _began(self, request: Request) -> None:
        if "/events" not in request.url:
            self.pending.add(request)

    def _ended(self, request: Request) -> None:
        self.pending.discard(request)

    def look(self, where: str) -> None:
        """Wait until all has come that was asked for, and keep what the page holds then."""
        page = self.visit.page
        page.evaluate(DRAWN)
        while self.pending:
            page.evaluate(DRAWN)
        page.evaluate(DRAWN)
        self.shown[where] = page.content()

    def told(self) -> dict[str, str]:
        """All that was shown or told, in one spelling."""
        self.look("at the end")
        came = self.visit.page.evaluate("() => window.overheard")
        found, self.shown = self.shown | dict(came), {}
        return {where: _plain(text) for where, text in found.items()}

    def everywhere(self) -> dict[str, str]:
        """Open every list, every part of the line and every own operation."""
        page = self.visit.page
        page.reload()
        expect(page.get_by_role("region", name="Lines")).to_contain_text("AMBER")
        self.look("the first view")
        for group in ("Which list", "Part of the line"):
            if group == "Part of the line" and not page.get_by_role("group", name=group).count():
                self.visit.keys("h")
            buttons = page.get_by_role("group", name=group).get_by_role("button")
            buttons.first.wait_for()
            for number in reversed(range(buttons.count())):  # so that the answers stand at last
                buttons.nth(number).click()
                self.look(f"{group}: {buttons.nth(number).inner_text()}")
        self.visit.keys("Escape")
        for each in BLUES:
            self.visit.answer(each.designator).click()
            expect(self.visit.panel("Detail")).to_contain_text(each.designator)
            self.look(each.designator)
        return self.told()


def _plain(text: str) -> str:
    return text.replace("\\", "").replace('": ', '":')


def enter(visit: Visit, name: str) -> None:
    """Sign in as an account."""
    reply = visit.page.request.post(
        f"{visit.node.origin}/api/v1/session",
        data={"account": name, "password": password_of(name)},
        headers={"origin": visit.node.origin},
    )
    assert reply.status == 204, reply.text()
    visit.page.goto(visit.node.origin)


def test_no_part_of_the_console_shows_any_kind_of_account_what_it_may_not_see(
    tmp_path: Path, visit_in: OpenConsole
) -> None:
    with ExitStack() as stack:
        world = stack.enter_context(levels_world(tmp_path))
        blue = world.sides["BLUE"]
        address = stack.enter_context(served(blue.node))
        walk: Walk | None = None
        for kind in kinds_in_turn(blue.node):
            if walk is None:
                walk = Walk(visit_in(address, signs_in=False))
                enter(walk.visit, "somebody")
                walk.listen()
            told = walk.everywhere()
            for number in range(4):
                found = {
                    (where, mark)
                    for where, text in told.items()
                    for mark in marks(number)
                    if mark in text and not mark.startswith(":")  # the page's clock runs
                }
                whole = given_to("BLUE", number) is L.L3
                assert bool(found) is whole, (kind, found)
            humanitarian = {
                where
                for where, text in told.items()
                for mark in SITE_MARKS + CONVOY_MARKS
                if mark in text
            }
            if kind == "investigator":
                humanitarian = {each for each in humanitarian if "/quarantine" not in each}
                humanitarian = {each for each in humanitarian if re.match(r"\d+ http", each)}
            assert bool(humanitarian) is (kind in MOVING), (kind, humanitarian)
        assert walk is not None
        refused = re.compile("the server responded with a status of 40[134]")
        walk.visit.complaints[:] = [one for one in walk.visit.complaints if not refused.search(one)]
