"""What the node answers agrees with what the check from files answers, and stays current."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from keepclear import compose
from keepclear.errors import InvalidInput, NotFound
from keepclear.exercise.generating import build_exercise
from keepclear.formats.agreement import read_agreement
from keepclear.model.answer import DoubtKind, SuggestionKind, Verdict
from keepclear.model.node import Subject
from keepclear.model.operation import OperationState
from keepclear.model.window import Window
from keepclear.model.zone import Zone, ZoneKind
from keepclear.services.answering import answer_for, answer_of
from keepclear.services.checking import check_plans
from keepclear.services.declaring import cancel, declare, state_coverage
from keepclear.services.expected import NEW
from keepclear.services.filing import change_state, file_operation
from keepclear.services.own_answers import answers
from keepclear.services.telling import overview
from node_fixture import RunningNode, exercise_node
from samples import NOON, agreement, circle, coverage, operation, rule, window


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        yield running


def test_the_node_answers_as_the_check_from_files_does(tmp_path: Path) -> None:
    """The whole exercise: the same verdicts, conflicts, infringements and findings."""
    exercise = build_exercise(date(2026, 3, 14))
    agreed = read_agreement(exercise.agreement_toml.encode(), name="exercise")
    released = exercise.amber.joined(exercise.others)
    geoid = compose.geoid()
    report = check_plans(exercise.blue, released, agreed, now=exercise.now, geoid=geoid, own=True)
    with exercise_node(tmp_path, agreed=False, geoid=geoid, at=exercise.now) as running:
        running.agree(exercise.agreement_toml.encode())
        for one in (*released.operations, *exercise.blue.operations):
            running.take(one)
        for each in released.coverages:
            running.cover(each)
        for told in report.answers:
            answer = answer_of(running.node, told.operation.id)
            assert answer.verdict is told.verdict
            assert answer.conflicts == told.conflicts
            assert answer.infringements == told.infringements
            assert answer.findings == told.findings
            assert set(answer.doubts) == set(told.doubts)
            assert {a.party: a.notices for a in answer.among if not a.own} == {
                a.party: a.notices for a in told.among if not a.own
            }


def test_a_question_stores_nothing(running: RunningNode) -> None:
    answer_for(running.node, operation("B-1"))
    with running.node.store.view() as view:
        assert view.operation(operation("B-1").id) is None


def test_an_operation_is_not_in_conflict_with_its_own_earlier_version(
    running: RunningNode,
) -> None:
    file_operation(running.node, operation("B-1"), expected=NEW)
    assert not answer_for(running.node, operation("B-1", circle(35.001, 36.0))).conflicts


def test_the_answer_for_nothing_is_an_error(running: RunningNode) -> None:
    with pytest.raises(NotFound):
        answer_of(running.node, operation("B-1").id)


def test_a_suggestion_passes_when_it_is_taken(running: RunningNode) -> None:
    running.take(operation("A-1", party="AMBER"))
    ours = operation("B-1")
    answer = answer_for(running.node, ours, suggest=True)
    later = next(s for s in answer.suggestions if s.kind is SuggestionKind.TIME)
    assert later.found
    volume = ours.volumes[0]
    moved = replace(ours, volumes=(replace(volume, window=volume.window.shifted(later.time_s)),))
    assert not answer_for(running.node, moved).conflicts


def test_a_declared_zone_is_infringed_until_it_is_cancelled(running: RunningNode) -> None:
    zone = Zone("Z-1", "Range", ZoneKind.EXCLUSION, circle(), operation("B-1").volumes[0].band)
    declare(running.node, replace(zone, declared_by="BLUE", users=("HUM",)), expected=NEW)
    ours = operation("B-1", party="BLUE")
    assert not answer_for(running.node, ours).infringements  # its declarer enters freely
    running.declare_as("AMBER", replace(zone, id="Z-2", declared_by="AMBER"))
    assert [i.airspace_id for i in answer_for(running.node, ours).infringements] == ["Z-2"]
    cancel_as = running.withdraw_as
    cancel_as(Subject.ZONE, "Z-2")
    assert not answer_for(running.node, ours).infringements


def test_stale_coverage_is_a_doubt(running: RunningNode) -> None:
    running.clock.turn(days=1)
    answer = answer_for(running.node, operation("B-1"))
    assert answer.verdict is Verdict.CANNOT_SAY
    assert DoubtKind.COVERAGE_STALE in {doubt.kind for doubt in answer.doubts}


def test_the_version_in_force_at_the_overlap_judges(running: RunningNode) -> None:
    """Version 2 asks for nothing but no contact, from noon on."""
    running.take(operation("A-1", circle(35.0, 36.05), party="AMBER", at=window(-240)))
    running.take(operation("A-2", circle(35.0, 36.05), party="AMBER", at=window(60)))
    second = agreement(
        rule(0.0, 0.0, "R2"), version=2, valid=Window(NOON, NOON + timedelta(days=30))
    )
    running.agree(second)
    morning = answer_for(running.node, operation("B-1", at=window(-240)))
    afternoon = answer_for(running.node, operation("B-2", at=window(60)))
    assert [c.rule_id for c in morning.conflicts] == ["R1"]
    assert not afternoon.conflicts


def test_only_the_worst_conflicts_are_listed_and_all_are_counted(running: RunningNode) -> None:
    for n in range(7):
        running.take(operation(f"A-{n}", party="AMBER"))
    answer = answer_for(running.node, operation("B-1"), most=3)
    assert len(answer.conflicts) == 3
    assert answer.conflicts_total == 7


def test_our_answers_stand_worst_first_and_follow_every_change(running: RunningNode) -> None:
    running.take(operation("A-0", circle(40.0, 40.0), party="AMBER"))
    near, far = operation("B-1"), operation("B-2", circle(38.0, 38.0))
    for one in (far, near):
        file_operation(running.node, one, expected=NEW)
    quiet = answers(running.node)
    assert quiet.counts == {Verdict.NO_CONFLICT_FOUND: 2}
    running.take(operation("A-1", party="AMBER"))
    page = answers(running.node)
    assert [a.operation.designator for a in page.items] == ["B-1", "B-2"]
    assert page.counts == {Verdict.CONFLICT: 1, Verdict.NO_CONFLICT_FOUND: 1}
    attention = answers(running.node, attention_only=True)
    assert [a.operation.designator for a in attention.items] == ["B-1"]
    running.end(operation("A-1", party="AMBER"))
    assert answers(running.node).counts == {Verdict.NO_CONFLICT_FOUND: 2}
    change_state(running.node, near.id, OperationState.ENDED, expected=1)
    assert answers(running.node).total == 1


def test_our_answers_come_in_pages(running: RunningNode) -> None:
    for n in range(5):
        place = circle(33.0 + n, 38.0)
        file_operation(running.node, operation(f"B-{n}", place), expected=NEW)
    cursor, seen = "", []
    while True:
        page = answers(running.node, cursor=cursor, limit=2)
        seen += [a.operation.designator for a in page.items]
        cursor = page.following
        if not cursor:
            break
    assert sorted(seen) == [f"B-{n}" for n in range(5)]
    assert page.total == 5
    with pytest.raises(InvalidInput):
        answers(running.node, cursor="elsewhere")


def test_our_answers_notice_that_data_grew_old(running: RunningNode) -> None:
    running.take(operation("A-0", circle(40.0, 40.0), party="AMBER"))
    file_operation(running.node, operation("B-1"), expected=NEW)
    assert answers(running.node).counts == {Verdict.NO_CONFLICT_FOUND: 1}
    running.clock.turn(hours=12)
    assert answers(running.node).counts == {Verdict.CANNOT_SAY: 1}


def test_the_overview_says_whose_data_are_fresh(running: RunningNode) -> None:
    running.take(operation("A-1", party="AMBER"))
    seen = overview(running.node)
    (age,) = seen.data
    assert (age.among.party, age.among.notices, age.fresh) == ("AMBER", 1, True)
    assert seen.operations[OperationState.PLANNED] == 1
    assert [each.in_force for each in seen.agreements] == [True]
    running.clock.turn(days=1)
    (age,) = overview(running.node).data
    assert not age.fresh
    assert "old" in age.reasons[0]


def test_a_counted_coverage_that_does_not_add_up_is_a_doubt(running: RunningNode) -> None:
    state_coverage(
        running.node,
        "6f3b3c54-0000-4000-8000-000000000001",
        coverage(notice_count=3),
        expected=NEW,
    )
    answer = answer_for(running.node, operation("B-1"))
    assert DoubtKind.COVERAGE_COUNT in {doubt.kind for doubt in answer.doubts}
    cancel(running.node, Subject.COVERAGE, "6f3b3c54-0000-4000-8000-000000000001", expected=1)
    answer = answer_for(running.node, operation("B-1"))
    assert DoubtKind.COVERAGE_COUNT not in {doubt.kind for doubt in answer.doubts}
