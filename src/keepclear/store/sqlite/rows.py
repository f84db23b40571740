"""What the parts of a view and of a unit stand on: one connection, one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from keepclear.errors import NodeFault
from keepclear.model.node import Change, Subject
from keepclear.store.sqlite.columns import microseconds_of, moment_of, within_column
from keepclear.store.sqlite.tail import Tail

_INSERT_CHANGE = (
    "INSERT INTO change (sequence, subject, id, version, action, at) VALUES (?, ?, ?, ?, ?, ?)"
)


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
    """One work's part of the running transaction; of no use once the work has ended."""

    __slots__ = ("_ended", "_tail")

    def __init__(self, connection: sqlite3.Connection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail
        self._ended = False

    @property
    def sequence(self) -> int:
        """The last change this moment knows, those of this work included; 0 for none."""
        return self._tail.sequence

    def end(self) -> None:
        """Take nothing more: what came now would belong to somebody else's work."""
        self._ended = True

    def _do(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        if self._ended:
            raise NodeFault("a unit of work was used after the work had ended")
        return self._connection.execute(statement, tuple(values))

    def _do_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        if self._ended:
            raise NodeFault("a unit of work was used after the work had ended")
        self._connection.executemany(statement, rows)

    def _next_change(
        self, subject: Subject, thing_id: str, version: int, *, action: str, at: datetime
    ) -> int:
        change = Change(self._tail.sequence + 1, subject, thing_id, version, action, at)
        self._do(
            _INSERT_CHANGE,
            (change.sequence, subject.value, thing_id, version, action, microseconds_of(at)),
        )
        self._tail.changed(change)
        return change.sequence
