"""Answer a question about a volume that another party's node asked (M30, answered by M31).

Nothing is answered beyond the level of each operation. Every question that is large enough is
charged and remembered; one that may not be answered is answered cannot say, with its reason.
The question and its answer are on record here as they are over there.

A node may be asked about a third party whose operations were released to it: a neutral broker.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from keepclear.canonical import canonical_bytes
from keepclear.deconflict.conflict import conflict_id
from keepclear.deconflict.packing import PackedVolumes
from keepclear.deconflict.pairs import Minima
from keepclear.disclose.answering import Hidden, answer_at_level
from keepclear.disclose.asking import is_too_small
from keepclear.disclose.budget import charged, cost_of
from keepclear.disclose.coarse import reach_m
from keepclear.disclose.lattice import lattice_of, limits_of
from keepclear.disclose.levels import agreed_level, inherits
from keepclear.disclose.searching import asked_about, is_search, remembered
from keepclear.errors import InvalidInput
from keepclear.formats.documents.shapes import volume_document
from keepclear.formats.documents.volume_question import answering_fields, asked_from
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.agreement import DisclosureLimits
from keepclear.model.answer import DoubtKind, worst
from keepclear.model.coverage import Completeness
from keepclear.model.node import Subject
from keepclear.model.operation import (
    DisclosureLevel,
    Operation,
    OperationState,
    Source,
    SourceKind,
)
from keepclear.model.party import PartyKind
from keepclear.model.volume_question import (
    Hint,
    Reason,
    VolumeAnswer,
    VolumeQuestion,
    cannot_say,
)
from keepclear.ports.store import Unit
from keepclear.services.disclosing.kept import (
    budget_of,
    keep_question,
    kept_question,
    put_budget,
)
from keepclear.services.disclosing.levels_now import judges_between, level_to, withholds
from keepclear.services.disclosing.telling_owner import tell_owner
from keepclear.services.disclosing.viewing import Seen, log_view
from keepclear.services.judging import Judge
from keepclear.services.line.posting import post
from keepclear.services.line.speaking import message_of
from keepclear.services.line.status import line_status
from keepclear.services.line.taken import Taken
from keepclear.services.line.watches_seen import role_on_duty
from keepclear.services.node import Node
from keepclear.services.picture import Standing
from keepclear.services.recording import record

_ANSWERS: Final = uuid.UUID("0a6f9a53-5a5a-4c57-9f5e-2d4d7cf1d931")
_OF_OWN_SET: Final = frozenset({DoubtKind.COVERAGE_COUNT, DoubtKind.NOTHING_RELEASED})
"""Doubts about what came from elsewhere; of its own set a node knows how many there are."""
_NEUTRAL: Final = frozenset({PartyKind.UN_AGENCY, PartyKind.NGO, PartyKind.AUTHORITY})
"""Who may hold a broker's seat. Source: domain study of keepclear, 5e."""


def take_volume_question(unit: Unit, node: Node, taken: Taken) -> None:
    """Take a question in and answer it; the same one again changes nothing."""
    message, line, now = taken.message, taken.line, taken.received_at
    try:
        question = asked_from(
            message.fields,
            question_id=message.id,
            line=line.id,
            ends=(line.them, line.us),
            at=now,
        )
    except InvalidInput as error:
        _note_unusable(unit, node, taken, error)
        return
    if kept_question(unit, question.operation, question.id) is not None:
        return
    answer = _answered(unit, node, taken, question)
    as_of = to_millisecond(now)
    done = replace(question, answer=answer, answered_at=as_of, as_of=as_of)
    keep_question(unit, node, done, EntryKind.QUESTION_ANSWERED)
    fields = answering_fields(question, answer, as_of)
    role, name = role_on_duty(unit, line.us), str(uuid.uuid5(_ANSWERS, question.id))
    told = message_of(node, line, "M31", fields, as_of, role=role, message_id=name)
    post(unit, node, line, told)


