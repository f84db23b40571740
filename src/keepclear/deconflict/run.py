"""A packed run: volumes sorted along the curve, with a tree of boxes over them.

Immutable once built. Sixteen volumes share a leaf, sixteen boxes a node, level by level.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.boxes import BoxArray, boxes_meet, fill_boxes
from keepclear.deconflict.hilbert import curve_keys
from keepclear.deconflict.packing import PackedVolumes
from keepclear.geometry.compiled import kernel

FAN = 16


class Run(NamedTuple):
    """Volumes in curve order and the boxes over them.

    Attributes:
        volumes: sorted; the core's vertices stand in the same order.
        boxes: one for each volume, shape (V, 10).
        nodes: boxes of all levels, lowest first, shape (n, 10).
        levels: for each level where its nodes begin; the last entry is their total.
        base_s: what the boxes' times count from.
        most_vertices: of any one volume.
    """

    volumes: PackedVolumes
    boxes: BoxArray
    nodes: BoxArray
    levels: NDArray[np.int64]
    base_s: float
    most_vertices: int


def build_run(volumes: PackedVolumes) -> Run:
    """Sort volumes along the curve and lay the tree over them; at least one volume."""
    count = len(volumes.facts)
    base_s = float(volumes.facts["start_s"].min())
    boxes = np.empty((count, 10), np.float32)
    fill_boxes(volumes, base_s, boxes)
    keys = np.empty(count, np.uint64)
    curve_keys(boxes, keys)
    order = np.argsort(keys, kind="stable")
    facts = volumes.facts[order]
    vertices = np.empty_like(volumes.vertices)
    following = np.empty_like(volumes.following)
    _gather(volumes, facts, vertices, following)
    sizes = [count]
    while sizes[-1] > FAN or len(sizes) == 1:
        sizes.append(-(-sizes[-1] // FAN))
    levels = np.zeros(len(sizes), np.int64)
    np.cumsum(sizes[1:], out=levels[1:])
    nodes = np.empty((int(levels[-1]), 10), np.float32)
    sorted_boxes = boxes[order]
    _fill_nodes(sorted_boxes, nodes, levels)
    most = int(volumes.facts["size"].max())
    return Run(PackedVolumes(facts, vertices, following), sorted_boxes, nodes, levels, base_s, most)


@kernel
def _gather(
    volumes: PackedVolumes,
    facts: NDArray[np.void],
    vertices: NDArray[np.float64],
    following: NDArray[np.int32],
) -> None:
    at = 0
    for v in range(len(facts)):
        begin, size = int(facts[v].begin), int(facts[v].size)
        facts[v].begin = at
        for i in range(begin, begin + size):
            vertices[at, 0] = volumes.vertices[i, 0]
            vertices[at, 1] = volumes.vertices[i, 1]
            vertices[at, 2] = volumes.vertices[i, 2]
            following[at] = volumes.following[i]
            at += 1


@kernel
def _fill_nodes(boxes: BoxArray, nodes: BoxArray, levels: NDArray[np.int64]) -> None:
    for level in range(len(levels) - 1):
        for node in range(levels[level], levels[level + 1]):
            child = (node - levels[level]) * FAN
            if level == 0:
                below, begin, end = boxes, child, min(child + FAN, len(boxes))
            else:
                below = nodes
                begin = levels[level - 1] + child
                end = min(begin + FAN, levels[level])
            for axis in range(5):
                low, high = below[begin, axis], below[begin, axis + 5]
                for i in range(begin + 1, end):
                    low = min(low, below[i, axis])
                    high = max(high, below[i, axis + 5])
                nodes[node, axis], nodes[node, axis + 5] = low, high


@kernel
def meeting(run: Run, box: NDArray[np.float32], found: NDArray[np.int64]) -> int:
    """List into `found` the volumes whose boxes meet a box.

    Returns:
        How many there are; more than `found` holds means: give more room and ask again.
    """
    count = 0
    levels = run.levels
    top = len(levels) - 2
    stack = np.empty(FAN * (top + 2), np.int64)
    depth = np.empty(FAN * (top + 2), np.int64)
    height = 0
    for node in range(levels[top], levels[top + 1]):
        if boxes_meet(box, run.nodes[node]):
            stack[height], depth[height] = node, top
            height += 1
    while height > 0:
        height -= 1
        node, level = stack[height], depth[height]
        child = (node - levels[level]) * FAN
        if level == 0:
            for i in range(child, min(child + FAN, len(run.boxes))):
                if boxes_meet(box, run.boxes[i]):
                    if count < len(found):
                        found[count] = i
                    count += 1
        else:
            begin = levels[level - 1] + child
            for i in range(begin, min(begin + FAN, levels[level])):
                if boxes_meet(box, run.nodes[i]):
                    stack[height], depth[height] = i, level - 1
                    height += 1
    return count
