"""A position in words: two notations, and where it lies from a place people know.

Bearings and distances here are for reading aloud: a sphere is good enough for them, and
they are rounded to what a voice carries. No rule is ever judged by them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from keepclear.model.volume import Position
from keepclear.ports.world import Gazetteer, Place
from keepclear.reports.wording import plain
from keepclear.units import M_PER_KM, M_PER_NM

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the ellipsoid. Source: Moritz, GRS 1980, Journal of Geodesy 74 (2000)."""
FARTHEST_M = 500_000.0
"""A place farther away says nothing."""
_WINDS = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)


class Places:
    """A gazetteer over a handful of places, for reports that were given no other."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = tuple(places)

    def nearest(self, position: Position) -> Place | None:
        """The nearest place; None where none lies within 500 km."""
        found = min(
            self._places, key=lambda place: distance_m(place.position, position), default=None
        )
        if found is None or distance_m(found.position, position) > FARTHEST_M:
            return None
        return found

    def within(
        self, south_deg: float, west_deg: float, north_deg: float, east_deg: float
    ) -> tuple[Place, ...]:
        """Places inside the box, most populous first; empty where there are none."""

        def inside(position: Position) -> bool:
            longitude_deg = position.longitude_deg
            if west_deg <= east_deg:
                between = west_deg <= longitude_deg <= east_deg
            else:
                between = longitude_deg >= west_deg or longitude_deg <= east_deg
            return between and south_deg <= position.latitude_deg <= north_deg

        found = (place for place in self._places if inside(place.position))
        return tuple(sorted(found, key=lambda place: (-place.population, place.name)))


def distance_m(first: Position, second: Position) -> float:
    """The distance between two positions on a sphere."""
    lat1, lat2 = math.radians(first.latitude_deg), math.radians(second.latitude_deg)
    turn = math.radians(second.longitude_deg - first.longitude_deg)
    half = (
        math.sin((lat2 - lat1) / 2.0) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin(turn / 2.0) ** 2
    )
    return 2.0 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def bearing_deg(first: Position, second: Position) -> float:
    """The initial bearing on a sphere from the first position to the second, 0 .. 360."""
    lat1, lat2 = math.radians(first.latitude_deg), math.radians(second.latitude_deg)
    turn = math.radians(second.longitude_deg - first.longitude_deg)
    east = math.sin(turn) * math.cos(lat2)
    north = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360.0


def decimal_degrees(position: Position) -> str:
    """The position as "35.4011N 035.9487E"."""
    return (
        f"{abs(position.latitude_deg):07.4f}{_letter(position.latitude_deg, 'NS')} "
        f"{abs(position.longitude_deg):08.4f}{_letter(position.longitude_deg, 'EW')}"
    )


def degrees_minutes(position: Position) -> str:
    """The position as "35 24.07N 035 56.92E"."""
    latitude = _degrees_minutes(position.latitude_deg, 2)
    longitude = _degrees_minutes(position.longitude_deg, 3)
    return (
        f"{latitude}{_letter(position.latitude_deg, 'NS')} "
        f"{longitude}{_letter(position.longitude_deg, 'EW')}"
    )


def _letter(angle_deg: float, letters: str) -> str:
    return letters[0] if angle_deg >= 0.0 else letters[1]


def _degrees_minutes(angle_deg: float, digits: int) -> str:
    whole, hundredths = divmod(round(abs(angle_deg) * 6_000.0), 6_000)
    return f"{whole:0{digits}} {hundredths / 100.0:05.2f}"


def from_place(position: Position, gazetteer: Gazetteer | None) -> str:
    """Where the position lies: "12 km (6.5 NM) north-east (045°) of Latakia"; may be empty."""
    place = gazetteer.nearest(position) if gazetteer is not None else None
    if place is None:
        return ""
    away_m = distance_m(place.position, position)
    name = plain(place.name, 40)
    if away_m < 1_000.0:
        return f"within 1 km of {name}"
    bearing = bearing_deg(place.position, position)
    wind = _WINDS[round(bearing / 45.0) % 8]
    return (
        f"{away_m / M_PER_KM:,.0f} km ({away_m / M_PER_NM:,.1f} NM) "
        f"{wind} ({round(bearing) % 360:03}°) of {name}"
    )


def place_words(position: Position, gazetteer: Gazetteer | None) -> str:
    """The position in two notations, and from a known place where there is one."""
    named = from_place(position, gazetteer)
    both = f"{decimal_degrees(position)} = {degrees_minutes(position)}"
    return f"{both}, {named}" if named else both
