"""Filing on a real store: never refused for a conflict, never overwritten unseen, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import msgspec
import pytest

from keepclear.errors import (
    InvalidInput,
    ModeMismatch,
    NotFound,
    NotOurs,
    StateForbids,
    VersionMismatch,
    VersionMissing,
)
from keepclear.ledger.entries import record_of
from keepclear.model.answer import Verdict
from keepclear.model.node import NodeKind, Subject
from keepclear.model.operation import (
    EndReason,
    Mode,
    Operation,
    OperationState,
    Source,
    SourceKind,
)
from keepclear.model.volume import Polygon, Position
from keepclear.services.expected import NEW
from keepclear.services.filing import Filed, change_state, file_operation
from node_fixture import RunningNode, exercise_node
from samples import NM, circle, operation, window


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        yield running


def file(running: RunningNode, one: Operation) -> Filed:
    return file_operation(running.node, one, expected=NEW, actor="duty officer")


def test_a_filing_is_stored_and_answered(running: RunningNode) -> None:
    running.take(operation("A-0", circle(40.0, 40.0), party="AMBER"))
    filed = file(running, operation("B-1"))
    assert filed.created
    assert filed.stored.operation.version == 1
    assert filed.stored.operation.ovn
    assert filed.stored.operation.received_at == running.clock.now()
    assert filed.answer is not None
    assert filed.answer.verdict is Verdict.NO_CONFLICT_FOUND
    with running.node.store.view() as view:
        assert view.operation(filed.stored.operation.id) == filed.stored


def test_a_conflict_never_refuses_a_filing(running: RunningNode) -> None:
    running.take(operation("A-1", party="AMBER"))
    filed = file(running, operation("B-1"))
    assert filed.answer is not None
    assert filed.answer.verdict is Verdict.CONFLICT
    assert [c.theirs.designator for c in filed.answer.conflicts] == ["A-1"]
    assert running.node.picture.standing().notices["BLUE"].number == 1


def test_our_own_operations_are_compared_too(running: RunningNode) -> None:
    file(running, operation("B-1"))
    filed = file(running, operation("B-2"))
    assert filed.answer is not None
    assert [(c.theirs.designator, c.own) for c in filed.answer.conflicts] == [("B-1", True)]


def test_the_ledger_keeps_who_filed_what_and_what_was_answered(running: RunningNode) -> None:
    running.take(operation("A-1", party="AMBER"))
    filed = file(running, operation("B-1"))
    with running.node.store.view() as view:
        entry = view.entry(filed.stored.entry)
        head = view.head()
    assert entry is not None
    assert entry.payload is not None
    record = record_of(entry.payload)
    assert (record.actor, record.kind, record.subject_id) == (
        "duty officer",
        "operation filed",
        filed.stored.operation.id,
    )
    answer = msgspec.convert(record.answer, dict)
    assert filed.answer is not None
    assert [c["id"] for c in answer["conflicts"]] == [c.id for c in filed.answer.conflicts]
    assert head is not None
    assert head.head.size == entry.number + 1


def test_the_same_filing_again_is_answered_as_before(running: RunningNode) -> None:
    first = file(running, operation("B-1"))
    again = file_operation(running.node, operation("B-1"), expected=NEW)
    assert not again.created
    assert again.stored == first.stored
    with running.node.store.view() as view:
        assert len(view.entries_about(Subject.OPERATION, first.stored.operation.id)) == 1


def test_a_change_counts_the_version_up_and_moves_the_operation(running: RunningNode) -> None:
    running.take(operation("A-1", party="AMBER"))
    first = file(running, operation("B-1"))
    far = operation("B-1", circle(38.0, 38.0))
    changed = file_operation(running.node, far, expected=1)
    assert changed.stored.operation.version == 2
    assert changed.stored.operation.ovn != first.stored.operation.ovn
    assert changed.stored.number == first.stored.number
    assert changed.answer is not None
    assert not changed.answer.conflicts
    back = file_operation(running.node, operation("B-1"), expected=2)
    assert back.answer is not None
    assert len(back.answer.conflicts) == 1


@pytest.mark.parametrize("expected", [2, NEW])
def test_a_change_of_another_version_is_refused(running: RunningNode, expected: object) -> None:
    file(running, operation("B-1"))
    far = operation("B-1", circle(38.0, 38.0))
    with pytest.raises(VersionMismatch):
        file_operation(running.node, far, expected=expected)  # type: ignore[arg-type]


def test_a_change_that_names_no_version_is_refused(running: RunningNode) -> None:
    file(running, operation("B-1"))
    with pytest.raises(VersionMissing):
        file_operation(running.node, operation("B-1", circle(38.0, 38.0)), expected=None)


def test_a_version_of_nothing_is_refused(running: RunningNode) -> None:
    with pytest.raises(VersionMismatch):
        file_operation(running.node, operation("B-1"), expected=3)


def test_another_partys_operation_is_not_ours_to_file(running: RunningNode) -> None:
    with pytest.raises(NotOurs):
        file(running, operation("A-1", party="AMBER"))


def test_the_other_mode_is_refused(running: RunningNode) -> None:
    with pytest.raises(ModeMismatch):
        file(running, operation("B-1", mode=Mode.REAL))


def test_a_shape_that_crosses_itself_is_refused_and_nothing_is_stored(
    running: RunningNode,
) -> None:
    bow = Polygon(((Position(35, 36), Position(36, 37), Position(35, 37), Position(36, 36)),))
    with pytest.raises(InvalidInput):
        file(running, operation("B-1", bow))
    with running.node.store.view() as view:
        assert view.operation(operation("B-1").id) is None


def test_a_line_terminal_takes_no_operation_by_hand(tmp_path: Path) -> None:
    with exercise_node(tmp_path, kind=NodeKind.TERMINAL) as running:
        with pytest.raises(StateForbids):
            file(running, operation("B-1"))
        from_file = operation("B-1", source=Source(SourceKind.FILE, "blue.geojson"))
        assert file(running, from_file).created


def test_a_flight_becomes_active_and_ends(running: RunningNode) -> None:
    filed = file(running, operation("B-1"))
    name = filed.stored.operation.id
    active = change_state(running.node, name, OperationState.ACTIVE, expected=1)
    assert active.stored.operation.state is OperationState.ACTIVE
    assert active.answer is not None
    ended = change_state(running.node, name, OperationState.ENDED, expected=2)
    assert ended.stored.operation.end_reason is EndReason.COMPLETED
    assert ended.answer is None
    assert "BLUE" not in {p for p, n in running.node.picture.standing().notices.items() if n.number}


def test_what_never_flew_ends_as_cancelled(running: RunningNode) -> None:
    name = file(running, operation("B-1")).stored.operation.id
    ended = change_state(running.node, name, OperationState.ENDED, expected=1, text="weather")
    assert ended.stored.operation.end_reason is EndReason.CANCELLED
    with running.node.store.view() as view:
        entry = view.entry(ended.stored.entry)
    assert entry is not None
    assert entry.payload is not None
    record = record_of(entry.payload)
    assert (record.kind, record.note) == ("operation cancelled", "weather")


def test_what_ended_never_comes_back(running: RunningNode) -> None:
    name = file(running, operation("B-1")).stored.operation.id
    change_state(running.node, name, OperationState.ENDED, expected=1)
    with pytest.raises(StateForbids):
        change_state(running.node, name, OperationState.ACTIVE, expected=2)
    with pytest.raises(StateForbids):
        file_operation(running.node, operation("B-1", circle(38.0, 38.0)), expected=2)


def test_the_same_state_again_changes_nothing(running: RunningNode) -> None:
    name = file(running, operation("B-1")).stored.operation.id
    once = change_state(running.node, name, OperationState.ACTIVE, expected=1)
    again = change_state(running.node, name, OperationState.ACTIVE, expected=1)
    assert again.stored == once.stored


def test_a_nonconforming_flight_may_say_where_it_is(running: RunningNode) -> None:
    running.take(operation("A-1", circle(38.0, 38.0), party="AMBER"))
    filed = file(running, operation("B-1"))
    elsewhere = replace(filed.stored.operation.volumes[0], footprint=circle(38.0, 38.0))
    report = change_state(
        running.node,
        filed.stored.operation.id,
        OperationState.NONCONFORMING,
        expected=1,
        volumes=(elsewhere,),
    )
    assert report.answer is not None
    assert [c.theirs.designator for c in report.answer.conflicts] == ["A-1"]


def test_the_state_of_nothing_cannot_change(running: RunningNode) -> None:
    with pytest.raises(NotFound):
        change_state(running.node, operation("B-9").id, OperationState.ACTIVE, expected=1)


def test_only_its_owner_says_how_a_flight_goes(running: RunningNode) -> None:
    running.take(operation("A-1", party="AMBER"))
    name = operation("A-1", party="AMBER").id
    with pytest.raises(NotOurs):
        change_state(running.node, name, OperationState.ACTIVE, expected=1)


def test_two_filed_at_the_same_moment_see_each_other(running: RunningNode) -> None:
    """Neither stood in the other's picture; the second is told inside the transaction."""
    node = running.node
    standing = node.picture.standing
    frozen = standing()
    object.__setattr__(node.picture, "standing", lambda: frozen)
    first = file(running, operation("B-1"))
    second = file(running, operation("B-2", circle(35.0, 36.0 + 2 * NM / 91_000.0)))
    assert first.answer is not None
    assert second.answer is not None
    assert not first.answer.conflicts
    assert [c.theirs.designator for c in second.answer.conflicts] == ["B-1"]


