"""Does a volume lie wholly inside a shape, or touch it at all? Laterally; heights aside.

Where a proof would be long the answer is no: "not wholly inside" only ever makes an answer
more careful. A corridor that bends holds only what one of its legs holds.
"""

from __future__ import annotations

import numpy as np

from keepclear.deconflict.packing import PackedVolumes, lateral_pack
from keepclear.deconflict.pairs import (
    Room,
    cores_closer_than,
    make_room,
    stand_on,
)
from keepclear.geometry.closest import Core, closest_cores
from keepclear.geometry.geodesy import geodesic_between
from keepclear.geometry.plane import LEAST_COSINE, FlatCore, encloses, project
from keepclear.model.volume import Circle, Footprint, Polygon
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
        room = self._room(packed, v)
        limit_m = _thickness_m(packed, v) + float(self._whole.facts["radius_m"][0]) + TOUCH_M
        return bool(cores_closer_than(packed, v, self._whole, 0, limit_m, room))

    def holds(self, packed: PackedVolumes, v: int) -> bool:
        """Tell whether volume v lies wholly inside the shape; False where that is not proved."""
        if isinstance(self.footprint, Polygon):
            return self._polygon_holds(packed, v)
        room_m = float(self._whole.facts["radius_m"][0]) - _thickness_m(packed, v)
        return room_m >= 0.0 and any(
            self._farthest_m(packed, v, begin, end) <= room_m for begin, end in self._legs()
        )

    def _polygon_holds(self, packed: PackedVolumes, v: int) -> bool:
        room = self._room(packed, v)
        if cores_closer_than(packed, v, self._edge, 0, _thickness_m(packed, v), room):
            return False
        size = len(self._whole.vertices)
        if project(self._whole.vertices, 0, size, room.plane, room.theirs) <= LEAST_COSINE:
            return False
        ring = FlatCore(room.theirs, self._whole.following, size, area=True)
        return bool(encloses(ring, room.ours[0, 0], room.ours[0, 1]))

    def _room(self, packed: PackedVolumes, v: int) -> Room:
        room = make_room(int(packed.facts["size"][v]), len(self._whole.vertices))
        stand_on(packed, v, room)
        return room

    def _legs(self) -> list[tuple[int, int]]:
        if isinstance(self.footprint, Circle):
            return [(0, 1)]
        return [(i, i + 2) for i in range(len(self._whole.vertices) - 1)]

    def _farthest_m(self, packed: PackedVolumes, v: int, begin: int, end: int) -> float:
        """How far the vertices of volume v reach from one leg of the core."""
        links = np.array([0] if end - begin == 1 else [1, -1], np.int32)
        leg = Core(self._whole.vertices[begin:end], links, 0, end - begin)
        first = int(packed.facts["begin"][v])
        at = np.empty((2, 3))
        farthest = 0.0
        for i in range(first, first + int(packed.facts["size"][v])):
            point = Core(packed.vertices[i : i + 1], np.zeros(1, np.int32), 0, 1)
            closest_cores(point, leg, at[0], at[1])
            farthest = max(farthest, geodesic_between(*at[0], *at[1]))
        return farthest


def _thickness_m(packed: PackedVolumes, v: int) -> float:
    return float(packed.facts["radius_m"][v]) + float(packed.facts["lateral_uncertainty_m"][v])
