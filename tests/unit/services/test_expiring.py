"""Plans whose time has passed end by themselves; flights do not, and others' plans do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepclear.ledger.entries import record_of
from keepclear.model.operation import EndReason, Operation, OperationState
from keepclear.services.expected import NEW
from keepclear.services.expiring import expire
from keepclear.services.filing import change_state, file_operation
from node_fixture import RunningNode, exercise_node
from samples import circle, operation, window


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        yield running


def stored(running: RunningNode, one: Operation) -> Operation:
    with running.node.store.view() as view:
        found = view.operation(one.id)
    assert found is not None
    return found.operation


def test_what_nobody_activated_expires_an_hour_after_its_time(running: RunningNode) -> None:
    plan = operation("B-1", at=window(0, 60))
    file_operation(running.node, plan, expected=NEW)
    running.clock.turn(hours=7.99)
    assert expire(running.node) == 0
    running.clock.turn(hours=0.02)
    assert expire(running.node) == 1
    ended = stored(running, plan)
    assert (ended.state, ended.end_reason) == (OperationState.ENDED, EndReason.EXPIRED)
    with running.node.store.view() as view:
        entry = view.entry(view.ledger_size() - 1)
    assert entry is not None
    assert entry.payload is not None
    assert record_of(entry.payload).note == "its time has passed"
    assert expire(running.node) == 0


def test_a_flight_past_its_time_is_a_matter_for_people(running: RunningNode) -> None:
    flight = operation("B-1", at=window(0, 60))
    file_operation(running.node, flight, expected=NEW)
    change_state(running.node, flight.id, OperationState.ACTIVE, expected=1)
    running.clock.turn(days=1)
    assert expire(running.node) == 0
    assert stored(running, flight).state is OperationState.ACTIVE


def test_only_their_owner_ends_others_plans(running: RunningNode) -> None:
    theirs = operation("A-1", party="AMBER", at=window(0, 60))
    running.take(theirs)
    running.clock.turn(days=1)
    assert expire(running.node) == 0
    assert stored(running, theirs).state is OperationState.PLANNED


def test_many_expire_together(running: RunningNode) -> None:
    for n in range(205):
        running.take(operation(f"B-{n}", circle(33.0, 38.0), at=window(-600 + n, 30)))
    running.take(operation("LATER", at=window(60 * 48)))
    running.clock.turn(hours=20)
    assert expire(running.node) == 205
    assert running.node.picture.standing().notices["BLUE"].number == 1
