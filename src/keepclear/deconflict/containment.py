"""Does a volume lie wholly inside a shape, or touch it at all? Laterally; heights aside.

Where a proof would be long the answer is no: "not wholly inside" only ever makes an answer
more careful. A corridor that bends holds only what one of its legs holds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.packing import PackedVolumes, lateral_pack, part
from keepclear.deconflict.pairs import cores_closer_than, make_room, stand_on
from keepclear.geometry.closest import Core, closest_cores
from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import FloatArray
from keepclear.geometry.plane import LEAST_COSINE, FlatCore, encloses, project
from keepclear.model.volume import Footprint, Polygon
from keepclear.rules.verdict import TOUCH_M


class Shape:
    """A footprint made ready to be asked what it holds.

    Attributes:
        footprint: the shape.
    """

    def __init__(self, footprint: Footprint) -> None:
        self.footprint = footprint
        self._whole = lateral_pack([footprint])
        edge = self._whole.facts.copy()
        edge["area"] = 0
        self._edge = self._whole._replace(facts=edge)

    def touches(self, packed: PackedVolumes, v: int) -> bool:
        """Tell whether volume v and the shape share a point."""
        return bool(self.touches_each(part(packed, v, v + 1))[0])

    def touches_each(self, packed: PackedVolumes) -> NDArray[np.bool_]:
        """Tell for each volume whether it and the shape share a point; shape (V,)."""
        found = np.empty(len(packed.facts), np.bool_)
        _touching(packed, self._whole, found)
        return found

    def holds(self, packed: PackedVolumes, v: int) -> bool:
        """Tell whether volume v lies wholly inside the shape; False where that is not proved."""
        if isinstance(self.footprint, Polygon):
            return bool(_in_polygon(packed, v, self._whole, self._edge))
        return bool(_in_thick_line(packed, v, self._whole))


@kernel
def _thickness_m(packed: PackedVolumes, v: int) -> float:
    thickness_m: float = packed.facts[v].radius_m + packed.facts[v].lateral_uncertainty_m
    return thickness_m


@kernel
def _touching(packed: PackedVolumes, shape: PackedVolumes, found: NDArray[np.bool_]) -> None:
    for v in range(len(found)):
        room = make_room(int(packed.facts[v].size), len(shape.vertices))
        stand_on(packed, v, room)
        limit_m = _thickness_m(packed, v) + shape.facts[0].radius_m + TOUCH_M
        found[v] = cores_closer_than(packed, v, shape, 0, limit_m, room)


@kernel
def _in_polygon(packed: PackedVolumes, v: int, shape: PackedVolumes, edge: PackedVolumes) -> bool:
    """Tell whether volume v keeps off a polygon's edge and begins inside it."""
    size = len(shape.vertices)
    room = make_room(int(packed.facts[v].size), size)
    stand_on(packed, v, room)
    if cores_closer_than(packed, v, edge, 0, _thickness_m(packed, v), room):
        return False
    if project(shape.vertices, 0, size, room.plane, room.theirs) <= LEAST_COSINE:
        return False
    ring = FlatCore(room.theirs, shape.following, size, True)
    return encloses(ring, room.ours[0, 0], room.ours[0, 1])


@kernel
def _in_thick_line(packed: PackedVolumes, v: int, shape: PackedVolumes) -> bool:
    """Tell whether volume v lies within a circle, or within one leg of a corridor."""
    room_m = shape.facts[0].radius_m - _thickness_m(packed, v)
    if room_m < 0.0:
        return False
    if len(shape.vertices) == 1:
        return bool(_farthest_m(packed, v, shape.vertices) <= room_m)
    for i in range(len(shape.vertices) - 1):
        if _farthest_m(packed, v, shape.vertices[i : i + 2]) <= room_m:
            return True
    return False


@kernel
def _farthest_m(packed: PackedVolumes, v: int, ends: FloatArray) -> float:
    """How far the vertices of volume v reach from a point or an edge, shape (1 or 2, 3)."""
    links = np.array([1, -1], np.int32) if len(ends) == 2 else np.array([0, 0], np.int32)
    leg = Core(ends, links, 0, len(ends))
    first = int(packed.facts[v].begin)
    at, alone = np.empty((2, 3)), np.zeros(1, np.int32)
    farthest_m = 0.0
    for i in range(first, first + int(packed.facts[v].size)):
        point = Core(packed.vertices[i : i + 1], alone, 0, 1)
        farthest_m = max(farthest_m, closest_cores(point, leg, at[0], at[1]))
    return farthest_m
