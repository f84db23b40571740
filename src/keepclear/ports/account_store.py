"""What the services ask of a store about passwords; only hashes are ever there."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class AccountView(Protocol):
    """What one moment of the store tells of passwords."""

    def password_hash(self, account: str) -> str | None:
        """What is kept of an account's password; None where there is none."""
        ...


class AccountUnit(Protocol):
    """What a unit of work may change of passwords."""

    def put_password_hash(self, account: str, kept: str, *, at: datetime) -> None:
        """Keep another hash; the one before is overwritten. No change is told of it."""
        ...
