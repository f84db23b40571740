"""Where something is, coarsely: a box around it in earth-centred coordinates, heights, times.

A box in earth-centred coordinates has no seam at ±180° and no pole. It holds the whole shape
on the ellipsoid, so what has a point in common has boxes in common; never the reverse.

Source: the inside of a polygon: a point of the ellipsoid inside a spherical polygon is s·Q, Q
in the convex hull of its vertices, because geodetic normals are a linear image of places;
with the longest chord d of the scaled hull, 1/s² >= 1 - 3/8 d² (Jung, "Über die kleinste Kugel,
die eine räumliche Figur einschließt", J. reine angew. Math. 123 (1901)). A geodesic leaves its
tangent plane by at most r²/2ρ, ρ the least radius of curvature, b²/a.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias

import numpy as np

from keepclear.f3548.cells import cells_near, cells_of_box
from keepclear.geometry.geodesy import SEMI_MAJOR_M, SEMI_MINOR_M, normals
from keepclear.model.coordination import Area
from keepclear.model.volume import Circle, Corridor, Footprint, Position, positions_of
from keepclear.rules.verdict import TOUCH_M

Box: TypeAlias = tuple[float, float, float, float, float, float]
"""Least x, y, z, then greatest: earth-centred metres."""

FIRST_US = -(2**62)
LAST_US = 2**62
"""Where a time is open: before and after any that can be written."""
EVERYWHERE: Box = (-SEMI_MAJOR_M,) * 3 + (SEMI_MAJOR_M,) * 3

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_A2, _B2 = SEMI_MAJOR_M**2, SEMI_MINOR_M**2
_SHARPEST_M = _B2 / SEMI_MAJOR_M
_WIDEST_HULL = 0.9
"""Hulls beyond it, a hemisphere and more, are taken to reach everywhere."""
_FEW = 48
"""So many vertices are quicker one by one than as arrays."""


class Extent(NamedTuple):
    """The box, the band and the window around something.

    Attributes:
        box_m: earth-centred, of the whole shape on the ellipsoid, touching distance included.
        low_m, high_m: above the ellipsoid; infinite where open.
        start_us, end_us: microseconds since 1970; FIRST_US, LAST_US where open.
        cells: what it is filed under, ascending.
    """

    box_m: Box
    low_m: float
    high_m: float
    start_us: int
    end_us: int
    cells: tuple[int, ...]


def extent_of(areas: Sequence[Area]) -> Extent:
    """The extent around some areas, at least one."""
    box_m, low_m, high_m, start_us, end_us = _bounds(areas[0])
    for area in areas[1:]:
        other, low, high, start, end = _bounds(area)
        box_m = _joined(box_m, other)
        low_m, high_m = min(low_m, low), max(high_m, high)
        start_us, end_us = min(start_us, start), max(end_us, end)
    return Extent(box_m, low_m, high_m, start_us, end_us, cells_of_box(box_m))


def union_of(extents: Sequence[Extent]) -> Extent:
    """The extent around some others, at least one."""
    box_m = extents[0].box_m
    for each in extents[1:]:
        box_m = _joined(box_m, each.box_m)
    return Extent(
        box_m,
        min(each.low_m for each in extents),
        max(each.high_m for each in extents),
        min(each.start_us for each in extents),
        max(each.end_us for each in extents),
        cells_of_box(box_m),
    )


def reach_m(extent: Extent) -> float:
    """How far apart two places of it may lie: the diagonal of its box."""
    return math.dist(extent.box_m[:3], extent.box_m[3:])


def meets(one: Extent, other: Extent, *, altitude: bool = True) -> bool:
    """Tell whether two extents have a place and a time in common; touching counts.

    Args:
        one, other: the extents.
        altitude: False where heights are not looked at.
    """
    a, b = one.box_m, other.box_m
    return (
        one.start_us <= other.end_us
        and other.start_us <= one.end_us
        and (not altitude or (one.low_m <= other.high_m and other.low_m <= one.high_m))
        and a[0] <= b[3] and b[0] <= a[3]
        and a[1] <= b[4] and b[1] <= a[4]
        and a[2] <= b[5] and b[2] <= a[5]
    )  # fmt: skip


def microseconds_of(at: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment_at(at_us: int) -> datetime | None:
    """The moment so many microseconds since 1970; None where the time is open."""
    if at_us in (FIRST_US, LAST_US):
        return None
    return _EPOCH + timedelta(microseconds=at_us)


def _bounds(area: Area) -> tuple[Box, float, float, int, int]:
    return (
        EVERYWHERE if area.footprint is None else box_of(area.footprint),
        -math.inf if area.low_m is None else area.low_m,
        math.inf if area.high_m is None else area.high_m,
        FIRST_US if area.start is None else microseconds_of(area.start),
        LAST_US if area.end is None else microseconds_of(area.end),
    )


def box_of(footprint: Footprint) -> Box:
    """The box around a footprint, touching distance included."""
    if isinstance(footprint, Circle):
        return _around_circle(footprint)
    thick_m = footprint.half_width_m if isinstance(footprint, Corridor) else 0.0
    places = positions_of(footprint)
    hull = _hull_of_few(places) if len(places) <= _FEW else _hull_of_many(places)
    return _bulged(hull, thick_m + TOUCH_M)


def _around_circle(circle: Circle) -> Box:
    nx, ny, nz = _normal(circle.centre)
    scale = 1.0 / math.sqrt(_A2 * (nx * nx + ny * ny) + _B2 * nz * nz)
    r = circle.radius_m
    drop_m = r * r / (2.0 * _SHARPEST_M)
    low: list[float] = []
    high: list[float] = []
    for n, centre_m in ((nx, _A2 * nx), (ny, _A2 * ny), (nz, _B2 * nz)):
        reach_m = min(r, r * math.sqrt(max(0.0, 1.0 - n * n)) + abs(n) * drop_m) + TOUCH_M
        low.append(max(-SEMI_MAJOR_M, centre_m * scale - reach_m))
        high.append(min(SEMI_MAJOR_M, centre_m * scale + reach_m))
    return low[0], low[1], low[2], high[0], high[1], high[2]


def _normal(position: Position) -> tuple[float, float, float]:
    latitude = math.radians(position.latitude_deg)
    longitude = math.radians(position.longitude_deg)
    across = math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)


def _hull_of_few(places: Sequence[Position]) -> Box:
    xs: list[float] = []
    ys: list[float] = []
    zs: list[float] = []
    for place in places:
        nx, ny, nz = _normal(place)
        scale = 1.0 / math.sqrt(_A2 * (nx * nx + ny * ny) + _B2 * nz * nz)
        xs.append(_A2 * nx * scale)
        ys.append(_A2 * ny * scale)
        zs.append(_B2 * nz * scale)
    return min(xs), min(ys), min(zs), max(xs), max(ys), max(zs)


def _hull_of_many(places: Sequence[Position]) -> Box:
    degrees = np.array([(place.latitude_deg, place.longitude_deg) for place in places])
    unit = normals(degrees[:, 0], degrees[:, 1]) * (_A2, _A2, _B2)
    points = unit / np.sqrt((unit * unit / (_A2, _A2, _B2)).sum(1))[:, None]
    x0, y0, z0 = points.min(0).tolist()
    x1, y1, z1 = points.max(0).tolist()
    return x0, y0, z0, x1, y1, z1


def _bulged(hull: Box, grow_m: float) -> Box:
    """The box of everything between vertices, from the box of the vertices."""
    x0, y0, z0, x1, y1, z1 = hull
    chord = math.dist((x0, y0, z0), (x1, y1, z1)) / SEMI_MINOR_M
    lost = 0.375 * chord * chord
    if lost > _WIDEST_HULL:
        return EVERYWHERE
    s = 1.0 / math.sqrt(1.0 - lost)
    return (
        (x0 * s if x0 < 0.0 else x0) - grow_m,
        (y0 * s if y0 < 0.0 else y0) - grow_m,
        (z0 * s if z0 < 0.0 else z0) - grow_m,
        (x1 * s if x1 > 0.0 else x1) + grow_m,
        (y1 * s if y1 > 0.0 else y1) + grow_m,
        (z1 * s if z1 > 0.0 else z1) + grow_m,
    )


def _joined(a: Box, b: Box) -> Box:
    return (
        min(a[0], b[0]), min(a[1], b[1]), min(a[2], b[2]),
        max(a[3], b[3]), max(a[4], b[4]), max(a[5], b[5]),
    )  # fmt: skip


def cells_to_ask(extent: Extent) -> tuple[int, ...]:
    """The cells that hold every extent whose box meets this one's; ascending, each once."""
    return cells_near(extent.box_m)
