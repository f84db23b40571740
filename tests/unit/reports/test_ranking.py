"""What stands first, and what is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keepclear.model.answer import CheckReport, Verdict
from keepclear.model.coverage import Completeness
from keepclear.reports.ranking import (
    Order,
    closeness,
    counts_of,
    coverage_by_party,
    grouped_doubts,
    infringements_of,
    numbered_conflicts,
    ordered,
    worst_conflict,
)
from unit.reports.latakia import (
    NM,
    NOW,
    agreement,
    among,
    answer,
    circle,
    conflict,
    latakia,
    level,
    operation,
    subject_of,
    window,
)


@pytest.fixture
def report() -> CheckReport:
    return latakia().report


def designators(report: CheckReport, order: Order) -> list[str]:
    return [answer.operation.designator for answer in ordered(report, order)]


def test_conflicts_stand_before_doubts_and_closer_ones_first(report: CheckReport) -> None:
    found = numbered_conflicts(report)
    assert [one.number for one in found] == [1, 2, 3, 4, 5, 6]
    weights = [one.conflict.verdict.weight for one in found]
    assert weights == sorted(weights, reverse=True)
    certain = [closeness(one.conflict) for one in found if one.conflict.verdict is Verdict.CONFLICT]
    assert certain == sorted(certain)
    assert found[0].conflict.theirs.designator == "A-0912"


def test_a_conflict_between_own_operations_is_counted_once() -> None:
    first = operation("B-1", "BLUE", circle(35, 36, 5), level(100, 120), window("1300", "1400"))
    second = operation("B-2", "BLUE", circle(35, 36, 3), level(110, 130), window("1300", "1400"))
    answers = (
        answer(first, conflict(first, second)),
        answer(second, conflict(second, first)),
    )
    report = subject_of((first, second), (), answers).report
    assert len(numbered_conflicts(report)) == 1
    assert counts_of(report).conflict_pairs == 1
    assert counts_of(report).conflict == 2


def test_operations_are_listed_worst_first_unless_asked_otherwise(report: CheckReport) -> None:
    worst_first = [one.overall.weight for one in ordered(report)]
    assert worst_first == sorted(worst_first, reverse=True)
    assert designators(report, Order.WORST_FIRST)[0] == "B-7731"
    given = [one.operation.designator for one in report.answers]
    assert designators(report, Order.AS_GIVEN) == given
    assert designators(report, Order.BY_DESIGNATOR) == sorted(given)
    assert designators(report, Order.BY_TIME)[0] == "B-7732"


def test_one_better_separation_makes_a_conflict_less_close(report: CheckReport) -> None:
    (first, *_) = numbered_conflicts(report)
    near = first.conflict
    assert closeness(near) == 0.0
    farther = replace(near, separations=replace(near.separations, lateral_m=1.5 * NM))
    assert closeness(farther) == pytest.approx(0.5)


def test_certain_infringements_stand_before_possible_ones(report: CheckReport) -> None:
    found = [one.verdict for _, one in infringements_of(report)]
    assert found == [Verdict.CONFLICT, Verdict.CANNOT_SAY]


def test_an_operation_without_conflicts_has_no_worst_one(report: CheckReport) -> None:
    assert worst_conflict(report.answers[4]) is None


def test_coverage_is_told_at_its_thinnest() -> None:
    one = operation("B-1", "BLUE", circle(35, 36, 5), level(100, 120), window("1300", "1400"))
    full = replace(answer(one), among=(among(41, Completeness.COMPLETE),))
    thin = replace(
        answer(one), among=(replace(among(12, None), age_s=None, as_of=None, oldest_s=9_000.0),)
    )
    (told,) = coverage_by_party(subject_of((one,), (), (full, thin)).report)
    assert told.completeness is None
    assert told.age_s is None
    assert told.notices == 41
    assert told.oldest_s == 9_000.0


def test_the_same_doubt_of_many_operations_is_told_once(report: CheckReport) -> None:
    doubled = replace(report, answers=report.answers * 2)
    names = [names for _, names in grouped_doubts(doubled)]
    assert names == [["B-7740", "B-7740"], ["B-7770", "B-7770"]]


def test_counts_agree_with_the_answers(report: CheckReport) -> None:
    counts = counts_of(report)
    assert counts.operations == 7
    assert counts.conflict + counts.cannot_say + counts.no_conflict_found == 7
    assert (counts.conflict_pairs, counts.cannot_say_pairs) == (5, 1)
    assert (counts.infringements, counts.findings, counts.rejected) == (2, 1, 0)


def test_an_empty_report_is_ordered_and_counted() -> None:
    terms = agreement()
    report = CheckReport(terms.mode, NOW, terms.id, terms.title, 1, "", ("BLUE",), ())
    assert ordered(report) == ()
    assert counts_of(report).operations == 0
    assert coverage_by_party(report) == ()
