"""An intended flight or movement, complete from its first day."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from keepclear.errors import InvalidOperation
from keepclear.model.volume import Volume
from keepclear.model.window import Window, require_utc


class Mode(StrEnum):
    """EXERCISE or REAL; the two never mix, and the word stands first and last in every text."""

    EXERCISE = "EXERCISE"
    REAL = "REAL"


class OperationClass(StrEnum):
    """What moves: rules differ by it."""

    MANNED = "manned"
    UNMANNED = "unmanned"
    GROUND_MOVEMENT = "ground movement"


class OperationCategory(StrEnum):
    """What it is for, as far as an agreement lets that be said."""

    TRANSPORT = "transport"
    PATROL = "patrol"
    SURVEY = "survey"
    MEDEVAC = "medevac"
    HUMANITARIAN = "humanitarian"
    FIRE = "fire"
    RESCUE = "rescue"
    EXERCISE = "exercise"
    CIVIL = "civil"
    OTHER = "other"


class OperationState(StrEnum):
    """Where an operation is in its life."""

    PLANNED = "planned"
    ACTIVE = "active"
    NONCONFORMING = "nonconforming"
    CONTINGENT = "contingent"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why an operation ended; NOT_ENDED while it has not."""

    NOT_ENDED = ""
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """Its owner's newer set no longer holds it."""


class Precedence(StrEnum):
    """How soon a message must reach a person; in whole words."""

    FLASH = "FLASH"
    IMMEDIATE = "IMMEDIATE"
    PRIORITY = "PRIORITY"
    ROUTINE = "ROUTINE"


class DisclosureLevel(IntEnum):
    """What another party may learn of an operation (docs/explanation/disclosure.md)."""

    L0 = 0
    """Presence: that there are notices, and how many."""
    L1 = 1
    """The conflict bit for the asker's own volume."""
    L2 = 2
    """The conflicting part, padded and snapped to a grid."""
    L3 = 3
    """Full volumes and times."""
    L4 = 4
    """Tracks."""


class SourceKind(StrEnum):
    """How an operation or a zone came to this node."""

    FILE = "file"
    TYPED = "typed"
    LINE = "line"
    TRACKS = "tracks"
    SCENARIO = "scenario"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something came from.

    Attributes:
        kind: by which way.
        name: the file, line or form, as a person knows it.
        feature: which part of it ("feature 3", "row 17").
    """

    kind: SourceKind
    name: str = ""
    feature: str = ""

    def __str__(self) -> str:
        """Name the place in one phrase."""
        return ", ".join(part for part in (self.name or self.kind.value, self.feature) if part)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How far the truth may lie from what was declared, as the owner says.

    Attributes:
        lateral_m: horizontally, at least zero.
        vertical_m: in height, at least zero.
    """

    lateral_m: float = 0.0
    vertical_m: float = 0.0

    def __post_init__(self) -> None:
        for value_m in (self.lateral_m, self.vertical_m):
            if not math.isfinite(value_m) or value_m < 0.0:
                raise InvalidOperation(f"an uncertainty of {value_m} m is not zero or more")


@dataclass(frozen=True, slots=True)
class Operation:
    """An intended flight or movement.

    Attributes:
        id: a UUID, drawn once by its owner's node.
        party: the owner's party id.
        designator: the owner's own short name for it ("B-7731").
        operation_class: manned, unmanned or ground movement.
        volumes: where and when, at least one.
        mode: EXERCISE or REAL.
        source: where this node has it from.
        received_at: when this node took it in.
        version: 1, and one more at every change by its owner.
        ovn: opaque version number, new at every change; empty before the first filing.
        state: where it is in its life.
        end_reason: why it ended; NOT_ENDED while it has not, or where nobody said.
        category: what it is for.
        level: what other parties may learn of it.
        tolerance_s: widens every window at both ends.
        uncertainty: how far the truth may lie from the declaration.
        precedence: how soon a person must see its notice.
        member: the member of the party that flies it; empty for the party itself.
        contact: how to reach the aircraft or its controller; empty where not given.
        crossings: ids of boundaries whose crossing was notified with it.
        entries: ids of zones and airfields whose entry was notified with it.
        aircraft_count: how many; None where not said.
        priority: F3548's number, used at that edge only; no party outranks another.
        source_text: what it was read from, word for word, where that was text.
    """

    id: str
    party: str
    designator: str
    operation_class: OperationClass
    volumes: tuple[Volume, ...]
    mode: Mode
    source: Source
    received_at: datetime
    version: int = 1
    ovn: str = ""
    state: OperationState = OperationState.PLANNED
    category: OperationCategory = OperationCategory.OTHER
    level: DisclosureLevel = DisclosureLevel.L1
    tolerance_s: float = 0.0
    uncertainty: Uncertainty = field(default_factory=Uncertainty)
    precedence: Precedence = Precedence.ROUTINE
    member: str = ""
    contact: str = ""
    crossings: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    aircraft_count: int | None = None
    priority: int = 0
    source_text: str = ""
    end_reason: EndReason = EndReason.NOT_ENDED

    def __post_init__(self) -> None:
        object.__setattr__(self, "received_at", require_utc(self.received_at))
        object.__setattr__(self, "id", _canonical_uuid(self.id))
        if not self.party or not self.designator:
            raise InvalidOperation("an operation needs a party and a designator")
        if not self.volumes:
            raise InvalidOperation(f"{self.designator} has no volume")
        if not math.isfinite(self.tolerance_s) or not 0.0 <= self.tolerance_s <= 86_400.0:
            raise InvalidOperation(
                f"{self.designator}: a tolerance of {self.tolerance_s} s is not within a day"
            )
        if self.version < 1:
            raise InvalidOperation(f"{self.designator}: versions count from 1")
        if self.end_reason and self.state is not OperationState.ENDED:
            raise InvalidOperation(f"{self.designator}: only what ended has a reason for it")
        if self.aircraft_count is not None and self.aircraft_count < 1:
            raise InvalidOperation(f"{self.designator}: an aircraft count starts at 1")

    def window_of(self, volume: Volume) -> Window:
        """The volume's window, widened by this operation's tolerance."""
        return volume.window.widened(self.tolerance_s)

    @property
    def window(self) -> Window:
        """From the earliest start to the latest end, tolerance included."""
        windows = [self.window_of(volume) for volume in self.volumes]
        return Window(min(w.start for w in windows), max(w.end for w in windows))


def _canonical_uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise InvalidOperation(
            f"the operation id {text!r} is not a UUID",
            remedy="Leave the id out to have one derived, or give a UUID.",
        ) from None
