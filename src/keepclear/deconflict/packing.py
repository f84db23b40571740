"""Operations as arrays: what the kernels compare.

One row per volume. Windows carry the owner's tolerance; altitudes stand twice, as declared
(compared directly within one surface) and as an interval above the ellipsoid (compared
across surfaces).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.geometry.footprint import PackedFootprints, caps, pack_footprints
from keepclear.geometry.geodesy import FloatArray, IntArray
from keepclear.geometry.heights import (
    SURFACE_AGL,
    SURFACE_HAE,
    SURFACE_QFE,
    SURFACE_QFE_FIRST,
    SURFACE_QNH,
    SURFACE_STD,
    ellipsoid_bounds,
)
from keepclear.model.agreement import Atmosphere
from keepclear.model.altitude import Altitude, AltitudeReference
from keepclear.model.operation import Operation, Uncertainty
from keepclear.model.volume import Footprint, Volume
from keepclear.model.window import Window

GeoidHeights = Callable[[FloatArray, FloatArray], FloatArray]
"""Geoid heights in metres for latitudes and longitudes in degrees, element by element."""

FACTS = np.dtype(
    [
        ("start_s", np.float64),
        ("end_s", np.float64),
        ("lower_m", np.float64),
        ("upper_m", np.float64),
        ("radius_m", np.float64),
        ("lower_low_m", np.float32),
        ("lower_high_m", np.float32),
        ("upper_low_m", np.float32),
        ("upper_high_m", np.float32),
        ("lateral_uncertainty_m", np.float32),
        ("vertical_uncertainty_m", np.float32),
        ("begin", np.int32),
        ("size", np.int32),
        ("operation", np.int32),
        ("number", np.int32),
        ("lower_surface", np.int32),
        ("upper_surface", np.int32),
        ("area", np.int32),
    ]
)
"""One volume: window (seconds since 1970), declared heights, thickness of the core, bounds of
both heights above the ellipsoid, uncertainties, its run of vertices, the row of its
operation and its number there, the surfaces of its heights, and whether its core is an area."""


BOTTOMLESS_M = -1e6
"""Where a band from the ground up begins: nothing flies below the ground, wherever it lies."""


class PackedVolumes(NamedTuple):
    """Volumes as arrays, those of one operation side by side.

    Attributes:
        facts: shape (V,), dtype FACTS.
        vertices: n-vectors of all cores, shape (n, 3).
        following: the other end of each vertex's edge within its core, -1 for none; (n,).
    """

    facts: NDArray[np.void]
    vertices: FloatArray
    following: IntArray


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


def pack_operations(
    operations: Sequence[Operation], *, geoid: GeoidHeights, atmosphere: Atmosphere
) -> PackedVolumes:
    """Pack all volumes of all operations; `facts["operation"]` is the index in the sequence."""
    volumes = [volume for operation in operations for volume in operation.volumes]
    owners = [row for row, operation in enumerate(operations) for _ in operation.volumes]
    return pack_volumes(
        volumes,
        [operations[row].window_of(v) for row, v in zip(owners, volumes, strict=True)],
        [operations[row].uncertainty for row in owners],
        owners,
        geoid=geoid,
        atmosphere=atmosphere,
    )


def pack_volumes(
    volumes: Sequence[Volume],
    windows: Sequence[Window],
    uncertainties: Sequence[Uncertainty],
    owners: Sequence[int],
    *,
    geoid: GeoidHeights,
    atmosphere: Atmosphere,
) -> PackedVolumes:
    """Pack volumes with the windows, uncertainties and operation rows given for each."""
    footprints = pack_footprints([volume.footprint for volume in volumes])
    lower = [volume.band.lower for volume in volumes]
    upper = [volume.band.upper for volume in volumes]
    facts = np.zeros(len(volumes), FACTS)
    facts["start_s"] = [window.start.timestamp() for window in windows]
    facts["end_s"] = [window.end.timestamp() for window in windows]
    facts["lateral_uncertainty_m"] = _above([u.lateral_m for u in uncertainties])
    facts["vertical_uncertainty_m"] = _above([u.vertical_m for u in uncertainties])
    facts["operation"] = owners
    facts["number"] = _numbers(owners)
    geoid_m = _geoid_range(footprints, geoid)
    for name, altitudes in (("lower", lower), ("upper", upper)):
        values = np.array([altitude.value_m for altitude in altitudes], np.float64)
        surfaces = np.array([surface_code(altitude) for altitude in altitudes], np.int32)
        datums = np.array(
            [np.nan if a.datum_m is None else a.datum_m for a in altitudes], np.float64
        )
        bounds = ellipsoid_bounds(
            values,
            surfaces,
            datums,
            geoid_m,
            (atmosphere.qnh_low_hpa, atmosphere.qnh_high_hpa),
            (atmosphere.temperature_low_c, atmosphere.temperature_high_c),
        )
        facts[f"{name}_m"], facts[f"{name}_surface"] = values, surfaces
        facts[f"{name}_low_m"], facts[f"{name}_high_m"] = _below(bounds[0]), _above(bounds[1])
    from_the_ground = (facts["lower_surface"] == SURFACE_AGL) & (facts["lower_m"] <= 0.0)
    facts["lower_low_m"][from_the_ground] = facts["lower_high_m"][from_the_ground] = BOTTOMLESS_M
    return with_footprints(facts, footprints)


def _numbers(owners: Sequence[int]) -> IntArray:
    """Count the volumes of each operation from zero; those of one stand side by side."""
    rows = np.asarray(owners, np.int64)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    begins = np.repeat(starts, np.diff(starts, append=len(rows)))
    return (np.arange(len(rows)) - begins).astype(np.int32)


def with_footprints(facts: NDArray[np.void], footprints: PackedFootprints) -> PackedVolumes:
    """Join facts and footprints of the same volumes; writes the footprints' part of `facts`."""
    facts["radius_m"] = footprints.radius_m
    facts["begin"] = footprints.first[:-1]
    facts["size"] = np.diff(footprints.first)
    facts["area"] = footprints.area
    return PackedVolumes(facts, footprints.vertices, footprints.following)


