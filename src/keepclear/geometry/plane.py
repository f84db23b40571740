"""Which shapes meet, in a plane where great circles are straight lines.

The gnomonic projection from the earth's centre turns great circles through n-vectors into
straight lines, so crossing and containment are decided here exactly. Scaled by the
ellipsoid's two radii at its centre, lengths are true there and off by at most a known
share elsewhere (`distortion`): a distance near a limit is "not sure" and goes to
`closest`, which measures on the ellipsoid.

A shape's core is a run of vertices, a `following` index for each (the other end of the
edge that starts there; -1 where none does) and a flag that says whether it encloses an
area. A single point follows itself.

Source: Snyder, "Map Projections: A Working Manual", USGS PP 1395, pp. 164-168 (gnomonic);
even-odd rule: Shimrat, Algorithm 112, CACM 5 (1962).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import ECCENTRICITY2, SEMI_MAJOR_M, FloatArray, IntArray

FAR = 0
NEAR = 1
NOT_SURE = 2
LEAST_COSINE = 0.2
"""Points farther than 78° from the plane's centre are not projected."""


@kernel
def set_plane(centre: FloatArray, plane: FloatArray) -> None:
    """Fill `plane`, shape (3, 3): centre, east and north axes, the last two in metres.

    At a pole any direction serves as east: the ellipsoid is round there.
    """
    x, y, z = centre
    across = math.hypot(x, y)
    if across > 1e-12:
        east_x, east_y = -y / across, x / across
    else:
        east_x, east_y = 0.0, 1.0
    w2 = 1.0 - ECCENTRICITY2 * z * z
    prime_vertical_m = SEMI_MAJOR_M / math.sqrt(w2)
    meridian_m = prime_vertical_m * (1.0 - ECCENTRICITY2) / w2
    plane[0, 0], plane[0, 1], plane[0, 2] = x, y, z
    plane[1, 0], plane[1, 1] = east_x * prime_vertical_m, east_y * prime_vertical_m
    plane[1, 2] = 0.0
    plane[2, 0] = -z * east_y * meridian_m
    plane[2, 1] = z * east_x * meridian_m
    plane[2, 2] = (x * east_y - y * east_x) * meridian_m


@kernel
def project(
    vertices: FloatArray, begin: int, end: int, plane: FloatArray, flat: FloatArray
) -> float:
    """Write vertices `begin` .. `end` into `flat`, shape (>= n, 2), metres east and north.

    Returns:
        The smallest cosine of an angle from the centre; at or below `LEAST_COSINE` the
        coordinates are worthless.
    """
    least = 1.0
    for i in range(begin, end):
        x, y, z = vertices[i, 0], vertices[i, 1], vertices[i, 2]
        cosine = x * plane[0, 0] + y * plane[0, 1] + z * plane[0, 2]
        least = min(least, cosine)
        flat[i - begin, 0] = (x * plane[1, 0] + y * plane[1, 1]) / cosine
        flat[i - begin, 1] = (x * plane[2, 0] + y * plane[2, 1] + z * plane[2, 2]) / cosine
    return least


@kernel
def lift(plane: FloatArray, x: float, y: float, normal: FloatArray) -> None:
    """Write the n-vector, shape (3,), of a point of the plane."""
    east2 = plane[1, 0] ** 2 + plane[1, 1] ** 2 + plane[1, 2] ** 2
    north2 = plane[2, 0] ** 2 + plane[2, 1] ** 2 + plane[2, 2] ** 2
    for axis in range(3):
        normal[axis] = plane[0, axis] + x * plane[1, axis] / east2 + y * plane[2, axis] / north2
    size = math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
    for axis in range(3):
        normal[axis] /= size


@kernel
def distortion(least_cosine: float) -> float:
    """How far lengths in the plane may be off, as a share, for points within that cosine.

    The gnomonic stretch is at most 1/cos² of the angle; the ellipsoid's radii change by
    less than 2 % of the angle in radians (twice the true bound, for the meridians' turn).
    """
    if least_cosine >= 1.0:
        return 1e-9
    tangent2 = 1.0 / (least_cosine * least_cosine) - 1.0
    return 1e-9 + tangent2 + 0.02 * math.sqrt(tangent2)


class FlatCore(NamedTuple):
    """A core in the plane: `size` vertices of `at` and `following`, and whether it is an area."""

    at: FloatArray
    following: IntArray
    size: int
    area: bool


@kernel
def encloses(core: FlatCore, x: float, y: float) -> bool:
    """Tell whether the rings of a flat area enclose a point; holes count as outside."""
    inside = False
    for i in range(core.size):
        j = core.following[i]
        yi, yj = core.at[i, 1], core.at[j, 1]
        if (yi > y) != (yj > y):
            xi, xj = core.at[i, 0], core.at[j, 0]
            if x < (xj - xi) * (y - yi) / (yj - yi) + xi:
                inside = not inside
    return inside


