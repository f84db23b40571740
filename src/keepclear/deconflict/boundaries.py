"""An agreed line: is it crossed, and on which side of it does a volume lie?

Laterally only: a line reaches from the ground up. Beyond its two ends it says nothing.
"""

from __future__ import annotations

import numpy as np

from keepclear.deconflict.packing import FACTS, PackedVolumes, with_footprints
from keepclear.deconflict.pairs import core_gap, make_room, stand_on
from keepclear.geometry.closest import foot_on_edge
from keepclear.geometry.compiled import kernel
from keepclear.geometry.footprint import PackedFootprints
from keepclear.geometry.geodesy import FloatArray, normals, position_of
from keepclear.model.volume import Position
from keepclear.model.zone import Boundary, Side
from keepclear.rules.verdict import TOUCH_M


class Line:
    """A boundary made ready to be asked about packed volumes.

    Attributes:
        boundary: the boundary.
    """

    def __init__(self, boundary: Boundary) -> None:
        self.boundary = boundary
        table = np.array([(p.latitude_deg, p.longitude_deg) for p in boundary.line], np.float64)
        count = len(table)
        self._normals = normals(table[:, 0], table[:, 1])
        self._packed = with_footprints(
            np.zeros(1, FACTS),
            PackedFootprints(
                self._normals,
                np.array([*range(1, count), -1], np.int32),
                np.array([0, count]),
                np.zeros(1),
                np.zeros(1, np.bool_),
            ),
        )

    def crossed_by(self, packed: PackedVolumes, v: int) -> Position | None:
        """Where volume v meets the line; None where it does not."""
        gap_m, place = self._approach(packed, v)
        return place if gap_m <= TOUCH_M else None

    def nearest(self, packed: PackedVolumes, v: int) -> Position:
        """The place of volume v's core nearest to the line."""
        return self._approach(packed, v)[1]

    def side_of(self, packed: PackedVolumes, v: int) -> Side | None:
        """The side on which volume v lies; None beyond the line's ends.

        Meant for a volume that does not meet the line: its first vertex speaks for it.
        """
        point = packed.vertices[int(packed.facts["begin"][v])]
        foot, best2, leg, place = np.empty(3), np.inf, 0, np.empty(3)
        for i in range(len(self._normals) - 1):
            d2 = foot_on_edge(point, self._normals[i], self._normals[i + 1], foot)
            if d2 < best2:
                best2, leg, place = d2, i, foot.copy()
        if _same(place, self._normals[0]) or _same(place, self._normals[-1]):
            return None
        left = self._left_of(leg, point)
        if leg + 2 < len(self._normals) and _same(place, self._normals[leg + 1]):
            # At a bend that turns left only what is left of both legs is inside it.
            turns_left = self._left_of(leg, self._normals[leg + 2])
            both = left, self._left_of(leg + 1, point)
            left = all(both) if turns_left else any(both)
        return Side.LEFT if left else Side.RIGHT

    def _left_of(self, leg: int, point: FloatArray) -> bool:
        return bool(np.cross(self._normals[leg], self._normals[leg + 1]) @ point > 0.0)

    def _approach(self, packed: PackedVolumes, v: int) -> tuple[float, Position]:
        place = np.empty(3)
        between_m = float(_approach(packed, v, self._packed, place))
        return between_m - float(packed.facts["radius_m"][v]), position_of(place)


@kernel
def _approach(packed: PackedVolumes, v: int, line: PackedVolumes, place: FloatArray) -> float:
    """How near volume v's core comes to a line; writes where on the core that is."""
    room = make_room(int(packed.facts[v].size), len(line.vertices))
    stand_on(packed, v, room)
    between_m = core_gap(packed, v, line, 0, room)
    place[:] = room.at[0]
    return between_m


def _same(one: FloatArray, other: FloatArray) -> bool:
    return bool(np.abs(one - other).max() < 1e-12)
