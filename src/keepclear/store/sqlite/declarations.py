"""The rows of zones, boundaries, airfields, coverage statements and agreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keepclear.model.node import Subject
from keepclear.ports.store import Declaration
from keepclear.store.sqlite.columns import storable, within_column
from keepclear.store.sqlite.rows import Reads, Writes

_DECLARATION = "SELECT subject, id, party, version, live, body, entry FROM declaration"
_PUT = (
    "INSERT INTO declaration (subject, id, party, version, live, body, entry)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject, id) DO UPDATE SET"
    " party = excluded.party, version = excluded.version, live = excluded.live,"
    " body = excluded.body, entry = excluded.entry"
)


class DeclarationReads(Reads):
    """Declarations at one moment."""

    __slots__ = ()

    def declarations(self, subject: Subject, *, live: bool = True) -> Sequence[Declaration]:
        """All of one sort, by id; `live=False` also those cancelled."""
        rows = self._all(
            f"{_DECLARATION} WHERE subject = ? AND live >= ? ORDER BY id",
            (subject.value, int(live)),
        )
        return [_declaration(row) for row in rows]

    def declaration(self, subject: Subject, declaration_id: str) -> Declaration | None:
        """One of them, cancelled or not; None where the store never held it."""
        if not storable(declaration_id):
            return None
        row = self._first(
            f"{_DECLARATION} WHERE subject = ? AND id = ?", (subject.value, declaration_id)
        )
        return None if row is None else _declaration(row)

    def declarations_of(
        self, subject: Subject, party: str, *, after: str = "", limit: int = 100
    ) -> Sequence[Declaration]:
        """One party's declarations of one sort, live or not, by id above `after`."""
        if not (storable(party) and storable(after)):
            return []
        rows = self._all(
            f"{_DECLARATION} WHERE subject = ? AND party = ? AND id > ? ORDER BY id LIMIT ?",
            (subject.value, party, after, within_column(limit)),
        )
        return [_declaration(row) for row in rows]


class DeclarationWrites(DeclarationReads, Writes):
    """Declarations, to be changed."""

    __slots__ = ()

    def put_declaration(self, declaration: Declaration, *, action: str, at: datetime) -> int:
        """Store a version as the current one; the change's sequence number."""
        one = declaration
        self._do(
            _PUT,
            (
                one.subject.value,
                one.id,
                one.party,
                one.version,
                int(one.live),
                one.body,
                one.entry,
            ),
        )
        return self._next_change(one.subject, one.id, one.version, action=action, at=at)


def _declaration(row: Any) -> Declaration:
    subject, declaration_id, party, version, live, body, entry = row
    return Declaration(Subject(subject), declaration_id, party, version, bool(live), body, entry)
