"""A release: how much one party may learn of one operation, who decided it, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepclear.errors import InvalidOperation
from keepclear.model.operation import DisclosureLevel
from keepclear.model.window import require_utc


def release_id(operation: str, party: str) -> str:
    """What the release of an operation to a party is called: there is one at most."""
    return f"{operation}/{party}"


@dataclass(frozen=True, slots=True)
class Release:
    """What an owner released of an operation to a party.

    Attributes:
        operation: the operation's id.
        party: to whom.
        level: how much.
        released_by: as what the person was on duty, never a name.
        actor: how they call themselves.
        at: when.
        until: until when it holds; None for as long as the operation lives.
        reason: in their words.
        ended_at: when it was withdrawn or ran out; None while it stands.
        ended_by: the role that withdrew it; empty where it ran out.
    """

    operation: str
    party: str
    level: DisclosureLevel
    released_by: str
    actor: str
    at: datetime
    until: datetime | None = None
    reason: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))
        for name in ("until", "ended_at"):
            at = getattr(self, name)
            if at is not None:
                object.__setattr__(self, name, require_utc(at))
        if not self.operation or not self.party or not self.released_by:
            raise InvalidOperation("a release names an operation, a party and a role")

    @property
    def id(self) -> str:
        """Its id."""
        return release_id(self.operation, self.party)

    def holds(self, now: datetime) -> bool:
        """Whether it holds at a moment."""
        return self.ended_at is None and (self.until is None or now < self.until)
