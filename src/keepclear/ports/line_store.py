"""What the services of the line ask of a store: messages, envelopes, streams, deadlines.

`ports.store` joins these to the rest: every view and unit has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from keepclear.model.node import Subject
from keepclear.ports.account_store import AccountUnit, AccountView
from keepclear.ports.uss_store import UssUnit, UssView


class Declaration(NamedTuple):
    """The current version of a zone, a coverage statement, a call, or another document.

    Attributes:
        subject: what sort of thing it is.
        id: its id; for agreements "id/version".
        party: whose it is; for agreements empty.
        version: counts from 1.
        live: False once cancelled or withdrawn.
        body: its document, canonical JSON bytes; for agreements the TOML text as filed.
        entry: the ledger entry that holds this version.
    """

    subject: Subject
    id: str
    party: str
    version: int
    live: bool
    body: bytes
    entry: int


class StoredMessage(NamedTuple):
    """A message as one side of a line keeps it.

    Attributes:
        number: the store's own number for it; 0 for one that is not stored yet.
        id: its UUID, the same on both sides.
        line: which line.
        outgoing: True where it is ours.
        code: which of the catalogue ("M07").
        precedence: how soon it must reach a person.
        state: where it is in its life, as this side sees it.
        is_open: whether something of its life is still to come.
        epoch, serial: its place in the stream; None while it has none.
        version: one more at every step of its life.
        content: its document, canonical JSON bytes.
        life: its life's document, JSON bytes.
        at: when it last changed.
        entry: the ledger entry that holds the last step; None for a draft.
    """

    number: int
    id: str
    line: str
    outgoing: bool
    code: str
    precedence: str
    state: str
    is_open: bool
    epoch: int | None
    serial: int | None
    version: int
    content: bytes
    life: bytes
    at: datetime
    entry: int | None


@dataclass(frozen=True, slots=True)
class MessageQuery:
    """Which messages are meant; every condition must hold, an empty one always does.

    Attributes:
        line: of this line.
        states: in one of these states.
        codes: of these codes.
        outgoing: ours, or theirs; None for both.
        open_only: leave out what is over.
        text: found among its searchable words, capitals or not.
        except_codes: of none of these codes.
    """

    line: str = ""
    states: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    outgoing: bool | None = None
    open_only: bool = False
    text: str = ""
    except_codes: frozenset[str] = frozenset()


class MessagePage(NamedTuple):
    """A page of messages, the newest first.

    Attributes:
        items: at most as many as were asked for.
        total: how many there are on all pages.
        following: the cursor of the next page; empty on the last.
    """

    items: tuple[StoredMessage, ...]
    total: int
    following: str


class StoredEnvelope(NamedTuple):
    """A signed envelope, as it was sent or as it came.

    Attributes:
        line, outgoing, epoch, serial: its place.
        hash: what the next one of its stream names.
        precedence: of the message inside.
        message: the id of the message inside.
        delivered_at: ours: when the other node had it; None while it waits.
            Theirs: when it came.
        applied: theirs: whether its message was taken; an early one is kept until then.
        content: the signed bytes.
    """

    line: str
    outgoing: bool
    epoch: int
    serial: int
    hash: bytes
    precedence: str
    message: str
    delivered_at: datetime | None
    applied: bool
    content: bytes


class StoredStream(NamedTuple):
    """How far a stream goes without a gap.

    Attributes:
        epoch: which stream of its direction.
        serial: the last serial before any gap; 0 for none.
        hash: that envelope's hash; empty for none.
    """

    epoch: int
    serial: int
    hash: bytes


class Due(NamedTuple):
    """A stored deadline.

    Attributes:
        subject, id: whose it is.
        kind: what is due, in its owner's words.
        due: when.
    """

    subject: Subject
    id: str
    kind: str
    due: datetime


class LineView(AccountView, UssView, Protocol):
    """What one moment of the store tells of lines, and of the people who work them."""

    def declarations_of(
        self, subject: Subject, party: str, *, after: str = "", limit: int = 100
    ) -> Sequence[Declaration]:
        """One party's declarations of one sort, live or not, by id above `after`."""
        ...

    def message(self, message_id: str) -> StoredMessage | None:
        """One message; None where the store never held it."""
        ...

    def messages(self, query: MessageQuery, *, cursor: str = "", limit: int = 50) -> MessagePage:
        """A page of the messages meant. Raises InvalidInput for a foreign cursor."""
        ...

    def open_counts(self, line: str) -> Mapping[tuple[bool, str], int]:
        """How many open messages a line has, by (outgoing, state); nothing for none."""
        ...

    def envelope(
        self, line: str, *, outgoing: bool, epoch: int, serial: int
    ) -> StoredEnvelope | None:
        """One envelope; None where there is none at that place."""
        ...

    def envelope_of(self, message_id: str, *, outgoing: bool) -> StoredEnvelope | None:
        """The envelope that carried a message; None where none did."""
        ...

    def envelopes_waiting(
        self, line: str, *, flash: bool | None = None, limit: int = 200
    ) -> Sequence[StoredEnvelope]:
        """Ours that the other node does not have yet, oldest first.

        `flash` asks for FLASH alone, or for all others; None for both.
        """
        ...

    def waiting_count(self, line: str) -> int:
        """How many of ours the other node does not have yet."""
        ...

    def envelopes_held(self, line: str, *, limit: int = 1_000) -> Sequence[StoredEnvelope]:
        """Theirs that came early and wait for those before them, by epoch and serial."""
        ...

    def envelopes_between(
        self, line: str, *, outgoing: bool, epoch: int, first: int, last: int
    ) -> Sequence[StoredEnvelope]:
        """Those with serials first .. last, ascending; what is not there is left out."""
        ...

    def stream(self, line: str, *, outgoing: bool, epoch: int) -> StoredStream | None:
        """How far one stream goes without a gap; None where it has not begun."""
        ...

    def streams(self, line: str, *, outgoing: bool) -> Sequence[StoredStream]:
        """All streams of one direction, by epoch."""
        ...

    def due(self, now: datetime, *, limit: int = 200) -> Sequence[Due]:
        """Deadlines that have come, the oldest first."""
        ...

    def next_due(self) -> datetime | None:
        """When the next deadline comes; None where there is none."""
        ...

    def deadlines(self, subject: Subject, thing_id: str) -> Sequence[Due]:
        """One thing's deadlines, the next first."""
        ...


