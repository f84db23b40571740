"""What is let go, when, and how the ledger says so; kept by default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keepclear.errors import InvalidInput
from keepclear.ledger.entries import EntryKind, record_of
from keepclear.ledger.pruning import pruned_runs
from keepclear.model.node import Subject
from keepclear.model.operation import Operation
from keepclear.ports.store import Entry
from keepclear.services import retaining
from keepclear.services.proving import prove_entry, verify_ledger
from keepclear.services.retaining import KEEP_EVERYTHING, Retention, apply_retention
from meanwhile import before_writing
from node_fixture import RunningNode, exercise_node
from samples import circle, operation, window

FLOWN, FLYING = operation("B-1"), operation("B-2", circle(38.0))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        running.take(FLYING)
        running.take(FLOWN)
        running.clock.turn(hours=8)
        running.end(FLOWN)
        yield running


def held(running: RunningNode, one: Operation) -> bool:
    with running.node.store.view() as view:
        return view.operation(one.id) is not None


def entries_about(running: RunningNode, one: Operation) -> list[Entry]:
    with running.node.store.view() as view:
        return list(view.entries_about(Subject.OPERATION, one.id))


def prunings(running: RunningNode) -> list[Entry]:
    with running.node.store.view() as view:
        return [entry for entry in view.entries() if entry.kind == EntryKind.PAYLOAD_PRUNED]


def test_everything_is_kept_unless_told_otherwise(running: RunningNode) -> None:
    running.clock.turn(days=10_000)
    assert apply_retention(running.node, KEEP_EVERYTHING) == (0, 0)
    assert held(running, FLOWN)
    assert prunings(running) == []


def test_an_ended_operation_leaves_the_tables_after_its_days(running: RunningNode) -> None:
    retention = Retention(ended_operations_days=30)
    running.clock.turn(days=29)
    assert apply_retention(running.node, retention) == (0, 0)
    running.clock.turn(days=2)
    assert apply_retention(running.node, retention) == (1, 0)
    assert not held(running, FLOWN)
    assert held(running, FLYING)
    assert apply_retention(running.node, retention) == (0, 0)


def test_what_has_left_the_tables_is_still_in_the_ledger(running: RunningNode) -> None:
    running.clock.turn(days=31)
    apply_retention(running.node, Retention(ended_operations_days=30))
    assert [entry.kind for entry in entries_about(running, FLOWN)] == [
        EntryKind.OPERATION_FILED,
        EntryKind.OPERATION_ENDED,
    ]
    assert all(entry.payload for entry in entries_about(running, FLOWN))


def test_what_ended_early_stays_until_its_planned_time_has_passed(running: RunningNode) -> None:
    later = operation("B-3", at=window(90 * 24 * 60.0))
    running.take(later)
    running.end(later)
    running.clock.turn(days=60)
    apply_retention(running.node, Retention(ended_operations_days=30))
    assert held(running, later)
    running.clock.turn(days=90)
    apply_retention(running.node, Retention(ended_operations_days=30))
    assert not held(running, later)


def test_what_was_taken_up_again_just_then_and_ended_anew_stays_its_days(
    running: RunningNode,
) -> None:
    running.clock.turn(days=31)

    def again() -> None:
        anew = replace(FLOWN, version=3)
        running.take(anew)
        running.end(anew)

    node = before_writing(running.node, again)
    assert apply_retention(node, Retention(ended_operations_days=30)) == (0, 0)
    assert held(running, FLOWN)


def test_payloads_go_later_than_operations_and_the_ledger_says_which(
    running: RunningNode,
) -> None:
    retention = Retention(ended_operations_days=30, payloads_days=60)
    running.clock.turn(days=31)
    assert apply_retention(running.node, retention) == (1, 0)
    running.clock.turn(days=31)
    assert apply_retention(running.node, retention, actor="retention") == (0, 2)
    assert [entry.payload for entry in entries_about(running, FLOWN)] == [None, None]
    (pruning,) = prunings(running)
    assert pruning.payload is not None
    told = record_of(pruning.payload)
    named = [number for run in pruned_runs(told.body) for number in run]
    assert named == [entry.number for entry in entries_about(running, FLOWN)]
    assert told.actor == "retention"
    assert "60 days" in str(told.body)


def test_a_pruned_ledger_still_holds_and_proves_what_was_pruned(running: RunningNode) -> None:
    running.clock.turn(days=90)
    apply_retention(running.node, Retention(ended_operations_days=30, payloads_days=60))
    with running.node.store.view() as view:
        report = verify_ledger(view)
    assert report.holds
    assert (report.pruned, report.withheld) == (2, 0)
    number = entries_about(running, FLOWN)[0].number
    assert prove_entry(running.node, number).withheld


def test_payloads_of_what_is_still_held_are_never_pruned(running: RunningNode) -> None:
    running.clock.turn(days=900)
    apply_retention(running.node, Retention(ended_operations_days=30, payloads_days=30))
    assert all(entry.payload for entry in entries_about(running, FLYING))
    with running.node.store.view() as view:
        stored = view.operation(FLYING.id)
    assert stored is not None
    assert stored.operation.designator == "B-2"


def test_nothing_is_said_where_nothing_was_pruned(running: RunningNode) -> None:
    running.clock.turn(days=90)
    retention = Retention(ended_operations_days=30, payloads_days=60)
    apply_retention(running.node, retention)
    assert apply_retention(running.node, retention) == (0, 0)
    assert len(prunings(running)) == 1


def test_much_is_let_go_in_small_steps(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "_AT_ONCE", 3)
    monkeypatch.setattr(retaining, "_PAGE", 2)
    for number in range(10, 18):
        running.take(operation(f"B-{number}"))
        running.end(operation(f"B-{number}"))
    running.clock.turn(days=90)
    retention = Retention(ended_operations_days=30, payloads_days=60)
    assert apply_retention(running.node, retention) == (9, 18)
    assert len(prunings(running)) == 6
    with running.node.store.view() as view:
        assert verify_ledger(view).holds


def test_an_operation_filed_anew_under_its_id_keeps_its_history(running: RunningNode) -> None:
    running.clock.turn(days=90)
    apply_retention(running.node, Retention(ended_operations_days=30))
    running.take(FLOWN)
    assert apply_retention(running.node, Retention(30, 60)) == (0, 0)
    assert all(entry.payload for entry in entries_about(running, FLOWN))


@pytest.mark.parametrize(
    ("ended_days", "payload_days"), [(0, None), (-1, None), (40_000, None), (None, 30), (30, 0)]
)
def test_periods_that_mean_nothing_are_refused(
    ended_days: int | None, payload_days: int | None
) -> None:
    with pytest.raises(InvalidInput):
        Retention(ended_days, payload_days)
