"""How far the nearest of some footprints is from a place, on the WGS84 ellipsoid.

Source: the distance of two footprints is the one of `deconflict.pairs`.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepclear.deconflict.packing import lateral_pack
from keepclear.deconflict.pairs import lateral_gap, make_room, stand_on
from keepclear.model.volume import Circle, Footprint, Position

_POINT_M = 0.01


def nearest_m(place: Position, footprints: Sequence[Footprint]) -> float:
    """The geodesic distance to the nearest of at least one, to a centimetre; zero inside it."""
    point = lateral_pack([Circle(place, _POINT_M)])
    others = lateral_pack(footprints)
    room = make_room(1, int(others.facts["size"].max()))
    stand_on(point, 0, room)
    return float(min(lateral_gap(point, 0, others, w, room) for w in range(len(others.facts))))
