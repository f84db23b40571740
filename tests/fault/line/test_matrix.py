"""Every fault of the transport in every state of a message's life, on two real nodes.

The fault is active both ways until the message is where the cell is named after; then the
transport heals, and both sides must have come to what the acts say.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fault.line.matrix import FAULTS, WAYS, Rig, rig
from fault.line.matrix_sameness import stream_faults
from fault.line.matrix_states import CASES, THE, Case
from keepclear.model.message_life import State
from line_fixture import Side, message, verified


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("state", CASES)
def test_both_sides_come_to_what_the_acts_say(
    tmp_path: Path, state: str, fault: str, way: str
) -> None:
    case = CASES[state]
    with rig(tmp_path, fault, state, way) as cell:
        for side in cell.sides:  # what the faults have to work on in every state
            posted(cell, side)
        for step in case.steps:
            step(cell)
            cell.rounds()
        cell.rounds(1)
        cell.heal()
        assert all(each.met for each in cell.ways)
        as_the_acts_say(cell, case)
        every_act_is_on_both_sides_once(cell)
        every_message_came_as_new_once(cell)
        both_hold_the_same(cell.blue, cell.amber)
        both_hold_the_same(cell.amber, cell.blue)
        verified(*cell.sides)


def posted(cell: Rig, side: Side) -> None:
    one = message(side.party, at=side.clock.now())
    side.post(one)
    cell.sent[side.party].append(one.id)


def as_the_acts_say(cell: Rig, case: Case) -> None:
    assert {side.party: ended(cell, side) for side in cell.sides} == {
        "BLUE": (case.blue, case.is_open),
        "AMBER": (case.amber, case.is_open and case.amber is not None),
    }


def ended(cell: Rig, side: Side) -> tuple[State | None, bool]:
    held = cell.held(side, THE)
    return (None, False) if held is None else (held.life.state, held.life.is_open)


def every_act_is_on_both_sides_once(cell: Rig) -> None:
    for side in cell.sides:
        held = cell.held(side, THE)
        seen = Counter() if held is None else Counter(each.act_id for each in held.life.history)
        assert {act: seen[act] for act in cell.acts} == dict.fromkeys(cell.acts, 1), side.party


def every_message_came_as_new_once(cell: Rig) -> None:
    assert sorted(cell.amber.received()) == sorted(cell.sent["BLUE"])
    assert sorted(cell.blue.received()) == sorted(cell.sent["AMBER"])


def both_hold_the_same(sender: Side, receiver: Side) -> None:
    """The same envelopes, one stream end, nothing that waits, nothing kept apart."""
    with sender.node.store.view() as theirs, receiver.node.store.view() as ours:
        assert stream_faults(theirs, ours) == []
