"""A question's volumes: how small they may be, and how they are made large enough.

Whoever asks makes own volumes large enough, which errs towards danger; a question that is too
small all the same is not answered.

Source: domain study of keepclear, 5e (minimum volume size and duration).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from keepclear.model.agreement import DisclosureLimits
from keepclear.model.altitude import HIGHEST_M, LOWEST_M, Altitude, AltitudeBand
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.model.window import Window

_METRES_PER_DEG = 111_195.0
_ROUNDING = 1e-6
"""A part so small is lost when numbers are written down."""


def is_too_small(volumes: Sequence[Volume], limits: DisclosureLimits) -> bool:
    """Whether any volume of a question is below the least that is answered."""
    return any(_is_small(volume, limits) for volume in volumes)


def large_enough(volumes: Sequence[Volume], limits: DisclosureLimits) -> tuple[Volume, ...]:
    """The volumes, each widened to the least that is answered, around where it was."""
    return tuple(_widened(volume, limits) if _is_small(volume, limits) else volume
                 for volume in volumes)  # fmt: skip


def extent_m(footprint: Footprint) -> float:
    """How far a footprint extends in its shorter direction, about."""
    match footprint:
        case Circle(radius_m=radius_m):
            return 2.0 * radius_m
        case Corridor(half_width_m=half_width_m):
            return 2.0 * half_width_m
        case Polygon(rings=rings):
            return min(_sides_m(rings[0]))


def _is_small(volume: Volume, limits: DisclosureLimits) -> bool:
    most = 1.0 + _ROUNDING
    return (
        extent_m(volume.footprint) * most < limits.least_extent_m
        or _height_m(volume.band) * most < limits.least_height_m
        or volume.window.duration_s * most < limits.least_duration_s
    )


def _widened(volume: Volume, limits: DisclosureLimits) -> Volume:
    footprint, half_m = volume.footprint, limits.least_extent_m / 2.0
    if extent_m(footprint) < limits.least_extent_m:
        footprint = _broad(footprint, half_m)
    return replace(
        volume,
        footprint=footprint,
        band=_thick(volume.band, limits.least_height_m),
        window=_long(volume.window, limits.least_duration_s),
        source_text="",
    )


def _broad(footprint: Footprint, half_m: float) -> Footprint:
    match footprint:
        case Circle(centre=centre):
            return Circle(centre, half_m)
        case Corridor(centreline=line):
            return Corridor(line, half_m)
        case Polygon(rings=rings):
            # It is narrower than the corridor along its rim, which therefore holds it.
            return Corridor((*rings[0], rings[0][0]), half_m)


def _thick(band: AltitudeBand, least_m: float) -> AltitudeBand:
    more_m = max(0.0, least_m - _height_m(band)) / 2.0
    if more_m == 0.0:
        return band
    low_m = max(LOWEST_M, band.lower.value_m - more_m)
    high_m = min(HIGHEST_M, low_m + max(least_m, band.upper.value_m - band.lower.value_m))
    return AltitudeBand(
        Altitude(low_m, band.lower.reference, band.lower.datum_m),
        Altitude(max(high_m, band.upper.value_m), band.upper.reference, band.upper.datum_m),
    )


def _long(window: Window, least_s: float) -> Window:
    more_s = max(0.0, least_s - window.duration_s) / 2.0
    if more_s == 0.0:
        return window
    start = window.start - timedelta(seconds=more_s)
    return Window(start, max(window.end, start + timedelta(seconds=least_s)))


def _height_m(band: AltitudeBand) -> float:
    """How thick a band is; between two references as thick as any."""
    if band.lower.reference is not band.upper.reference:
        return math.inf
    return band.upper.value_m - band.lower.value_m


def _sides_m(ring: tuple[Position, ...]) -> tuple[float, float]:
    """The height and width of the box around a ring; one over ±180° is taken as wide."""
    latitudes = [each.latitude_deg for each in ring]
    longitudes = [each.longitude_deg for each in ring]
    lean = math.cos(math.radians(max(abs(each) for each in latitudes)))
    return (
        (max(latitudes) - min(latitudes)) * _METRES_PER_DEG,
        (max(longitudes) - min(longitudes)) * _METRES_PER_DEG * lean,
    )
