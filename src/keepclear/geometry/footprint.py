"""Footprints as arrays: a core and a radius.

A circle is a point made thick, a corridor a line made thick, a polygon an area with no
thickness: the gap between any two shapes is the distance of their cores less both radii,
exactly, because a shortest path between thick shapes passes through both edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.errors import InvalidFootprint
from keepclear.geometry.geodesy import FloatArray, IntArray, fill_normals, position_of
from keepclear.geometry.simple import WIDEST_CORE_RAD, surely_sound
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, positions_of


class DrawnFootprints(NamedTuple):
    """Many footprints as arrays, as they were declared; V footprints, n vertices in all.

    Attributes:
        positions_deg: latitude and longitude of all vertices, shape (n, 2).
        following: for each vertex the index, within its footprint, of the other end of the
            edge that starts there; -1 where no edge starts. Shape (n,).
        first: footprint v has the vertices first[v] .. first[v + 1]; shape (V + 1,).
        radius_m: thickness around the core; shape (V,).
        area: whether the core encloses an area; shape (V,).
    """

    positions_deg: FloatArray
    following: IntArray
    first: NDArray[np.int64]
    radius_m: FloatArray
    area: NDArray[np.bool_]


class PackedFootprints(NamedTuple):
    """Many footprints as arrays, for kernels; V footprints, n vertices in all.

    Attributes:
        vertices: n-vectors, shape (n, 3).
        following, first, radius_m, area: as in `DrawnFootprints`.
    """

    vertices: FloatArray
    following: IntArray
    first: NDArray[np.int64]
    radius_m: FloatArray
    area: NDArray[np.bool_]


def draw_footprints(footprints: Sequence[Footprint]) -> DrawnFootprints:
    """Turn footprints into arrays, in the order given; empty arrays for none."""
    degrees: list[float] = []
    following: list[int] = []
    first = [0]
    radius_m: list[float] = []
    area: list[bool] = []
    for footprint in footprints:
        if isinstance(footprint, Circle):
            links, thickness = [0], footprint.radius_m
        elif isinstance(footprint, Corridor):
            links = [*range(1, len(footprint.centreline)), -1]
            thickness = footprint.half_width_m
        else:
            links, thickness = _ring_links([len(ring) for ring in footprint.rings]), 0.0
        for position in positions_of(footprint):
            degrees.append(position.latitude_deg)
            degrees.append(position.longitude_deg)
        following.extend(links)
        first.append(len(following))
        radius_m.append(thickness)
        area.append(isinstance(footprint, Polygon))
    return DrawnFootprints(
        np.array(degrees, np.float64).reshape(-1, 2),
        np.array(following, np.int32),
        np.array(first, np.int64),
        np.array(radius_m, np.float64),
        np.array(area, np.bool_),
    )


def pack_footprints(footprints: Sequence[Footprint]) -> PackedFootprints:
    """Turn footprints into arrays for kernels, in the order given; empty arrays for none."""
    drawn = draw_footprints(footprints)
    vertices = np.empty((len(drawn.following), 3))
    fill_normals(drawn.positions_deg, vertices)
    return PackedFootprints(vertices, *drawn[1:])


def _ring_links(sizes: Sequence[int]) -> list[int]:
    links: list[int] = []
    for size in sizes:
        start = len(links)
        links.extend(range(start + 1, start + size))
        links.append(start)
    return links


def caps(packed: PackedFootprints) -> tuple[FloatArray, FloatArray]:
    """The middle of each core, shape (V, 3), and how far it reaches, radians, shape (V,)."""
    if len(packed.radius_m) == 0:
        return np.empty((0, 3)), np.empty(0)
    starts = packed.first[:-1]
    middle = np.add.reduceat(packed.vertices, starts, axis=0)
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    counts = np.diff(packed.first)
    chord = np.linalg.norm(packed.vertices - np.repeat(middle, counts, axis=0), axis=1)
    reach = 2.0 * np.arcsin(np.minimum(1.0, 0.5 * np.maximum.reduceat(chord, starts)))
    return middle, reach


def require_sound(footprint: Footprint) -> None:
    """Refuse a footprint whose edges cross, whose holes lie outside, or that is too wide.

    Raises:
        InvalidFootprint: with the place of the fault, to be corrected there.
    """
    for fault in unsound([footprint]).values():
        raise fault


def unsound(footprints: Sequence[Footprint]) -> dict[int, InvalidFootprint]:
    """Say what is wrong with each of many footprints, by its index; sound ones are left out."""
    packed = pack_footprints(footprints)
    sure = np.empty(len(footprints), np.bool_)
    surely_sound(packed.vertices, packed.following, packed.first, packed.area, sure)
    doubtful = np.flatnonzero(~sure).tolist()
    if not doubtful:
        return {}
    faults = _faults([footprints[v] for v in doubtful])
    return {doubtful[i]: fault for i, fault in faults.items()}


def _faults(footprints: Sequence[Footprint]) -> dict[int, InvalidFootprint]:
    packed = pack_footprints(footprints)
    middle, reach = caps(packed)
    thick = ~packed.area & (np.diff(packed.first) == 1)
    too_wide = (reach > WIDEST_CORE_RAD) | ~np.isfinite(reach)
    faults = {
        int(v): InvalidFootprint(
            "the shape is wider than 4,400 km",
            remedy="Check latitude and longitude, or split the shape into several volumes.",
        )
        for v in np.flatnonzero(too_wide & ~thick)
    }
    areas = [v for v in np.flatnonzero(packed.area).tolist() if v not in faults]
    if areas:
        faults |= _not_simple(footprints, packed, middle, areas)
    return faults


def _not_simple(
    footprints: Sequence[Footprint],
    packed: PackedFootprints,
    middle: FloatArray,
    areas: Sequence[int],
) -> dict[int, InvalidFootprint]:
    import shapely  # slow to import, and needed here only

    flat = _project_each(packed, middle)
    sizes = {v: [len(ring) for ring in _rings(footprints[v])] for v in areas}
    coordinates = np.concatenate([flat[packed.first[v] : packed.first[v + 1]] for v in areas])
    ring_sizes = [size for v in areas for size in sizes[v]]
    rings = shapely.linearrings(
        coordinates, indices=np.repeat(np.arange(len(ring_sizes)), ring_sizes)
    )
    owners = np.repeat(np.arange(len(areas)), [len(sizes[v]) for v in areas])
    polygons = shapely.polygons(rings, indices=owners)
    return {
        areas[i]: _fault(str(shapely.is_valid_reason(polygons[i])), middle[areas[i]])
        for i in np.flatnonzero(~shapely.is_valid(polygons)).tolist()
    }


def _rings(footprint: Footprint) -> Sequence[Sequence[Position]]:
    return footprint.rings if isinstance(footprint, Polygon) else ()


def _fault(reason: str, middle: FloatArray) -> InvalidFootprint:
    """Turn shapely's reason, which names a place in the plane, into ours."""
    fault, _, place = reason.partition("[")
    x, _, y = place.rstrip("]").partition(" ")
    where = ""
    if y:
        at = position_of(_lifted(middle, float(x), float(y)))
        where = f" near {at.latitude_deg:.5f}, {at.longitude_deg:.5f}"
    return InvalidFootprint(
        f"the polygon is not simple: {fault.strip().lower()}{where}",
        remedy="List each ring's vertices in order around it; rings may touch at one point only.",
    )


