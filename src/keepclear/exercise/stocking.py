"""Fill a node with the exercise, through the door that parties use: files, taken in.

Every notice comes at the moment at which it came in the scenario, so that what is late is
found late, and the ledger tells the day as it went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from keepclear.exercise.generating import Exercise
from keepclear.formats.geojson import write_geojson
from keepclear.model.operation import Mode, Operation
from keepclear.model.plan_set import PlanSet
from keepclear.services.importing import import_plans
from keepclear.services.node import Node
from keepclear.services.reading_plans import PlanSource

PARTY = "BLUE"
"""Whose node the exercise is played on, where it is played on one."""
SILENCE = timedelta(days=396)
"""Thirteen months: how long the article's two sides had not spoken, rounded up."""


def begins_at(exercise: Exercise) -> datetime:
    """When its first notice came: set the node's clock no later before it is filled."""
    return min(each.received_at for each in _operations(exercise))


def met_at(exercise: Exercise) -> datetime:
    """When the two nodes were brought into contact: thirteen silent months before."""
    return exercise.now - SILENCE


def stock_node(node: Node, exercise: Exercise, turn_to: Callable[[datetime], None]) -> None:
    """Take in every notice of the exercise in the order of their coming, then the coverage.

    Args:
        node: BLUE's, with the agreement filed.
        exercise: what to take in.
        turn_to: sets the node's clock.

    Raises:
        InvalidInput: the node is not of this exercise, or REAL.
    """
    for moment, name, plans in _mails(exercise):
        turn_to(moment)
        data = write_geojson(plans, mode=Mode.EXERCISE).data
        import_plans(node, PlanSource(name, data), actor="exercise")
    turn_to(exercise.now)


def _mails(exercise: Exercise) -> Iterator[tuple[datetime, str, PlanSet]]:
    """What came when, from whom; the coverage statements last."""
    sets = {"amber": exercise.amber, "others": exercise.others, "blue": exercise.blue}
    moments = sorted({each.received_at for each in _operations(exercise)})
    for moment in moments:
        for sender, plans in sets.items():
            came = tuple(each for each in plans.operations if each.received_at == moment)
            if came:
                yield moment, f"{sender}.geojson", PlanSet(came)
    for sender, plans in sets.items():
        yield exercise.now, f"{sender}.geojson", PlanSet(coverages=plans.coverages)


def _operations(exercise: Exercise) -> tuple[Operation, ...]:
    return (*exercise.amber.operations, *exercise.others.operations, *exercise.blue.operations)
