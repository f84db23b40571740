"""When humanitarian entries must be looked at again: put on record, shown, never dropped."""

from __future__ import annotations

from datetime import datetime

from keepclear.contact.humanitarian import due_of
from keepclear.formats.documents.movement import stored_movement
from keepclear.formats.documents.site import stored_site
from keepclear.ledger.entries import EntryKind
from keepclear.model.humanitarian import Movement
from keepclear.model.node import Subject
from keepclear.model.site import Site
from keepclear.ports.store import Declaration, Unit
from keepclear.services.line.keeping import note_overdue
from keepclear.services.node import Node

DEADLINE = "look again"


def arm_entry(unit: Unit, subject: Subject, entry: Movement | Site, now: datetime) -> None:
    """Keep when an entry is to be looked at again; both its dates where both lie ahead."""
    dates = {entry.expiry} if entry.confirm_by is None else {entry.confirm_by, entry.expiry}
    due = [(f"{DEADLINE} {each.isoformat()}", each) for each in sorted(dates) if each > now]
    unit.put_deadlines(subject, entry.id, due)


def tick_movement(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Put on record that a movement's notice is stale."""
    movement = stored_movement(current.body)
    _tick(unit, node, current, movement, EntryKind.MOVEMENT_STALE, now)


def tick_site(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Put on record that a site's entry is stale."""
    _tick(unit, node, current, stored_site(current.body), EntryKind.SITE_STALE, now)


def _tick(
    unit: Unit,
    node: Node,
    current: Declaration,
    entry: Movement | Site,
    kind: EntryKind,
    now: datetime,
) -> None:
    if due_of(entry) <= now:
        why = "it expired" if entry.expiry <= now else "it is to be confirmed again"
        note_overdue(unit, node, current, kind, why, due_of(entry))
    arm_entry(unit, current.subject, entry, now)
