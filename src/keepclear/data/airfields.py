"""The world's airfields, as reference data (an agreement's own are `model.zone.Airfield`)."""

from __future__ import annotations

from dataclasses import dataclass

from keepclear.model.volume import Position


@dataclass(frozen=True, slots=True)
class KnownAirfield:
    """An airfield of the shipped list.

    Attributes:
        icao: its four-letter location indicator.
        name: for people.
        position: its reference point.
        elevation_m: above mean sea level, metres.
    """

    icao: str
    name: str
    position: Position
    elevation_m: float
