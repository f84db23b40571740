"""Questions, answers, levels and views as they are told to people."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from keepclear.api.answer_record import Time, Told
from keepclear.formats.documents.shapes import VolumeDocument, volume_document
from keepclear.formats.documents.volume_question import answer_document
from keepclear.formats.times import iso_text
from keepclear.model.answer import Verdict
from keepclear.model.volume_question import Hint, Reason, VolumeQuestion


class ToldConflictRecord(Told, frozen=True, kw_only=True):
    """A conflict as far as its level lets it be told."""

    id: Annotated[str, Meta(description="The same on both sides of the line")]
    rule: str
    verdict: Verdict
    level: Annotated[str, Meta(description="At which it is told: L1 to L3")]
    start: Annotated[Time, Meta(description="A band of time, on the lattice")]
    end: Time
    overlap: Annotated[
        tuple[VolumeDocument, ...],
        Meta(description="From L2: boxes that hold what overlaps; empty once it is over"),
    ]
    category: Annotated[str, Meta(description="From L2")]
    contact_role: Annotated[str, Meta(description="From L2")]
    operation: Annotated[str, Meta(description="From L3")]
    designator: Annotated[str, Meta(description="From L3")]


class AmountRecord(Told, frozen=True, kw_only=True):
    """A change of the asked volume that would help, in whole steps of the lattice."""

    hint: Hint
    time_s: float
    vertical_m: float
    lateral_m: float
    bearing_deg: float


class VolumeAnswerRecord(Told, frozen=True, kw_only=True):
    """What a node answered about a volume."""

    verdict: Verdict
    reasons: Annotated[tuple[Reason, ...], Meta(description="Why no more can be said")]
    conflicts: tuple[ToldConflictRecord, ...]
    total: int
    hints: Annotated[tuple[Hint, ...], Meta(description="What would help, in words")]
    amounts: Annotated[tuple[AmountRecord, ...], Meta(description="Only where asked for")]


class VolumeQuestionRecord(Told, frozen=True, kw_only=True):
    """A question about a volume, asked by us or of us."""

    id: str
    line: str
    asker: str
    answerer: str
    about: Annotated[str, Meta(description="Whose operations are meant")]
    operation: Annotated[str, Meta(description="The asker's operation")]
    operation_version: int
    volumes: Annotated[tuple[VolumeDocument, ...], Meta(description="As they were disclosed")]
    at: Time
    member: str
    suggests: bool
    widened: Annotated[bool, Meta(description="Whether volumes were made large enough first")]
    actor: str
    answer: VolumeAnswerRecord | None
    answered_at: Time | None
    as_of: Annotated[Time | None, Meta(description="By their clock; null: nothing was sent")]
    erased_at: Annotated[Time | None, Meta(description="When overlaps were erased")]


def question_record(question: VolumeQuestion) -> dict[str, Any]:
    """A question as it is told."""
    moments = {
        name: None if (at := getattr(question, name)) is None else iso_text(at)
        for name in ("answered_at", "as_of", "erased_at")
    }
    return {
        "id": question.id,
        "line": question.line,
        "asker": question.asker,
        "answerer": question.answerer,
        "about": question.about,
        "operation": question.operation,
        "operation_version": question.operation_version,
        "volumes": [volume_document(each) for each in question.volumes],
        "at": iso_text(question.at),
        "member": question.member,
        "suggests": question.suggests,
        "widened": question.widened,
        "actor": question.actor,
        "answer": None if question.answer is None else answer_document(question.answer),
        **moments,
    }
