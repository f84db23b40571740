"""Boxes around volumes: earth-centred x, y, z, height and time, always on the safe side.

A box in earth-centred coordinates has no seam at ±180° and no pole, and growing it by a
separation in metres can only admit too much, because the straight line through the earth is
shorter than the way along it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.packing import PackedVolumes
from keepclear.deconflict.pairs import Minima
from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import FloatArray, surface_point
from keepclear.geometry.heights import SURFACE_AGL, SURFACE_HAE, SURFACE_QFE
from keepclear.rules.verdict import TOUCH_M

BoxArray = NDArray[np.float32]
"""Shape (N, 10): least x, y, z, height, time, then greatest; metres, and seconds from a base."""

_SINGLE = 1.3e-7
"""More than half a step of single precision: rounding outward never loses a point."""


@kernel
def volume_box(volumes: PackedVolumes, v: int, base_s: float, box: FloatArray) -> None:
    """Write the box of one volume, shape (10,), double precision.

    A core's inside bulges above its vertices by at most the sagitta of its reach. Heights of
    surfaces that follow the ground stay open: two such heights compare directly wherever the
    ground lies. Geoid slope: 3e-4 bounds it with room to spare.
    """
    fact = volumes.facts[v]
    begin = int(fact.begin)
    end = begin + int(fact.size)
    for axis in range(3):
        box[axis], box[axis + 5] = math.inf, -math.inf
    mx = my = mz = 0.0
    for i in range(begin, end):
        x, y, z = volumes.vertices[i, 0], volumes.vertices[i, 1], volumes.vertices[i, 2]
        mx, my, mz = mx + x, my + y, mz + z
        px, py, pz = surface_point(x, y, z)
        box[0], box[5] = min(box[0], px), max(box[5], px)
        box[1], box[6] = min(box[1], py), max(box[6], py)
        box[2], box[7] = min(box[2], pz), max(box[7], pz)
    # Half the box's diagonal and more bounds the reach from its middle.
    span = math.sqrt((box[5] - box[0]) ** 2 + (box[6] - box[1]) ** 2 + (box[7] - box[2]) ** 2)
    bulge_m = span * span / 1.2e7 if span > 1.0 else 0.0
    grow_m = fact.radius_m + float(fact.lateral_uncertainty_m) + bulge_m
    for axis in range(3):
        box[axis] -= grow_m
        box[axis + 5] += grow_m
    vague_m = float(fact.vertical_uncertainty_m)
    box[3] = _open_height(fact.lower_surface, float(fact.lower_low_m), -1.0, span, vague_m)
    box[8] = _open_height(fact.upper_surface, float(fact.upper_high_m), 1.0, span, vague_m)
    box[4], box[9] = fact.start_s - base_s, fact.end_s - base_s


@kernel
def _open_height(
    surface: int, height_m: float, sign: float, span_m: float, vague_m: float
) -> float:
    if surface in (SURFACE_AGL, SURFACE_QFE):
        return sign * math.inf
    slack_m = 0.0 if surface == SURFACE_HAE else 5.0 + 3e-4 * span_m
    return height_m + sign * (slack_m + vague_m)


@kernel
def fill_boxes(volumes: PackedVolumes, base_s: float, boxes: BoxArray) -> None:
    """Write the boxes of all volumes, shape (V, 10), rounded outward to single precision."""
    box = np.empty(10)
    for v in range(len(volumes.facts)):
        volume_box(volumes, v, base_s, box)
        round_outward(box, boxes[v])


def box_around(volumes: PackedVolumes, base_s: float) -> FloatArray:
    """One box around all volumes, shape (10,); at least one volume."""
    boxes = np.empty((len(volumes.facts), 10), np.float32)
    fill_boxes(volumes, base_s, boxes)
    return np.concatenate([boxes[:, :5].min(0), boxes[:, 5:].max(0)]).astype(np.float64)


def boxes_meet(one: FloatArray, other: FloatArray) -> bool:
    """Tell whether two boxes of one base have a point in common."""
    return bool((one[:5] <= other[5:]).all() and (other[:5] <= one[5:]).all())


@kernel
def round_outward(box: FloatArray, single: BoxArray) -> None:
    """Copy a box to single precision without losing any of it."""
    for axis in range(5):
        low, high = box[axis], box[axis + 5]
        single[axis] = np.float32(low - abs(low) * _SINGLE - 1e-6)
        single[axis + 5] = np.float32(high + abs(high) * _SINGLE + 1e-6)


@kernel
def grow(box: FloatArray, minima: Minima) -> None:
    """Grow a query's box by what a rule asks, so that whatever may break it is met."""
    lateral_m = max(minima.lateral_m, TOUCH_M)
    vertical_m = max(minima.vertical_m, TOUCH_M)
    for axis in range(3):
        box[axis] -= lateral_m
        box[axis + 5] += lateral_m
    box[3] -= vertical_m
    box[8] += vertical_m
    box[4] -= minima.time_s
    box[9] += minima.time_s
