"""Read what a person typed, and say it back in other words so that a slip is heard.

A readback in the notation that was typed repeats the slip; each value comes back in at
least one other notation, and a position also from a place people know.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from keepclear.formats.coordinates import (
    Notation,
    position_decimal,
    position_dms,
    position_mgrs,
    read_position,
)
from keepclear.formats.quantities import (
    altitude_text,
    duration_text,
    length_text,
    parse_altitude,
    typed_altitude,
)
from keepclear.formats.times import dtg_or_iso, iso_text, parse_time
from keepclear.geometry.geodesy import bearing_and_distance
from keepclear.model.altitude import Altitude, AltitudeReference
from keepclear.model.volume import Position
from keepclear.model.window import require_utc
from keepclear.ports.world import Gazetteer
from keepclear.services.node import Node

VAGUE_M = 50.0
"""A position whose text leaves more room than this is read back with how much."""
AT_THE_PLACE_M = 1_000.0
"""Nearer than this, a direction from the place says nothing."""

_WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_MEASURED = {
    AltitudeReference.STD: "above the level of 1013.25 hPa, altimeter on standard",
    AltitudeReference.QNH: "above mean sea level, altimeter on the local QNH",
    AltitudeReference.QFE: "above the aerodrome, altimeter on its QFE",
    AltitudeReference.AGL: "above the ground beneath",
    AltitudeReference.HAE: "above the WGS84 ellipsoid, as GNSS gives it",
}


class TypedPosition(NamedTuple):
    """A position that was typed, and how to read it back.

    Attributes:
        position: where; for MGRS the centre of the stated square.
        readback: two notations or more, one of them MGRS; last, where the text was vague,
            how vague.
        place: "9.72 NM (18 km) SW (225°) of Latakia"; empty where no known place is near.
    """

    position: Position
    readback: tuple[str, ...]
    place: str


class TypedAltitude(NamedTuple):
    """An altitude that was typed, and how to read it back: typed, in both units, in words."""

    altitude: Altitude
    readback: tuple[str, ...]


class TypedTime(NamedTuple):
    """A time that was typed, and how to read it back: date-time group, ISO 8601, from now."""

    at: datetime
    readback: tuple[str, ...]


def read_typed_position(node: Node, text: str) -> TypedPosition:
    """Read a typed position and say it in other notations and from a known place.

    Raises:
        InvalidCoordinates: it cannot be read without guessing; the message says why.
    """
    typed = read_position(text)
    first = position_decimal if typed.notation is Notation.SECONDS else position_dms
    readback = [first(typed.position), position_mgrs(typed.position)]
    if typed.notation is Notation.MGRS:
        readback.insert(1, position_decimal(typed.position))
    if typed.rounding_m > VAGUE_M:
        readback.append(f"as written it may lie up to {length_text(typed.rounding_m)} from there")
    return TypedPosition(
        typed.position, tuple(readback), from_known_place(typed.position, node.gazetteer)
    )


def read_typed_altitude(text: str) -> TypedAltitude:
    """Read a typed altitude and say it in feet and metres, and what it is counted from.

    Raises:
        InvalidAltitude: no reference, an unknown one, or nothing of the kind.
    """
    altitude = parse_altitude(text)
    return TypedAltitude(
        altitude,
        (typed_altitude(altitude), altitude_text(altitude), _MEASURED[altitude.reference]),
    )


def read_typed_time(text: str, now: datetime) -> TypedTime:
    """Read a typed time; a month that was not typed is the one nearest to `now`.

    Raises:
        InvalidWindow: no zone, no such time, or more than one month could be meant.
    """
    at = parse_time(text, reference=now)
    readback = dict.fromkeys((dtg_or_iso(at), iso_text(at), _from_now(at, require_utc(now))))
    return TypedTime(at, tuple(readback))


def from_known_place(position: Position, gazetteer: Gazetteer) -> str:
    """Where a position lies from the nearest known place; empty where none is near."""
    place = gazetteer.nearest(position)
    if place is None:
        return ""
    bearing_deg, away_m = bearing_and_distance(place.position, position)
    if away_m < AT_THE_PLACE_M:
        return f"within {length_text(AT_THE_PLACE_M)} of {place.name}"
    wind = _WINDS[round(bearing_deg / 45.0) % 8]
    rounded_m = round(away_m, -2)
    return f"{length_text(rounded_m)} {wind} ({round(bearing_deg) % 360:03}°) of {place.name}"


def _from_now(at: datetime, now: datetime) -> str:
    minutes = round((at - now).total_seconds() / 60.0)
    if minutes == 0:
        return "now"
    apart = duration_text(abs(minutes) * 60.0)
    return f"in {apart}" if minutes > 0 else f"{apart} ago"
