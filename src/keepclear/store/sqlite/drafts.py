"""The rows of drafts: every revision is kept, so that every step can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keepclear.errors import NotFound
from keepclear.model.node import Subject
from keepclear.ports.store import Draft
from keepclear.store.sqlite.columns import (
    demanded_key_of,
    key_of,
    microseconds_of,
    moment_of,
    uuid_text,
)
from keepclear.store.sqlite.rows import Reads, Writes

_DRAFT = (
    "SELECT d.id, d.version, d.revision, d.revisions, r.content, d.saved_at"
    " FROM draft d CROSS JOIN draft_revision r WHERE r.draft = d.id AND r.revision = d.revision"
)
_PUT = (
    "INSERT INTO draft (id, version, revision, revisions, saved_at) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET version = excluded.version,"
    " revision = excluded.revision, revisions = excluded.revisions, saved_at = excluded.saved_at"
)
_PUT_REVISION = "INSERT INTO draft_revision (draft, revision, content) VALUES (?, ?, ?)"


class DraftReads(Reads):
    """Drafts at one moment."""

    __slots__ = ()

    def drafts(self) -> Sequence[Draft]:
        """All drafts, the last saved first."""
        return [_draft(row) for row in self._all(f"{_DRAFT} ORDER BY d.saved_at DESC, d.id")]

    def draft(self, draft_id: str) -> Draft | None:
        """One draft; None where there is none."""
        row = self._first(f"{_DRAFT} AND d.id = ?", (key_of(draft_id),))
        return None if row is None else _draft(row)


class DraftWrites(DraftReads, Writes):
    """Drafts, to be changed."""

    __slots__ = ()

    def put_draft(self, draft_id: str, content: bytes, *, at: datetime) -> Draft:
        """Store a new revision above the current one; those above it are gone.

        Raises:
            InvalidInput: the id is not a UUID.
        """
        key = demanded_key_of(draft_id)
        before = self.draft(draft_id)
        revision = before.revision + 1 if before else 1
        self._do("DELETE FROM draft_revision WHERE draft = ? AND revision >= ?", (key, revision))
        version = before.version + 1 if before else 1
        draft = Draft(uuid_text(key), version, revision, revision, content, at)
        self._keep(draft, action="saved")
        self._do(_PUT_REVISION, (key, revision, content))
        return draft

    def turn_draft(self, draft_id: str, revision: int, *, at: datetime) -> Draft:
        """Make another revision the current one.

        Raises:
            NotFound: there is no such draft, or no such revision of it.
        """
        before = self._demanded(draft_id)
        if not 1 <= revision <= before.revisions:
            raise NotFound(f"the draft {draft_id} has no revision {revision}")
        (content,) = self._one(
            "SELECT content FROM draft_revision WHERE draft = ? AND revision = ?",
            (key_of(draft_id), revision),
        )
        draft = before._replace(
            version=before.version + 1, revision=revision, content=content, saved_at=at
        )
        self._keep(draft, action="turned")
        return draft

    def drop_draft(self, draft_id: str, *, at: datetime) -> None:
        """Remove a draft with its revisions.

        Raises:
            NotFound: there is no such draft.
        """
        before = self._demanded(draft_id)
        key = key_of(draft_id)
        self._do("DELETE FROM draft_revision WHERE draft = ?", (key,))
        self._do("DELETE FROM draft WHERE id = ?", (key,))
        self._next_change(Subject.DRAFT, before.id, before.version, action="dropped", at=at)

    def _demanded(self, draft_id: str) -> Draft:
        found = self.draft(draft_id)
        if found is None:
            raise NotFound(f"there is no draft {draft_id}")
        return found

    def _keep(self, draft: Draft, *, action: str) -> None:
        self._do(
            _PUT,
            (
                demanded_key_of(draft.id),
                draft.version,
                draft.revision,
                draft.revisions,
                microseconds_of(draft.saved_at),
            ),
        )
        self._next_change(Subject.DRAFT, draft.id, draft.version, action=action, at=draft.saved_at)


def _draft(row: Any) -> Draft:
    key, version, revision, revisions, content, saved_at = row
    return Draft(uuid_text(key), version, revision, revisions, content, moment_of(saved_at))
