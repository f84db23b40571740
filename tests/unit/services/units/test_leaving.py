"""A member leaves once, whoever else has it leave, and whatever it files, at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keepclear.model.operation import OperationState
from keepclear.model.party import Member, Party, PartyKind
from keepclear.model.relay import Departure
from keepclear.services.expected import NEW
from keepclear.services.filing import file_operation
from keepclear.services.line.messaging import Releasing
from keepclear.services.line.notifying import notify
from keepclear.services.node import Node
from keepclear.services.units.leaving import Leaving, departures, leave
from line_fixture import verified
from line_pair import LINE, Pair, paired_nodes
from meanwhile import before_looking, before_writing
from messages import an_id
from samples import circle, operation

_BLUE = Party("BLUE", "Blue", PartyKind.COALITION, members=(Member("SEA", "Sea"),))
_AMBER = Party("AMBER", "Amber", PartyKind.STATE)
LEAVING = Leaving("duty officer", "somebody else", "SEA flies no more under BLUE", "somebody")
FLIGHT = replace(operation("S-1"), member="SEA")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path, parties=(_BLUE, _AMBER)) as made:
        made.turn(minutes=10)
        file_operation(made.blue.node, FLIGHT, expected=NEW)
        releasing = Releasing(an_id("act"), "planner")
        notify(made.blue.node, LINE, FLIGHT.id, releasing, message_id=an_id("notice"))
        yield made


@pytest.mark.parametrize(
    ("before", "number"),
    [(before_looking, 1), (before_looking, 3), (before_writing, 3), (before_writing, 4)],
)
def test_two_who_have_it_leave_at_once_do_nothing_twice_and_undo_nothing(
    pair: Pair, before: Callable[..., Node], number: int
) -> None:
    node = pair.blue.node
    done: list[Departure] = []
    beside = before(node, lambda: done.append(leave(node, "SEA", LEAVING)), number=number)
    mine = leave(beside, "SEA", LEAVING)
    (theirs,), (kept,) = done, departures(node)
    assert mine == theirs == kept
    assert (kept.operations, kept.is_done) == ((FLIGHT.id,), True)
    assert [each.operation for each in kept.cancelled] == [FLIGHT.id]
    sent = b"".join(pair.blue.sent())
    assert [sent.count(f'"code":"{code}"'.encode()) for code in ("M04", "M17")] == [1, 1]
    verified(pair.blue, pair.amber)


def test_a_flight_that_is_filed_or_changed_meanwhile_ends_too(pair: Pair) -> None:
    node, late = pair.blue.node, replace(operation("S-2", circle(38.0)), member="SEA")

    def go_on() -> None:
        file_operation(node, replace(FLIGHT, contact="131.500"), expected=1)
        file_operation(node, late, expected=NEW)

    left = leave(before_writing(node, go_on, number=3), "SEA", LEAVING)
    assert left.operations == (FLIGHT.id, late.id)
    with node.store.view() as view:
        stored = [view.operation(each) for each in left.operations]
    assert [one and one.operation.state for one in stored] == [OperationState.ENDED] * 2
    assert [each.operation for each in left.cancelled] == [FLIGHT.id]
