"""Whether the inbox is to be read, and whether it can be; people are told for as long as not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.ports.line_store import Due
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.line.waiting import Waiting
from keepclear.services.node import Node
from keepclear.services.recording import record

INBOX: Final = "inbox"
LONGEST_READING: Final = timedelta(minutes=10)
"""Who was told to read the inbox and has not after so long is told again."""
URGENT_AFTER: Final = timedelta(minutes=15)
ACTOR: Final = "the node itself"
_WAITS, _ASKED = "poll", "read now"


class MailboxTrouble(Struct, frozen=True, kw_only=True):
    """Why the inbox cannot be read.

    Attributes:
        since: when it first could not be; None while it can.
        why: what it said then.
    """

    since: datetime | None = None
    why: str = ""


_TROUBLE = msgspec.json.Decoder(MailboxTrouble)


def read_next(unit: Unit, at: datetime | None) -> None:
    """Set when the inbox is read next; None for only when somebody asks."""
    unit.put_deadlines(Subject.MAILBOX, INBOX, [] if at is None else [(_WAITS, at)])


def tick_mailbox(unit: Unit, due: Due, now: datetime) -> None:
    """Mark the inbox as to be read; again where that was asked for and did not happen."""
    unit.put_deadlines(due.subject, due.id, [(_ASKED, now + LONGEST_READING)])


def is_to_be_read(view: View) -> bool:
    """Whether somebody should read the inbox now."""
    return any(each.kind == _ASKED for each in view.deadlines(Subject.MAILBOX, INBOX))


def trouble(view: View) -> MailboxTrouble:
    """Why the inbox cannot be read, as far as it was tried."""
    found = view.declaration(Subject.MAILBOX, INBOX)
    return MailboxTrouble() if found is None else _TROUBLE.decode(found.body)


def mailbox_waiting(view: View, now: datetime) -> Iterator[Waiting]:
    """That the mailbox cannot be reached: what came by mail is not read."""
    told = trouble(view)
    if told.since is not None:
        yield Waiting(
            Subject.MAILBOX,
            INBOX,
            "",
            "the mailbox cannot be reached",
            told.since,
            f"mail that came is not read: {told.why}",
            is_urgent=now - told.since >= URGENT_AFTER,
        )


def keep_trouble(unit: Unit, node: Node, told: MailboxTrouble, now: datetime) -> None:
    """Keep that the mailbox fell silent or answers again; the ledger has no more than that."""
    current = unit.declaration(Subject.MAILBOX, INBOX)
    before = trouble(unit)
    if (before.since is None) is (told.since is None):
        return
    kind = EntryKind.MAILBOX_ANSWERS if told.since is None else EntryKind.MAILBOX_SILENT
    version = 1 if current is None else current.version + 1
    since = told.since or before.since
    body: dict[str, JsonValue] = {"since": None if since is None else iso_text(since)}
    body["why"] = told.why
    about = (Subject.MAILBOX, INBOX, version)
    entry = unit.append(record(node.identity, kind, about, body, at=now, actor=ACTOR))
    document = canonical_bytes(msgspec.to_builtins(told))
    party = node.identity.party
    stored = Declaration(Subject.MAILBOX, INBOX, party, version, True, document, entry)
    unit.put_declaration(stored, action=kind.value.rpartition(" ")[2], at=now)
