"""Questions about volumes as documents, and as the fields of M30 and M31."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.release import level_of
from keepclear.formats.documents.shapes import VolumeDocument, volume_document
from keepclear.formats.documents.strict import read_document
from keepclear.formats.times import iso_text
from keepclear.model.answer import Verdict
from keepclear.model.message import message_id
from keepclear.model.operation import OperationClass, Uncertainty
from keepclear.model.volume import Volume
from keepclear.model.volume_question import (
    Amount,
    Hint,
    Reason,
    ToldConflict,
    VolumeAnswer,
    VolumeQuestion,
)

MOST_VOLUMES = 200
MOST_CONFLICTS = 200
MOST_BOXES = 200

S = TypeVar("S", bound=Struct)


class _Conflict(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    rule: str
    verdict: Verdict
    level: str
    start: str
    end: str
    overlap: tuple[dict[str, Any], ...]
    category: str
    contact_role: str
    operation: str
    designator: str


class _Amount(Struct, frozen=True, forbid_unknown_fields=True):
    hint: Hint
    time_s: float
    vertical_m: float
    lateral_m: float
    bearing_deg: float


class _Answer(Struct, frozen=True, forbid_unknown_fields=True):
    verdict: Verdict
    reasons: tuple[Reason, ...]
    conflicts: tuple[_Conflict, ...]
    total: int
    hints: tuple[Hint, ...]
    amounts: tuple[_Amount, ...]


class _Asked(Struct, frozen=True, kw_only=True):
    about: str
    operation: str
    operation_version: int
    operation_class: OperationClass = msgspec.field(name="class")
    volumes: tuple[dict[str, Any], ...]
    lateral_uncertainty_m: float = 0.0
    vertical_uncertainty_m: float = 0.0
    member: str = ""
    suggests: bool = False
    widened: bool = False


class _Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    line: str
    asker: str
    answerer: str
    about: str
    operation: str
    operation_version: int
    operation_class: OperationClass
    volumes: tuple[dict[str, Any], ...]
    at: str
    lateral_uncertainty_m: float
    vertical_uncertainty_m: float
    member: str
    suggests: bool
    widened: bool
    actor: str
    answer: _Answer | None
    answered_at: str | None
    as_of: str | None
    erased_at: str | None


def answer_document(answer: VolumeAnswer) -> dict[str, JsonValue]:
    """An answer as plain values, every field written; numbers as they are exchanged."""
    return {
        "verdict": answer.verdict.value,
        "reasons": [each.value for each in answer.reasons],
        "conflicts": [_conflict_document(each) for each in answer.conflicts],
        "total": answer.total,
        "hints": [each.value for each in answer.hints],
        "amounts": [
            {
                "hint": each.hint.value,
                "time_s": float(round(each.time_s)),
                "vertical_m": round(each.vertical_m, 1),
                "lateral_m": float(round(each.lateral_m)),
                "bearing_deg": each.bearing_deg,
            }
            for each in answer.amounts
        ],
    }


def answer_from(document: object) -> VolumeAnswer:
    """The answer a document from another node makes.

    Raises:
        InvalidMessage: it holds what no answer can.
    """
    told = _converted(document, _Answer)
    if len(told.conflicts) > MOST_CONFLICTS or told.total < len(told.conflicts):
        raise InvalidMessage("the answer counts fewer conflicts than it tells, or too many")
    return VolumeAnswer(
        verdict=told.verdict,
        reasons=told.reasons,
        conflicts=tuple(_conflict(each) for each in told.conflicts),
        total=told.total,
        hints=told.hints,
        amounts=tuple(
            Amount(a.hint, a.time_s, a.vertical_m, a.lateral_m, a.bearing_deg) for a in told.amounts
        ),
    )


def question_document(question: VolumeQuestion) -> dict[str, JsonValue]:
    """A question as plain values, every field written."""
    return {
        "id": question.id,
        "line": question.line,
        "asker": question.asker,
        "answerer": question.answerer,
        "about": question.about,
        "operation": question.operation,
        "operation_version": question.operation_version,
        "operation_class": question.operation_class.value,
        "volumes": [volume_document(each) for each in question.volumes],
        "at": iso_text(question.at),
        "lateral_uncertainty_m": question.uncertainty.lateral_m,
        "vertical_uncertainty_m": question.uncertainty.vertical_m,
        "member": question.member,
        "suggests": question.suggests,
        "widened": question.widened,
        "actor": question.actor,
        "answer": None if question.answer is None else answer_document(question.answer),
        "answered_at": _maybe(question.answered_at),
        "as_of": _maybe(question.as_of),
        "erased_at": _maybe(question.erased_at),
    }


def stored_question(body: bytes) -> VolumeQuestion:
    """The question that `question_document` wrote.

    Raises:
        InvalidInput: it is damaged.
    """
    try:
        told = msgspec.json.decode(body, type=_Question)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the question cannot be read: {error}") from None
    return VolumeQuestion(
        id=told.id,
        line=told.line,
        asker=told.asker,
        answerer=told.answerer,
        about=told.about,
        operation=told.operation,
        operation_version=told.operation_version,
        operation_class=told.operation_class,
        volumes=volumes_from(told.volumes),
        at=moment(told.at),
        uncertainty=Uncertainty(told.lateral_uncertainty_m, told.vertical_uncertainty_m),
        member=told.member,
        suggests=told.suggests,
        widened=told.widened,
        actor=told.actor,
        answer=None if told.answer is None else answer_from(msgspec.to_builtins(told.answer)),
        answered_at=_moment(told.answered_at),
        as_of=_moment(told.as_of),
        erased_at=_moment(told.erased_at),
    )


def asking_fields(question: VolumeQuestion) -> dict[str, JsonValue]:
    """A question as the fields of M30: the volumes, and no more of the operation than its id."""
    return {
        "about": question.about,
        "operation": question.operation,
        "operation_version": question.operation_version,
        "class": question.operation_class.value,
        "volumes": [volume_document(each) for each in question.volumes],
        "lateral_uncertainty_m": question.uncertainty.lateral_m,
        "vertical_uncertainty_m": question.uncertainty.vertical_m,
        "suggests": question.suggests,
        "widened": question.widened,
        **({"member": question.member} if question.member else {}),
    }


def asked_from(
    fields: Mapping[str, Any], *, question_id: str, line: str, ends: tuple[str, str], at: datetime
) -> VolumeQuestion:
    """The question that the fields of an M30 ask.

    Args:
        fields: of the message.
        question_id: the message's id.
        line: on which line it came.
        ends: who asked, who is to answer.
        at: when it came.

    Raises:
        InvalidInput: it holds what no question can.
    """
    told = _converted(dict(fields), _Asked)
    if not 0 < len(told.volumes) <= MOST_VOLUMES:
        raise InvalidMessage(f"volumes: there are not 1 to {MOST_VOLUMES}")
    if any(len(each) > 100 for each in (told.about, told.member)):
        raise InvalidMessage("about: a party's id is short")
    return VolumeQuestion(
        id=question_id,
        line=line,
        asker=ends[0],
        answerer=ends[1],
        about=told.about,
        operation=message_id(told.operation),
        operation_version=told.operation_version,
        operation_class=told.operation_class,
        volumes=volumes_from(told.volumes),
        at=at,
        uncertainty=Uncertainty(told.lateral_uncertainty_m, told.vertical_uncertainty_m),
        member=told.member,
        suggests=told.suggests,
        widened=told.widened,
    )


def answering_fields(question: VolumeQuestion, answer: VolumeAnswer, as_of: datetime) -> dict[
    str, JsonValue
]:  # fmt: skip
    """An answer as the fields of M31."""
    return {
        "question": question.id,
        "operation": question.operation,
        "about": question.about,
        "verdict": answer.verdict.value,
        "answer": answer_document(answer),
        "as_of": iso_text(as_of),
    }


def volumes_from(documents: tuple[dict[str, Any], ...]) -> tuple[Volume, ...]:
    """Volumes of their documents.

    Raises:
        InvalidInput: one of them cannot be.
    """
    return tuple(read_document(each, VolumeDocument, VolumeDocument.built) for each in documents)


def _conflict_document(conflict: ToldConflict) -> dict[str, JsonValue]:
    return {
        "id": conflict.id,
        "rule": conflict.rule_id,
        "verdict": conflict.verdict.value,
        "level": conflict.level.name,
        "start": iso_text(conflict.start),
        "end": iso_text(conflict.end),
        "overlap": [volume_document(each) for each in conflict.overlap],
        "category": conflict.category,
        "contact_role": conflict.contact_role,
        "operation": conflict.operation,
        "designator": conflict.designator,
    }


def _conflict(told: _Conflict) -> ToldConflict:
    if len(told.overlap) > MOST_BOXES or any(
        len(each) > 200 for each in (told.id, told.rule, told.category, told.contact_role)
    ):
        raise InvalidMessage("a conflict of the answer is too long")
    return ToldConflict(
        id=told.id,
        rule_id=told.rule,
        verdict=told.verdict,
        level=level_of(told.level),
        start=moment(told.start),
        end=moment(told.end),
        overlap=volumes_from(told.overlap),
        category=told.category,
        contact_role=told.contact_role,
        operation=told.operation[:200],
        designator=told.designator[:200],
    )


def _converted(document: object, kind: type[S]) -> S:
    try:
        return msgspec.convert(document, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise InvalidMessage(f"the fields cannot be used: {error}") from None


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else iso_text(at)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)
