"""Tell a search from planning: many different questions about one place and one time.

A planner asks about flights here and there, and about one of them a few times. Who looks for
an edge asks again and again close by, a little shifted each time.

Source: our own construction; domain study of keepclear, 5e (grid-search detector) and 5h.8.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from keepclear.disclose.lattice import Lattice, lattice_of
from keepclear.model.agreement import DisclosureLimits
from keepclear.model.altitude import AltitudeReference
from keepclear.model.volume import Position, Volume, positions_of

REMEMBERED = timedelta(hours=6)
"""So long a question counts."""
MOST_REMEMBERED = 1_000
"""So many are kept of one party."""
MOST_PARTS = 8
"""So many volumes of one question are judged, spread over all of them."""
NEAR_GRIDS = 3.0
"""Questions are about one place and time where their middles lie so many grids apart, on the
ground, in height and in time."""

_METRES_PER_DEG = 111_195.0


@dataclass(frozen=True, slots=True)
class Asked:
    """The middle of a question, as a search is judged by it.

    Attributes:
        at: when it was asked.
        latitude_deg, longitude_deg: the middle of its footprints.
        height_m: the middle of its bands, whatever they count from.
        reference: what the first band counts from.
        middle_s: the middle of its windows, in seconds since 1970.
        mark: what tells it from others; asking the same again is no search.
    """

    at: datetime
    latitude_deg: float
    longitude_deg: float
    height_m: float
    reference: AltitudeReference
    middle_s: float
    mark: str


def asked_about(volumes: Sequence[Volume], at: datetime, mark: str) -> tuple[Asked, ...]:
    """What a question is about, volume by volume: its parts may hide a search of its own."""
    return tuple(
        Asked(
            at,
            *_middle(positions_of(each.footprint)),
            (each.band.lower.value_m + each.band.upper.value_m) / 2.0,
            each.band.lower.reference,
            (each.window.start.timestamp() + each.window.end.timestamp()) / 2.0,
            f"{mark}/{number}",
        )
        for number, each in enumerate(volumes[:: max(1, math.ceil(len(volumes) / MOST_PARTS))])
    )


def remembered(recent: Sequence[Asked], now: datetime) -> tuple[Asked, ...]:
    """Those that still count, the latest of them."""
    return tuple(each for each in recent if now - each.at <= REMEMBERED)[-MOST_REMEMBERED:]


def is_search(recent: Sequence[Asked], asked: Sequence[Asked], limits: DisclosureLimits) -> bool:
    """Whether a question makes a search of those before it.

    Args:
        recent: what the same party asked before, as `remembered` keeps it.
        asked: the question, as `asked_about` tells it.
        limits: how many different ones about one place and time are planning.
    """
    lattice = lattice_of(limits)
    return any(_near(each, recent, lattice) >= limits.questions_near for each in asked)


def _near(one: Asked, recent: Sequence[Asked], lattice: Lattice) -> int:
    """How many different questions before were about the same place and time."""
    marks = {each.mark for each in recent if _is_near(one, each, lattice)}
    return len({mark.rpartition("/")[0] for mark in marks} - {one.mark.rpartition("/")[0]})


def _is_near(one: Asked, other: Asked, lattice: Lattice) -> bool:
    if abs(one.middle_s - other.middle_s) > NEAR_GRIDS * lattice.grid_time_s:
        return False
    is_comparable = one.reference is other.reference
    apart_m = abs(one.height_m - other.height_m)
    if is_comparable and apart_m > NEAR_GRIDS * lattice.grid_height_m:
        return False
    return _apart_m(one, other) <= NEAR_GRIDS * lattice.grid_m


def _apart_m(one: Asked, other: Asked) -> float:
    north_m = (one.latitude_deg - other.latitude_deg) * _METRES_PER_DEG
    turn_deg = (one.longitude_deg - other.longitude_deg + 180.0) % 360.0 - 180.0
    east_m = turn_deg * _METRES_PER_DEG * math.cos(math.radians(one.latitude_deg))
    return math.hypot(north_m, east_m)


def _middle(positions: Sequence[Position]) -> tuple[float, float]:
    """The middle of the box around some positions."""
    first_deg = positions[0].longitude_deg
    turns = [(each.longitude_deg - first_deg + 180.0) % 360.0 - 180.0 for each in positions]
    latitudes = [each.latitude_deg for each in positions]
    longitude_deg = first_deg + (min(turns) + max(turns)) / 2.0
    return (min(latitudes) + max(latitudes)) / 2.0, (longitude_deg + 180.0) % 360.0 - 180.0