def _plane_axes(middle: FloatArray) -> tuple[FloatArray, FloatArray]:
    """East and north at each middle, shape (N, 3); at a pole any direction serves as east."""
    across = np.hypot(middle[:, 0], middle[:, 1])
    polar = across < 1e-12
    scale = np.where(polar, 1.0, across)
    east = np.stack([-middle[:, 1] / scale, middle[:, 0] / scale, np.zeros(len(middle))], 1)
    east[polar] = (0.0, 1.0, 0.0)
    return east, np.cross(middle, east)


def _lifted(middle: FloatArray, x: float, y: float) -> FloatArray:
    """The direction of a point of the plane at one middle."""
    east, north = _plane_axes(middle[None])
    return np.asarray(middle + x * east[0] + y * north[0])


def _project_each(packed: PackedFootprints, middle: FloatArray) -> FloatArray:
    """Every footprint's vertices in a gnomonic plane at its own middle, shape (n, 2).

    Plain numpy: it is asked once for a file, where loading a kernel would cost more.
    """
    centre = np.repeat(middle, np.diff(packed.first), axis=0)
    east, north = _plane_axes(centre)
    cosine = np.einsum("ij,ij->i", packed.vertices, centre)
    x = np.einsum("ij,ij->i", packed.vertices, east)
    y = np.einsum("ij,ij->i", packed.vertices, north)
    return np.stack([x / cosine, y / cosine], 1)
