"""Two nodes with a line between them, and a carrier that tests stop; nothing here is under test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from keepclear.ports.store import Unit
from keepclear.services.line.messaging import delivered
from keepclear.services.line.receiving import receive
from keepclear.services.line.status import LineReport, line_report
from keepclear.services.line.ticking import tick
from line_fixture import LINE, Side, meet, party_node, sign_both
from samples import NOON

__all__ = ["LINE", "OPENED", "Pair", "Side", "paired_nodes", "report_at", "state_at", "tick_at"]

OPENED = NOON - timedelta(hours=5)
"""07:00Z, an hour after the first check of the day would have been due."""
STEP = timedelta(minutes=10)


def tick_at(side: Side) -> None:
    """Have a node do what is due."""
    tick(side.node, side.node.now())


def report_at(side: Side) -> LineReport:
    """The line at a glance, as one node sees it."""
    with side.node.store.view() as view:
        return line_report(view, side.line(), side.node.now())


def state_at(side: Side) -> str:
    """The state of the line, as one node sees it."""
    return report_at(side).status.state.value


@dataclass(slots=True)
class Pair:
    """Two nodes and what carries envelopes between them.

    Attributes:
        blue, amber: the nodes.
        cut: True while nothing is carried.
        delay_s: how long each way takes.
    """

    blue: Side
    amber: Side
    cut: bool = False
    delay_s: float = 0.0

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.blue, self.amber

    def meet(self) -> None:
        """Make the line, at both nodes."""
        meet(self.blue, self.amber)
        meet(self.amber, self.blue)

    def look(self) -> None:
        """Have both nodes do what is due, and carry it."""
        for side in self.sides:
            tick_at(side)
        self.carry()

    def turn(self, **by: float) -> None:
        """Let time pass in small steps, with everything that happens meanwhile."""
        left = timedelta(**by)
        while left > timedelta():
            step = min(STEP, left)
            left -= step
            self.leap(step)

    def leap(self, step: timedelta) -> None:
        """Let time pass at once, as if nobody had looked."""
        for side in self.sides:
            side.clock.at += step
        self.look()

    def carry(self) -> None:
        """Carry everything that waits, both ways, until nothing does."""
        while not self.cut:
            moved = [
                self._over(self.blue, self.amber),
                self._over(self.amber, self.blue),
            ]
            if not any(moved):
                return

    def _over(self, sender: Side, receiver: Side) -> bool:
        with sender.node.store.view() as view:
            waiting = view.envelopes_waiting(LINE)
        if not waiting:
            return False
        for side in self.sides:
            side.clock.at += timedelta(seconds=self.delay_s)
        receive(receiver.node, LINE, [each.content for each in waiting])

        def keep(unit: Unit) -> None:
            at = sender.node.now()
            for epoch in {each.epoch for each in waiting}:
                serials = [each.serial for each in waiting if each.epoch == epoch]
                ids = unit.mark_delivered(LINE, epoch, serials, at=at)
                delivered(unit, sender.node, ids, at)

        sender.node.store.write(keep)
        return True


@contextmanager
def paired_nodes(folder: Path, *, have_met: bool = True, **terms: Any) -> Iterator[Pair]:
    """BLUE's and AMBER's node in EXERCISE; unless told otherwise with a line just made."""
    with (
        party_node(folder / "blue", "BLUE", seed=7, at=OPENED) as blue,
        party_node(folder / "amber", "AMBER", seed=9, at=OPENED) as amber,
    ):
        sign_both(blue, amber, **terms)
        pair = Pair(blue, amber)
        if have_met:
            pair.meet()
        yield pair
