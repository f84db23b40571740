"""The exercise through the main job: every operation shows what its scenario says it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from keepclear.data.loading import load_geoid
from keepclear.exercise.generating import Exercise, build_exercise
from keepclear.formats.agreement import read_agreement
from keepclear.model.answer import Answer, DoubtKind, FindingKind, SuggestionKind, Verdict
from keepclear.model.plan_set import PlanSet
from keepclear.services.checking import check_plans

DAYS = [date(2015, 9, 18), date(2024, 2, 29), date(2026, 11, 22)]


def answers(exercise: Exercise, party: str, **options: Any) -> Iterable[Answer]:
    everyone = exercise.blue.joined(exercise.amber).joined(exercise.others)
    mine = tuple(o for o in everyone.operations if o.party == party)
    released = PlanSet(
        tuple(o for o in everyone.operations if o.party != party),
        tuple(c for c in everyone.coverages if c.party != party),
    )
    agreement = read_agreement(exercise.agreement_toml.encode(), name="agreement.toml")
    return check_plans(
        PlanSet(mine), released, agreement, now=exercise.now, geoid=load_geoid(), **options
    ).answers


def as_expected(answer: Answer) -> set[str]:
    """The answer in the scenario's own words."""
    words = {
        ("conflict" if c.verdict is Verdict.CONFLICT else "cannot say")
        + f" {c.theirs.designator} {c.rule_id}"
        for c in answer.conflicts
    }
    words |= {f"infringement {one.airspace_id}" for one in answer.infringements}
    words |= {f"finding {finding.kind}" for finding in answer.findings}
    words |= {"cannot say"} if answer.doubts else set()
    return words or {"none"}


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("party", ["BLUE", "HUM"])
def test_each_operation_shows_what_its_scenario_says(day: date, party: str) -> None:
    exercise = build_exercise(day)
    expected = {e.designator: set(e.expect) for e in exercise.expectations if e.party == party}
    found = {
        answer.operation.designator: as_expected(answer)
        for answer in answers(exercise, party, own=party == "BLUE")
    }
    assert found == expected


def test_the_exercise_shows_every_kind_of_answer() -> None:
    everything = list(answers(build_exercise(DAYS[0]), "BLUE", own=True))
    assert {answer.verdict for answer in everything} == set(Verdict)
    assert {f.kind for answer in everything for f in answer.findings} == set(FindingKind)
    assert DoubtKind.OUTSIDE_AGREEMENT in {d.kind for a in everything for d in a.doubts}
    assert any(conflict.own for answer in everything for conflict in answer.conflicts)


def test_every_operation_in_conflict_gets_a_suggestion_of_each_kind_or_a_plain_no() -> None:
    for answer in answers(build_exercise(DAYS[0]), "BLUE", suggest=True):
        kinds = [suggestion.kind for suggestion in answer.suggestions]
        if answer.conflicts or answer.infringements:
            assert SuggestionKind.TIME in kinds
            assert SuggestionKind.LATERAL in kinds
        else:
            assert kinds == []
