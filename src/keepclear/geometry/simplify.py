"""Fewer vertices for a recorded line, with a stated distance never exceeded.

Source: Douglas and Peucker, "Algorithms for the reduction of the number of points required
to represent a digitized line or its caricature", Cartographica 10 (1973), method 2; with an
explicit stack, and with distances to great circles through n-vectors instead of chords.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keepclear.geometry.geodesy import SEMI_MAJOR_M, SEMI_MINOR_M, normals

FloatArray = NDArray[np.float64]

LONGEST_PER_RADIAN_M = SEMI_MAJOR_M**2 / SEMI_MINOR_M
"""The largest radius of curvature of the ellipsoid, at its poles: two positions whose normals
are some angle apart are never farther apart than the angle times this, and at most 1 % less."""


def simplified(
    latitude_deg: FloatArray, longitude_deg: FloatArray, tolerance_m: float
) -> NDArray[np.intp]:
    """Choose vertices so that the line through them passes close to every position.

    Edges are great circles through geodetic normals, as everywhere in keepclear. Distances
    are reckoned slightly long (by up to 1 %), so the tolerance holds in true metres.

    Args:
        latitude_deg: geodetic latitudes in the order of the line, shape (N,), N at least 1.
        longitude_deg: longitudes, shape (N,).
        tolerance_m: how far a position may lie from the edge it belongs to; zero or more.

    Returns:
        Indices of the vertices, rising; the first and the last position are among them.
    """
    unit = normals(latitude_deg, longitude_deg)
    last = len(unit) - 1
    chosen = np.zeros(last + 1, dtype=np.bool_)
    chosen[[0, last]] = True
    spans = [(0, last)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        offset_m = distance_bounds_m(unit[start + 1 : end], unit[start], unit[end])
        farthest = int(np.argmax(offset_m))
        if offset_m[farthest] > tolerance_m:
            middle = start + 1 + farthest
            chosen[middle] = True
            spans += [(start, middle), (middle, end)]
    return np.flatnonzero(chosen)


def distance_bounds_m(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Upper bounds, at most 1 % long, of the distance from points to an edge.

    Args:
        points: n-vectors, shape (N, 3).
        start: n-vector where the edge starts, shape (3,).
        end: n-vector where it ends, shape (3,), less than half a turn away. An edge too
            short or too long to have a direction counts as its two ends.

    Returns:
        Metres, shape (N,).
    """
    to_ends_rad = np.minimum(_angles_rad(points, start), _angles_rad(points, end))
    # By differences: precise for edges of a millimetre as well as of a thousand miles.
    pole = np.cross(start, end - start)
    length = float(np.linalg.norm(pole))
    if length < 1e-12:
        return LONGEST_PER_RADIAN_M * to_ends_rad
    pole /= length
    beside = (points @ np.cross(pole, start) >= 0.0) & (points @ np.cross(end, pole) >= 0.0)
    across_rad = np.arcsin(np.minimum(np.abs((points - start) @ pole), 1.0))
    return LONGEST_PER_RADIAN_M * np.where(beside, across_rad, to_ends_rad)


def _angles_rad(points: FloatArray, other: FloatArray) -> FloatArray:
    half_chord = 0.5 * np.linalg.norm(points - other, axis=-1)
    return np.asarray(2.0 * np.arcsin(np.minimum(half_chord, 1.0)))
