"""The answers for all our live operations, kept for as long as they hold.

An answer is sought anew when its operation or one near it changed, and when the agreements,
the declared airspace or what other parties' silence is worth changed. Ages count, so the
answers of the page asked for are never older than a minute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from keepclear.deconflict.packing import part
from keepclear.deconflict.stored import packed_from
from keepclear.errors import InvalidInput
from keepclear.model.answer import Answer, Verdict
from keepclear.ports.store import OperationChange, View
from keepclear.services.answering import answer_for
from keepclear.services.kept_answers import KeptAnswer, KeptAnswers
from keepclear.services.node import Node
from keepclear.services.picture import Standing
from keepclear.services.question import widest_of

HOLDS = timedelta(minutes=1)
"""So old an answer that is shown may be."""
_MANY = 500
"""After more changes than this every answer is sought anew."""
_AT_ONCE = 200
"""So many answers are sought for one question; the others are counted as pending."""


class AnswersPage(NamedTuple):
    """Our live operations' answers, those that most need a person first.

    Attributes:
        items: of this page.
        total: on all pages.
        following: the cursor of the next page; empty on the last.
        counts: how many answers there are by overall verdict.
        pending: how many are not answered yet; ask again.
        change: the change up to which the answers hold.
    """

    items: tuple[Answer, ...]
    total: int
    following: str
    counts: Mapping[Verdict, int]
    pending: int
    change: int


def answers(
    node: Node, *, attention_only: bool = False, cursor: str = "", limit: int = 50
) -> AnswersPage:
    """A page of answers, worst first, then by the operations' start.

    Args:
        node: whose operations are meant.
        attention_only: leave out answers that ask nothing of a person.
        cursor: where to go on; empty for the beginning.
        limit: how many at most.

    Raises:
        InvalidInput: the cursor is none of ours.
    """
    begin = _place(cursor)
    memory = node.kept_answers
    with memory.lock, node.store.view() as view:
        # Either may know more than the other: what one lacks is looked at the next time.
        standing = node.picture.standing()
        live = node.picture.live_rows(node.identity.party)
        _forget(node, standing, view, live)
        due = [number for number in live if number not in memory.kept]
        _seek(node, view, live, due[:_AT_ONCE])
        shown = _ranked(memory, attention_only=attention_only)[begin : begin + limit]
        now = node.now()
        _seek(node, view, live, [n for n in shown if now - memory.kept[n].at > HOLDS])
        ranked = _ranked(memory, attention_only=attention_only)
        items = tuple(memory.kept[number].answer for number in ranked[begin : begin + limit])
        counts = Counter(kept.answer.overall for kept in memory.kept.values())
        change = memory.sequence
    following = str(begin + limit) if begin + limit < len(ranked) else ""
    pending = max(0, len(due) - _AT_ONCE)
    return AnswersPage(items, len(ranked), following, counts, pending, change)


def _ranked(memory: KeptAnswers, *, attention_only: bool) -> list[int]:
    kept = memory.kept
    shown = [n for n, each in kept.items() if not attention_only or needs_attention(each.answer)]
    return sorted(shown, key=lambda number: _urgency(kept[number]))


def _seek(node: Node, view: View, live: Mapping[int, int], numbers: Sequence[int]) -> None:
    now = node.now()
    for number, stored in view.operations_numbered(numbers).items():
        operation = stored.operation
        answer = answer_for(node, operation)
        node.kept_answers.kept[number] = KeptAnswer(
            answer, live[number], operation.window.start, now
        )


def _forget(node: Node, standing: Standing, view: View, live: Mapping[int, int]) -> None:
    """Drop the answers that no longer hold."""
    memory = node.kept_answers
    for number in [n for n, kept in memory.kept.items() if live.get(n) != kept.row]:
        del memory.kept[number]
    ground = _ground(node, standing)
    changed = view.operation_changes(after=memory.sequence, limit=_MANY + 1)
    if ground != memory.ground or len(changed) > _MANY:
        memory.kept.clear()
    elif changed:
        _forget_near(memory.kept, standing, view, changed)
    memory.ground, memory.sequence = ground, min(standing.sequence, view.sequence)


def _forget_near(
    kept: dict[int, KeptAnswer], standing: Standing, view: View, changed: Sequence[OperationChange]
) -> None:
    stored = view.operations_numbered([each.number for each in changed]).values()
    ids = {each.operation.id for each in stored}
    touched = {
        number
        for number, each in kept.items()
        if any(conflict.theirs.id in ids for conflict in each.answer.conflicts)
    }
    touched |= _near(standing, changed)
    for number in touched & kept.keys():
        del kept[number]


def _near(standing: Standing, changed: Iterable[OperationChange]) -> set[int]:
    """Numbers of live operations that a changed one could be too close to now."""
    there = [each.geometry for each in changed if each.geometry is not None]
    if not there:
        return set()
    packed = packed_from([each.geometry for each in there], standing.atmosphere)
    widest = widest_of(standing.frame.agreements)
    found: set[int] = set()
    owners = packed.facts["operation"]
    for place in range(len(there)):
        begin, end = (int(each) for each in (owners.searchsorted([place, place + 1])))
        one = part(packed, begin, end)
        rows, _ = standing.snapshot.operations_meeting(one, 0, end - begin, widest)
        found.update(standing.numbers[rows].tolist())
    return found


def _ground(node: Node, standing: Standing) -> Hashable:
    """What all answers rest on: the frame, and the doubts about each other party's set."""
    now = node.now()
    parties = sorted(set(standing.notices) | set(standing.frame.coverages or ()))
    others = [party for party in parties if party != node.identity.party]
    doubts = tuple(
        (doubt.kind, doubt.party)
        for judge in standing.judges.all
        for released in judge.doubting(others, standing.notices, now=now).released
        for doubt in released.doubts(now, judge.agreement)
    )
    in_force = tuple(
        judge.agreement.id for judge in standing.judges.all if judge.agreement.valid.start <= now
    )
    return standing.judges, doubts, in_force


def needs_attention(answer: Answer) -> bool:
    """Tell whether an answer asks anything of a person."""
    return bool(
        answer.overall is not Verdict.NO_CONFLICT_FOUND or answer.infringements or answer.findings
    )


def _urgency(kept: KeptAnswer) -> tuple[int, int, datetime, str]:
    answer = kept.answer
    total = len(answer.conflicts) if answer.conflicts_total is None else answer.conflicts_total
    return (-answer.overall.weight, -min(1, total), kept.start, answer.operation.designator)


def _place(cursor: str) -> int:
    if cursor and not cursor.isdecimal():
        raise InvalidInput("the cursor is none of ours", remedy="Begin again without one.")
    return int(cursor or 0)
