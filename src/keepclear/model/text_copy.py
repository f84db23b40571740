"""A message that came as text: typed in from a call, a radio, a mail or a sheet of paper.

It is a copy that nobody signed. What it says is held against the signed envelope once that
comes; until then it is known how far anybody vouches for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from keepclear.model.window import require_utc

AT_ONCE: Final = frozenset({"M09", "M10"})
"""Messages that are acted on before anybody vouches for them: to wait would cost lives."""


class CopyState(StrEnum):
    """How far a copy is vouched for."""

    WAITING = "waits for authentication"
    VERIFY = "acted on, verify"
    AUTHENTICATED = "authenticated"
    FAILED = "authentication failed"
    MATCHED = "as signed"
    DISPUTED = "DISPUTED"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge that was put to who sent a copy.

    Attributes:
        at: when.
        card: the date of the card.
        challenge: which line of it.
        held: whether the reply was the card's.
        role: as what whoever challenged was on duty.
    """

    at: datetime
    card: str
    challenge: str
    held: bool
    role: str = ""


@dataclass(frozen=True, slots=True)
class CopyDifference:
    """Something that a copy says otherwise than the signed message.

    Attributes:
        key: which field, or which part around the fields.
        label: the same for people.
        copied, sent: as the copy and as the envelope has it, for people.
    """

    key: str
    label: str
    copied: str
    sent: str


@dataclass(frozen=True, slots=True)
class TextCopy:
    """A message that came as text.

    Attributes:
        id: a UUID, drawn by whoever enters it.
        line: on which line.
        sender: who says it.
        epoch, serial: its place in the sender's stream, as the text has it.
        message: the id of the message; its own, or the one its place names.
        text: as it was entered, word for word.
        document: the message's document, as it was read.
        by: by which channel it came.
        language: in which language it was heard.
        role: as what whoever entered it was on duty.
        entered_at: when.
        doubts: what whoever reads it must know.
        challenges: what was asked to authenticate it, in order.
        acted_at: when it became a message that waits for people; None for not yet.
        envelope: the hash of the signed envelope, hex; empty until it came.
        compared_at: when that was.
        differences: what differs from the envelope, field by field.
    """

    id: str
    line: str
    sender: str
    epoch: int
    serial: int
    message: str
    text: str
    document: Mapping[str, Any]
    by: str
    language: str
    role: str
    entered_at: datetime
    doubts: tuple[str, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    acted_at: datetime | None = None
    envelope: str = ""
    compared_at: datetime | None = None
    differences: tuple[CopyDifference, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "entered_at", require_utc(self.entered_at))

    @property
    def code(self) -> str:
        """Which message of the catalogue it is."""
        return str(self.document["code"])

    @property
    def is_authenticated(self) -> bool:
        """Whether a challenge was answered rightly."""
        return any(each.held for each in self.challenges)

    @property
    def state(self) -> CopyState:
        """How far it is vouched for; it follows from the facts."""
        if self.envelope:
            return CopyState.DISPUTED if self.differences else CopyState.MATCHED
        if self.is_authenticated:
            return CopyState.AUTHENTICATED
        if self.challenges:
            return CopyState.FAILED
        return CopyState.WAITING if self.acted_at is None else CopyState.VERIFY
