"""A pager that takes its time holds up no clock of a line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

from keepclear.compose.bell import Bell
from keepclear.compose.line_running import line_running
from keepclear.model.operation import Precedence
from keepclear.ports.store import Committed
from keepclear.services.line.taken import Taken
from keepclear.services.line.taking import take
from line_fixture import DirectPeers, Side, message
from line_pair import paired_nodes

LONG_S = 60.0


class Slow:
    """A pager that ends once it may."""

    def __init__(self) -> None:
        self.begun, self.may_end = Event(), Event()
        self.texts: list[str] = []

    def page(self, level: int, text: str) -> None:
        del level
        self.begun.set()
        assert self.may_end.wait(LONG_S)
        self.texts.append(text)


def flash(side: Side, number: int) -> str:
    """A FLASH of AMBER that came; its id."""
    told, now = message("AMBER", number=number, precedence=Precedence.FLASH), side.clock.now()
    came = Taken(side.line(), b"\x01" * 32, 0, 900 + number, now, now, told)
    side.node.store.write(lambda unit: take(unit, side.node, came))
    return told.id


def test_the_next_clock_runs_out_while_somebody_is_being_woken(tmp_path: Path) -> None:
    with paired_nodes(tmp_path) as pair:
        blue, bell, slow, both = pair.blue, Bell(), Slow(), Event()
        waiting = {flash(blue, number) for number in (1, 2)}

        def hear(committed: Committed) -> None:
            waiting.difference_update(each.id for each in committed.changes)
            if not waiting:
                both.set()

        blue.clock.turn(seconds=61)
        blue.node.store.on_change(hear)
        node = replace(blue.node, pager=slow, ring=bell.ring)
        with line_running(node, bell, DirectPeers(blue, pair.amber)):
            assert slow.begun.wait(LONG_S)
            assert both.wait(LONG_S)
            slow.may_end.set()
        assert len(slow.texts) == 2
        assert blue.kinds().count("message paged") == 2
