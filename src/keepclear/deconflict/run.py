"""A packed run: volumes sorted along the curve, with a tree of boxes over them.

Immutable once built. Sixteen boxes stand together as a group, one bound after the other, so
that a query compares itself with all sixteen at once; a box over each group belongs to a
group of the level above, up to a single group at the top.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.boxes import BoxArray, fill_boxes
from keepclear.deconflict.hilbert import curve_keys
from keepclear.deconflict.packing import PackedVolumes
from keepclear.geometry.compiled import kernel

FAN = 16


class Run(NamedTuple):
    """Volumes in curve order and the boxes over them.

    Attributes:
        volumes: sorted; the core's vertices stand in the same order.
        groups: boxes of all levels, lowest first, shape (n, 10, 16); the boxes that fill up
            the last group of a level meet nothing.
        levels: where each level's groups begin; the last entry is their total.
        base_s: what the boxes' times count from.
        most_vertices: of any one volume.
    """

    volumes: PackedVolumes
    groups: NDArray[np.float32]
    levels: NDArray[np.int64]
    base_s: float
    most_vertices: int


def build_run(volumes: PackedVolumes, first_row: int = 0) -> Run:
    """Sort volumes along the curve and lay the tree over them; at least one volume.

    Args:
        volumes: in any order.
        first_row: added to every operation's row.
    """
    count = len(volumes.facts)
    base_s = float(volumes.facts["start_s"].min())
    boxes = np.empty((count, 10), np.float32)
    fill_boxes(volumes, base_s, boxes)
    keys = np.empty(count, np.uint64)
    curve_keys(boxes, keys)
    order = np.argsort(keys, kind="stable")
    facts = np.empty_like(volumes.facts)
    vertices = np.empty_like(volumes.vertices)
    following = np.empty_like(volumes.following)
    _gather(volumes, order, first_row, facts, vertices, following)
    sizes = [-(-count // FAN)]
    while sizes[-1] > 1:
        sizes.append(-(-sizes[-1] // FAN))
    levels = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=levels[1:])
    groups = np.empty((int(levels[-1]), 10, FAN), np.float32)
    groups[:, :5], groups[:, 5:] = np.inf, -np.inf
    _fill_groups(boxes, order, groups, levels)
    most = int(volumes.facts["size"].max())
    return Run(PackedVolumes(facts, vertices, following), groups, levels, base_s, most)


@kernel
def _gather(
    volumes: PackedVolumes,
    order: NDArray[np.int64],
    first_row: int,
    facts: NDArray[np.void],
    vertices: NDArray[np.float64],
    following: NDArray[np.int32],
) -> None:
    at = 0
    for v in range(len(facts)):
        facts[v] = volumes.facts[order[v]]
        begin, size = int(facts[v].begin), int(facts[v].size)
        facts[v].begin = at
        facts[v].operation += first_row
        for i in range(begin, begin + size):
            vertices[at, 0] = volumes.vertices[i, 0]
            vertices[at, 1] = volumes.vertices[i, 1]
            vertices[at, 2] = volumes.vertices[i, 2]
            following[at] = volumes.following[i]
            at += 1


@kernel
def _fill_groups(
    boxes: BoxArray,
    order: NDArray[np.int64],
    groups: NDArray[np.float32],
    levels: NDArray[np.int64],
) -> None:
    for i in range(len(order)):
        for bound in range(10):
            groups[i // FAN, bound, i % FAN] = boxes[order[i], bound]
    for level in range(1, len(levels) - 1):
        for child in range(levels[level - 1], levels[level]):
            place = child - levels[level - 1]
            group = levels[level] + place // FAN
            for bound in range(5):
                low, high = groups[child, bound, 0], groups[child, bound + 5, 0]
                for k in range(1, FAN):
                    low = min(low, groups[child, bound, k])
                    high = max(high, groups[child, bound + 5, k])
                groups[group, bound, place % FAN] = low
                groups[group, bound + 5, place % FAN] = high


@kernel
def meeting(run: Run, box: BoxArray, found: NDArray[np.int64]) -> int:
    """List into `found` the volumes whose boxes meet a box, shape (10,).

    Returns:
        How many there are; more than `found` holds means: give more room and ask again.
    """
    count = 0
    groups, levels = run.groups, run.levels
    top = len(levels) - 2
    stack = np.empty(FAN * (top + 1) + 1, np.int64)
    stack[0] = levels[top]
    height = 1
    hits = np.empty(FAN, np.uint8)
    low_x, low_y, low_z, low_h, low_t = box[0], box[1], box[2], box[3], box[4]
    high_x, high_y, high_z, high_h, high_t = box[5], box[6], box[7], box[8], box[9]
    while height > 0:
        height -= 1
        group = stack[height]
        for k in range(FAN):
            hits[k] = (
                (groups[group, 0, k] <= high_x)
                & (groups[group, 1, k] <= high_y)
                & (groups[group, 2, k] <= high_z)
                & (groups[group, 3, k] <= high_h)
                & (groups[group, 4, k] <= high_t)
                & (groups[group, 5, k] >= low_x)
                & (groups[group, 6, k] >= low_y)
                & (groups[group, 7, k] >= low_z)
                & (groups[group, 8, k] >= low_h)
                & (groups[group, 9, k] >= low_t)
            )
        if group < levels[1]:
            for k in range(FAN):
                if hits[k]:
                    if count < len(found):
                        found[count] = group * FAN + k
                    count += 1
        else:
            level = 1
            while group >= levels[level + 1]:
                level += 1
            child = levels[level - 1] + (group - levels[level]) * FAN
            for k in range(FAN):
                if hits[k]:
                    stack[height] = child + k
                    height += 1
    return count
