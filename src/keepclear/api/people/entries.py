"""Ledger entries as the API shows them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call
from keepclear.api.paging import PageQuery
from keepclear.api.replies import Reply
from keepclear.errors import InvalidInput
from keepclear.formats.times import iso_text
from keepclear.model.node import Subject
from keepclear.ports.store import Entry

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
"""32 bytes, hexadecimal."""


class SubjectRecord(Told, frozen=True, kw_only=True):
    """What an entry is about."""

    kind: Subject
    id: str
    version: int


class EntryRecord(Told, frozen=True, kw_only=True):
    """One entry of the ledger."""

    number: Annotated[int, Meta(description="Counts from 0 without a gap")]
    at: Time
    kind: Annotated[str, Meta(description="What happened")]
    subject: SubjectRecord
    leaf: Annotated[Hash, Meta(description="The hash of its leaf")]
    payload: Annotated[
        dict[str, Any] | None,
        Meta(description="What was recorded, as JSON; its exact bytes come with the proof"),
    ]
    withheld: Annotated[bool, Meta(description="The payload was removed; the leaf stays")]


class EntryPage(Told, frozen=True, kw_only=True):
    """A page of ledger entries."""

    total: Annotated[int, Meta(description="How many entries the page is cut from")]
    items: tuple[EntryRecord, ...]
    next: str | None


def entry_record(entry: Entry) -> dict[str, object]:
    """One entry, its payload as it was stored."""
    return {
        "number": entry.number,
        "at": iso_text(entry.at),
        "kind": entry.kind,
        "subject": {
            "kind": entry.subject.value,
            "id": entry.subject_id,
            "version": entry.version,
        },
        "leaf": entry.leaf.hex(),
        "payload": None if entry.payload is None else msgspec.Raw(entry.payload),
        "withheld": entry.payload is None,
    }


def entries_page(call: Call[PageQuery], about: tuple[Subject, str]) -> Reply:
    """A page of the entries about one thing, oldest first."""
    after = _number_in(call.query.cursor)
    subject, subject_id = about
    with call.node.store.view() as view:
        every = view.entries_about(subject, subject_id, limit=_MOST)
    later = [entry for entry in every if entry.number > after]
    items = later[: call.query.limit]
    is_last = len(items) == len(later)
    return Reply(
        {
            "total": len(every),
            "items": [entry_record(entry) for entry in items],
            "next": None if is_last else str(items[-1].number),
        }
    )


_MOST = 10_000
"""No one thing is changed more often."""


def _number_in(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise InvalidInput(
            "the cursor did not come from a page of this list",
            remedy="Give `next` of the page before as it is, or none for the first page.",
        )
    return int(cursor) if cursor else -1