@kernel
def point_to_edge2(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> float:
    """The squared distance from a point to a straight edge."""
    ex, ey = bx - ax, by - ay
    length2 = ex * ex + ey * ey
    t = 0.0
    if length2 > 0.0:
        t = min(1.0, max(0.0, ((px - ax) * ex + (py - ay) * ey) / length2))
    dx, dy = ax + t * ex - px, ay + t * ey - py
    return dx * dx + dy * dy


@kernel
def edges_cross(
    ax: float, ay: float, bx: float, by: float, cx: float, cy: float, dx: float, dy: float
) -> bool:
    """Tell whether two straight edges properly cross; mere touching is left to distances."""
    c_side = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    d_side = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    if (c_side > 0.0) == (d_side > 0.0):
        return False
    a_side = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
    b_side = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
    return (a_side > 0.0) != (b_side > 0.0)


@kernel
def bounds(core: FlatCore) -> tuple[float, float, float, float]:
    """West, south, east and north bounds of a flat core."""
    west = south = math.inf
    east = north = -math.inf
    for i in range(core.size):
        west, east = min(west, core.at[i, 0]), max(east, core.at[i, 0])
        south, north = min(south, core.at[i, 1]), max(north, core.at[i, 1])
    return west, south, east, north


@kernel
def edges_near(
    core: FlatCore, box: tuple[float, float, float, float], margin_m: float, found: IntArray
) -> int:
    """List into `found` the edges whose own box comes within a margin of `box`; count them."""
    west, south, east, north = box
    n = 0
    for i in range(core.size):
        j = core.following[i]
        if j < 0:
            continue
        ax, ay, bx, by = core.at[i, 0], core.at[i, 1], core.at[j, 0], core.at[j, 1]
        if max(ax, bx) < west - margin_m or min(ax, bx) > east + margin_m:
            continue
        if max(ay, by) < south - margin_m or min(ay, by) > north + margin_m:
            continue
        found[n] = i
        n += 1
    return n


@kernel
def edge_to_edge2(a: FlatCore, i: int, b: FlatCore, k: int, limit2: float) -> float:
    """The squared distance of two edges, infinite where their boxes are farther than that."""
    j, m = a.following[i], b.following[k]
    ax, ay, bx, by = a.at[i, 0], a.at[i, 1], a.at[j, 0], a.at[j, 1]
    cx, cy, dx, dy = b.at[k, 0], b.at[k, 1], b.at[m, 0], b.at[m, 1]
    gap_x = max(min(ax, bx) - max(cx, dx), min(cx, dx) - max(ax, bx))
    gap_y = max(min(ay, by) - max(cy, dy), min(cy, dy) - max(ay, by))
    if gap_x > 0.0 and gap_x * gap_x > limit2:
        return math.inf
    if gap_y > 0.0 and gap_y * gap_y > limit2:
        return math.inf
    if gap_x <= 0.0 and gap_y <= 0.0 and edges_cross(ax, ay, bx, by, cx, cy, dx, dy):
        return 0.0
    from_a = min(point_to_edge2(ax, ay, cx, cy, dx, dy), point_to_edge2(bx, by, cx, cy, dx, dy))
    from_b = min(point_to_edge2(cx, cy, ax, ay, bx, by), point_to_edge2(dx, dy, ax, ay, bx, by))
    return min(from_a, from_b)


@kernel
def cores_within(
    a: FlatCore,
    b: FlatCore,
    limit_m: float,
    error: float,
    a_edges: IntArray,
    b_edges: IntArray,
) -> int:
    """Tell whether two flat cores come within a limit: FAR, NEAR or NOT_SURE.

    Args:
        a, b: the cores, in one plane.
        limit_m: the true distance asked about.
        error: how far lengths in the plane may be off, as a share.
        a_edges, b_edges: room for as many edge numbers as there are vertices.
    """
    if error > 0.5:
        sure2, limit = 0.0, math.inf
    else:
        sure2, limit = (limit_m * (1.0 - error)) ** 2, limit_m * (1.0 + error)
    limit2 = limit * limit
    dx, dy = a.at[0, 0] - b.at[0, 0], a.at[0, 1] - b.at[0, 1]
    if dx * dx + dy * dy <= sure2:
        return NEAR
    best2 = math.inf
    a_found = edges_near(a, bounds(b), limit, a_edges)
    if a_found > 0:
        b_found = edges_near(b, bounds(a), limit, b_edges)
        for p in range(a_found):
            for q in range(b_found):
                d2 = edge_to_edge2(a, a_edges[p], b, b_edges[q], limit2)
                if d2 < best2:
                    if d2 <= sure2 or d2 == 0.0:
                        return NEAR
                    best2 = d2
    if b.area and encloses(b, a.at[0, 0], a.at[0, 1]):
        return NEAR
    if a.area and encloses(a, b.at[0, 0], b.at[0, 1]):
        return NEAR
    return NOT_SURE if best2 <= limit2 else FAR


@kernel
def meeting_place(a: FlatCore, b: FlatCore) -> tuple[float, float]:
    """Where two flat cores meet: a crossing of edges, or a vertex inside the other's area.

    Returns:
        East and north in the plane; NaN where they do not meet.
    """
    for i in range(a.size):
        j = a.following[i]
        for k in range(b.size):
            m = b.following[k]
            if j < 0 or m < 0:
                continue
            ax, ay, bx, by = a.at[i, 0], a.at[i, 1], a.at[j, 0], a.at[j, 1]
            cx, cy, dx, dy = b.at[k, 0], b.at[k, 1], b.at[m, 0], b.at[m, 1]
            if edges_cross(ax, ay, bx, by, cx, cy, dx, dy):
                across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
                t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / across
                return ax + t * (bx - ax), ay + t * (by - ay)
    if b.area and encloses(b, a.at[0, 0], a.at[0, 1]):
        return a.at[0, 0], a.at[0, 1]
    if a.area and encloses(a, b.at[0, 0], b.at[0, 1]):
        return b.at[0, 0], b.at[0, 1]
    return math.nan, math.nan