def lateral_pack(footprints: Sequence[Footprint]) -> PackedVolumes:
    """Footprints alone as packed volumes; heights and windows are zero and mean nothing."""
    return with_footprints(np.zeros(len(footprints), FACTS), pack_footprints(footprints))


def part(packed: PackedVolumes, begin: int, end: int) -> PackedVolumes:
    """The volumes begin .. end of a pack; vertices are shared, not copied."""
    return packed._replace(facts=packed.facts[begin:end])


def joined(parts: Sequence[PackedVolumes]) -> PackedVolumes:
    """Several packs as one; operation rows are kept as they are."""
    facts = np.concatenate([part.facts for part in parts])
    moved = np.cumsum([0] + [len(part.vertices) for part in parts[:-1]])
    facts["begin"] += np.repeat(moved, [len(part.facts) for part in parts]).astype(np.int32)
    return PackedVolumes(
        facts,
        np.concatenate([part.vertices for part in parts]),
        np.concatenate([part.following for part in parts]),
    )


def _geoid_range(
    footprints: PackedFootprints, geoid: GeoidHeights
) -> tuple[FloatArray, FloatArray]:
    """The least and greatest geoid height at the vertices and the middle of each footprint."""
    if len(footprints.radius_m) == 0:
        return np.empty(0), np.empty(0)
    middle, _ = caps(footprints)
    at_vertices, at_middle = _heights(footprints.vertices, geoid), _heights(middle, geoid)
    starts = footprints.first[:-1]
    return (
        np.minimum(np.minimum.reduceat(at_vertices, starts), at_middle),
        np.maximum(np.maximum.reduceat(at_vertices, starts), at_middle),
    )


def _heights(normals: FloatArray, geoid: GeoidHeights) -> FloatArray:
    latitude_deg = np.degrees(np.arctan2(normals[:, 2], np.hypot(normals[:, 0], normals[:, 1])))
    return geoid(latitude_deg, np.degrees(np.arctan2(normals[:, 1], normals[:, 0])))


def _below(values: FloatArray | Sequence[float]) -> NDArray[np.float32]:
    """As single precision, never rounded up."""
    exact = np.asarray(values, np.float64)
    single = exact.astype(np.float32)
    return np.where(single > exact, np.nextafter(single, np.float32(-np.inf)), single)


def _above(values: FloatArray | Sequence[float]) -> NDArray[np.float32]:
    """As single precision, never rounded down."""
    return -_below(-np.asarray(values, np.float64))
