"""Coarse cells over the earth: which stored operations could matter to one being filed.

Cubes in earth-centred coordinates, so that there is no seam at ±180° and no pole. Each
volume is laid into the finest level whose cubes it meets few of; a question looks at all
levels. Cells only ever admit too much.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from keepclear.deconflict.boxes import grow, volume_box
from keepclear.deconflict.packing import PackedVolumes
from keepclear.deconflict.pairs import Minima

LEVELS_M = (131_072.0, 1_048_576.0, 16_777_216.0)
"""Edges of the cubes of each level; one cube of the last holds an eighth of the earth."""
_FEW = 27
"""So many cubes at most describe one volume on its level."""
_PLACES = 1 << 8
"""More than the cubes along an axis on the finest level: 2 x 6,378 km / 131 km is 98."""


def cells_of(packed: PackedVolumes) -> tuple[int, ...]:
    """The cells that hold an operation's volumes; ascending, each once."""
    found: set[int] = set()
    for box in _boxes(packed, None):
        level = next((i for i, edge_m in enumerate(LEVELS_M) if _count(box, edge_m) <= _FEW), 2)
        found.update(_cubes(box, level))
    return tuple(sorted(found))


def cells_near(packed: PackedVolumes, minima: Minima) -> tuple[int, ...] | None:
    """The cells of everything that could break the minima with an operation.

    Returns:
        Ascending, each once; None where they are so many that looking at everything is
        quicker.
    """
    found: set[int] = set()
    for box in _boxes(packed, minima):
        if _count(box, LEVELS_M[0]) > 1_000:
            return None
        for level in range(len(LEVELS_M)):
            found.update(_cubes(box, level))
    return tuple(sorted(found))


def _boxes(packed: PackedVolumes, minima: Minima | None) -> Iterator[list[float]]:
    box = np.empty(10)
    for v in range(len(packed.facts)):
        volume_box(packed, v, 0.0, box)
        if minima is not None:
            grow(box, minima)
        yield [*box[0:3].tolist(), *box[5:8].tolist()]


def _ranges(box: list[float], edge_m: float) -> list[range]:
    return [
        range(math.floor(box[axis] / edge_m), math.floor(box[axis + 3] / edge_m) + 1)
        for axis in range(3)
    ]


def _count(box: list[float], edge_m: float) -> int:
    return math.prod(len(each) for each in _ranges(box, edge_m))


def _cubes(box: list[float], level: int) -> Iterator[int]:
    x_range, y_range, z_range = _ranges(box, LEVELS_M[level])
    half = _PLACES // 2
    for x in x_range:
        for y in y_range:
            for z in z_range:
                place = ((x + half) * _PLACES + (y + half)) * _PLACES + (z + half)
                yield level * _PLACES**3 + place
