"""A hidden operation as the lattice lets it be seen: always larger, never finer.

What defines a shape is snapped to nodes, and the shape is then made wider by as much as
snapping may have moved it. So the coarse operation holds the true one, and every operation
whose defining figures lie between the same nodes has the very same coarse one.

Source: our own construction; domain study of keepclear, 5e (quantised answer).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from keepclear.disclose.lattice import FARTHEST_DEG, REACH, Lattice
from keepclear.geometry.geodesy import geodesic_m
from keepclear.model.altitude import Altitude, AltitudeBand
from keepclear.model.operation import Operation, Uncertainty
from keepclear.model.volume import (
    WIDEST_M,
    Circle,
    Corridor,
    Footprint,
    Polygon,
    Position,
    Volume,
    positions_of,
)

LONGEST_LEG_M = 3_000_000.0
"""A longer great circle moves more in its middle than at its ends."""


def may_be_coarse(operation: Operation) -> bool:
    """Whether an operation lies where the lattice can hold it; of another nothing is told."""
    return all(_is_within_reach(volume.footprint) for volume in operation.volumes)


def coarse_operation(operation: Operation, lattice: Lattice) -> Operation:
    """An operation as L1 and L2 see it; it holds the true one, tolerance included.

    Args:
        operation: hidden, and such that `may_be_coarse`.
        lattice: how coarse.
    """
    seen = [
        Volume(footprint, coarse_band(volume.band, lattice), window)
        for volume in operation.volumes
        for window in [lattice.around(operation.window_of(volume))]
        for footprint in coarse_footprints(volume.footprint, lattice)
    ]
    return replace(
        operation,
        volumes=tuple(dict.fromkeys(seen)),
        tolerance_s=0.0,
        uncertainty=_coarse_uncertainty(operation.uncertainty, lattice),
        source_text="",
    )


def coarse_footprints(footprint: Footprint, lattice: Lattice) -> tuple[Footprint, ...]:
    """Shapes that together hold a footprint, drawn between nodes alone."""
    match footprint:
        case Circle(centre=centre, radius_m=radius_m):
            return (Circle(lattice.node(centre), _width(radius_m, lattice)),)
        case Corridor(centreline=line, half_width_m=half_width_m):
            return (_corridor(line, _width(half_width_m, lattice), lattice),)
        case Polygon(rings=rings):
            rims = [_corridor((*ring, ring[0]), _width(0.0, lattice), lattice) for ring in rings]
            return (*_filled(rings[0], lattice), *rims)


def coarse_band(band: AltitudeBand, lattice: Lattice) -> AltitudeBand:
    """The least band between nodes that holds another, each end in its own reference."""
    lower, upper = band.lower, band.upper
    below = None if lower.datum_m is None else lattice.below_m(lower.datum_m)
    above = None if upper.datum_m is None else lattice.above_m(upper.datum_m)
    return AltitudeBand(
        Altitude(lattice.below_m(lower.value_m), lower.reference, below),
        Altitude(lattice.above_m(upper.value_m), upper.reference, above),
    )


def _corridor(line: tuple[Position, ...], half_width_m: float, lattice: Lattice) -> Footprint:
    """A corridor between nodes; a disc where all of it snaps to one."""
    nodes = _without_repeats([lattice.node(each) for each in line])
    if len(nodes) == 1:
        return Circle(nodes[0], half_width_m)
    return Corridor(nodes, half_width_m)


def _filled(ring: tuple[Position, ...], lattice: Lattice) -> tuple[Polygon, ...]:
    """The inside of a ring between nodes, without its holes; nothing where none is left.

    What a hole leaves out is held to be inside: towards danger.
    """
    nodes = _without_repeats([lattice.node(each) for each in (*ring, ring[0])])[:-1]
    return (Polygon((nodes,)),) if len(set(nodes)) >= 3 else ()


def _without_repeats(nodes: list[Position]) -> tuple[Position, ...]:
    return tuple(each for i, each in enumerate(nodes) if i == 0 or each != nodes[i - 1])


def _width(width_m: float, lattice: Lattice) -> float:
    return min(WIDEST_M, lattice.width_m(width_m))


def _coarse_uncertainty(uncertainty: Uncertainty, lattice: Lattice) -> Uncertainty:
    """Up to the next node; none stays none."""
    wide_m = uncertainty.lateral_m + lattice.pitch_m
    tall_m = uncertainty.vertical_m + lattice.pitch_height_m
    return Uncertainty(
        wide_m - wide_m % lattice.pitch_m if uncertainty.lateral_m else 0.0,
        tall_m - tall_m % lattice.pitch_height_m if uncertainty.vertical_m else 0.0,
    )


def _is_within_reach(footprint: Footprint) -> bool:
    positions = positions_of(footprint)
    if any(abs(each.latitude_deg) > FARTHEST_DEG for each in positions):
        return False
    size_m = 0.0
    match footprint:
        case Circle(radius_m=radius_m):
            size_m = radius_m
        case Corridor(half_width_m=half_width_m):
            size_m = half_width_m
        case Polygon():
            positions = (*positions, positions[0])
    if size_m > WIDEST_M / 2.0:
        return False
    legs = pairwise(positions)
    return all(geodesic_m(one, other) <= LONGEST_LEG_M for one, other in legs)


def reach_m(lattice: Lattice) -> float:
    """How much farther than the true footprint a coarse one extends at most."""
    return 2.0 * REACH * lattice.grid_m + lattice.pitch_m
