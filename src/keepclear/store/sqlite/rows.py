"""What the parts of a view and of a unit stand on: one connection, one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from keepclear.errors import NodeFault
from keepclear.model.node import Change, Subject
from keepclear.store.sqlite.columns import microseconds_of, moment_of, within_column
from keepclear.store.sqlite.pending import Pending
from keepclear.store.sqlite.tail import Tail


class Reads:
    """One moment of the store, read through one connection by one thread at a time."""

    __slots__ = ("_connection", "_sequence")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # The first reading is what fixes the moment.
        self._sequence: int = self._one("SELECT coalesce(max(sequence), 0) FROM change")[0]

    @property
    def sequence(self) -> int:
        """The last change this moment knows; 0 for none."""
        return self._sequence

    def changes(self, *, after: int, limit: int = 1_000) -> Sequence[Change]:
        """Changes above `after`, ascending; empty where there are none yet."""
        rows = self._all(
            "SELECT sequence, subject, id, version, action, at FROM change"
            " WHERE sequence > ? ORDER BY sequence LIMIT ?",
            (within_column(after), within_column(limit)),
        )
        return [
            Change(sequence, Subject(subject), thing_id, version, action, moment_of(at))
            for sequence, subject, thing_id, version, action, at in rows
        ]

    def _all(self, question: str, values: Iterable[object] = ()) -> list[Any]:
        return self._connection.execute(question, tuple(values)).fetchall()

    def _first(self, question: str, values: Iterable[object] = ()) -> Any | None:
        return self._connection.execute(question, tuple(values)).fetchone()

    def _one(self, question: str, values: Iterable[object] = ()) -> Any:
        return self._connection.execute(question, tuple(values)).fetchone()


class Writes(Reads):
    """One work's part of the running transaction; of no use once the work has ended.

    What it adds may wait before it is in its table. Every question is preceded by writing what
    waits, unless it is known that the answer does not depend on it.
    """

    __slots__ = ("_ended", "_pending", "_tail")

    def __init__(self, connection: sqlite3.Connection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail
        self._pending = Pending(tail.sequence)
        self._ended = False

    @property
    def sequence(self) -> int:
        """The last change this moment knows, those of this work included; 0 for none."""
        return self._tail.sequence

    def changes(self, *, after: int, limit: int = 1_000) -> Sequence[Change]:
        """Changes above `after`, ascending; empty where there are none yet."""
        fresh = self._tail.changes
        if after < self._tail.sequence - len(fresh):
            return super().changes(after=after, limit=limit)
        return fresh[len(fresh) - max(self._tail.sequence - after, 0) :][:limit]

    def end(self) -> None:
        """Take nothing more: what came now would belong to somebody else's work."""
        self._ended = True

    def write_pending(self) -> None:
        """Have everything that was added in its table."""
        pending = self._pending
        if pending:
            self._pending = Pending(self._tail.sequence)
            pending.write(self._connection)

    def _all(self, question: str, values: Iterable[object] = ()) -> list[Any]:
        self.write_pending()
        return super()._all(question, values)

    def _first(self, question: str, values: Iterable[object] = ()) -> Any | None:
        self.write_pending()
        return super()._first(question, values)

    def _one(self, question: str, values: Iterable[object] = ()) -> Any:
        self.write_pending()
        return super()._one(question, values)

    def _do(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        self._require_going_on()
        self.write_pending()
        return self._connection.execute(statement, tuple(values))

    def _do_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._require_going_on()
        self.write_pending()
        self._connection.executemany(statement, rows)

    def _added(self) -> Pending:
        """Where rows may be added while the work lasts."""
        self._require_going_on()
        return self._pending

    def _require_going_on(self) -> None:
        if self._ended:
            raise NodeFault("a unit of work was used after the work had ended")

    def _next_change(
        self, subject: Subject, thing_id: str, version: int, *, action: str, at: datetime
    ) -> int:
        change = Change(self._tail.sequence + 1, subject, thing_id, version, action, at)
        self._added().changes.append(
            (change.sequence, subject.value, thing_id, version, action, microseconds_of(at))
        )
        self._tail.changed(change)
        return change.sequence
