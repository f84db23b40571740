"""Volumes as an index keeps them: two numbers for a vertex instead of three.

A vertex is a unit normal, so one of its components follows from the other two. The largest
is left out, the same for all vertices of a volume, and found again as a square root: off by
less than 1e-15 (some nanometres), because it is never small. Which edges there are follows
from the kind of core. What does not fit (several rings; a core so wide that every component
vanishes somewhere) is kept whole, in twice the room.

Source: unit normals, see `geodesy`; with c² = 1 - a² - b² an error of da and db in what is
kept makes one of (a da + b db) / c in c.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.packing import FACTS, PackedVolumes
from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import FloatArray

WHOLE = 6
"""The form of a volume kept whole. Forms below it tell the component left out: its axis, and
3 more where it is negative."""
_LEAST_LEFT_OUT = 0.2
"""A component left out is at least so large at every vertex; that of the first, which decides
the axis, is 0.577 or more."""


class CompactVolumes(NamedTuple):
    """Volumes as arrays; `seat` gives one of them back.

    Attributes:
        facts: shape (V,), dtype FACTS; `begin` counts rows.
        rows: shape (n, 2). A volume of s vertices has s rows, two components each. Kept
            whole it has 2 s: x and y of each vertex, then z and `following` of each.
    """

    facts: NDArray[np.void]
    rows: FloatArray


@kernel
def form_of(volumes: PackedVolumes, v: int) -> int:
    """Which form volume v takes."""
    fact = volumes.facts[v]
    begin, size = int(fact.begin), int(fact.size)
    end = begin + size
    for i in range(size - 1):
        if volumes.following[begin + i] != i + 1:
            return WHOLE
    if volumes.following[end - 1] != _last_link(size, fact.area):
        return WHOLE
    x, y, z = volumes.vertices[begin]
    axis = 0 if abs(x) >= max(abs(y), abs(z)) else (1 if abs(y) >= abs(z) else 2)
    sign = 1.0 if volumes.vertices[begin, axis] > 0.0 else -1.0
    for i in range(begin, end):
        if sign * volumes.vertices[i, axis] < _LEAST_LEFT_OUT:
            return WHOLE
    return axis if sign > 0.0 else axis + 3


@kernel
def _last_link(size: int, area: int) -> int:
    """Where the edge of the last vertex of a point, a line or one ring leads."""
    return 0 if area != 0 or size == 1 else -1


@kernel
def rows_of(size: int, form: int) -> int:
    """How many rows a volume of so many vertices takes in a form."""
    return 2 * size if form == WHOLE else size


@kernel
def write_rows(volumes: PackedVolumes, v: int, form: int, rows: FloatArray, at: int) -> None:
    """Write the vertices of volume v in its form, from row `at` on."""
    fact = volumes.facts[v]
    begin, size = int(fact.begin), int(fact.size)
    first, second = _kept(form)
    for i in range(size):
        rows[at + i, 0] = volumes.vertices[begin + i, first]
        rows[at + i, 1] = volumes.vertices[begin + i, second]
        if form == WHOLE:
            rows[at + size + i, 0] = volumes.vertices[begin + i, 2]
            rows[at + size + i, 1] = volumes.following[begin + i]


@kernel
def _kept(form: int) -> tuple[int, int]:
    """The two axes that a form keeps, in order."""
    left_out = 2 if form == WHOLE else form % 3
    return (1 if left_out == 0 else 0), (1 if left_out == 2 else 2)


@kernel
def make_seat(vertices: int) -> PackedVolumes:
    """Room for one volume of up to so many vertices."""
    return PackedVolumes(np.empty(1, FACTS), np.empty((vertices, 3)), np.empty(vertices, np.int32))


@kernel
def unpack(volumes: CompactVolumes, v: int, into: PackedVolumes, place: int, begin: int) -> None:
    """Give volume v back as volume `place` of a pack, its vertices from `begin` on."""
    fact = volumes.facts[v]
    at, size, form = int(fact.begin), int(fact.size), int(fact.form)
    into.facts[place] = fact
    into.facts[place].begin, into.facts[place].form = begin, 0
    if form == WHOLE:
        for i in range(size):
            into.vertices[begin + i, 0] = volumes.rows[at + i, 0]
            into.vertices[begin + i, 1] = volumes.rows[at + i, 1]
            into.vertices[begin + i, 2] = volumes.rows[at + size + i, 0]
            into.following[begin + i] = int(volumes.rows[at + size + i, 1])
        return
    first, second = _kept(form)
    third, sign = form % 3, (1.0 if form < 3 else -1.0)
    for i in range(size):
        a, b = volumes.rows[at + i, 0], volumes.rows[at + i, 1]
        into.vertices[begin + i, first] = a
        into.vertices[begin + i, second] = b
        into.vertices[begin + i, third] = sign * math.sqrt(1.0 - a * a - b * b)
        into.following[begin + i] = i + 1
    into.following[begin + size - 1] = _last_link(size, fact.area)


@kernel
def unpack_all(volumes: CompactVolumes, which: NDArray[np.int64], into: PackedVolumes) -> None:
    """Give several volumes back, in the order named, into a pack with room for them."""
    begin = 0
    for place in range(len(which)):
        unpack(volumes, which[place], into, place, begin)
        begin += int(into.facts[place].size)


def unpacked(volumes: CompactVolumes, which: NDArray[np.int64]) -> PackedVolumes:
    """Several volumes as a pack of their own, in the order named."""
    sizes = volumes.facts["size"][which]
    vertices = int(sizes.sum(dtype=np.int64))
    pack = PackedVolumes(
        np.empty(len(which), FACTS), np.empty((vertices, 3)), np.empty(vertices, np.int32)
    )
    unpack_all(volumes, which, pack)
    return pack
