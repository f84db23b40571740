"""docs/explanation/exercise.md says what the scenario says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keepclear.exercise.generating import build_exercise

DOCUMENT = Path(__file__).parents[3] / "docs" / "explanation" / "exercise.md"


def test_the_table_of_the_document_is_the_scenario() -> None:
    exercise = build_exercise(date(2015, 9, 18))
    operations = exercise.blue.operations + exercise.others.operations
    classes = {operation.designator: operation.operation_class for operation in operations}
    rows = [
        f"| {each.designator} | {classes[each.designator]} | {each.shows} "
        f"| {', '.join(each.expect)} |"
        for each in exercise.expectations
        if each.expect
    ]
    text = DOCUMENT.read_text()
    start, end = text.index(rows[0]), text.index("\n\n", text.index(rows[0]))
    assert text[start:end].splitlines() == rows
