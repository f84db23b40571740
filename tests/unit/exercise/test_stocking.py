"""A node filled with the exercise answers what the check from the exercise's files answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keepclear import compose
from keepclear.exercise.generating import build_exercise
from keepclear.exercise.stocking import begins_at, stock_node
from keepclear.formats.agreement import read_agreement
from keepclear.services.answering import answer_of
from keepclear.services.checking import check_plans
from node_fixture import exercise_node


def test_a_stocked_node_answers_as_the_check_from_files(tmp_path: Path) -> None:
    exercise = build_exercise(date(2026, 3, 14))
    agreed = read_agreement(exercise.agreement_toml.encode(), name="exercise")
    geoid = compose.geoid()
    report = check_plans(
        exercise.blue,
        exercise.amber.joined(exercise.others),
        agreed,
        now=exercise.now,
        geoid=geoid,
        own=True,
    )
    at = begins_at(exercise)
    with exercise_node(tmp_path, agreed=False, geoid=geoid, at=at) as running:
        running.agree(exercise.agreement_toml.encode())
        stock_node(running.node, exercise, running.clock.turn_to)
        assert running.clock.now() == exercise.now
        for told in report.answers:
            answer = answer_of(running.node, told.operation.id)
            assert answer.verdict is told.verdict
            assert [c.id for c in answer.conflicts] == [c.id for c in told.conflicts]
            assert answer.infringements == told.infringements
            assert answer.findings == told.findings
