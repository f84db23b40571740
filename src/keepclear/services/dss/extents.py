"""What the standard demands of the areas in a request, and the extents made of them.

Source: ASTM F3548-21, interface UTM API 1.0.0: extents of
    PutOperationalIntentReferenceParameters, PutConstraintReferenceParameters and
    PutSubscriptionParameters, area_of_interest of the queries; DSS0015 (24 h); OPIN0020
    (10,000 vertices are the most that the details of an intent may have).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import UnsetType

from keepclear.errors import InvalidAltitude, InvalidFootprint, InvalidInput, InvalidWindow
from keepclear.f3548.extent import Extent, extent_of
from keepclear.f3548.soundness import AreaLimits, require_sound_area
from keepclear.formats.f3548 import Volume4D, area_of
from keepclear.model.coordination import Area
from keepclear.services.dss.discovery import DssLimits

LONGEST_SUBSCRIPTION = timedelta(hours=24)
"""A subscription is this long at most; DSS0015."""
OLDEST_START = timedelta(minutes=5)
"""A subscription's start may lie this far back, for clocks that differ."""


def entity_extent(volumes: Sequence[Volume4D], limits: DssLimits, now: datetime) -> Extent:
    """The extent of an intent or a constraint, which must say everything of each volume.

    Parts of it may lie in the past, the whole must not.

    Raises:
        InvalidInput: a volume lacks a height or a time or is unsound, or all is over.
    """
    _require_few_vertices(volumes, limits.most_vertices, "extents")
    areas = [_sound_area(volume, limits, f"extents[{n}]") for n, volume in enumerate(volumes)]
    for n, area in enumerate(areas):
        _require_bounded(area, f"extents[{n}]")
    if max(area.end for area in areas if area.end is not None) < now:
        raise InvalidWindow(
            "the extents ended in the past", remedy="Give volumes that end in the future."
        )
    return extent_of(areas)


def subscription_extent(volume: Volume4D, limits: DssLimits, now: datetime) -> Extent:
    """The extent of a subscription; from now on and for 24 hours where it does not say when.

    Raises:
        InvalidInput: the volume is unsound, begins too far back, is over or lasts too long.
    """
    _require_few_vertices([volume], limits.most_vertices, "extents")
    area = _sound_area(volume, limits, "extents")
    start = now if area.start is None else area.start
    if start < now - OLDEST_START:
        raise InvalidWindow(
            f"the subscription starts {start.isoformat()}, in the past",
            remedy="Leave time_start out, or give one that is not over five minutes old.",
        )
    end = _a_day_after(start) if area.end is None else area.end
    if end < now or end < start:
        raise InvalidWindow("the subscription ends before it starts, or in the past")
    if end - start > LONGEST_SUBSCRIPTION:
        raise InvalidWindow(
            "the subscription lasts longer than 24 hours",
            remedy="Give a time_end within 24 hours of its start, and renew it in time.",
        )
    return extent_of([area._replace(start=start, end=end)])


def asked_extent(volume: Volume4D | UnsetType, limits: DssLimits) -> Extent:
    """The extent of a question; heights and times it does not name are open.

    Raises:
        InvalidInput: there is no area, or it is unsound.
    """
    if not volume:
        raise InvalidInput(
            "there is no area_of_interest", remedy="Say with area_of_interest where to look."
        )
    _require_few_vertices([volume], limits.most_vertices, "area_of_interest")
    return extent_of([_sound_area(volume, limits, "area_of_interest")])


def _require_few_vertices(volumes: Sequence[Volume4D], most: int, place: str) -> None:
    count = sum(_vertices_of(volume) for volume in volumes)
    if count > most:
        raise InvalidFootprint(
            f"{place}: {count:,} vertices are more than {most:,}",
            remedy="Simplify the outlines, never inwards, or split what is asked for.",
        )


def _vertices_of(volume: Volume4D) -> int:
    polygon = volume.volume.outline_polygon
    return len(polygon.vertices) if polygon else 1


def _sound_area(volume: Volume4D, limits: DssLimits, place: str) -> Area:
    try:
        area = area_of(volume)
        require_sound_area(area, AreaLimits(limits.most_area_km2))
    except InvalidInput as fault:
        raise type(fault)(f"{place}: {fault.message}", remedy=fault.remedy) from None
    return area


def _a_day_after(start: datetime) -> datetime:
    try:
        return start + LONGEST_SUBSCRIPTION
    except OverflowError:
        raise InvalidWindow(f"the subscription starts {start.isoformat()}, too far off") from None


def _require_bounded(area: Area, place: str) -> None:
    if area.low_m is None or area.high_m is None:
        raise InvalidAltitude(
            f"{place}: altitude_lower or altitude_upper is missing",
            remedy="Give both altitudes of every volume, in metres above the WGS84 ellipsoid.",
        )
    if area.start is None or area.end is None:
        raise InvalidWindow(
            f"{place}: time_start or time_end is missing",
            remedy="Give both times of every volume.",
        )
