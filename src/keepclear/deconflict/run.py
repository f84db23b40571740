"""A packed run: volumes sorted along the curve, with a tree of boxes over them.

Immutable once built. Sixteen boxes stand together as a group, one bound after the other, so
that a query compares itself with all sixteen at once; a box over each group belongs to a
group of the level above, up to a single group at the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.boxes import BoxArray, fill_boxes
from keepclear.deconflict.compact import CompactVolumes, form_of, rows_of, write_rows
from keepclear.deconflict.hilbert import curve_keys
from keepclear.deconflict.packing import FACTS, PackedVolumes
from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import FloatArray

FAN = 16
RowArray = NDArray[np.int64]


class Run(NamedTuple):
    """Volumes in curve order and the boxes over them.

    Attributes:
        volumes: sorted; their rows of vertices stand in the same order.
        groups: boxes of all levels, lowest first, shape (n, 10, 16); the boxes that fill up
            the last group of a level meet nothing.
        levels: where each level's groups begin; the last entry is their total.
        base_s: what the boxes' times count from.
        filled: how many volumes there are; what stands behind them is not part of the run.
        most_vertices: of any one volume.
    """

    volumes: CompactVolumes
    groups: NDArray[np.float32]
    levels: RowArray
    base_s: float
    filled: int
    most_vertices: int


def build_run(volumes: PackedVolumes, first_row: int, base_s: float) -> Run:
    """Sort volumes along the curve and lay the tree over them; at least one volume.

    Args:
        volumes: in any order.
        first_row: added to every operation's row.
        base_s: what the boxes' times shall count from: near the volumes' own, for precision.
    """
    boxes = np.empty((len(volumes.facts), 10), np.float32)
    fill_boxes(volumes, base_s, boxes)
    order = _curve_order(boxes)
    facts, forms = np.empty(len(order), FACTS), np.empty(len(order), np.int8)
    _fill_forms(volumes, forms)
    rows = np.empty((_sort_facts(volumes, order, forms, first_row, facts), 2))
    _sort_rows(volumes, order, facts, rows)
    return _with_tree(CompactVolumes(facts, rows), boxes, order, base_s)


def merged(runs: Sequence[Run], ended: RowArray, sequence: int) -> Run | None:
    """One run of what is left of several, all of one base; None where nothing is.

    Args:
        runs: what to merge.
        ended, sequence: as in `queries.Alive`; ended operations are left out.
    """
    kept = [
        np.flatnonzero(ended[run.volumes.facts["operation"][: run.filled]] > sequence)
        for run in runs
    ]
    starts = np.concatenate([[0], np.cumsum([len(k) for k in kept])])
    if starts[-1] == 0:
        return None
    boxes = np.empty((int(starts[-1]), 10), np.float32)
    for run, which, start in zip(runs, kept, starts.tolist(), strict=False):
        _copy_boxes(run.groups, which, boxes[start:])
    order = _curve_order(boxes)
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    facts = np.empty(len(order), FACTS)
    for run, which, start in zip(runs, kept, starts.tolist(), strict=False):
        facts[places[start : start + len(which)]] = run.volumes.facts[which]
    rows = np.empty((_lay_out(facts), 2))
    for run, which, start in zip(runs, kept, starts.tolist(), strict=False):
        _move_rows(run.volumes, which, places[start:], facts, rows)
    return _with_tree(CompactVolumes(facts, rows), boxes, order, runs[0].base_s)


def _curve_order(boxes: BoxArray) -> RowArray:
    keys = np.empty(len(boxes), np.uint64)
    curve_keys(boxes, keys)
    return np.argsort(keys, kind="stable")


def _with_tree(volumes: CompactVolumes, boxes: BoxArray, order: RowArray, base_s: float) -> Run:
    sizes = [-(-len(order) // FAN)]
    while sizes[-1] > 1:
        sizes.append(-(-sizes[-1] // FAN))
    levels = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=levels[1:])
    groups = np.empty((int(levels[-1]), 10, FAN), np.float32)
    groups[:, :5], groups[:, 5:] = np.inf, -np.inf
    _fill_groups(boxes, order, groups, levels)
    most = int(volumes.facts["size"].max())
    return Run(volumes, groups, levels, base_s, len(order), most)


@kernel
def _fill_forms(volumes: PackedVolumes, forms: NDArray[np.int8]) -> None:
    for v in range(len(forms)):
        forms[v] = form_of(volumes, v)


@kernel
def _sort_facts(
    volumes: PackedVolumes,
    order: RowArray,
    forms: NDArray[np.int8],
    first_row: int,
    facts: NDArray[np.void],
) -> int:
    """Write facts in their new order, with forms and rows; returns how many rows there are."""
    at = 0
    for v in range(len(facts)):
        facts[v] = volumes.facts[order[v]]
        facts[v].form = forms[order[v]]
        facts[v].begin = at
        facts[v].operation += first_row
        at += rows_of(int(facts[v].size), int(facts[v].form))
    return at


@kernel
def _sort_rows(
    volumes: PackedVolumes, order: RowArray, facts: NDArray[np.void], rows: FloatArray
) -> None:
    for v in range(len(facts)):
        write_rows(volumes, order[v], int(facts[v].form), rows, int(facts[v].begin))


@kernel
def _copy_boxes(groups: NDArray[np.float32], which: RowArray, boxes: BoxArray) -> None:
    for i in range(len(which)):
        for bound in range(10):
            boxes[i, bound] = groups[which[i] // FAN, bound, which[i] % FAN]


@kernel
def _lay_out(facts: NDArray[np.void]) -> int:
    """Give every volume its new place among the rows; returns how many rows there are."""
    at = 0
    for v in range(len(facts)):
        facts[v].begin = at
        at += rows_of(int(facts[v].size), int(facts[v].form))
    return at


@kernel
def _move_rows(
    volumes: CompactVolumes,
    which: RowArray,
    places: RowArray,
    facts: NDArray[np.void],
    rows: FloatArray,
) -> None:
    for i in range(len(which)):
        old, fact = int(volumes.facts[which[i]].begin), facts[places[i]]
        new = int(fact.begin)
        for k in range(rows_of(int(fact.size), int(fact.form))):
            rows[new + k, 0] = volumes.rows[old + k, 0]
            rows[new + k, 1] = volumes.rows[old + k, 1]


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
    height = levels[top + 1] - levels[top]
    stack = np.empty(FAN * (top + 1) + height, np.int64)
    for group in range(height):
        stack[group] = levels[top] + group
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
                if hits[k] and group * FAN + k < run.filled:
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
