"""One party's own account of a call or a consultation, kept as its own.

Source: domain study of keepclear, 0 (finding 7), 5b and 5c: readouts differ from the first
day, and are never merged into one truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidInput
from keepclear.model.call import Characterisation, require_numbers
from keepclear.model.window import require_utc


class ReadoutKind(StrEnum):
    """Where an account comes from."""

    OWN = "own"
    PUBLISHED = "published"
    """The other party's, as published or sent over the line."""
    UNOFFICIAL = "unofficial"
    """From a source that does not sign for its party; attributed to it."""


class Stance(StrEnum):
    """What an account says became of a topic."""

    AGREED = "agreed"
    COMMON_GROUND = "common ground"
    DIVERGENCE = "divergence"
    CLAIM = "claim"
    INTENTION = "intention"


class Wording(StrEnum):
    """Whether the words are the author's."""

    QUOTE = "quote"
    PARAPHRASE = "paraphrase"


class Mark(StrEnum):
    """What an officer says of two points."""

    SAME = "same"
    CONTRADICT = "contradict"
    APART = "apart"
    """They have nothing to do with each other, whatever their words."""


class AboutKind(StrEnum):
    """What an account is of."""

    CALL = "call"
    CONSULTATION = "consultation"


@dataclass(frozen=True, slots=True)
class ReadoutPoint:
    """One point of an account.

    Attributes:
        number: counts from 1 within the account.
        topic: what it is about, in a few words.
        stance: what the account says became of it.
        text: the words.
        wording: whether they are quoted.
        language: in which language; empty where nobody said.
        translation: the same in our language; empty for none.
    """

    number: int
    topic: str
    stance: Stance
    text: str
    wording: Wording = Wording.PARAPHRASE
    language: str = ""
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Pairing:
    """What an officer says of a point of this account and one of another.

    Attributes:
        point: the number of the point here.
        readout: the other account's id.
        other: the number of the point there.
        mark: what the officer says.
        role: on duty as what.
    """

    point: int
    readout: str
    other: int
    mark: Mark
    role: str


@dataclass(frozen=True, slots=True)
class Readout:
    """One party's account of a call or a consultation.

    Attributes:
        id: its UUID.
        line: which line.
        party: whose account it is, or to whose source it is attributed.
        kind: where it comes from.
        about_kind, about: of which call or consultation; about is empty where it is of
            none that is recorded here.
        published_at: when; None while it is not.
        where: published or said where, by which office.
        text: the whole text, as it stands; empty where only points are known.
        points: point by point.
        characterisations: adjectives, each with whose word it is.
        embargo_until: not to be published before; None for no embargo.
        pairings: what our officers say of its points beside another's.
        message: the message (M22) it came in; empty where it did not come over the line.

    Raises:
        InvalidInput: a number stands twice, or a pairing names no point of it.
    """

    id: str
    line: str
    party: str
    kind: ReadoutKind
    about_kind: AboutKind
    about: str
    published_at: datetime | None = None
    where: str = ""
    text: str = ""
    points: tuple[ReadoutPoint, ...] = ()
    characterisations: tuple[Characterisation, ...] = ()
    embargo_until: datetime | None = None
    pairings: tuple[Pairing, ...] = ()
    message: str = ""

    def __post_init__(self) -> None:
        for name in ("published_at", "embargo_until"):
            at = getattr(self, name)
            object.__setattr__(self, name, None if at is None else require_utc(at))
        numbers = [each.number for each in self.points]
        require_numbers("points", numbers)
        for pairing in self.pairings:
            if pairing.point not in numbers:
                raise InvalidInput(
                    f"pairings: there is no point {pairing.point} to pair",
                    remedy="Name points by their numbers.",
                )