def _answered(unit: Unit, node: Node, taken: Taken, question: VolumeQuestion) -> VolumeAnswer:
    """What stands against answering, or the answer."""
    asked = _as_operation(question, node)
    standing = node.picture.standing()
    judges = tuple(
        each
        for each in judges_between(standing, question.asker, question.about, asked)
        if _may_answer(each, node.identity.party, question.about)
    )
    if not judges or question.about == question.asker:
        return cannot_say(Reason.NOT_BOUND)
    if line_status(unit, taken.line, question.at).state.widens:
        return cannot_say(Reason.LINE)
    refusal = _charged(unit, node, question, limits_of(judges[0].agreement))
    if refusal is not None:
        return cannot_say(refusal)
    packed = node.pack([asked], standing.atmosphere)
    answers = []
    seen: list[Seen] = []
    for judge in judges:
        hidden, reasons = _hidden(unit, node, standing, judge, question, (asked, packed))
        answer = answer_at_level(
            asked,
            hidden,
            judge.agreement,
            geoid=node.geoid.undulation_m,
            now=question.at,
            reasons=reasons,
            suggests=question.suggests,
            rulebook=judge.rulebook,
        )
        seen += _log_views(unit, node, question, judge, hidden, answer)
        answers.append(answer)
    if question.about != node.identity.party:
        tell_owner(unit, node, question, seen, question.at)
    return _together(answers)


def _may_answer(judge: Judge, us: str, about: str) -> bool:
    """Whether an agreement lets us answer: of our own, or as a neutral broker who signed it.

    What one party released to another is not for a third, whatever all three have signed.
    """
    seat = judge.agreement.party(us)
    return about == us or (seat is not None and seat.kind in _NEUTRAL)


def _charged(
    unit: Unit, node: Node, question: VolumeQuestion, limits: DisclosureLimits
) -> Reason | None:
    """Charge a question to its asker's budget; why it is not answered, or None."""
    now, asker = question.at, question.asker
    kept = budget_of(unit, asker, limits, now)
    if is_too_small(question.volumes, limits):
        return Reason.TOO_SMALL
    cost = cost_of(limits, len(question.volumes), suggests=question.suggests)
    budget, is_enough = charged(kept.budget, limits, now, cost=cost)
    recent = remembered(kept.recent, now)
    asked = asked_about(question.volumes, now, _mark(question))
    searches = is_search(recent, asked, limits)
    refusal = None if is_enough else Reason.OUT_OF_BUDGET
    refusal = Reason.SEARCH if searches else refusal
    after = type(kept)(
        left=budget.left,
        at=budget.at,
        recent=remembered((*recent, *asked), now),
        searched_at=now if searches else kept.searched_at,
        searched=kept.searched + searches,
        refused=kept.refused + (not is_enough),
    )
    kind = EntryKind.BUDGET_PROBED if searches else EntryKind.BUDGET_CHARGED
    told = {"question": question.id, "cost": cost, "refused": refusal.value if refusal else ""}
    put_budget(unit, node, asker, after, kind, told)
    return refusal


def _mark(question: VolumeQuestion) -> str:
    """What tells one question from another: its volumes."""
    documents = [volume_document(each) for each in question.volumes]
    return hashlib.sha256(canonical_bytes(documents)).hexdigest()[:16]


def _hidden(
    unit: Unit,
    node: Node,
    standing: Standing,
    judge: Judge,
    question: VolumeQuestion,
    asked: tuple[Operation, PackedVolumes],
) -> tuple[list[Hidden], list[Reason]]:
    """What takes part in the answer, and why silence proves nothing."""
    us, about, asker = node.identity.party, question.about, question.asker
    now, agreement = question.at, judge.agreement
    near = _near(unit, standing, judge, about, asked)
    reasons = _doubts(node, standing, judge, about, asked, now)
    if about != us:  # a broker tells the bit, and no more than the two agreed
        level = min(agreed_level(agreement, about, asker).level, DisclosureLevel.L1)
        if level is DisclosureLevel.L0:
            return [], [*reasons, Reason.NOT_RELEASED]
        return [Hidden(each, level) for each in near], reasons
    if question.member and not inherits(agreement, asker, question.member):
        return [], [*reasons, Reason.NOT_RELEASED]
    hidden = [Hidden(each, level_to(unit, each, asker, agreement, now=now).level) for each in near]
    if withholds(unit, node, standing, asker, agreement, now):
        reasons.append(Reason.NOT_RELEASED)
    return [each for each in hidden if each.level > DisclosureLevel.L0], reasons