class LineUnit(AccountUnit, UssUnit, Protocol):
    """What a unit of work may change of lines, and of the people who work them."""

    def put_message(
        self, message: StoredMessage, *, action: str, searchable: str = ""
    ) -> StoredMessage:
        """Store a message as it is now; it comes back with its number."""
        ...

    def drop_message(self, message_id: str, *, at: datetime) -> None:
        """Remove a draft. Raises StateForbids for what was released, NotFound for nothing."""
        ...

    def put_envelope(self, envelope: StoredEnvelope) -> None:
        """Store an envelope at its place, which is free. Raises InvalidInput where it is not."""
        ...

    def mark_delivered(
        self, line: str, epoch: int, serials: Sequence[int], *, at: datetime
    ) -> Sequence[str]:
        """Keep that the other node has them; the ids of their messages, those new to this."""
        ...

    def mark_applied(self, line: str, epoch: int, serial: int) -> None:
        """Keep that the message inside was taken."""
        ...

    def put_stream(self, line: str, stream: StoredStream, *, outgoing: bool) -> None:
        """Keep how far a stream goes without a gap."""
        ...

    def put_deadlines(
        self, subject: Subject, thing_id: str, deadlines: Sequence[tuple[str, datetime]]
    ) -> None:
        """Keep these as all the deadlines of one thing, in place of those before."""
        ...

    def drop_deadline(self, subject: Subject, thing_id: str, kind: str) -> None:
        """Forget one deadline; nothing where there is none."""
        ...
