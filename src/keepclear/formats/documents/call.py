"""Calls as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, moment
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import (
    ActionPart,
    CharacterisationPart,
    MaybeMoment,
    Number,
    RecordDocument,
    RoleName,
    Said,
    Short,
    TalkPart,
    Words,
    maybe_moment,
)
from keepclear.model.call import (
    Call,
    CallEnding,
    CallKind,
    Interpreter,
    LineEnd,
    Participant,
    Point,
    Standing,
)
from keepclear.model.channel import ChannelKind
from keepclear.model.line_state import ContactLevel


class PointPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One thing said."""

    number: Annotated[Number, Meta(description="Counts from 1; others refer to it.")]
    topic: Annotated[Short, Meta(description="What it is about, in a few words.")]
    side: Annotated[LineEnd, Meta(description="Who said it.")]
    said: Annotated[Said, Meta(description="The words as said.")]
    language: Annotated[Short, Meta(description="In which language.")] = ""
    translation: Annotated[Words, Meta(description="What the interpreter made of it.")] = ""
    standing: Annotated[Standing, Meta(description="What the sides made of it.")] = Standing.NOTED

    def built(self) -> Point:
        """The point it stands for."""
        return Point(
            self.number,
            self.topic,
            self.side,
            self.said,
            self.language,
            self.translation,
            self.standing,
        )


class ParticipantPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """Somebody who took part, by role."""

    party: RoleName
    role: Annotated[RoleName, Meta(description="A duty role or an office, never a name.")]

    def built(self) -> Participant:
        """The participant it stands for."""
        return Participant(self.party, self.role)


class InterpreterPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """Who interpreted, by role."""

    party: RoleName
    role: RoleName
    certified: Annotated[bool, Meta(description="Certified for these languages.")]

    def built(self) -> Interpreter:
        """The interpreter it stands for."""
        return Interpreter(self.party, self.role, self.certified)


class CallDocument(RecordDocument, frozen=True, kw_only=True, gc=False):
    """A call's record, while it runs and for good."""

    channel: Annotated[ChannelKind, Meta(description="By which means.")] = ChannelKind.TELEPHONE
    kind: Annotated[CallKind, Meta(description="What it was for.")]
    placed_by: Annotated[LineEnd, Meta(description="Who called.")]
    started_at: Annotated[Moment, Meta(description="When it began.")]
    ended_at: Annotated[MaybeMoment, Meta(description="When it ended; null while it runs.")] = None
    ending: Annotated[CallEnding, Meta(description="How; empty while it runs.")] = (
        CallEnding.RUNNING
    )
    level: Annotated[ContactLevel, Meta(description="Between whom.")] = ContactLevel.WATCH
    language: Annotated[Short, Meta(description="The language spoken, or several.")] = ""
    interpreters: tuple[InterpreterPart, ...] = ()
    participants: tuple[ParticipantPart, ...] = ()
    points: tuple[PointPart, ...] = ()
    actions: tuple[ActionPart, ...] = ()
    recording: Annotated[
        Words, Meta(description="Terms of recording as agreed; empty: none, nothing recorded.")
    ] = ""
    characterisations: tuple[CharacterisationPart, ...] = ()


def call_document(call: Call) -> dict[str, JsonValue]:
    """A call as plain values, every field written."""
    return plain_document(call)


def call_from(document: object, *, call_id: str) -> Call:
    """The call a document from outside makes.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(record: CallDocument) -> Call:
        return _call(record, agreed_id(record.id, call_id, is_uuid=True))

    return read_document(document, CallDocument, build)


def stored_call(body: Mapping[str, Any] | bytes) -> Call:
    """The call that `call_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, CallDocument, lambda one: _call(one, first_stated("id", one.id)))


def _call(record: CallDocument, call_id: str) -> Call:
    return Call(
        id=call_id,
        line=record.line,
        channel=record.channel,
        kind=record.kind,
        placed_by=record.placed_by,
        started_at=moment(record.started_at),
        ended_at=maybe_moment(record.ended_at),
        ending=record.ending,
        level=record.level,
        language=record.language,
        interpreters=tuple(each.built() for each in record.interpreters),
        participants=tuple(each.built() for each in record.participants),
        points=tuple(each.built() for each in record.points),
        actions=tuple(each.built() for each in record.actions),
        recording=record.recording,
        characterisations=tuple(each.built() for each in record.characterisations),
    )
