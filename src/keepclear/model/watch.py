"""The people on duty, by role: who can be reached, in which languages, until when.

Source: domain study of keepclear, 2 (a watch with a linguist, never an individual) and 5f M02.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepclear.errors import InvalidInput
from keepclear.model.window import require_utc


@dataclass(frozen=True, slots=True)
class DutyRole:
    """One role on duty.

    Attributes:
        role: its name.
        languages: those it speaks.
        certified_linguist: whether certified to interpret on the line.
        alternates: roles that stand in for it, the first first.
    """

    role: str
    languages: tuple[str, ...] = ()
    certified_linguist: bool = False
    alternates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """A shift: who is on duty for a party.

    Attributes:
        party: whose watch.
        since: from when.
        room: which operations room; empty where it was not said.
        languages: spoken on the watch, beside those its roles name.
        alternates: roles that answer where those on duty do not.
        next_handover: when the next shift takes over; None where it was not said.
        roles: on duty as what.
        handed_over_by: the role that gave up the watch; empty for none.
        taken_over_by: the role that took it; empty where it was not said.
        remark: what the next shift must know.
        message: the statement (M02) it came in; empty for our own.

    Raises:
        InvalidInput: a role stands twice, or the handover is before the start.
    """

    party: str
    since: datetime
    roles: tuple[DutyRole, ...]
    room: str = ""
    languages: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    next_handover: datetime | None = None
    handed_over_by: str = ""
    taken_over_by: str = ""
    remark: str = ""
    message: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", require_utc(self.since))
        if self.next_handover is not None:
            object.__setattr__(self, "next_handover", require_utc(self.next_handover))
            if self.next_handover <= self.since:
                raise InvalidInput(
                    "the next handover is not after the start of the watch",
                    remedy="Correct since or next_handover.",
                )
        names = [each.role.casefold() for each in self.roles]
        if len(set(names)) != len(names):
            raise InvalidInput("roles: one stands twice", remedy="Name each role once.")

    @property
    def has_linguist(self) -> bool:
        """Whether somebody certified to interpret is on duty."""
        return any(each.certified_linguist for each in self.roles)

    @property
    def spoken(self) -> tuple[str, ...]:
        """Every language that somebody on duty speaks, each once."""
        every = [*self.languages, *(one for each in self.roles for one in each.languages)]
        return tuple(dict.fromkeys(every))

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the next shift should have taken over and did not."""
        return self.next_handover is not None and self.next_handover <= now
