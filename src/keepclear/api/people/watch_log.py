"""The watch log: notes are added and searched, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import Cursor, Limit, cut
from keepclear.api.people.kept import as_sent, latest_first
from keepclear.api.replies import Reply
from keepclear.canonical import canonical_bytes
from keepclear.formats.documents.note import NoteDocument, note_document, note_from, stored_note
from keepclear.formats.times import iso_text
from keepclear.model.node import Subject
from keepclear.model.note import Note
from keepclear.services.line.keeping import found
from keepclear.services.line.noting import FoundNotes, NoteSearch, found_notes, keep_note


class NoteQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which notes are meant."""

    text: Annotated[str, Meta(description="Stands in the text, capitals or not")] = ""
    q: Annotated[
        str, Meta(description="Words that all stand somewhere: text, role, actor, about")
    ] = ""
    line: Annotated[str, Meta(description="Only about this line")] = ""
    about: Annotated[str, Meta(description="Only about the thing of this id")] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class NoteNow(Told, frozen=True, kw_only=True):
    """What follows from a note at this moment."""

    at: Annotated[Time, Meta(description="The node's clock")]
    corrected_by: Annotated[tuple[str, ...], Meta(description="Later notes that correct it")]
    acts: Annotated[tuple[str, ...], Meta(description="What may be done next")]


class NoteRecord(NoteDocument, frozen=True, kw_only=True):
    """A note as it is kept."""

    now: NoteNow


class NotePage(Told, frozen=True, kw_only=True):
    """A page of notes, the last written first."""

    total: int
    items: tuple[NoteRecord, ...]
    next: str | None


def _record(
    call: Call[NoQuery] | Call[NoteQuery], note: Note, corrected: Mapping[str, tuple[str, ...]]
) -> dict[str, object]:
    told: dict[str, object] = msgspec.json.decode(canonical_bytes(note_document(note)))
    now = NoteNow(
        at=iso_text(call.node.now()),
        corrected_by=corrected.get(note.id, ()),
        acts=("correct by another note",),
    )
    return {**told, "version": 1, "now": now}


def _all(call: Call[NoQuery]) -> FoundNotes:
    with call.node.store.view() as view:
        return found_notes(view, NoteSearch())


def _list(call: Call[NoteQuery]) -> Reply:
    query = call.query
    search = NoteSearch(query.text, query.q, query.line, query.about)
    with call.node.store.view() as view:
        meant = found_notes(view, search)
    page = cut(
        meant.notes,
        lambda note: latest_first(note.at, note.id),
        cursor=query.cursor,
        limit=query.limit,
    )
    items = [_record(call, each, meant.corrected_by) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _get(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        note = stored_note(found(view, Subject.NOTE, call.path["note_id"]).body)
    return Reply(_record(call, note, _all(call).corrected_by), version=1)


def _put(call: Call[NoQuery]) -> Reply:
    note = note_from(
        as_sent(call.body),
        note_id=call.path["note_id"],
        at=call.node.now(),
        actor=call.caller.actor,
    )
    kept = keep_note(call.node, note)
    stored = stored_note(kept.declaration.body)
    status = 201 if kept.created else 200
    return Reply(_record(call, stored, _all(call).corrected_by), status, version=1)


_PATH = "/api/v1/watch-log"
_ONE = f"{_PATH}/{{note_id}}"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="Search the watch log, the last note first",
        handler=_list,
        query=NoteQuery,
        returns=(Returned(200, "A page of notes", NotePage),),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One note, and what corrects it",
        handler=_get,
        returns=(Returned(200, "The note", NoteRecord, has_version=True),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        summary="Add a note; one that is there is never changed",
        description="A correction is another note that names this one in `corrects`. When and "
        "by whom it was written is the node's to say.",
        handler=_put,
        body=Body(NoteDocument),
        returns=(
            Returned(201, "Added", NoteRecord, has_version=True),
            Returned(200, "Added already", NoteRecord, has_version=True),
        ),
        errors=(
            errors.InvalidOperation,
            errors.InvalidWindow,
            errors.StateForbids,
            errors.StoreFull,
        ),
    ),
)
