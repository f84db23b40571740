"""A series of consultations: dated talks with agenda, terms, actions and what was agreed.

Source: domain study of keepclear, 5b ("agreed to continue consultations", margin meetings,
intermediaries) and 5c.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.model.call import Action, Characterisation, require_numbers
from keepclear.model.line_state import ContactLevel
from keepclear.model.window import require_utc


class ConsultationKind(StrEnum):
    """What sort of talks."""

    WORKING_GROUP = "working group"
    REVIEW = "review"
    VTC = "vtc"
    MARGIN_MEETING = "margin meeting"
    INCIDENT = "incident"
    INTERMEDIARY = "intermediary"
    """Through a third party."""


@dataclass(frozen=True, slots=True)
class Position:
    """What one party held in a session, in its words.

    Attributes:
        party: whose position it is.
        words: as said.
    """

    party: str
    words: str


@dataclass(frozen=True, slots=True)
class HeldSession:
    """One meeting of the series that took place.

    Attributes:
        at: when it began.
        place: where, or over which channel.
        positions: what each party held.
        agreed: what both agreed, item by item.
        not_agreed: what they did not.
        call: the id of the call that it was; empty where it was none.
    """

    at: datetime
    place: str = ""
    positions: tuple[Position, ...] = ()
    agreed: tuple[str, ...] = ()
    not_agreed: tuple[str, ...] = ()
    call: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))


@dataclass(frozen=True, slots=True)
class Consultation:
    """A dated series of talks, as one party tells it.

    Attributes:
        id: its UUID.
        line: which line.
        party: who says so; a proposal that came over the line is the other party's.
        kind: what sort of talks.
        title: what about.
        opened_at: when it was agreed that there shall be talks.
        level: between whom, by office.
        owner_role: who in our party sees to it.
        next_at: when the next session is to be; None where none is dated.
        proposed: dates proposed and not agreed.
        agenda: item by item.
        languages: in which languages.
        recording: the terms of recording; empty: none agreed, nothing is recorded.
        publication: the terms of publication; empty: none agreed.
        place: where, on which occasion, through whom.
        actions: what follows.
        sessions: those held, in order.
        characterisations: each party's own word for it.
        concluded_at: when the series ended; None while it goes on.
        messages: the proposals and confirmations (M21) it goes back to.
        from_line: whether it is the other party's word, as it came over the line.

    Raises:
        InvalidInput: a number of an action stands twice.
        InvalidWindow: a time has no zone.
    """

    id: str
    line: str
    party: str
    kind: ConsultationKind
    title: str
    opened_at: datetime
    level: ContactLevel = ContactLevel.LIAISON
    owner_role: str = ""
    next_at: datetime | None = None
    proposed: tuple[datetime, ...] = ()
    agenda: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    recording: str = ""
    publication: str = ""
    place: str = ""
    actions: tuple[Action, ...] = ()
    sessions: tuple[HeldSession, ...] = ()
    characterisations: tuple[Characterisation, ...] = ()
    concluded_at: datetime | None = None
    messages: tuple[str, ...] = ()
    from_line: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "opened_at", require_utc(self.opened_at))
        object.__setattr__(self, "proposed", tuple(require_utc(at) for at in self.proposed))
        for name in ("next_at", "concluded_at"):
            at = getattr(self, name)
            object.__setattr__(self, name, None if at is None else require_utc(at))
        require_numbers("actions", [each.number for each in self.actions])
