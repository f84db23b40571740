"""What a node answers about an operation: against everything it holds, at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from keepclear.deconflict.boxes import box_around, boxes_meet, grow
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
from keepclear.services.picture import Standing
from keepclear.services.question import Question, widest_of, worst_first

MOST_LISTED = 50
"""So many conflicts are explained with an answer; the rest are counted."""


class Prepared(NamedTuple):
    """An answer, and what it knows.

    Attributes:
        answer: as it is if the operations of `mates` are stored before it, and nothing else.
        sequence: the change up to which it knows everything.
        alone: the answer without those mates.
        mates: the ids of operations prepared before it in one group.
    """

    answer: Answer
    sequence: int
    alone: Answer
    mates: frozenset[str] = frozenset()


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
    standing = node.picture.standing()
    asked = [(operation, node.pack([operation], standing.atmosphere))]
    return _prepared(node, standing, asked, suggest=suggest, most=most)[0].answer


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


def prepare_all(node: Node, asked: Sequence[tuple[Operation, PackedVolumes]]) -> list[Prepared]:
    """Answer for several different operations, each with those before it in sight.

    It is the standing picture that answers; what came after it is looked at in the transaction.
    """
    standing = node.picture.standing()
    prepared = _prepared(node, standing, asked)
    return prepared if len(asked) < 2 else _with_mates(node, standing, asked, prepared)


def _prepared(
    node: Node,
    standing: Standing,
    asked: Sequence[tuple[Operation, PackedVolumes]],
    *,
    suggest: bool = False,
    most: int = MOST_LISTED,
) -> list[Prepared]:
    prepared = []
    with node.store.view() as view:
        for operation, packed in asked:
            question = Question(node, standing, view, operation, most=most)
            answer = question.answer(packed)
            if suggest and (answer.conflicts or answer.infringements):
                answer = replace(answer, suggestions=question.suggestions())
            prepared.append(Prepared(answer, standing.sequence, answer))
    return prepared


def _with_mates(
    node: Node,
    standing: Standing,
    asked: Sequence[tuple[Operation, PackedVolumes]],
    prepared: Sequence[Prepared],
) -> list[Prepared]:
    """Answers that know of the operations before each in its group."""
    base_s = float(asked[0][1].facts["start_s"][0])
    boxes = [box_around(packed, base_s) for _, packed in asked]
    found: list[Prepared] = []
    for i, ((operation, packed), one) in enumerate(zip(asked, prepared, strict=True)):
        judges = _judges_of(standing, operation)
        box = boxes[i].copy()
        grow(box, widest_of([judge.agreement for judge in judges]))
        near = [asked[j][0] for j in range(i) if boxes_meet(box, boxes[j])]
        mates = frozenset(mate.id for mate, _ in asked[:i])
        answer = _with_newer(node, operation, packed, one.answer, near, mates, judges)
        found.append(one._replace(answer=answer, mates=mates))
    return found


def _judges_of(standing: Standing, operation: Operation) -> tuple[Judge, ...]:
    return standing.judges.of(operation) or (standing.judges.without_agreement(operation),)


def recheck(
    node: Node,
    unit: Unit,
    operation: Operation,
    packed: PackedVolumes,
    prepared: Prepared,
    *,
    stored: AbstractSet[str] = frozenset(),
) -> Answer:
    """The answer as it stands inside the transaction: nothing filed meanwhile is missed.

    Args:
        node: the node.
        unit: the transaction.
        operation, packed: what the answer is for.
        prepared: the answer.
        stored: the operations of its group that this unit has stored, one change each.

    Raises:
        Overtaken: what operations are judged by changed; prepare the answer anew.
    """
    newer = unit.changes(after=prepared.sequence, limit=10_000)
    if len(newer) == len(stored) and stored == prepared.mates:
        return prepared.answer
    if any(change.subject in FRAME_SUBJECTS for change in newer):
        raise Overtaken
    judges = _judges_of(node.picture.standing(), operation)
    widest = widest_of([judge.agreement for judge in judges])
    numbers = unit.changed_near(cells_near(packed, widest), since=prepared.sequence)
    current = [each.operation for each in unit.operations_numbered(numbers).values()]
    theirs = [
        other
        for other in current
        if other.id != operation.id and other.state is not OperationState.ENDED
    ]
    changed = {change.id for change in newer}
    return _with_newer(node, operation, packed, prepared.alone, theirs, changed, judges)


def _with_newer(
    node: Node,
    operation: Operation,
    packed: PackedVolumes,
    answer: Answer,
    theirs: Sequence[Operation],
    changed: AbstractSet[str],
    judges: Sequence[Judge],
) -> Answer:
    """The answer once these operations have changed, of which `theirs` could be close."""
    if not theirs and not any(each.theirs.id in changed for each in answer.conflicts):
        return answer
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
