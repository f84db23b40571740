"""Notes of the watch log as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, Uuid, Whole, moment, require_distinct
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import MaybeUuid, RoleName, Said, Short, TalkPart
from keepclear.model.note import Note


class NoteDocument(TalkPart, frozen=True, kw_only=True, gc=False):
    """What somebody on watch wrote down. It is corrected only by another note."""

    id: Annotated[
        Uuid | UnsetType, Meta(description="A UUID; from outside it must be the one of the path.")
    ] = UNSET
    at: Annotated[Moment | UnsetType, Meta(description="When it was written; the node says.")] = (
        UNSET
    )
    actor: Annotated[Short | UnsetType, Meta(description="Who wrote it; the node says.")] = UNSET
    role: Annotated[RoleName, Meta(description="On duty as what.")]
    text: Annotated[Said, Meta(description="At most 4,000 characters.")]
    line: Annotated[Short, Meta(description="Which line it is about; empty for none.")] = ""
    about: Annotated[
        tuple[RoleName, ...],
        Meta(
            description="Ids of messages, calls and other things it is about.",
            extra={"rule": require_distinct},
        ),
    ] = ()
    corrects: Annotated[MaybeUuid, Meta(description="The note it corrects; both stay.")] = ""
    contradicts: Annotated[
        MaybeUuid, Meta(description="The declaration (M17) it says is contradicted.")
    ] = ""
    version: Annotated[Whole | UnsetType, Meta(description="Always 1; the node says.")] = UNSET


def note_document(note: Note) -> dict[str, JsonValue]:
    """A note as plain values, every field written."""
    return plain_document(note)


def note_from(document: object, *, note_id: str, at: datetime, actor: str) -> Note:
    """The note a document from outside makes.

    Args:
        document: bytes of JSON, or what a JSON reader made of them.
        note_id: the id it was sent under.
        at: when it is written; what the document says of that is not used.
        actor: who writes it; what the document says of that is not used.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(record: NoteDocument) -> Note:
        return _note(record, agreed_id(record.id, note_id, is_uuid=True), at, actor)

    return read_document(document, NoteDocument, build)


def stored_note(body: Mapping[str, Any] | bytes) -> Note:
    """The note that `note_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """

    def build(record: NoteDocument) -> Note:
        at = moment(first_stated("at", record.at))
        return _note(record, first_stated("id", record.id), at, first_stated("actor", record.actor))

    return read_stored(body, NoteDocument, build)


def _note(record: NoteDocument, own_id: str, at: datetime, actor: str) -> Note:
    return Note(
        id=own_id,
        at=at,
        actor=actor,
        role=record.role,
        text=record.text,
        line=record.line,
        about=record.about,
        corrects=record.corrects.lower(),
        contradicts=record.contradicts.lower(),
    )
