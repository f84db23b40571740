"""How far apart two shapes are on the ellipsoid, and where they come closest.

For cores that do not meet, the least distance runs from a vertex of one to an edge of the
other. Each such pair is solved on the true curve (the great circle through normals, put on
the ellipsoid) by Gauss-Newton steps on the straight-line distance, and the winner measured
as a geodesic: within a centimetre to 50 NM (tests/oracle/test_distance.py).

Source: Gauss-Newton for a foot point: Nocedal and Wright, "Numerical Optimization", 2nd
edition, section 10.3; geodesics: see `geodesy`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import (
    SEMI_MAJOR_M,
    SEMI_MINOR_M,
    FloatArray,
    IntArray,
    geodesic_between,
    surface_point,
)

_STEPS = 6
_A2 = SEMI_MAJOR_M**2
_B2 = SEMI_MINOR_M**2


@kernel
def foot_on_edge(point: FloatArray, a: FloatArray, b: FloatArray, foot: FloatArray) -> float:
    """Find the point of an edge nearest to a point; all n-vectors, `foot` is written.

    Returns:
        The squared straight-line distance through the earth, square metres.
    """
    px, py, pz = surface_point(point[0], point[1], point[2])
    ex, ey, ez = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    length2 = ex * ex + ey * ey + ez * ez
    s = _first_guess(point, a, b, length2)
    fx, fy, fz = surface_point(a[0], a[1], a[2])
    nx, ny, nz = a[0], a[1], a[2]
    for _ in range(_STEPS if length2 > 0.0 else 1):
        ux, uy, uz = a[0] + s * ex, a[1] + s * ey, a[2] + s * ez
        size = 1.0 / math.sqrt(ux * ux + uy * uy + uz * uz)
        nx, ny, nz = ux * size, uy * size, uz * size
        fx, fy, fz = surface_point(nx, ny, nz)
        along = nx * ex + ny * ey + nz * ez
        dx, dy, dz = (ex - nx * along) * size, (ey - ny * along) * size, (ez - nz * along) * size
        # The curve's direction on the ellipsoid, from the normal's direction.
        wx, wy, wz = _A2 * nx, _A2 * ny, _B2 * nz
        k = 1.0 / math.sqrt(nx * wx + ny * wy + nz * wz)
        turn = (dx * wx + dy * wy + dz * wz) * k * k * k
        tx, ty, tz = _A2 * dx * k - wx * turn, _A2 * dy * k - wy * turn, _B2 * dz * k - wz * turn
        size2 = tx * tx + ty * ty + tz * tz
        if size2 == 0.0:
            break
        step = ((px - fx) * tx + (py - fy) * ty + (pz - fz) * tz) / size2
        moved = min(1.0, max(0.0, s + step))
        if abs(moved - s) < 1e-13:
            break
        s = moved
    foot[0], foot[1], foot[2] = nx, ny, nz
    return (px - fx) ** 2 + (py - fy) ** 2 + (pz - fz) ** 2


@kernel
def _first_guess(point: FloatArray, a: FloatArray, b: FloatArray, length2: float) -> float:
    """Where along the edge (0 .. 1) the foot lies on a sphere; ends where it lies beyond."""
    if length2 == 0.0:
        return 0.0
    gx = a[1] * b[2] - a[2] * b[1]
    gy = a[2] * b[0] - a[0] * b[2]
    gz = a[0] * b[1] - a[1] * b[0]
    # f = g x (p x g) is the foot's direction; solved as a mixture of both ends.
    from_a = (
        (a[1] * point[2] - a[2] * point[1]) * gx
        + (a[2] * point[0] - a[0] * point[2]) * gy
        + (a[0] * point[1] - a[1] * point[0]) * gz
    )
    to_b = (
        (point[1] * b[2] - point[2] * b[1]) * gx
        + (point[2] * b[0] - point[0] * b[2]) * gy
        + (point[0] * b[1] - point[1] * b[0]) * gz
    )
    total = from_a + to_b
    if total <= 0.0:  # beyond a quarter of the globe: the nearer end
        near_a = point[0] * a[0] + point[1] * a[1] + point[2] * a[2]
        near_b = point[0] * b[0] + point[1] * b[1] + point[2] * b[2]
        return 0.0 if near_a >= near_b else 1.0
    share: float = from_a / total
    return min(1.0, max(0.0, share))


class Core(NamedTuple):
    """A core on the ellipsoid: the run `begin` .. `end` of packed vertices."""

    vertices: FloatArray
    following: IntArray
    begin: int
    end: int


@kernel
def _improve(p: Core, q: Core, best2: float, p_at: FloatArray, q_at: FloatArray) -> float:
    """Improve `best2` by the vertices of p against the edges of q; writes the places.

    An edge stays within a ball around the middle of its chord; where even the ball is farther
    than the best so far, the edge is not looked at.
    """
    foot = np.empty(3)
    balls = np.empty((q.end - q.begin, 4))
    for k in range(q.begin, q.end):
        if q.following[k] >= 0:
            _ball(q.vertices[k], q.vertices[q.begin + q.following[k]], balls[k - q.begin])
    for i in range(p.begin, p.end):
        px, py, pz = surface_point(p.vertices[i, 0], p.vertices[i, 1], p.vertices[i, 2])
        for k in range(q.begin, q.end):
            j = q.following[k]
            if j < 0:
                continue
            x, y, z, radius_m = balls[k - q.begin]
            least = math.sqrt(best2) + radius_m
            if (px - x) ** 2 + (py - y) ** 2 + (pz - z) ** 2 > least * least:
                continue
            d2 = foot_on_edge(p.vertices[i], q.vertices[k], q.vertices[q.begin + j], foot)
            if d2 < best2:
                best2 = d2
                for axis in range(3):
                    p_at[axis] = p.vertices[i, axis]
                    q_at[axis] = foot[axis]
    return best2


@kernel
def _ball(a: FloatArray, b: FloatArray, ball: FloatArray) -> None:
    """Write a middle and a radius, metres, of a ball that holds the whole edge a .. b.

    The edge bulges above its chord by at most the chord's square over four times the earth's
    radius; twice that is taken, and some centimetres, for the ellipsoid and for rounding.
    """
    ax, ay, az = surface_point(a[0], a[1], a[2])
    bx, by, bz = surface_point(b[0], b[1], b[2])
    ball[0], ball[1], ball[2] = 0.5 * (ax + bx), 0.5 * (ay + by), 0.5 * (az + bz)
    chord2 = (ax - bx) ** 2 + (ay - by) ** 2 + (az - bz) ** 2
    ball[3] = 0.5 * math.sqrt(chord2) + chord2 / 1.2e7 + 0.05


@kernel
def closest_cores(a: Core, b: Core, a_at: FloatArray, b_at: FloatArray) -> float:
    """The geodesic distance in metres between two cores that do not meet.

    Args:
        a, b: the cores.
        a_at, b_at: shape (3,), written: the n-vectors of the closest places.
    """
    best2 = _improve(a, b, math.inf, a_at, b_at)
    _improve(b, a, best2, b_at, a_at)
    return geodesic_between(a_at[0], a_at[1], a_at[2], b_at[0], b_at[1], b_at[2])
