"""Copies of messages that came as text, as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, moment
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import first_stated
from keepclear.formats.documents.strict import read_stored
from keepclear.formats.documents.talks import MaybeMoment, RecordDocument, TalkPart, maybe_moment
from keepclear.model.text_copy import Challenge, CopyDifference, TextCopy


class ChallengePart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One challenge that was put to who sent a copy."""

    at: Annotated[Moment, Meta(description="When.")]
    card: Annotated[str, Meta(description="The date of the card.")]
    challenge: Annotated[str, Meta(description="Which line of it.")]
    held: Annotated[bool, Meta(description="Whether the reply was the card's.")]
    role: str = ""

    def built(self) -> Challenge:
        """The challenge it stands for."""
        return Challenge(moment(self.at), self.card, self.challenge, self.held, self.role)


class CopyDifferencePart(TalkPart, frozen=True, kw_only=True, gc=False):
    """Something that a copy says otherwise than the signed message."""

    key: Annotated[str, Meta(description="Which field, or which part around the fields.")]
    label: str
    copied: Annotated[str, Meta(description="As the copy has it.")]
    sent: Annotated[str, Meta(description="As the signed envelope has it.")]


class TextCopyDocument(RecordDocument, frozen=True, kw_only=True, gc=False):
    """A message that came as text, which nobody signed."""

    sender: Annotated[str, Meta(description="The party that says it.")]
    epoch: Annotated[int, Meta(description="With `serial` its place in the sender's stream.")]
    serial: int
    message: Annotated[str, Meta(description="The message's id, or one that its place names.")]
    text: Annotated[str, Meta(description="As it was entered, word for word.")]
    document: Annotated[dict[str, Any], Meta(description="The message as it was read.")]
    by: Annotated[str, Meta(description="By which channel it came.")]
    language: Annotated[str, Meta(description="In which language it was heard.")]
    role: Annotated[str, Meta(description="Of whoever entered it.")]
    entered_at: Moment
    doubts: Annotated[tuple[str, ...], Meta(description="What whoever reads it must know.")] = ()
    challenges: tuple[ChallengePart, ...] = ()
    acted_at: Annotated[
        MaybeMoment, Meta(description="When it became a message for people; null: not yet.")
    ] = None
    envelope: Annotated[str, Meta(description="Hash of the envelope; empty until it came.")] = ""
    compared_at: MaybeMoment = None
    differences: tuple[CopyDifferencePart, ...] = ()


def text_copy_document(copy: TextCopy) -> dict[str, JsonValue]:
    """A copy as plain values, every field written."""
    return {**plain_document(copy), "document": dict(copy.document)}


def stored_text_copy(body: Mapping[str, Any] | bytes) -> TextCopy:
    """The copy that `text_copy_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, TextCopyDocument, _copy)


def _copy(record: TextCopyDocument) -> TextCopy:
    return TextCopy(
        id=first_stated("id", record.id),
        line=record.line,
        sender=record.sender,
        epoch=record.epoch,
        serial=record.serial,
        message=record.message,
        text=record.text,
        document=record.document,
        by=record.by,
        language=record.language,
        role=record.role,
        entered_at=moment(record.entered_at),
        doubts=record.doubts,
        challenges=tuple(each.built() for each in record.challenges),
        acted_at=maybe_moment(record.acted_at),
        envelope=record.envelope,
        compared_at=maybe_moment(record.compared_at),
        differences=tuple(
            CopyDifference(each.key, each.label, each.copied, each.sent)
            for each in record.differences
        ),
    )
