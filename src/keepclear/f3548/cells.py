"""Coarse cells over the earth, for a store to search by: what could be near an extent.

Cubes in earth-centred coordinates on five levels. Something is filed at its own level, the
finest on which few cubes hold it, as OWN, and at every coarser level as PASSING. A question
looks at the cubes of its own level for both, and at those of coarser levels for OWN only: so
it finds small and large alike, and a small question never reads what is small and far away.
"""

from __future__ import annotations

import math

LEVELS_M = (1_024.0, 16_384.0, 262_144.0, 4_194_304.0, 16_777_216.0)
"""Edges of the cubes of each level."""

_SHIFTS = (0, 4, 8, 12, 14)
"""How many of the finest cubes lie along one of each level, as powers of two."""
_FEW = 27
"""So many cubes at most hold something on its own level."""
_AXIS_BITS = 14
_HALF = 1 << (_AXIS_BITS - 1)
"""Twice as many finest cubes as lie along an axis: 6,378 km / 1,024 m is 6,229."""
_SORT_BIT = 1 << (3 * _AXIS_BITS)
_LEVEL_BITS = 3 * _AXIS_BITS + 1


def cells_of_box(box_m: tuple[float, float, float, float, float, float]) -> tuple[int, ...]:
    """The cells something is filed under, ascending, each once."""
    ranges = _ranges(box_m)
    own = _level(ranges)
    found = _cubes(ranges, own, own << _LEVEL_BITS)
    for level in range(own + 1, len(_SHIFTS)):
        found += _cubes(ranges, level, (level << _LEVEL_BITS) | _SORT_BIT)
    return tuple(found)


def cells_near(box_m: tuple[float, float, float, float, float, float]) -> tuple[int, ...]:
    """The cells that hold everything whose box meets this one; ascending, each once."""
    ranges = _ranges(box_m)
    own = _level(ranges)
    found = _cubes(ranges, own, own << _LEVEL_BITS)
    found += [cell | _SORT_BIT for cell in found]
    for level in range(own + 1, len(_SHIFTS)):
        found += _cubes(ranges, level, level << _LEVEL_BITS)
    return tuple(found)


_Ranges = tuple[int, int, int, int, int, int]


def _ranges(box_m: tuple[float, float, float, float, float, float]) -> _Ranges:
    floor, edge_m = math.floor, LEVELS_M[0]
    x0, y0, z0, x1, y1, z1 = box_m
    return (
        floor(x0 / edge_m), floor(y0 / edge_m), floor(z0 / edge_m),
        floor(x1 / edge_m), floor(y1 / edge_m), floor(z1 / edge_m),
    )  # fmt: skip


def _level(ranges: _Ranges) -> int:
    x0, y0, z0, x1, y1, z1 = ranges
    for level, s in enumerate(_SHIFTS):
        wide, deep = (x1 >> s) - (x0 >> s) + 1, (y1 >> s) - (y0 >> s) + 1
        if wide * deep * ((z1 >> s) - (z0 >> s) + 1) <= _FEW:
            return level
    return len(_SHIFTS) - 1


def _cubes(ranges: _Ranges, level: int, mark: int) -> list[int]:
    """The cubes of one level, ascending, each with a mark."""
    s = _SHIFTS[level]
    x0, y0, z0, x1, y1, z1 = (each >> s for each in ranges)
    return [
        mark | ((((x + _HALF) << _AXIS_BITS) | (y + _HALF)) << _AXIS_BITS) | (z + _HALF)
        for x in range(x0, x1 + 1)
        for y in range(y0, y1 + 1)
        for z in range(z0, z1 + 1)
    ]
