"""One moment of the store, put together from what can be read of it."""

from __future__ import annotations

from keepclear.store.sqlite.deadlines import DeadlineReads, DeadlineWrites
from keepclear.store.sqlite.declarations import DeclarationReads, DeclarationWrites
from keepclear.store.sqlite.drafts import DraftReads, DraftWrites
from keepclear.store.sqlite.envelopes import EnvelopeReads, EnvelopeWrites
from keepclear.store.sqlite.ledger import LedgerReads, LedgerWrites
from keepclear.store.sqlite.listing import ListingReads
from keepclear.store.sqlite.messages import MessageReads, MessageWrites
from keepclear.store.sqlite.operations import OperationWrites
from keepclear.store.sqlite.passwords import PasswordReads, PasswordWrites
from keepclear.store.sqlite.uss_rows import UssReads, UssWrites


class SqliteView(
    ListingReads,
    DeclarationReads,
    DraftReads,
    LedgerReads,
    MessageReads,
    EnvelopeReads,
    DeadlineReads,
    PasswordReads,
    UssReads,
):
    """One moment of the store; fits the `View` port. For one thread at a time."""

    __slots__ = ()


class SqliteUnit(
    ListingReads,
    OperationWrites,
    DeclarationWrites,
    DraftWrites,
    LedgerWrites,
    MessageWrites,
    EnvelopeWrites,
    DeadlineWrites,
    PasswordWrites,
    UssWrites,
):
    """One work's part of a transaction; fits the `Unit` port."""

    __slots__ = ()
