"""A humanitarian movement: who tells whom of it, what others said, and warnings back to it.

It is received, passed on and warned about. Nobody approves it, and nothing can deny it.

Source: domain study of keepclear, 3 (humanitarian notification), 5f (M14, M15) and 5g.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidInput
from keepclear.model.unit import MeansKind
from keepclear.model.volume import Volume
from keepclear.model.window import require_utc


class MovementMode(StrEnum):
    """How it moves."""

    AIR = "air"
    ROAD = "road"
    SEA = "sea"
    ON_FOOT = "on foot"


class Cargo(StrEnum):
    """What it carries, as a class."""

    FOOD = "food"
    MEDICAL = "medical"
    PEOPLE = "people"
    SHELTER = "shelter"
    FUEL = "fuel"
    OTHER = "other"


class Wanted(StrEnum):
    """Up to which proof whoever notifies wants to know."""

    ACKNOWLEDGED = "acknowledged"
    PASSED_TO_UNITS = "passed to units"


class RecordSource(StrEnum):
    """How a record came."""

    FORM = "form"
    CSV = "csv"
    MAIL = "e-mail"
    LINE = "line"


class AssuranceWord(StrEnum):
    """What another side said of its own conduct. It is theirs to say and to keep."""

    GIVEN = "given"
    WITHHELD = "withheld"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Assurance:
    """What another side said to a movement or a site, in its own words.

    Attributes:
        id: a UUID.
        party: who said it.
        word: given, withheld or none.
        words: as said; never corrected.
        role: as what whoever said it was on duty; never a person's name.
        said_at: when.
        start, end: for which time; None where it was not said.
        means: by which it reached us; None where nobody said.
    """

    id: str
    party: str
    word: AssuranceWord
    words: str
    role: str
    said_at: datetime
    start: datetime | None = None
    end: datetime | None = None
    means: MeansKind | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "said_at", require_utc(self.said_at))
        for name in ("start", "end"):
            at = getattr(self, name)
            object.__setattr__(self, name, None if at is None else require_utc(at))
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise InvalidInput("the assurance ends before it starts", remedy="Correct either.")


@dataclass(frozen=True, slots=True)
class Released:
    """That one recipient was told, by two people.

    Attributes:
        line: on which line.
        party: who was told.
        message: the message that told it.
        at: when.
        role, actor, second: who released it, and who read it with them.
        version: of the record that was told.
    """

    line: str
    party: str
    message: str
    at: datetime
    role: str
    actor: str
    second: str
    version: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A humanitarian flight or convoy.

    Attributes:
        id: a UUID.
        party: who notifies it.
        organisation: whose it is.
        mode: how it moves.
        route: in words.
        legs: where and when, leg by leg.
        marks: of vehicles or aircraft.
        contact: how it is reached on the move; a hazard warning goes there.
        cargo: its class.
        expiry: when the notice ends.
        wanted: up to which proof.
        confirm_by: when it must be said again that it stands; None for never.
        recipients: the parties that may be told, by name; nobody else ever is.
        assurances: what others said, in their words.
        releases: who was told, by which message.
        message: the message it came in; empty for one of ours.
        source: how it came.
        source_text: what it was read from, word for word.
        remark: what those who handle it must know; it is told to nobody.
    """

    id: str
    party: str
    organisation: str
    mode: MovementMode
    route: str
    legs: tuple[Volume, ...]
    marks: str
    contact: str
    cargo: Cargo
    expiry: datetime
    wanted: Wanted = Wanted.PASSED_TO_UNITS
    confirm_by: datetime | None = None
    recipients: tuple[str, ...] = ()
    assurances: tuple[Assurance, ...] = ()
    releases: tuple[Released, ...] = ()
    message: str = ""
    source: RecordSource = RecordSource.FORM
    source_text: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "expiry", require_utc(self.expiry))
        if self.confirm_by is not None:
            object.__setattr__(self, "confirm_by", require_utc(self.confirm_by))
        if not self.legs:
            raise InvalidInput("legs: there is none", remedy="Say where it goes, and when.")

    @property
    def starts_at(self) -> datetime:
        """When its first leg begins."""
        return min(each.window.start for each in self.legs)


@dataclass(frozen=True, slots=True)
class WarningStep:
    """One try at passing a warning on.

    Attributes:
        id: a UUID; the same again changes nothing.
        at: when.
        means: by which; None where it went over a line.
        reached: whether somebody of the movement took it.
        role, actor: who passed it on.
        words: what they said to it.
        message: the message on a line that carried it; empty for none.
    """

    id: str
    at: datetime
    reached: bool
    means: MeansKind | None = None
    role: str = ""
    actor: str = ""
    words: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class HazardWarning:
    """A warning to a humanitarian movement. It says what is not assured; it orders nothing.

    Attributes:
        id: a UUID.
        message: the notice (M14) it is about.
        line: of that notice.
        party: who notified the movement; ours, or theirs.
        organisation, contact: whom it goes to.
        at: when it was due.
        why: what happened, in a few words.
        words: what the movement is told; the mode word first and last.
        steps: tries at passing it on.
    """

    id: str
    message: str
    line: str
    party: str
    organisation: str
    contact: str
    at: datetime
    why: str
    words: str
    steps: tuple[WarningStep, ...] = ()

    @property
    def is_passed(self) -> bool:
        """Whether it reached somebody."""
        return any(each.reached for each in self.steps)
