"""What the parts of a view and of a unit stand on: one connection, one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from keepclear.errors import NodeFault
from keepclear.f3548.extent import Extent
from keepclear.store.dss.located import PLACE, extent_in


class Ends:
    """Where the writer stands, in its own memory.

    Attributes:
        sequence: how many changes were made, those of the running group included.
    """

    __slots__ = ("sequence",)

    def __init__(self, sequence: int) -> None:
        self.sequence = sequence


class Reads:
    """One moment of the store, read through one connection by one thread at a time."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def sequence(self) -> int:
        """How many changes were ever made."""
        return int(self._one("SELECT sequence FROM dss")[0])

    def _all(self, question: str, values: Iterable[object] = ()) -> list[Any]:
        return self._connection.execute(question, tuple(values)).fetchall()

    def _first(self, question: str, values: Iterable[object] = ()) -> Any | None:
        return self._connection.execute(question, tuple(values)).fetchone()

    def _one(self, question: str, values: Iterable[object] = ()) -> Any:
        return self._connection.execute(question, tuple(values)).fetchone()

    def _extent(self, table: str, number: int) -> Extent:
        question = f"SELECT {', '.join(PLACE)} FROM {table} WHERE number = ?"  # noqa: S608  (names from this package)
        return extent_in(self._one(question, (number,)))


class Writes(Reads):
    """One work's part of the running transaction; of no use once the work has ended."""

    __slots__ = ("_ended", "_ends")

    def __init__(self, connection: sqlite3.Connection, ends: Ends) -> None:
        super().__init__(connection)
        self._ends = ends
        self._ended = False

    @property
    def sequence(self) -> int:
        """How many changes were ever made, those of this work included."""
        return self._ends.sequence

    def end(self) -> None:
        """Take nothing more: what came now would belong to somebody else's work."""
        self._ended = True

    def _next_change(self) -> int:
        self._ends.sequence += 1
        return self._ends.sequence

    def _do(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        return self._going_on().execute(statement, tuple(values))

    def _going_on(self) -> sqlite3.Connection:
        """The connection, as long as the work lasts."""
        if self._ended:
            raise NodeFault("a unit of work was used after the work had ended")
        return self._connection
