"""Where two volumes come closest: the places behind an answer."""

from __future__ import annotations

from keepclear.deconflict.packing import PackedVolumes
from keepclear.deconflict.pairs import core_gap, make_room, stand_on
from keepclear.geometry.geodesy import (
    FloatArray,
    bearing_and_distance,
    destination,
    position_of,
)
from keepclear.model.volume import Position


def closest_places(
    ours: PackedVolumes, v: int, theirs: PackedVolumes, w: int
) -> tuple[Position, Position]:
    """Where the footprint of ours comes closest, and where theirs does.

    Returns:
        Twice the same position, inside both, where the footprints meet.
    """
    room = make_room(int(ours.facts["size"][v]), int(theirs.facts["size"][w]))
    stand_on(ours, v, room)
    between_m = float(core_gap(ours, v, theirs, w, room))
    our_radius_m = float(ours.facts["radius_m"][v])
    return places_between(room.at, between_m, our_radius_m, float(theirs.facts["radius_m"][w]))


def places_between(
    closest: FloatArray, core_m: float, our_radius_m: float, their_radius_m: float
) -> tuple[Position, Position]:
    """Where two footprints come closest, from where their cores do.

    Args:
        closest: n-vectors of the closest places of both cores, shape (2, 3).
        core_m: how far apart these are.
        our_radius_m, their_radius_m: how thick the cores are.

    Returns:
        Twice the same position, inside both, where the footprints meet.
    """
    one = position_of(closest[0])
    if core_m == 0.0:
        return one, one
    bearing_deg, _ = bearing_and_distance(one, position_of(closest[1]))
    if core_m > our_radius_m + their_radius_m:
        return (
            destination(one, bearing_deg, our_radius_m),
            destination(one, bearing_deg, core_m - their_radius_m),
        )
    low_m, high_m = max(0.0, core_m - their_radius_m), min(core_m, our_radius_m)
    middle = destination(one, bearing_deg, 0.5 * (low_m + high_m))
    return middle, middle
