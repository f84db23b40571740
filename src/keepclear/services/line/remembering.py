"""Remember contacts between the parties, as each source has them, and what follows from them.

Source: domain study of keepclear, 5b (contact history that computes the lapse per channel and
level, by source; shows both datings).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from keepclear.contact.history import dating_of, datings, differ, lapses
from keepclear.errors import InvalidInput, NotFound
from keepclear.formats.documents.contact_event import (
    ContactEventDocument,
    event_document,
    stored_event,
)
from keepclear.ledger.entries import EntryKind
from keepclear.model.line import Line
from keepclear.model.line_state import ContactEvent, ContactKind, Lapse, SourceSide
from keepclear.model.node import Subject
from keepclear.ports.store import Unit, View
from keepclear.services.expected import Expected, require_expected
from keepclear.services.line.contacts_kept import contacts_of
from keepclear.services.line.keeping import Content, write
from keepclear.services.line.pairing import line_of
from keepclear.services.line.standing import settle, standing_of
from keepclear.services.node import Node


class History(NamedTuple):
    """The contacts of a line, and the silences between.

    Attributes:
        events: every contact, the latest first.
        lapses: since the last contact, by level, channel and source; the longest first.
        datings: what each source says of the last contact at all.
        differ: whether two of those cannot both be right.
    """

    events: tuple[ContactEvent, ...]
    lapses: tuple[Lapse, ...]
    datings: tuple[Lapse, ...]
    differ: bool


class Noted(NamedTuple):
    """What became of a contact.

    Attributes:
        event: as it is kept now.
        version: which version of it.
        created: whether there was none before.
    """

    event: ContactEvent
    version: int
    created: bool


def note_contact(unit: Unit, node: Node, event: ContactEvent, *, actor: str = "") -> Noted:
    """Remember a contact; the same content again changes nothing.

    Contact that our own side had counts as contact on the line, where there is one.
    """
    held = unit.declaration(Subject.CONTACT, event.id)
    if held is not None and stored_event(held.body) == event:
        return Noted(event, held.version, created=False)
    content = Content(Subject.CONTACT, event.id, event.line, event_document(event))
    kept = write(unit, node, content, EntryKind.CONTACT_NOTED, actor=actor)
    _count_on_line(unit, node, event, actor)
    return Noted(event, kept.declaration.version, created=held is None)


def remember_contact(
    node: Node,
    line_id: str,
    event_id: str,
    document: ContactEventDocument,
    *,
    expected: Expected,
    actor: str = "",
) -> Noted:
    """Remember a contact that somebody enters, or correct one.

    Raises:
        InvalidInput: its date cannot be read, or it is a contact of another line.
        NotFound: there is no such line.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    event = _event(document, line_id, event_id)

    def work(unit: Unit) -> Noted:
        line_of(unit, line_id)
        held = unit.declaration(Subject.CONTACT, event_id)
        if held is not None:
            known = stored_event(held.body)
            if known.line != line_id:
                raise InvalidInput(f"{event_id} is a contact of the line {known.line}")
            if known != event:
                require_expected(expected, held.version, f"contact {event_id}")
        return note_contact(unit, node, event, actor=actor)

    return node.store.write(work)


def history_of(view: View, line_id: str, now: datetime) -> History:
    """The contacts of a line, and how long since the last, as each source has it."""
    events = contacts_of(view, line_id)
    found = datings(events, now)
    return History(events, lapses(events, now), found, differ(found))


def _event(document: ContactEventDocument, line_id: str, event_id: str) -> ContactEvent:
    if document.line and document.line != line_id:
        raise InvalidInput(f"line: {document.line} is not {line_id}, under which it was sent")
    return ContactEvent(
        id=event_id,
        line=line_id,
        kind=document.kind,
        level=document.level,
        channel=document.channel,
        at=document.at.stated() or dating_of(document.at.text),
        side=document.side,
        source=document.source,
        words=document.words,
    )


def _count_on_line(unit: Unit, node: Node, event: ContactEvent, actor: str) -> None:
    """Look at the line anew, where there is one.

    A call or meeting of our own is contact both ways, at any level; what was before the line
    was opened tells only how long the parties had not spoken.
    """
    try:
        line: Line = line_of(unit, event.line)
    except NotFound:
        return  # the parties may have spoken before their nodes were paired
    now, standing = node.now(), standing_of(unit, line)
    at = event.at.latest
    is_own = event.side is SourceSide.OWN and event.kind in {ContactKind.CALL, ContactKind.MEETING}
    if is_own and standing.opened_at < at <= now:
        known = standing.contact_at
        standing = replace(standing, contact_at=at if known is None else max(known, at))
    settle(unit, node, line, standing, now, actor=actor)
