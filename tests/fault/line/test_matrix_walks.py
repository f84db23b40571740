"""Both sides do whatever their states allow, in any order, under every fault at once.

Each walk is seeded. What it found before stands in `matrix_states` as a case of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from fault.line.faulty_peers import FAULTS, Fault
from fault.line.matrix import Rig, Way, numbers
from fault.line.matrix_sameness import stream_faults
from fault.line.matrix_states import NOTICE, PLAIN, REQUEST
from keepclear.contact.life import allowed
from keepclear.errors import NotFound, StateForbids
from keepclear.formats.times import iso_text
from keepclear.model.message_life import ActKind, AnswerWord, Units
from keepclear.model.operation import Precedence
from keepclear.services.expected import NEW
from keepclear.services.line.messaging import Held, Releasing, release, save_draft, silence
from line_fixture import LINE, Side, two_nodes, verified
from messages import FIELDS, an_id, at, do, heard

T = TypeVar("T")

WALKS: Final = 16
STEPS: Final = 40
WRITTEN: Final = (("M11", REQUEST), ("M11", NOTICE), ("M22", PLAIN), ("M07", FIELDS["M07"]))


class Walk:
    """One walk: what is done next is drawn from seeded numbers."""

    def __init__(self, rig: Rig, seed: str) -> None:
        self.rig = rig
        self.senders: dict[str, str] = {}
        self._seed = seed
        self._drawn = numbers(f"{seed} steps", 4_000)

    def step(self) -> None:
        side, number = self._one_of(self.rig.sides), self._drawn.pop() % 100
        if number < 15 or not self.senders:
            self._write(side)
        elif number < 70:
            self._act(side)
        elif number < 78:
            self.rig.turn(minutes=self._drawn.pop() % 40)
        else:
            self.rig.rounds()

    def _one_of(self, many: Sequence[T]) -> T:
        return many[self._drawn.pop() % len(many)]

    def _write(self, side: Side) -> None:
        name, (code, fields) = an_id(f"{self._seed} {len(self.senders)}"), self._one_of(WRITTEN)
        document: dict[str, Any] = {"code": code, "line": LINE, "fields": fields}
        document["precedence"] = self._one_of(tuple(Precedence)).value
        if self._drawn.pop() % 3 == 0:
            start = side.clock.now()
            end = start + timedelta(minutes=5 + self._drawn.pop() % 55)
            document["valid"] = {"start": iso_text(start), "end": iso_text(end)}
        mine = [each for each, sender in self.senders.items() if sender == side.party]
        if mine and self._drawn.pop() % 5 < 2:
            document["supersedes"] = self._one_of(mine)
        save_draft(side.node, name, document, expected=NEW)
        releasing = Releasing(an_id(f"release {name}"), "duty officer", "first", "second")
        release(side.node, name, releasing)
        self.senders[name] = side.party

    def _act(self, side: Side) -> None:
        name = self._one_of(tuple(self.senders))
        held = self.rig.held(side, name)
        may = () if held is None else allowed(held.life)
        kinds = [each for each in may if each is not ActKind.SUPERSEDE]
        if not kinds:
            return
        kind = self._one_of(kinds)
        if kind is ActKind.SILENCE:
            silence(side.node, name, "duty officer")
            return
        said = self._said(side, name, kind)
        is_of_units = kind is ActKind.PASSED_TO_UNITS  # a unit's word is refused where none is due
        with suppress(NotFound, StateForbids) if is_of_units else nullcontext():
            do(side, name, kind, str(len(self._drawn)), **said)

    def _said(self, side: Side, name: str, kind: ActKind) -> dict[str, Any]:
        match kind:
            case ActKind.READBACK:
                is_right = self._drawn.pop() % 5 < 3
                return {"heard": heard(at(side, name)) if is_right else {}}
            case ActKind.ANSWER:
                return {"answer": self._one_of(tuple(AnswerWord))}
            case ActKind.CONSIDER:
                return {"until": side.clock.now() + timedelta(hours=1)}
            case ActKind.PASSED_TO_UNITS:
                return {"units": self._one_of((Units.CONFIRMED, Units.CANNOT))}
            case _:
                return {}


@pytest.mark.parametrize("walk", range(WALKS))
def test_whatever_both_sides_do_they_come_to_the_same(tmp_path: Path, walk: int) -> None:
    seed = f"walk {walk}"
    with two_nodes(tmp_path) as (blue, amber):
        ways = (
            Way(blue, amber, everything(f"{seed} there")),
            Way(amber, blue, everything(f"{seed} back")),
        )
        rig = Rig(blue, amber, ways, Precedence.PRIORITY, numbers(seed, 10_000))
        walked = Walk(rig, seed)
        for _ in range(STEPS):
            walked.step()
        rig.heal()
        assert differences(walked) == []
        for sender, receiver in ((blue, amber), (amber, blue)):
            sent = [each for each, party in walked.senders.items() if party == sender.party]
            assert sorted(receiver.received()) == sorted(sent)
            with sender.node.store.view() as theirs, receiver.node.store.view() as ours:
                assert stream_faults(theirs, ours) == []
        verified(blue, amber)


def everything(seed: str) -> list[tuple[Fault, int]]:
    """A plan in which each delivery meets any fault, or none."""
    drawn = numbers(seed, 400)
    return [
        (FAULTS[kind % len(FAULTS)], place)
        for kind, place in zip(drawn[::2], drawn[1::2], strict=True)
    ]


def differences(walked: Walk) -> list[str]:
    """Messages that are not the same on both sides, by what is proved of them."""
    found = []
    for name, party in walked.senders.items():
        sides = sorted(walked.rig.sides, key=lambda side: side.party != party)
        ours, theirs = (at(side, name) for side in sides)
        if told(ours) != told(theirs):
            found.append(f"{name}: {told(ours)} at {party}, else {told(theirs)}")
    return found


def told(held: Held) -> tuple[object, ...]:
    life = held.life
    return life.state, life.is_open, life.units, life.answer, life.mismatches, life.corrections
