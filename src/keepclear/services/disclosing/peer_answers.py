"""What other parties' nodes answered about an operation of ours, beside our own answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from keepclear.errors import NotFound, NotOurs
from keepclear.model.answer import Verdict, worst
from keepclear.model.line import Line
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.model.volume_question import Reason, VolumeQuestion
from keepclear.ports.store import Unit, View
from keepclear.services.answering import answer_for
from keepclear.services.disclosing.asking import asked_volumes, discloses
from keepclear.services.disclosing.kept import questions_about
from keepclear.services.disclosing.levels_now import agreement_between
from keepclear.services.disclosing.viewing import Seen, log_view
from keepclear.services.line.pairing import lines
from keepclear.services.node import Node

LONGEST_WAIT: Final = timedelta(minutes=2)
"""After so long an answer that did not come counts as none."""
USUAL_AGE_S: Final = 6 * 3_600.0


class Standing(StrEnum):
    """What a party's answer is worth now."""

    CURRENT = "current"
    NOT_ASKED = "not asked"
    HELD_BACK = "held back"
    WAITING = "waiting"
    NO_ANSWER = "no answer"
    OTHER_VERSION = "about an earlier version"
    STALE = "too old"


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """One party's answer, as it stands now.

    Attributes:
        party: whose operations it is about.
        line: over which line.
        answerer: whose node answered: the party's own, or a broker's.
        standing: what it is worth now.
        counts_as: the verdict to go by now; None where nobody was asked.
        question: the last question about that party; None for none.
        age_s: how old the answer is; None where there is none.
        discloses: what asking tells them.
    """

    party: str
    line: str
    answerer: str
    standing: Standing
    counts_as: Verdict | None
    question: VolumeQuestion | None
    age_s: float | None
    discloses: str


@dataclass(frozen=True, slots=True)
class PeerAnswers:
    """Our own answer and those of other parties' nodes.

    Attributes:
        operation: which.
        ours: our own node's verdict, infringements counted in.
        overall: the worst of ours and of those that were asked.
        items: by party.
        at: when this was put together.
    """

    operation: Operation
    ours: Verdict
    overall: Verdict
    items: tuple[PeerAnswer, ...]
    at: datetime


def peer_answers(node: Node, operation_id: str) -> PeerAnswers:
    """What other parties' nodes answered about an operation of ours, and what that is worth now.

    Raises:
        NotFound: the node never held it.
        NotOurs: it is another party's.
    """
    now = node.now()
    with node.store.view() as view:
        stored = view.operation(operation_id)
        if stored is None:
            raise NotFound(f"there is no operation {operation_id}")
        operation = stored.operation
        if operation.party != node.identity.party:
            raise NotOurs(f"{operation.designator} is of {operation.party}")
        items = tuple(sorted(_items(view, node, operation, now), key=lambda each: each.party))
    ours = answer_for(node, operation).overall
    asked = [each.counts_as for each in items if each.counts_as is not None]
    return PeerAnswers(operation, ours, worst([ours, *asked]), items, now)


def log_looking(node: Node, answers: PeerAnswers, actor: str) -> None:
    """Keep that one of our people looked at a part of another party's operation (L2)."""
    seen = [
        Seen(
            operation=answers.operation.id,
            party=answers.operation.party,
            level=told.level,
            what=f"looked at what {item.party} told at {told.level.name}",
            line=item.line,
            at=answers.at,
            about=item.question.id,
            conflict=told.id,
            actor=actor or "somebody with the token",
        )
        for item in answers.items
        if item.question is not None and item.question.answer is not None
        for told in item.question.answer.conflicts
        if told.level >= DisclosureLevel.L2
    ]
    if not seen:
        return

    def work(unit: Unit) -> None:
        for each in seen:
            log_view(unit, node, each)

    node.store.write(work)


def _items(view: View, node: Node, operation: Operation, now: datetime) -> Iterator[PeerAnswer]:
    asked = questions_about(view, operation.party, operation.id)
    known = {line.id: line for line in lines(view)}
    last: dict[tuple[str, str], VolumeQuestion | None] = {
        (line.id, line.them): None for line in known.values()
    }
    last.update({(each.line, each.about): each for each in asked})
    for (line_id, about), question in last.items():
        line = known.get(line_id)
        if line is not None:
            yield _item(node, operation, line, about, question, now)


def _item(
    node: Node,
    operation: Operation,
    line: Line,
    about: str,
    question: VolumeQuestion | None,
    now: datetime,
) -> PeerAnswer:
    agreement = agreement_between(node.picture.standing(), line.us, about, operation)
    max_age_s = USUAL_AGE_S if agreement is None else agreement.coverage_max_age_s
    age_s = None
    if question is not None and question.answered_at is not None:
        age_s = (now - question.answered_at).total_seconds()
    standing = _standing(operation, question, age_s, max_age_s, now)
    counts: Verdict | None = Verdict.CANNOT_SAY
    if standing is Standing.NOT_ASKED:
        counts = None
    elif standing is Standing.CURRENT and question is not None and question.answer is not None:
        counts = question.answer.verdict
    elif _was_conflict(question):
        counts = Verdict.CONFLICT
    return PeerAnswer(
        about, line.id, line.them, standing, counts, question, age_s, discloses(line.them)
    )


def _standing(
    operation: Operation,
    question: VolumeQuestion | None,
    age_s: float | None,
    max_age_s: float,
    now: datetime,
) -> Standing:
    if question is None:
        return Standing.NOT_ASKED
    if question.answer is None:
        is_late = now - question.at > LONGEST_WAIT
        return Standing.NO_ANSWER if is_late else Standing.WAITING
    if question.as_of is None:
        return Standing.HELD_BACK
    if not _is_about(question, operation):
        return Standing.OTHER_VERSION
    return Standing.STALE if age_s is None or age_s > max_age_s else Standing.CURRENT


def _is_about(question: VolumeQuestion, operation: Operation) -> bool:
    """Whether what was asked is what the operation is now."""
    if question.operation_version == operation.version:
        return True
    return not question.widened and question.volumes == asked_volumes(operation)


def _was_conflict(question: VolumeQuestion | None) -> bool:
    """Whether a conflict was told: it stands until a newer answer says otherwise."""
    answer = None if question is None else question.answer
    return answer is not None and answer.verdict is Verdict.CONFLICT


def reasons_of(item: PeerAnswer) -> tuple[Reason, ...]:
    """Why nothing can be said, as far as it is known."""
    if item.standing in {Standing.NO_ANSWER, Standing.WAITING}:
        return (Reason.NO_ANSWER,)
    answer = None if item.question is None else item.question.answer
    return () if answer is None else answer.reasons
