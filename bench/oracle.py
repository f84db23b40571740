"""Which operations come within 3 NM and 3,000 ft, by dense sampling and GeographicLib.

Slow and independent: edges are cut into pieces of at most 25 m along the same great circles,
and the nearest sampled points measured as geodesics (pyproj, which is GeographicLib in C).
No index, no plane, no kernel of ours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from bench.anchors import PlaneTree, Shapes
from bench.workload import SIDE_M, SPHERE_M, Workload, sphere_normals

FloatArray = NDArray[np.float64]
_PIECE_M = 25.0
_REACH = 1.03
"""The plane stretches lengths by up to 1.4 % here, and the ellipsoid by 0.5 %."""


class Verdicts(NamedTuple):
    """What the oracle says of one plan: rows too close, and each row's least distance."""

    too_close: set[int]
    least_m: dict[int, float]


def within(
    tree: PlaneTree,
    other: Workload,
    shapes: Shapes,
    plan: int,
    lateral_m: float,
    vertical_m: float,
) -> Verdicts:
    """Measure one plan against everything that could come within the separation."""
    mine = tree.workload
    geod = Geod(ellps="WGS84")
    least_m: dict[int, float] = {}
    for v in range(int(other.first[plan]), int(other.first[plan + 1])):
        west, south, east, north = shapely.bounds(shapes[v])
        grown = shapely.box(west, south, east, north).buffer(lateral_m * _REACH * 1.01)
        bounds = shapely.bounds(tree.shapes)
        gx, gy, hx, hy = shapely.bounds(grown)
        near = (bounds[:, 0] <= hx) & (bounds[:, 2] >= gx)
        near &= (bounds[:, 1] <= hy) & (bounds[:, 3] >= gy)
        near &= (mine.start_s <= other.end_s[v]) & (mine.end_s >= other.start_s[v])
        gap = np.maximum(mine.low_m - other.high_m[v], other.low_m[v] - mine.high_m)
        near &= (gap <= 0.01) | (gap < vertical_m - 0.01)
        for w in np.flatnonzero(near).tolist():
            row = int(mine.operation[w])
            if least_m.get(row) == 0.0:
                continue
            distance_m = 0.0
            if not shapely.intersects(shapes[v], tree.shapes[w]):
                distance_m = _distance_m(geod, shapes[v], tree.shapes[w])
            least_m[row] = min(distance_m, least_m.get(row, np.inf))
    close = {row for row, m in least_m.items() if m <= 0.01 or m < lateral_m - 0.01}
    return Verdicts(close, least_m)


def _distance_m(geod: Geod, one: shapely.Polygon, other: shapely.Polygon) -> float:
    """The least geodesic distance of two outlines that do not meet.

    The plane finds roughly where; around there both outlines are sampled and measured.
    """
    near, far = shapely.shortest_line(one, other).coords
    a, b = _samples(one, near), _samples(other, far)
    la, lb = _degrees(a), _degrees(b)
    best = np.inf
    for latitude, longitude in zip(*la, strict=True):
        count = len(lb[0])
        _, _, distance = geod.inv(np.full(count, longitude), np.full(count, latitude), lb[1], lb[0])
        best = min(best, float(np.min(distance)))
    return best


def _samples(shape: shapely.Polygon, place: tuple[float, float]) -> FloatArray:
    """Points of an outline within 600 m of where the plane finds it closest, and its corners."""
    outline = shape.exterior
    middle = outline.project(shapely.Point(place))
    steps = np.arange(-600.0, 600.0 + _PIECE_M, _PIECE_M)
    at = (middle + steps) % outline.length
    points = shapely.get_coordinates(shapely.line_interpolate_point(outline, at))
    return np.vstack([points, shapely.get_coordinates(outline)])


def _degrees(plane_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    n = sphere_normals(plane_m)
    return (
        np.degrees(np.arctan2(n[:, 2], np.hypot(n[:, 0], n[:, 1]))),
        np.degrees(np.arctan2(n[:, 1], n[:, 0])),
    )


assert SIDE_M / SPHERE_M < 0.3
