"""Several filings at once: each is answered, refused and stored as if it had come alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidFile, ModeMismatch, NotOurs, StateForbids, VersionMismatch
from keepclear.ledger.entries import record_of
from keepclear.model.agreement import Atmosphere
from keepclear.model.node import Subject
from keepclear.model.operation import Mode, Operation, OperationState
from keepclear.model.volume import Polygon, Position
from keepclear.services.expected import NEW
from keepclear.services.filing import Filed, Filing, change_state, file_operation, file_together
from keepclear.services.versions import Outcome
from node_fixture import RunningNode, exercise_node
from samples import agreement, circle, operation, window


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        yield running


def together(running: RunningNode, *plans: Operation) -> list[Outcome]:
    return file_together(running.node, [Filing(plan, NEW, "duty officer") for plan in plans])


def told(outcome: Outcome) -> list[str]:
    """Whom an answer names as too close."""
    assert isinstance(outcome, Filed), outcome
    assert outcome.answer is not None
    return sorted(conflict.theirs.designator for conflict in outcome.answer.conflicts)


def crossed(designator: str) -> Operation:
    corners = ((35.0, 36.0), (35.1, 36.1), (35.1, 36.0), (35.0, 36.1))
    return operation(designator, Polygon((tuple(Position(*corner) for corner in corners),)))


def test_each_is_told_of_those_before_it(running: RunningNode) -> None:
    outcomes = together(running, operation("B-1"), operation("B-2"), operation("B-3"))
    assert [told(each) for each in outcomes] == [[], ["B-1"], ["B-1", "B-2"]]


def test_those_apart_in_place_height_or_time_are_not_told_of_each_other(
    running: RunningNode,
) -> None:
    far = operation("B-2", circle(38.0, 38.0))
    later = operation("B-3", at=window(24 * 60))
    outcomes = together(running, operation("B-1"), far, later)
    assert [told(each) for each in outcomes] == [[], [], []]


def test_all_of_one_call_share_one_signed_head(running: RunningNode) -> None:
    with running.node.store.view() as view:
        before, size = len(view.heads()), view.ledger_size()
    together(running, *(operation(f"B-{n}") for n in range(5)))
    with running.node.store.view() as view:
        assert (len(view.heads()), view.ledger_size()) == (before + 1, size + 5)


def test_what_stands_against_one_is_its_outcome_alone(running: RunningNode) -> None:
    running.take(operation("A-1", circle(40.0, 40.0), party="AMBER"))
    file_operation(running.node, operation("B-0"), expected=NEW)
    outcomes = together(
        running,
        operation("B-1"),
        operation("A-2", party="AMBER"),
        replace(operation("B-2"), mode=Mode.REAL),
        crossed("B-3"),
        operation("B-0", circle(38.0, 38.0)),
        operation("B-4"),
    )
    assert [type(each) for each in outcomes] == [
        Filed, NotOurs, ModeMismatch, InvalidFile, VersionMismatch, Filed,
    ]  # fmt: skip
    assert told(outcomes[-1]) == ["B-0", "B-1"]


def test_a_fault_of_ours_at_one_takes_no_other_with_it(running: RunningNode) -> None:
    impossible = operation("B-2")
    object.__setattr__(impossible, "volumes", ())
    outcomes = together(running, operation("B-1"), impossible, operation("B-3"))
    assert told(outcomes[0]) == []
    assert isinstance(outcomes[1], Exception)
    assert told(outcomes[2]) == ["B-1"]


def test_an_operation_named_twice_is_filed_once_and_then_changed(running: RunningNode) -> None:
    moved = operation("B-1", circle(38.0, 38.0))
    outcomes = file_together(
        running.node,
        [
            Filing(operation("B-1"), NEW),
            Filing(operation("B-2"), NEW),
            Filing(moved, 1),
            Filing(operation("B-2"), NEW),
        ],
    )
    assert [each.created for each in outcomes if isinstance(each, Filed)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert told(outcomes[2]) == []
    with running.node.store.view() as view:
        assert len(view.entries_about(Subject.OPERATION, moved.id)) == 2


def test_one_that_came_too_late_is_in_nobodys_answer(running: RunningNode) -> None:
    """It was prepared as new; in the transaction somebody else's version stands there."""
    node = running.node
    rival = operation("B-1", circle(38.0, 38.0))
    expect = node.picture.expect

    def overtaken(*given: object) -> None:
        expect(*given)  # type: ignore[arg-type]  # handed on as it came
        object.__setattr__(node.picture, "expect", expect)
        file_operation(node, rival, expected=NEW)

    object.__setattr__(node.picture, "expect", overtaken)
    late, other = together(running, operation("B-1"), operation("B-2"))
    assert isinstance(late, VersionMismatch)
    assert told(other) == []


def test_the_ledger_keeps_the_answer_that_knew_the_others(running: RunningNode) -> None:
    together(running, operation("B-1"), operation("B-2"))
    with running.node.store.view() as view:
        (entry,) = view.entries_about(Subject.OPERATION, operation("B-2").id)
    assert entry.payload is not None
    answer = record_of(entry.payload).answer
    assert isinstance(answer, dict)
    assert answer["conflicts_total"] == 1


def test_what_ended_meanwhile_is_refused_beside_others(running: RunningNode) -> None:
    file_operation(running.node, operation("B-1"), expected=NEW)
    change_state(running.node, operation("B-1").id, OperationState.ENDED, expected=1)
    ended, other = together(running, operation("B-1"), operation("B-2"))
    assert isinstance(ended, StateForbids)
    assert told(other) == []


def test_another_air_meanwhile_has_everything_packed_and_answered_anew(
    running: RunningNode,
) -> None:
    node = running.node
    wider = agreement(id="WIDER", atmosphere=Atmosphere(920.0, 1_060.0, -40.0, 40.0))
    expect = node.picture.expect

    def overtaken(*given: object) -> None:
        expect(*given)  # type: ignore[arg-type]  # handed on as it came
        object.__setattr__(node.picture, "expect", expect)
        running.agree(wider)

    object.__setattr__(node.picture, "expect", overtaken)
    outcomes = together(running, operation("B-1"), operation("B-2"))
    assert told(outcomes[1]) == ["B-1"]
    assert node.picture.atmosphere.qnh_low_hpa == 920.0


places = st.lists(st.integers(0, 12), min_size=1, max_size=7)


@given(places=places, size=st.integers(1, 7))
@settings(max_examples=15)
def test_together_or_one_by_one_the_answers_are_the_same(
    places: list[int], size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plans = [operation(f"B-{n}", circle(35.0 + 0.02 * at)) for n, at in enumerate(places)]
    with exercise_node(tmp_path_factory.mktemp("alone")) as running:
        alone = [told(each) for plan in plans for each in together(running, plan)]
    with exercise_node(tmp_path_factory.mktemp("grouped")) as running:
        grouped = [
            told(each)
            for begin in range(0, len(plans), size)
            for each in together(running, *plans[begin : begin + size])
        ]
        rows = running.node.picture.live_rows("BLUE")
    assert grouped == alone
    assert len(rows) == len(plans)