def _near(
    unit: Unit,
    standing: Standing,
    judge: Judge,
    party: str,
    asked: tuple[Operation, PackedVolumes],
) -> list[Operation]:
    """A party's live operations that could be close once they are seen coarsely."""
    operation, packed = asked
    lattice, widest = lattice_of(limits_of(judge.agreement)), judge.rulebook.widest
    wide = Minima(
        widest.lateral_m + 2.0 * reach_m(lattice),
        widest.vertical_m + 3.0 * lattice.pitch_height_m,
        widest.time_s + 2.0 * lattice.pitch_time_s,
    )
    rows, _ = standing.snapshot.operations_meeting(packed, 0, len(packed.facts), wide)
    numbers = {*standing.numbers[rows].tolist(), *unit.changed_near(None, since=standing.sequence)}
    found = (each.operation for each in unit.operations_numbered(numbers).values())
    return [
        each
        for each in found
        if each.party == party
        and each.id != operation.id
        and each.state is not OperationState.ENDED
    ]


def _doubts(
    node: Node,
    standing: Standing,
    judge: Judge,
    about: str,
    asked: tuple[Operation, PackedVolumes],
    now: datetime,
) -> list[Reason]:
    """What the answering set's coverage is worth, in reasons that tell nothing else.

    A set that says it is partial is worth nothing here: an answer has no room for its "among".
    """
    is_own = about == node.identity.party
    doubting = judge.doubting([about], standing.notices, now=now)
    kinds = {each.kind for each in doubting.doubts(*asked)}
    if is_own:
        covered = bool(standing.frame.coverages_of(about))
        kinds -= _OF_OWN_SET if covered else {DoubtKind.COVERAGE_COUNT}
    words = {DoubtKind.OUTSIDE_AGREEMENT: Reason.OUTSIDE, DoubtKind.NO_RULE: Reason.NO_RULE}
    partial = {Reason.COVERAGE} if _is_partial(standing, about) else set()
    return sorted({words.get(kind, Reason.COVERAGE) for kind in kinds} | partial)


def _is_partial(standing: Standing, about: str) -> bool:
    """Whether a party says that its set here leaves something out."""
    stated = standing.frame.coverages_of(about)
    return any(level is Completeness.PARTIAL for each in stated for _, level in each.completeness)


def _as_operation(question: VolumeQuestion, node: Node) -> Operation:
    """The question as the operation it asks for, with nothing that was not asked."""
    return Operation(
        id=question.operation,
        party=question.asker,
        designator="asked",
        operation_class=question.operation_class,
        volumes=question.volumes,
        mode=node.identity.mode,
        source=Source(SourceKind.LINE, question.line),
        received_at=question.at,
        version=max(1, question.operation_version),
        uncertainty=question.uncertainty,
        member=question.member,
    )


def _log_views(
    unit: Unit,
    node: Node,
    question: VolumeQuestion,
    judge: Judge,
    hidden: Iterable[Hidden],
    answer: VolumeAnswer,
) -> list[Seen]:
    """Log whose operations the asker learnt of: those whose conflict was named."""
    agreement_id, logged = judge.agreement.id, list[Seen]()
    for each in hidden:
        for told in answer.conflicts:
            pair = (question.operation, each.operation.id)
            if told.id != conflict_id(agreement_id, told.rule_id, *pair):
                continue
            seen = Seen(
                operation=each.operation.id,
                party=question.asker,
                level=told.level,
                what=f"answer at {told.level.name}",
                line=question.line,
                at=question.at,
                about=question.id,
                member=question.member,
                conflict=told.id,
            )
            log_view(unit, node, seen)
            logged.append(seen)
    return logged


def _together(answers: Sequence[VolumeAnswer]) -> VolumeAnswer:
    """One answer of those under several agreements."""
    if len(answers) == 1:
        return answers[0]
    conflicts = {each.id: each for answer in answers for each in answer.conflicts}
    hints = [hint for hint in Hint if all(hint in each.hints for each in answers)]
    return VolumeAnswer(
        verdict=worst([each.verdict for each in answers]),
        reasons=tuple(dict.fromkeys(r for each in answers for r in each.reasons)),
        conflicts=tuple(conflicts.values()),
        total=max(sum(each.total for each in answers), len(conflicts)),
        hints=tuple(hints),
    )


def _note_unusable(unit: Unit, node: Node, taken: Taken, error: InvalidInput) -> None:
    """Put on record that a question could not be read; it is answered by nobody."""
    message = taken.message
    about = (Subject.MESSAGE, message.id, message.version)
    body = {
        "code": message.code,
        "reason": error.code,
        "detail": error.message,
        "at": iso_text(taken.received_at),
    }
    kind = EntryKind.MESSAGE_UNUSABLE
    unit.append(record(node.identity, kind, about, body, at=taken.received_at))
