"""Operations as arrays: what the kernels compare.

One row per volume. Windows carry the owner's tolerance; altitudes stand twice, as declared
(compared directly within one surface) and as an interval above the ellipsoid (compared
across surfaces), which holds for the air of one agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.declared import (
    DeclaredVolumes,
    GeoidHeights,
    declare_operations,
    declare_volumes,
)
from keepclear.geometry.compiled import kernel
from keepclear.geometry.footprint import PackedFootprints, pack_footprints
from keepclear.geometry.geodesy import FloatArray, IntArray, fill_normals
from keepclear.geometry.heights import SURFACE_AGL, Air, air_between, ellipsoid_bounds
from keepclear.model.agreement import Atmosphere
from keepclear.model.operation import Operation, Uncertainty
from keepclear.model.volume import Footprint, Volume
from keepclear.model.window import Window

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
        ("operation", np.int32),
        ("number", np.int32),
        ("lower_surface", np.int32),
        ("upper_surface", np.int32),
        ("size", np.int16),
        ("area", np.int8),
        ("form", np.int8),
    ]
)
"""One volume: window (seconds since 1970), declared heights, thickness of the core, bounds of
both heights above the ellipsoid, uncertainties, where its vertices begin, the row of its
operation and its number there, the surfaces of its heights, how many vertices it has, whether
its core is an area, and how `compact` writes its vertices (0 elsewhere)."""


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


def pack_operations(
    operations: Sequence[Operation], *, geoid: GeoidHeights, atmosphere: Atmosphere
) -> PackedVolumes:
    """Pack all volumes of all operations; `facts["operation"]` is the index in the sequence."""
    return packed_for(declare_operations(operations, geoid=geoid), atmosphere)


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
    declared = declare_volumes(volumes, windows, uncertainties, owners, geoid=geoid)
    return packed_for(declared, atmosphere)


def packed_for(declared: DeclaredVolumes, atmosphere: Atmosphere) -> PackedVolumes:
    """Declared volumes under the air an agreement reckons with; `following` is shared."""
    air = air_between(
        (atmosphere.qnh_low_hpa, atmosphere.qnh_high_hpa),
        (atmosphere.temperature_low_c, atmosphere.temperature_high_c),
    )
    facts = np.zeros(len(declared.facts), FACTS)
    vertices = np.empty((len(declared.following), 3))
    fill_normals(declared.positions_deg, vertices)
    _fill_facts(declared.facts, declared.operation, air, facts)
    return PackedVolumes(facts, vertices, declared.following)


@kernel
def _fill_facts(
    declared: NDArray[np.void], operation: IntArray, air: Air, facts: NDArray[np.void]
) -> None:
    begin, number = 0, 0
    for v in range(len(facts)):
        one, fact = declared[v], facts[v]
        number = number + 1 if v > 0 and operation[v] == operation[v - 1] else 0
        fact.start_s, fact.end_s = one.start_s, one.end_s
        fact.lower_m, fact.upper_m, fact.radius_m = one.lower_m, one.upper_m, one.radius_m
        fact.lower_surface, fact.upper_surface = one.lower_surface, one.upper_surface
        fact.begin, fact.size, fact.area = begin, one.size, one.area
        fact.operation, fact.number = operation[v], number
        fact.lateral_uncertainty_m = _above(one.lateral_uncertainty_m)
        fact.vertical_uncertainty_m = _above(one.vertical_uncertainty_m)
        low_m, high_m = ellipsoid_bounds(
            one.lower_m, one.lower_surface, one.lower_datum_m,
            one.geoid_low_m, one.geoid_high_m, air,
        )  # fmt: skip
        if one.lower_surface == SURFACE_AGL and one.lower_m <= 0.0:
            low_m = high_m = BOTTOMLESS_M
        fact.lower_low_m, fact.lower_high_m = _below(low_m), _above(high_m)
        low_m, high_m = ellipsoid_bounds(
            one.upper_m, one.upper_surface, one.upper_datum_m,
            one.geoid_low_m, one.geoid_high_m, air,
        )  # fmt: skip
        fact.upper_low_m, fact.upper_high_m = _below(low_m), _above(high_m)
        begin += one.size


@kernel
def _below(value: float) -> np.float32:
    """As single precision, never rounded up."""
    single = np.float32(value)
    if np.float64(single) > value:
        single = np.nextafter(single, np.float32(-np.inf))
    return single


@kernel
def _above(value: float) -> np.float32:
    """As single precision, never rounded down."""
    return -_below(-value)


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


def side_by_side(operations: Sequence[PackedVolumes]) -> PackedVolumes:
    """Packs of one operation each as one pack; `facts["operation"]` is the index among them."""
    first = operations[0]
    if all(each.vertices is first.vertices for each in operations):
        pack = first._replace(facts=np.concatenate([each.facts for each in operations]))
    else:
        pack = joined(operations)
    counts = [len(each.facts) for each in operations]
    pack.facts["operation"] = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return pack
