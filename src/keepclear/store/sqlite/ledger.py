"""The ledger's rows: entries and payloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keepclear.errors import InvalidInput, LedgerBroken, StateForbids
from keepclear.ledger.heads import SignedHead, TreeHead
from keepclear.ledger.leaves import leaf_hash
from keepclear.ledger.moments import to_millisecond
from keepclear.model.node import Subject
from keepclear.ports.store import Entry, NewEntry
from keepclear.store.sqlite.columns import (
    key_of,
    microseconds_of,
    moment_of,
    storable,
    within_column,
)
from keepclear.store.sqlite.pending import MOST_WAITING
from keepclear.store.sqlite.rows import Reads, Writes
from keepclear.store.sqlite.tree_rows import tree_node

# The casts are for ledgers that somebody else has written to: bytes may not come as text.
_ENTRY = (
    "SELECT e.number, e.at, e.kind, e.subject, e.subject_id, e.version,"
    " CAST(p.salt AS BLOB), CAST(e.leaf AS BLOB), CAST(p.bytes AS BLOB)"
    " FROM ledger_entry e LEFT JOIN ledger_payload p ON p.number = e.number"
)
_HEAD = (
    "SELECT h.size, CAST(h.root AS BLOB), h.at, n.id, h.epoch, CAST(h.signature AS BLOB), h.key_id"
    " FROM ledger_head h CROSS JOIN node n"
)


class LedgerReads(Reads):
    """The ledger at one moment."""

    __slots__ = ()

    def ledger_size(self) -> int:
        """How many entries there are."""
        size: int = self._one("SELECT coalesce(max(number), -1) + 1 FROM ledger_entry")[0]
        return size

    def entry(self, number: int) -> Entry | None:
        """One entry; None beyond the last."""
        row = self._first(f"{_ENTRY} WHERE e.number = ?", (within_column(number),))
        return None if row is None else _entry(row)

    def entries(self, *, after: int = -1, limit: int = 1_000) -> Sequence[Entry]:
        """Entries with numbers above `after`, ascending, payloads included."""
        rows = self._all(
            f"{_ENTRY} WHERE e.number > ? ORDER BY e.number LIMIT ?",
            (within_column(after), within_column(limit)),
        )
        return [_entry(row) for row in rows]

    def entries_about(
        self, subject: Subject, subject_id: str, *, after: int = -1, limit: int = 100
    ) -> Sequence[Entry]:
        """Entries about one thing, ascending."""
        if not storable(subject_id):
            return []
        rows = self._all(
            f"{_ENTRY} WHERE e.subject = ? AND e.subject_id = ? AND e.number > ?"
            " ORDER BY e.number LIMIT ?",
            (subject.value, subject_id, within_column(after), within_column(limit)),
        )
        return [_entry(row) for row in rows]

    def head(self) -> SignedHead | None:
        """The last signed head; None for an empty ledger."""
        row = self._first(f"{_HEAD} ORDER BY h.size DESC LIMIT 1")
        return None if row is None else _head(row)

    def heads(self, *, above_size: int = 0, limit: int = 1_000) -> Sequence[SignedHead]:
        """Signed heads over more than `above_size` entries, ascending."""
        rows = self._all(
            f"{_HEAD} WHERE h.size > ? ORDER BY h.size LIMIT ?",
            (within_column(above_size), within_column(limit)),
        )
        return [_head(row) for row in rows]

    def tree_node(self, level: int, index: int) -> bytes:
        """The hash of a perfect subtree; level 0 holds the leaves.

        Raises:
            LedgerBroken: it should be there and is not.
        """
        return tree_node(self._connection, level, index)


class LedgerWrites(LedgerReads, Writes):
    """The ledger, to be appended to."""

    __slots__ = ()

    def ledger_size(self) -> int:
        """How many entries there are."""
        return self._tail.frontier.size

    def tree_node(self, level: int, index: int) -> bytes:
        """The hash of a perfect subtree; level 0 holds the leaves.

        Raises:
            LedgerBroken: it should be there and is not.
        """
        kept = self._tail.nodes.get((level, index))
        if kept is not None:
            return kept
        self.write_pending()
        return tree_node(self._connection, level, index)

    def append(self, entry: NewEntry) -> int:
        """Append to the ledger; the entry's number.

        Its time is kept to the millisecond, as its payload has it.
        """
        number = self._tail.frontier.size
        salt = self._tail.new_salt()
        leaf = leaf_hash(salt, entry.payload)
        at = microseconds_of(to_millisecond(entry.at))
        about = (entry.subject.value, entry.subject_id, entry.version)
        if len(self._pending.entries) >= MOST_WAITING:
            self.write_pending()
        pending = self._added()
        pending.entries.append((number, at, str(entry.kind), *about, leaf))
        pending.payloads.append((number, salt, entry.payload))
        self._tail.appended(leaf)
        return number

    def prune(self, number: int) -> bool:
        """Remove an entry's payload and salt, not its leaf; False where there was none.

        The caller appends the entry that says so.

        Raises:
            StateForbids: it holds the current version of something that is still stored.
        """
        entry = self.entry(number)
        if entry is None or entry.payload is None:
            return False
        if self._is_current(entry):
            raise StateForbids(
                f"entry {number} holds the current version of {entry.subject} {entry.subject_id}",
                remedy="Prune what was replaced, or remove the operation first.",
            )
        self._do("DELETE FROM ledger_payload WHERE number = ?", (number,))
        self._tail.pruned = True
        return True

    def _is_current(self, entry: Entry) -> bool:
        if entry.subject is Subject.OPERATION:
            key = key_of(entry.subject_id)
            row = self._first("SELECT entry FROM operation WHERE id = ?", (key,))
        else:
            row = self._first(
                "SELECT entry FROM declaration WHERE subject = ? AND id = ?",
                (entry.subject.value, entry.subject_id),
            )
        return row is not None and row[0] == entry.number


def _entry(row: Any) -> Entry:
    number, at, kind, subject, subject_id, version, salt, leaf, payload = row
    try:
        return Entry(
            number,
            moment_of(at),
            kind,
            Subject(subject),
            subject_id,
            version,
            salt or b"",
            leaf,
            payload,
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise LedgerBroken(f"entry {number} of the ledger is damaged: {error}") from None


def _head(row: Any) -> SignedHead:
    size, root, at, node_id, epoch, signature, key_id = row
    try:
        head = TreeHead(size, root, moment_of(at), node_id, epoch)
    except (InvalidInput, TypeError, OverflowError) as error:
        raise LedgerBroken(f"the signed head over {size} entries is damaged: {error}") from None
    return SignedHead(head, signature, key_id)
