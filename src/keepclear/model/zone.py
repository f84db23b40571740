"""Airspace with a rule: zones, agreed lines, airfields."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from keepclear.errors import InvalidOperation
from keepclear.model.altitude import AltitudeBand
from keepclear.model.operation import OperationClass
from keepclear.model.volume import Corridor, Footprint, Position
from keepclear.model.window import Window


class ZoneKind(StrEnum):
    """What sort of airspace it is."""

    EXCLUSION = "exclusion"
    """Nobody enters but the listed users."""
    HAZARD = "hazard"
    """An activity is dangerous to others; entry only as the rule says."""
    AIR_DEFENCE_HAZARD = "air-defence hazard area"
    """Extent, times, status and a contact; never a system, a range or a state of readiness."""
    CORRIDOR = "corridor"
    """Kept for its users; others cross only as the rule says."""
    ALTITUDE_BLOCK = "altitude block"
    """A band of height kept for its users."""
    AIRFIELD_RING = "airfield ring"
    """Around an airfield: contact before entry."""


class EntryRule(StrEnum):
    """What an operation that is not of a listed user needs to enter."""

    PROHIBITED = "prohibited"
    ON_NOTICE = "on notice"
    """The operation names the zone among its `entries`."""
    ON_CONTACT = "on contact"
    """The operation names the zone among its `entries` and gives a contact of its own."""


class ZoneStatus(StrEnum):
    """Whether a zone binds; it ends by expiry or cancellation, never by the word inactive."""

    PLANNED = "PLANNED"
    ACTIVE = "ACTIVE"
    TREAT_AS_ACTIVE = "TREAT AS ACTIVE"


@dataclass(frozen=True, slots=True)
class Zone:
    """Airspace with a rule.

    Attributes:
        id: its identifier ("Z-LATAKIA-AD").
        name: for people.
        kind: what sort of airspace it is.
        footprint: its area.
        band: its heights.
        windows: when it binds; empty means always while the agreement is in force.
        entry: what others need to enter.
        declared_by: the party that declared it.
        users: party or member ids that may enter freely.
        classes: the classes it binds; empty means all.
        status: ACTIVE, TREAT AS ACTIVE or PLANNED; all three bind in their windows.
        contact: whom to call.
    """

    id: str
    name: str
    kind: ZoneKind
    footprint: Footprint
    band: AltitudeBand
    windows: tuple[Window, ...] = ()
    entry: EntryRule = EntryRule.PROHIBITED
    declared_by: str = ""
    users: tuple[str, ...] = ()
    classes: tuple[OperationClass, ...] = ()
    status: ZoneStatus = ZoneStatus.ACTIVE
    contact: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            raise InvalidOperation("a zone needs an id")
        if self.kind is ZoneKind.AIR_DEFENCE_HAZARD and not self.contact:
            raise InvalidOperation(
                f"{self.id}: an air-defence hazard area needs a contact",
                remedy="Say whom to call; without a contact the area protects nobody.",
            )


class Side(StrEnum):
    """A side of a boundary, looking along its line from its first position."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class BoundaryRule:
    """What a boundary asks of one party.

    Attributes:
        party: whom it binds.
        keeps_to: the side on which the party stays unless it gave notice.
        crossing: PROHIBITED, or ON_NOTICE: the operation names the boundary among its
            `crossings`.
    """

    party: str
    keeps_to: Side
    crossing: EntryRule = EntryRule.ON_NOTICE


@dataclass(frozen=True, slots=True)
class Boundary:
    """An agreed line with a direction.

    Attributes:
        id: its identifier.
        name: for people.
        line: at least two positions; left and right are meant looking along it.
        rules: one for each party it binds.
    """

    id: str
    name: str
    line: tuple[Position, ...]
    rules: tuple[BoundaryRule, ...]

    def __post_init__(self) -> None:
        if len(set(self.line)) < 2:
            raise InvalidOperation(f"{self.id}: a boundary needs at least two positions")


@dataclass(frozen=True, slots=True)
class ApproachCorridor:
    """A way in or out of an airfield.

    Attributes:
        name: for people ("RWY 17 arrival").
        corridor: its footprint.
        band: its heights.
    """

    name: str
    corridor: Corridor
    band: AltitudeBand


@dataclass(frozen=True, slots=True)
class Airfield:
    """An airfield with its ring and its corridors.

    Attributes:
        id: its identifier.
        name: for people.
        position: its reference point.
        elevation_m: above mean sea level.
        party: who is based there and enters freely.
        ring_radius_m: inside it, others need contact before entry.
        ring_band: the heights of the ring.
        corridors: arrival and departure ways; others need contact there too.
        windows: when it is active; empty means always.
        contact: whom to call.
    """

    id: str
    name: str
    position: Position
    elevation_m: float
    party: str
    ring_radius_m: float
    ring_band: AltitudeBand
    corridors: tuple[ApproachCorridor, ...] = ()
    windows: tuple[Window, ...] = ()
    contact: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.ring_radius_m) or self.ring_radius_m <= 0.0:
            raise InvalidOperation(f"{self.id}: the ring radius is not above zero")
