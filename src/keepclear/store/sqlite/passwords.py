"""The rows of passwords: what argon2 made of them, apart from everything that is told."""

from __future__ import annotations

from datetime import datetime

from keepclear.store.sqlite.columns import microseconds_of, storable
from keepclear.store.sqlite.rows import Reads, Writes

_PUT = (
    "INSERT INTO account_password (account, hash, at) VALUES (?, ?, ?)"
    " ON CONFLICT (account) DO UPDATE SET hash = excluded.hash, at = excluded.at"
)


class PasswordReads(Reads):
    """Hashes at one moment."""

    __slots__ = ()

    def password_hash(self, account: str) -> str | None:
        """What is kept of an account's password; None where there is none."""
        if not storable(account):
            return None
        row = self._first("SELECT hash FROM account_password WHERE account = ?", (account,))
        return None if row is None else str(row[0])


class PasswordWrites(PasswordReads, Writes):
    """Hashes, to be changed."""

    __slots__ = ()

    def put_password_hash(self, account: str, kept: str, *, at: datetime) -> None:
        """Keep another hash; the one before is overwritten."""
        self._do(_PUT, (account, kept, microseconds_of(at)))
