"""What a node answers about an operation: against everything it holds, at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from keepclear.deconflict.cells import cells_near
from keepclear.deconflict.conflict import Comparison
from keepclear.deconflict.packing import PackedVolumes
from keepclear.errors import NotFound
from keepclear.model.answer import Answer, Conflict
from keepclear.model.operation import Operation, OperationState
from keepclear.ports.store import Unit
from keepclear.services.checking import verdict_of
from keepclear.services.frame import FRAME_SUBJECTS
from keepclear.services.judging import Judge, shared_out
from keepclear.services.node import Node
from keepclear.services.question import Question, widest_of, worst_first

MOST_LISTED = 50
"""So many conflicts are explained with an answer; the rest are counted."""


class Prepared(NamedTuple):
    """An answer, and the change up to which it knows everything."""

    answer: Answer
    sequence: int


class Overtaken(Exception):
    """An agreement, zone or coverage statement changed while the answer was sought."""


def answer_for(
    node: Node, operation: Operation, *, suggest: bool = False, most: int = MOST_LISTED
) -> Answer:
    """Answer for an operation as if it were filed now; nothing is stored.

    Args:
        node: the node.
        operation: in the version that would be filed; an earlier one is left out.
        suggest: look for the least changes that would mend it.
        most: how many conflicts to explain, the worst; the others are counted.
    """
    return prepare(node, operation, node.pack([operation]), suggest=suggest, most=most).answer


def answer_of(node: Node, operation_id: str, *, suggest: bool = False) -> Answer:
    """Answer for a stored operation.

    Raises:
        NotFound: the node never held it.
    """
    with node.store.view() as view:
        stored = view.operation(operation_id)
    if stored is None:
        raise NotFound(f"there is no operation {operation_id}")
    return answer_for(node, stored.operation, suggest=suggest)


def prepare(
    node: Node,
    operation: Operation,
    packed: PackedVolumes,
    *,
    suggest: bool = False,
    most: int = MOST_LISTED,
) -> Prepared:
    """Answer from the standing picture; what came after it is looked at in the transaction."""
    standing = node.picture.standing()
    with node.store.view() as view:
        question = Question(node, standing, view, operation, most=most)
        answer = question.answer(packed)
        if suggest and (answer.conflicts or answer.infringements):
            answer = replace(answer, suggestions=question.suggestions())
    return Prepared(answer, standing.sequence)


def recheck(
    node: Node,
    unit: Unit,
    operation: Operation,
    packed: PackedVolumes,
    prepared: Prepared,
) -> Answer:
    """The answer as it stands inside the transaction: nothing filed meanwhile is missed.

    Raises:
        Overtaken: what operations are judged by changed; prepare the answer anew.
    """
    if unit.sequence == prepared.sequence:
        return prepared.answer
    newer = unit.changes(after=prepared.sequence, limit=10_000)
    if any(change.subject in FRAME_SUBJECTS for change in newer):
        raise Overtaken
    standing = node.picture.standing()
    judges = standing.judges.of(operation) or (standing.judges.without_agreement(operation),)
    widest = widest_of([judge.agreement for judge in judges])
    cells = cells_near(packed, widest)
    numbers = unit.changed_near(cells, since=prepared.sequence)
    changed = {change.id for change in newer}
    if not numbers and not any(c.theirs.id in changed for c in prepared.answer.conflicts):
        return prepared.answer
    current = [stored.operation for stored in unit.operations_numbered(numbers).values()]
    theirs = [
        other
        for other in current
        if other.id != operation.id and other.state is not OperationState.ENDED
    ]
    return _with_newer(node, operation, packed, prepared.answer, theirs, changed, judges)


def _with_newer(
    node: Node,
    operation: Operation,
    packed: PackedVolumes,
    answer: Answer,
    theirs: Sequence[Operation],
    changed: set[str],
    judges: Sequence[Judge],
) -> Answer:
    kept = [conflict for conflict in answer.conflicts if conflict.theirs.id not in changed]
    gone = len(answer.conflicts) - len(kept)
    parties = sorted({other.party for other in theirs} - {operation.party})
    added: list[Conflict] = []
    for judge, share in shared_out(operation, judges, parties):
        among = [other for other in theirs if other.party in share]
        comparison = Comparison(
            among, judge.agreement, geoid=node.geoid.undulation_m, rulebook=judge.rulebook
        )
        added.extend(comparison.conflicts_of(operation, packed))
    total = (answer.conflicts_total or len(answer.conflicts)) - gone + len(added)
    conflicts = worst_first([*kept, *added])
    return replace(
        answer,
        verdict=verdict_of(conflicts, answer.doubts),
        conflicts=tuple(conflicts[:MOST_LISTED]),
        conflicts_total=total,
    )
