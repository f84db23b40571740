"""Which footprints are sound beyond any doubt, quickly: most are.

A ring is simple if no two of its edges meet but neighbours at the vertex they share. Every
pair is tried with a margin far above what rounding can do; whatever falls inside the margin
is left to the slow and exact test of `footprint`. So the answer is "surely" or "ask again",
never "unsound".

Source: orientation tests with a floating-point filter: Shewchuk, "Adaptive Precision
Floating-Point Arithmetic and Fast Robust Geometric Predicates", Discrete & Computational
Geometry 18 (1997); the gnomonic plane: see `plane`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import FloatArray, IntArray
from keepclear.geometry.plane import project, set_plane

WIDEST_CORE_RAD = math.radians(20.0)
"""A polygon or a centre line may reach this far from its middle (2,200 km)."""
_LEAST_REACH_COSINE = math.cos(WIDEST_CORE_RAD) + 1e-9
_MOST = 256
"""Rings of more vertices are left to the exact test, whose time grows more slowly."""
_MARGIN_M = 1e-6
"""Coordinates in the plane are off by some nanometres at most."""


@kernel
def surely_sound(
    vertices: FloatArray,
    following: IntArray,
    first: NDArray[np.int64],
    area: NDArray[np.bool_],
    sure: NDArray[np.bool_],
) -> None:
    """Write for each footprint whether it is sound beyond doubt.

    Args:
        vertices, following, first, area: as in `footprint.PackedFootprints`.
        sure: shape (V,), written.
    """
    flat, plane = np.empty((_MOST, 2)), np.empty((3, 3))
    for v in range(len(sure)):
        begin, end = first[v], first[v + 1]
        sure[v] = end - begin == 1 and not area[v]
        if sure[v] or end - begin > _MOST:
            continue
        middle = np.zeros(3)
        for i in range(begin, end):
            for axis in range(3):
                middle[axis] += vertices[i, axis]
        size = math.sqrt(middle[0] ** 2 + middle[1] ** 2 + middle[2] ** 2)
        if not size > 0.1:
            continue
        set_plane(middle / size, plane)
        least = project(vertices, begin, end, plane, flat)
        if least > _LEAST_REACH_COSINE:
            sure[v] = not area[v] or _surely_simple(flat, following[begin:end], end - begin)


@kernel
def _surely_simple(flat: FloatArray, following: IntArray, size: int) -> bool:
    """Tell whether one flat ring is simple beyond doubt; several rings never are."""
    for i in range(size):
        if following[i] != (i + 1) % size or not _surely_turns(flat, i, size):
            return False
    for i in range(size - 2):
        # The last edge is the first one's neighbour.
        for k in range(i + 2, size - 1 if i == 0 else size):
            if not _surely_apart(flat, i, (i + 1) % size, k, (k + 1) % size):
                return False
    return True


@kernel
def _side(flat: FloatArray, a: int, b: int, c: int) -> int:
    """On which side of the line a .. b point c lies for certain: 1, -1, or 0 for too near."""
    ux, uy = flat[b, 0] - flat[a, 0], flat[b, 1] - flat[a, 1]
    wx, wy = flat[c, 0] - flat[a, 0], flat[c, 1] - flat[a, 1]
    turn = ux * wy - uy * wx
    margin = _MARGIN_M * (abs(ux) + abs(uy) + abs(wx) + abs(wy))
    if turn > margin:
        return 1
    return -1 if turn < -margin else 0


@kernel
def _surely_turns(flat: FloatArray, i: int, size: int) -> bool:
    """Tell whether the edges around vertex i share nothing else, for certain."""
    before, after = (i + size - 1) % size, (i + 1) % size
    if _side(flat, before, i, after) != 0:
        return True
    ux, uy = flat[i, 0] - flat[before, 0], flat[i, 1] - flat[before, 1]
    wx, wy = flat[after, 0] - flat[i, 0], flat[after, 1] - flat[i, 1]
    onward = ux * wx + uy * wy
    return bool(onward > _MARGIN_M * (abs(ux) + abs(uy) + abs(wx) + abs(wy)))


@kernel
def _surely_apart(flat: FloatArray, a: int, b: int, c: int, d: int) -> bool:
    """Tell whether the edges a .. b and c .. d are apart for certain."""
    for axis in range(2):
        if min(flat[a, axis], flat[b, axis]) > max(flat[c, axis], flat[d, axis]) + _MARGIN_M:
            return True
        if min(flat[c, axis], flat[d, axis]) > max(flat[a, axis], flat[b, axis]) + _MARGIN_M:
            return True
    c_side, d_side = _side(flat, a, b, c), _side(flat, a, b, d)
    if c_side != 0 and c_side == d_side:
        return True
    a_side, b_side = _side(flat, c, d, a), _side(flat, c, d, b)
    return a_side != 0 and a_side == b_side