def test_what_ended_at_the_same_moment_is_no_conflict_any_more(running: RunningNode) -> None:
    name = file(running, operation("B-1")).stored.operation.id
    node = running.node
    frozen = node.picture.standing()
    change_state(node, name, OperationState.ENDED, expected=1)
    object.__setattr__(node.picture, "standing", lambda: frozen)
    second = file(running, operation("B-2"))
    assert second.answer is not None
    assert not second.answer.conflicts


def test_no_agreement_means_cannot_say(tmp_path: Path) -> None:
    with exercise_node(tmp_path, agreed=False) as running:
        filed = file(running, operation("B-1"))
        assert filed.answer is not None
        assert filed.answer.verdict is Verdict.CANNOT_SAY
        assert "no agreement" in filed.answer.doubts[0].reason


def test_a_flight_beyond_the_agreements_time_cannot_be_judged(running: RunningNode) -> None:
    far = operation("B-1", at=window(60 * 24 * 60))
    filed = file(running, far)
    assert filed.answer is not None
    assert filed.answer.verdict is Verdict.CANNOT_SAY


def test_many_who_file_at_once_miss_nobody(running: RunningNode) -> None:
    """Of each two that meet, whoever is stored second is told of the first."""
    plans = [operation(f"B-{n}", circle(35.0 + 0.001 * n, 36.0)) for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        filings = list(pool.map(lambda plan: file(running, plan), plans))
    told = {
        frozenset((filed.stored.operation.id, conflict.theirs.id))
        for filed in filings
        for conflict in (filed.answer.conflicts if filed.answer else ())
    }
    everyone = {frozenset((one.id, other.id)) for one, other in combinations(plans, 2)}
    assert told == everyone
