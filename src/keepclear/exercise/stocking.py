"""Fill a node with the exercise, through the doors that parties use: files, taken in."""

from __future__ import annotations

from keepclear.exercise.generating import Exercise
from keepclear.exercise.writing import write_exercise
from keepclear.services.importing import import_plans
from keepclear.services.node import Node
from keepclear.services.reading_plans import PlanSource

PARTY = "BLUE"
"""Whose node the exercise is played on."""
_FILES = ("amber.geojson", "others.geojson", "blue.geojson")


def stock_node(node: Node, exercise: Exercise) -> None:
    """Take in what the other parties released, then BLUE's own plans.

    The agreement is filed already, and the node's clock says what the exercise says.

    Raises:
        InvalidInput: the node is not BLUE's, or REAL.
    """
    files = write_exercise(exercise)
    for name in _FILES:
        import_plans(node, PlanSource(name, files[name]), actor="exercise")
