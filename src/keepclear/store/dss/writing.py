"""What a discovery service's store does around the works of a group: it counts changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from keepclear.errors import NodeFault
from keepclear.store.dss.rows import Ends
from keepclear.store.dss.view import SqliteDssUnit


class SequenceKeeping:
    """Keeps the number of changes in memory, and stores it once for a whole group."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ends = Ends(0)
        self._stored = 0
        self.start_over()

    def unit(self) -> SqliteDssUnit:
        """What one work writes with."""
        return SqliteDssUnit(self._connection, self._ends)

    def finish(self, unit: SqliteDssUnit) -> None:
        """Nothing: a unit holds nothing back."""

    def end(self, unit: SqliteDssUnit) -> None:
        """The unit writes no more."""
        unit.end()

    def mark(self) -> int:
        """The number of changes, to return to."""
        return self._ends.sequence

    def return_to(self, mark: int) -> None:
        """Forget the changes counted since."""
        self._ends.sequence = mark

    def seal(self) -> None:
        """Store the number of changes, if the group made any."""
        if self._ends.sequence != self._stored:
            self._connection.execute("UPDATE dss SET sequence = ?", (self._ends.sequence,))

    def settled(self, forget: Callable[[], None]) -> NodeFault | None:  # noqa: ARG002  (a node's store needs it)
        """The group is durable, and nobody else has to be told."""
        self._stored = self._ends.sequence
        return None

    def start_over(self) -> None:
        """Read the number of changes that is on the disk."""
        (self._stored,) = self._connection.execute("SELECT sequence FROM dss").fetchone()
        self._ends.sequence = self._stored
