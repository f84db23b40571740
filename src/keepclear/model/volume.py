"""Where and when: a footprint on the ground, a band of height, a window of time.

Edges are great circles through geodetic normals (see docs/explanation/geometry.md).
Rings, circles and corridors are exact shapes; none is turned into another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from keepclear.errors import InvalidFootprint
from keepclear.model.altitude import AltitudeBand
from keepclear.model.window import Window

WIDEST_M = 2_000_000.0
"""The largest radius or half width: shapes beyond it are split by whoever draws them."""
MOST_VERTICES = 20_000
"""The most vertices one footprint may have; more is a mistake or an attack."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A point on the WGS84 ellipsoid.

    Attributes:
        latitude_deg: geodetic latitude, -90 .. 90.
        longitude_deg: longitude, -180 .. 180; both ends name the same meridian.

    Raises:
        InvalidFootprint: not finite or out of range.
    """

    latitude_deg: float
    longitude_deg: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.latitude_deg) and math.isfinite(self.longitude_deg)):
            raise InvalidFootprint(
                f"the position {self.latitude_deg}, {self.longitude_deg} is not a number"
            )
        if abs(self.latitude_deg) > 90.0:
            hint = (
                " (latitude and longitude may be swapped)"
                if abs(self.longitude_deg) <= 90.0
                else ""
            )
            raise InvalidFootprint(f"latitude {self.latitude_deg} is not within ±90°{hint}")
        if abs(self.longitude_deg) > 180.0:
            raise InvalidFootprint(f"longitude {self.longitude_deg} is not within ±180°")


@dataclass(frozen=True, slots=True)
class Circle:
    """All points within a distance of a centre.

    Attributes:
        centre: the centre.
        radius_m: geodesic radius, above zero.
    """

    centre: Position
    radius_m: float

    def __post_init__(self) -> None:
        _require_width(self.radius_m, "radius")


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area bounded by rings of great circles.

    Attributes:
        rings: the outer ring, then the holes; each open (its first vertex not repeated),
            of at least three vertices, in any direction. The area is the side that is
            smaller than a hemisphere.
    """

    rings: tuple[tuple[Position, ...], ...]

    def __post_init__(self) -> None:
        if not self.rings:
            raise InvalidFootprint("the polygon has no ring")
        _require_few(sum(len(ring) for ring in self.rings))
        for ring in self.rings:
            if len(set(ring)) < 3:
                raise InvalidFootprint("a ring has fewer than three different vertices")
            if ring[0] == ring[-1]:
                raise InvalidFootprint("a ring repeats its first vertex at its end")


@dataclass(frozen=True, slots=True)
class Corridor:
    """All points within half a width of a centre line, ends rounded.

    Attributes:
        centreline: at least two different positions.
        half_width_m: distance from the line to the edge, above zero.
    """

    centreline: tuple[Position, ...]
    half_width_m: float

    def __post_init__(self) -> None:
        _require_width(self.half_width_m, "half width")
        _require_few(len(self.centreline))
        if len(set(self.centreline)) < 2:
            raise InvalidFootprint("the corridor's centre line has fewer than two positions")


Footprint = Circle | Polygon | Corridor


@dataclass(frozen=True, slots=True)
class Volume:
    """A footprint between two heights during a window.

    Attributes:
        footprint: the area on the ground.
        band: the heights, each with its reference.
        window: the times, before any tolerance.
        source_text: what the volume was read from, word for word, where that was text.
    """

    footprint: Footprint
    band: AltitudeBand
    window: Window
    source_text: str = ""


def positions_of(footprint: Footprint) -> tuple[Position, ...]:
    """List the positions that define a footprint, in order."""
    match footprint:
        case Circle(centre=centre):
            return (centre,)
        case Corridor(centreline=centreline):
            return centreline
        case Polygon(rings=rings):
            return tuple(position for ring in rings for position in ring)


def _require_width(width_m: float, name: str) -> None:
    if not math.isfinite(width_m) or not 0.0 < width_m <= WIDEST_M:
        raise InvalidFootprint(f"a {name} of {width_m} m is not above zero and within 2,000 km")


def _require_few(count: int) -> None:
    if count > MOST_VERTICES:
        raise InvalidFootprint(
            f"{count:,} vertices are more than {MOST_VERTICES:,}",
            remedy="Simplify the shape, or split it into several volumes.",
        )
