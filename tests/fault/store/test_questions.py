"""What is asked at every filing is found through an index, however much is stored."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from contract.store.parts import file, plan
from fault.store.opening import opened
from keepclear.model.node import Subject
from keepclear.model.operation import OperationState
from keepclear.ports.store import OperationQuery
from keepclear.store.sqlite.view import SqliteView

LIVE = frozenset(OperationState) - {OperationState.ENDED}
QUESTIONS: dict[str, Callable[[SqliteView], object]] = {
    "one operation": lambda view: view.operation(plan().id),
    "operations by number": lambda view: view.operations_numbered([1, 2, 3]),
    "names by number": lambda view: view.refs([1, 2, 3]),
    "a page of what is live": lambda view: view.find(OperationQuery(states=LIVE)),
    "the next page": lambda view: view.find(
        OperationQuery(), cursor=view.find(OperationQuery(), limit=1).following
    ),
    "shapes": lambda view: view.geometries(after=1),
    "changes nearby": lambda view: view.changed_near((1, 2, 3), since=1),
    "changes anywhere": lambda view: view.changed_near(None, since=1),
    "what became of operations": lambda view: view.operation_changes(after=1),
    "changes": lambda view: view.changes(after=1),
    "a history": lambda view: view.entries_about(Subject.OPERATION, plan().id),
    "entries": lambda view: view.entries(after=1),
    "heads": lambda view: view.heads(above_size=1),
    "a declaration": lambda view: view.declaration(Subject.ZONE, "Z"),
    "a draft": lambda view: view.draft(plan().id),
}
SMALL = {"operation_count", "n"}
"""Tables of a few rows that may be read whole."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_reads_no_table_from_end_to_end(tmp_path: Path, question: str) -> None:
    with closing(opened(tmp_path)) as store:
        for n in range(3):
            file(store, plan(f"B-{n}"))
        with store.view() as view:
            plans = plans_of(view, QUESTIONS[question])
    assert plans
    scanned = {step.split()[1] for step in plans if step.startswith("SCAN")}
    assert scanned <= SMALL


@pytest.mark.parametrize("question", ["names by number", "changes anywhere"])
def test_a_question_about_few_does_not_walk_everything_live(tmp_path: Path, question: str) -> None:
    with closing(opened(tmp_path)) as store:
        for n in range(3):
            file(store, plan(f"B-{n}"))
        with store.view() as view:
            plans = plans_of(view, QUESTIONS[question])
    assert not [step for step in plans if "operation_in_order" in step]


def plans_of(view: SqliteView, question: Callable[[SqliteView], object]) -> list[str]:
    """How SQLite goes about everything a question asks."""
    asked: list[str] = []
    view._connection.set_trace_callback(asked.append)
    question(view)
    view._connection.set_trace_callback(None)
    plans = []
    for text in asked:
        if text.startswith("SELECT"):
            plans += view._connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()
    return [step for *_, step in plans]
