"""The rows of deadlines: every timer of the node is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keepclear.model.node import Subject
from keepclear.ports.line_store import Due
from keepclear.store.sqlite.columns import microseconds_of, moment_of, storable, within_column
from keepclear.store.sqlite.rows import Reads, Writes

_DEADLINE = "SELECT subject, id, kind, due FROM deadline"


class DeadlineReads(Reads):
    """Deadlines at one moment."""

    __slots__ = ()

    def due(self, now: datetime, *, limit: int = 200) -> Sequence[Due]:
        """Deadlines that have come, the oldest first."""
        rows = self._all(
            f"{_DEADLINE} WHERE due <= ? ORDER BY due, subject, id, kind LIMIT ?",
            (microseconds_of(now), within_column(limit)),
        )
        return [_due(row) for row in rows]

    def next_due(self) -> datetime | None:
        """When the next deadline comes; None where there is none."""
        (due,) = self._one("SELECT min(due) FROM deadline")
        return None if due is None else moment_of(due)

    def deadlines(self, subject: Subject, thing_id: str) -> Sequence[Due]:
        """One thing's deadlines, the next first."""
        if not storable(thing_id):
            return []
        rows = self._all(
            f"{_DEADLINE} WHERE subject = ? AND id = ? ORDER BY due, kind",
            (subject.value, thing_id),
        )
        return [_due(row) for row in rows]


class DeadlineWrites(DeadlineReads, Writes):
    """Deadlines, to be changed."""

    __slots__ = ()

    def put_deadlines(
        self, subject: Subject, thing_id: str, deadlines: Sequence[tuple[str, datetime]]
    ) -> None:
        """Keep these as all the deadlines of one thing, in place of those before."""
        self._do("DELETE FROM deadline WHERE subject = ? AND id = ?", (subject.value, thing_id))
        self._do_many(
            "INSERT INTO deadline (subject, id, kind, due) VALUES (?, ?, ?, ?)",
            [(subject.value, thing_id, kind, microseconds_of(due)) for kind, due in deadlines],
        )

    def drop_deadline(self, subject: Subject, thing_id: str, kind: str) -> None:
        """Forget one deadline; nothing where there is none."""
        self._do(
            "DELETE FROM deadline WHERE subject = ? AND id = ? AND kind = ?",
            (subject.value, thing_id, kind),
        )


def _due(row: Any) -> Due:
    subject, thing_id, kind, due = row
    return Due(Subject(subject), thing_id, kind, moment_of(due))
