"""What other parties state of their watch (M02), and a handover of ours that nobody made."""

from __future__ import annotations

from datetime import datetime

from keepclear.contact.overdue import Overdue
from keepclear.formats.documents.watch import stored_watch
from keepclear.ledger.entries import EntryKind
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit
from keepclear.services.line.keeping import arm, content_of, note_overdue, write
from keepclear.services.line.told_records import watch_told
from keepclear.services.node import Node

DEADLINE = "handover"


def take_statement(unit: Unit, node: Node, message: Message) -> None:
    """Keep what another party stated of its watch (M02), as theirs; a later one stands."""
    watch = watch_told(message)
    current = unit.declaration(Subject.WATCH, watch.party)
    if current is not None and stored_watch(current.body).since >= watch.since:
        return
    content = content_of(Subject.WATCH, watch.party, watch.party, watch)
    write(unit, node, content, EntryKind.WATCH_TAKEN, actor=message.sender)


def tick_watch(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Put on record that nobody took over the watch when it was to be handed over."""
    watch = stored_watch(current.body)
    due = watch.next_handover
    if due is None or now < due:
        return arm(unit, Subject.WATCH, current.id, [(DEADLINE, due, None)], now=now)
    why = Overdue.HANDOVER_DUE.value
    note_overdue(unit, node, current, EntryKind.WATCH_OVERDUE, why, due)
    return unit.put_deadlines(Subject.WATCH, current.id, [])
