"""Operations as arrays, just as they were declared: no agreement has touched them yet.

What an altitude means above the ellipsoid depends on the air an agreement reckons with;
everything else is known once and for all, the geoid under a footprint included. So this
part is made once, and may be stored; `packing` adds the rest for one atmosphere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.geometry.compiled import kernel
from keepclear.geometry.footprint import draw_footprints
from keepclear.geometry.geodesy import FloatArray, IntArray
from keepclear.geometry.heights import (
    SURFACE_AGL,
    SURFACE_HAE,
    SURFACE_QFE,
    SURFACE_QFE_FIRST,
    SURFACE_QNH,
    SURFACE_STD,
)
from keepclear.model.altitude import Altitude, AltitudeReference
from keepclear.model.operation import Operation, Uncertainty
from keepclear.model.volume import Volume
from keepclear.model.window import Window

GeoidHeights = Callable[[FloatArray, FloatArray], FloatArray]
"""Geoid heights in metres for latitudes and longitudes in degrees, element by element."""

DECLARED = np.dtype(
    [
        ("start_s", "<f8"),
        ("end_s", "<f8"),
        ("lower_m", "<f8"),
        ("upper_m", "<f8"),
        ("lower_datum_m", "<f8"),
        ("upper_datum_m", "<f8"),
        ("lateral_uncertainty_m", "<f8"),
        ("vertical_uncertainty_m", "<f8"),
        ("radius_m", "<f8"),
        ("geoid_low_m", "<f8"),
        ("geoid_high_m", "<f8"),
        ("lower_surface", "<i4"),
        ("upper_surface", "<i4"),
        ("size", "<i4"),
        ("area", "<i4"),
    ]
)
"""One volume: window (seconds since 1970, tolerance included), heights with the surfaces they
count from and the height of ground or aerodrome (NaN where not given), uncertainties,
thickness of the core, least and greatest geoid height under it, how many vertices it has, and
whether it is an area. `stored` keeps these very bytes: a change here is a new format there."""


class DeclaredVolumes(NamedTuple):
    """Volumes as declared, those of one operation side by side.

    Attributes:
        facts: shape (V,), dtype DECLARED.
        positions_deg: latitude and longitude of all vertices, volume after volume; (n, 2).
        following: the other end of each vertex's edge within its core, -1 for none; (n,).
        operation: the row of each volume's operation, shape (V,).
    """

    facts: NDArray[np.void]
    positions_deg: FloatArray
    following: IntArray
    operation: IntArray


_SURFACES = {
    AltitudeReference.STD: SURFACE_STD,
    AltitudeReference.QNH: SURFACE_QNH,
    AltitudeReference.HAE: SURFACE_HAE,
    AltitudeReference.AGL: SURFACE_AGL,
}


def surface_code(altitude: Altitude) -> int:
    """The code of the surface an altitude counts from; equal codes compare directly."""
    if altitude.reference is AltitudeReference.QFE:
        if altitude.datum_m is None:
            return SURFACE_QFE
        return SURFACE_QFE_FIRST + round(altitude.datum_m * 100.0)
    return _SURFACES[altitude.reference]


def declare_operations(operations: Sequence[Operation], *, geoid: GeoidHeights) -> DeclaredVolumes:
    """All volumes of all operations; `operation` is the index in the sequence."""
    owners = [row for row, operation in enumerate(operations) for _ in operation.volumes]
    return declare_volumes(
        [volume for operation in operations for volume in operation.volumes],
        [o.window_of(volume) for o in operations for volume in o.volumes],
        [operations[row].uncertainty for row in owners],
        owners,
        geoid=geoid,
    )


def declare_volumes(
    volumes: Sequence[Volume],
    windows: Sequence[Window],
    uncertainties: Sequence[Uncertainty],
    owners: Sequence[int],
    *,
    geoid: GeoidHeights,
) -> DeclaredVolumes:
    """Volumes with the windows, uncertainties and operation rows given for each."""
    drawn = draw_footprints([volume.footprint for volume in volumes])
    facts = np.array(
        [
            _fact(*each)
            for each in zip(
                volumes, windows, uncertainties, drawn.radius_m.tolist(),
                np.diff(drawn.first).tolist(), drawn.area.tolist(), strict=True,
            )
        ],
        DECLARED,
    )  # fmt: skip
    if len(volumes):
        places_deg = np.empty((len(drawn.positions_deg) + len(volumes), 2))
        _places(drawn.positions_deg, facts, places_deg)
        _geoid_ranges(geoid(places_deg[:, 0], places_deg[:, 1]), facts)
    return DeclaredVolumes(facts, drawn.positions_deg, drawn.following, np.array(owners, np.int32))


def _fact(
    volume: Volume,
    window: Window,
    uncertainty: Uncertainty,
    radius_m: float,
    size: int,
    area: bool,
) -> tuple[float, ...]:
    lower, upper = volume.band.lower, volume.band.upper
    return (
        window.start.timestamp(),
        window.end.timestamp(),
        lower.value_m,
        upper.value_m,
        math.nan if lower.datum_m is None else lower.datum_m,
        math.nan if upper.datum_m is None else upper.datum_m,
        uncertainty.lateral_m,
        uncertainty.vertical_m,
        radius_m,
        0.0,
        0.0,
        surface_code(lower),
        surface_code(upper),
        size,
        area,
    )


@kernel
def _places(positions_deg: FloatArray, facts: NDArray[np.void], places_deg: FloatArray) -> None:
    """Write where the geoid is asked for: all vertices, then the middle of each core."""
    at, n = 0, len(positions_deg)
    for v in range(len(facts)):
        x = y = z = 0.0
        for i in range(at, at + facts[v].size):
            latitude = math.radians(positions_deg[i, 0])
            longitude = math.radians(positions_deg[i, 1])
            across = math.cos(latitude)
            x, y = x + across * math.cos(longitude), y + across * math.sin(longitude)
            z += math.sin(latitude)
            places_deg[i, 0], places_deg[i, 1] = positions_deg[i, 0], positions_deg[i, 1]
        at += facts[v].size
        places_deg[n + v, 0] = math.degrees(math.atan2(z, math.hypot(x, y)))
        places_deg[n + v, 1] = math.degrees(math.atan2(y, x))


@kernel
def _geoid_ranges(heights_m: FloatArray, facts: NDArray[np.void]) -> None:
    """Write the least and greatest geoid height at the vertices and the middle of each core."""
    at, n = 0, len(heights_m) - len(facts)
    for v in range(len(facts)):
        low_m = high_m = heights_m[n + v]
        for i in range(at, at + facts[v].size):
            low_m, high_m = min(low_m, heights_m[i]), max(high_m, heights_m[i])
        at += facts[v].size
        facts[v].geoid_low_m, facts[v].geoid_high_m = low_m, high_m
