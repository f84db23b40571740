"""Series of consultations as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, Uuid, moment, require_distinct
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import (
    ActionPart,
    CharacterisationPart,
    MaybeMoment,
    MaybeUuid,
    RecordDocument,
    RoleName,
    Said,
    Short,
    TalkPart,
    Words,
    maybe_moment,
)
from keepclear.model.consultation import Consultation, ConsultationKind, HeldSession, Position
from keepclear.model.line_state import ContactLevel


class PositionPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """What one party held."""

    party: RoleName
    words: Annotated[Said, Meta(description="As said.")]

    def built(self) -> Position:
        """The position it stands for."""
        return Position(self.party, self.words)


class SessionPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One meeting of the series that took place."""

    at: Annotated[Moment, Meta(description="When it began.")]
    place: Annotated[Short, Meta(description="Where, or over which channel.")] = ""
    positions: tuple[PositionPart, ...] = ()
    agreed: Annotated[tuple[Said, ...], Meta(description="What both agreed.")] = ()
    not_agreed: Annotated[tuple[Said, ...], Meta(description="What they did not.")] = ()
    call: Annotated[MaybeUuid, Meta(description="The call that it was; empty for none.")] = ""

    def built(self) -> HeldSession:
        """The session it stands for."""
        return HeldSession(
            at=moment(self.at),
            place=self.place,
            positions=tuple(each.built() for each in self.positions),
            agreed=self.agreed,
            not_agreed=self.not_agreed,
            call=self.call.lower(),
        )


class ConsultationDocument(RecordDocument, frozen=True, kw_only=True, gc=False):
    """A dated series of talks, as one party tells it."""

    party: Annotated[
        RoleName | UnsetType, Meta(description="Who says so; the node's own party by default.")
    ] = UNSET
    kind: Annotated[ConsultationKind, Meta(description="What sort of talks.")]
    title: Annotated[RoleName, Meta(description="What about.")]
    opened_at: Annotated[Moment, Meta(description="When it was agreed that there be talks.")]
    level: Annotated[ContactLevel, Meta(description="Between whom.")] = ContactLevel.LIAISON
    owner_role: Annotated[Short, Meta(description="Which of our roles sees to it.")] = ""
    next_at: Annotated[MaybeMoment, Meta(description="The next session; null: not dated.")] = None
    proposed: Annotated[tuple[Moment, ...], Meta(description="Dates proposed, not agreed.")] = ()
    agenda: tuple[Said, ...] = ()
    languages: tuple[RoleName, ...] = ()
    recording: Annotated[Words, Meta(description="Terms of recording; empty: none.")] = ""
    publication: Annotated[Words, Meta(description="Terms of publication; empty: none.")] = ""
    place: Annotated[Short, Meta(description="Where, on which occasion, through whom.")] = ""
    actions: tuple[ActionPart, ...] = ()
    sessions: Annotated[tuple[SessionPart, ...], Meta(description="Those held, in order.")] = ()
    characterisations: tuple[CharacterisationPart, ...] = ()
    concluded_at: Annotated[
        MaybeMoment, Meta(description="When the series ended; null while it goes on.")
    ] = None
    messages: Annotated[
        tuple[Uuid, ...],
        Meta(description="The M21 it goes back to.", extra={"rule": require_distinct}),
    ] = ()
    from_line: Annotated[
        bool, Meta(description="The other party's word from over the line; the node says.")
    ] = False


def consultation_document(consultation: Consultation) -> dict[str, JsonValue]:
    """A series as plain values, every field written."""
    return plain_document(consultation)


def consultation_from(document: object, *, consultation_id: str, party: str) -> Consultation:
    """The series a document from outside makes.

    Args:
        document: bytes of JSON, or what a JSON reader made of them.
        consultation_id: the id it was sent under.
        party: whose word it is where the document does not say.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(record: ConsultationDocument) -> Consultation:
        own_id = agreed_id(record.id, consultation_id, is_uuid=True)
        return _consultation(record, own_id, party)

    return read_document(document, ConsultationDocument, build)


def stored_consultation(body: Mapping[str, Any] | bytes) -> Consultation:
    """The series that `consultation_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """

    def build(record: ConsultationDocument) -> Consultation:
        return _consultation(record, first_stated("id", record.id), None)

    return read_stored(body, ConsultationDocument, build)


def _consultation(record: ConsultationDocument, own_id: str, party: str | None) -> Consultation:
    return Consultation(
        id=own_id,
        line=record.line,
        party=first_stated("party", record.party, party),
        kind=record.kind,
        title=record.title,
        opened_at=moment(record.opened_at),
        level=record.level,
        owner_role=record.owner_role,
        next_at=maybe_moment(record.next_at),
        proposed=tuple(moment(each) for each in record.proposed),
        agenda=record.agenda,
        languages=record.languages,
        recording=record.recording,
        publication=record.publication,
        place=record.place,
        actions=tuple(each.built() for each in record.actions),
        sessions=tuple(each.built() for each in record.sessions),
        characterisations=tuple(each.built() for each in record.characterisations),
        concluded_at=maybe_moment(record.concluded_at),
        messages=tuple(each.lower() for each in record.messages),
        from_line=record.from_line,
    )
