"""Are two volumes far enough apart: laterally, or vertically, or in time?

The three-valued answer for one pair and one set of minima, as a kernel. A conflict needs
all three separations to be missing for certain; cannot say, that none is certain to hold.

Source: design of keepclear, section 5 ("Verdicts"): a limit is broken iff the gap is at most
0.01 m, or the minimum is above zero and the gap below minimum - 0.01 m; in time iff the gap
is at most 0 s or below the minimum. Declared uncertainty u widens the gap to gap ± u, except
that declared contact stays contact.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.compact import CompactVolumes, make_seat, unpack
from keepclear.deconflict.packing import PackedVolumes
from keepclear.geometry.closest import Core, closest_cores
from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import FloatArray, IntArray
from keepclear.geometry.heights import SURFACE_QFE
from keepclear.geometry.plane import (
    LEAST_COSINE,
    NEAR,
    NOT_SURE,
    FlatCore,
    cores_within,
    distortion,
    lift,
    meeting_place,
    project,
    set_plane,
)
from keepclear.rules.verdict import TOUCH_M

APART = 0
CANNOT_SAY = 1
CONFLICT = 2


class Minima(NamedTuple):
    """What is asked for: metres, metres, seconds; zero asks only that volumes do not meet."""

    lateral_m: float
    vertical_m: float
    time_s: float


class Gaps(NamedTuple):
    """How far apart pairs of volumes are; n pairs.

    Attributes:
        lateral_m: between footprints, zero where they meet; shape (n,).
        core_m: between cores, before their thickness is taken off; shape (n,).
        low_m, high_m: the least and the greatest vertical gap that fit; shape (n,).
        time_s: between windows, negative where they overlap; shape (n,).
        closest: n-vectors of where the cores come closest, ours and theirs; shape (n, 2, 3).
    """

    lateral_m: FloatArray
    core_m: FloatArray
    low_m: FloatArray
    high_m: FloatArray
    time_s: FloatArray
    closest: FloatArray


class Vagueness(NamedTuple):
    """How far the gaps of n pairs may be off besides, as both owners declare; shape (n,)."""

    lateral_m: FloatArray
    vertical_m: FloatArray


class Room(NamedTuple):
    """Room for one thread's work; `make_room` makes it. `seat` takes a volume from an index."""

    plane: FloatArray
    ours: FloatArray
    theirs: FloatArray
    our_edges: IntArray
    their_edges: IntArray
    our_least: FloatArray
    at: FloatArray
    seat: PackedVolumes


@kernel
def make_room(our_vertices: int, their_vertices: int) -> Room:
    """Room to compare volumes of up to so many vertices each."""
    return Room(
        np.empty((3, 3)),
        np.empty((our_vertices, 2)),
        np.empty((their_vertices, 2)),
        np.empty(our_vertices, np.int32),
        np.empty(their_vertices, np.int32),
        np.empty(1),
        np.empty((2, 3)),
        make_seat(their_vertices),
    )


@kernel
def stand_on(ours: PackedVolumes, v: int, room: Room) -> None:
    """Lay the plane at the middle of volume v and project its core into it."""
    fact = ours.facts[v]
    begin = int(fact.begin)
    end = begin + int(fact.size)
    middle = np.zeros(3)
    for i in range(begin, end):
        for axis in range(3):
            middle[axis] += ours.vertices[i, axis]
    size = math.sqrt(middle[0] ** 2 + middle[1] ** 2 + middle[2] ** 2)
    set_plane(middle / size, room.plane)
    room.our_least[0] = project(ours.vertices, begin, end, room.plane, room.ours)


@kernel
def cores_closer_than(
    ours: PackedVolumes, v: int, theirs: PackedVolumes, w: int, limit_m: float, room: Room
) -> bool:
    """Tell whether the cores of two volumes lie within a limit; after `stand_on` of v."""
    one, other = ours.facts[v], theirs.facts[w]
    begin, size = int(other.begin), int(other.size)
    least = project(theirs.vertices, begin, begin + size, room.plane, room.theirs)
    least = min(least, room.our_least[0])
    our_begin, our_size = int(one.begin), int(one.size)
    if least > LEAST_COSINE:
        answer = cores_within(
            FlatCore(
                room.ours, ours.following[our_begin : our_begin + our_size], our_size, one.area != 0
            ),
            FlatCore(room.theirs, theirs.following[begin : begin + size], size, other.area != 0),
            limit_m,
            distortion(least),
            room.our_edges,
            room.their_edges,
        )
        if answer != NOT_SURE:
            return answer == NEAR
    a = Core(ours.vertices, ours.following, our_begin, our_begin + our_size)
    b = Core(theirs.vertices, theirs.following, begin, begin + size)
    return closest_cores(a, b, room.at[0], room.at[1]) <= limit_m


@kernel
def core_gap(ours: PackedVolumes, v: int, theirs: PackedVolumes, w: int, room: Room) -> float:
    """The distance of two cores, zero where they meet; after `stand_on` of v.

    Writes to `room.at` where they come closest.
    """
    one, other = ours.facts[v], theirs.facts[w]
    our_begin, our_size = int(one.begin), int(one.size)
    begin, size = int(other.begin), int(other.size)
    least = project(theirs.vertices, begin, begin + size, room.plane, room.theirs)
    if min(least, room.our_least[0]) > LEAST_COSINE:
        x, y = meeting_place(
            FlatCore(
                room.ours, ours.following[our_begin : our_begin + our_size], our_size, one.area != 0
            ),
            FlatCore(room.theirs, theirs.following[begin : begin + size], size, other.area != 0),
        )
        if not math.isnan(x):
            lift(room.plane, x, y, room.at[0])
            room.at[1] = room.at[0]
            return 0.0
    a = Core(ours.vertices, ours.following, our_begin, our_begin + our_size)
    b = Core(theirs.vertices, theirs.following, begin, begin + size)
    return closest_cores(a, b, room.at[0], room.at[1])


@kernel
def lateral_gap(ours: PackedVolumes, v: int, theirs: PackedVolumes, w: int, room: Room) -> float:
    """The geodesic distance of two footprints, zero where they meet; after `stand_on` of v."""
    thick_m = ours.facts[v].radius_m + theirs.facts[w].radius_m
    gap_m: float = core_gap(ours, v, theirs, w, room) - thick_m
    return max(0.0, gap_m)


@kernel
def vertical_gap(
    ours: NDArray[np.void], v: int, theirs: NDArray[np.void], w: int
) -> tuple[float, float]:
    """The least and the greatest vertical gap that fit two bands, by the facts of two volumes.

    Negative where the bands overlap.
    """
    one, other = ours[v], theirs[w]
    if other.lower_surface == one.upper_surface and one.upper_surface != SURFACE_QFE:
        above_low = above_high = other.lower_m - one.upper_m
    else:
        above_low = float(other.lower_low_m) - float(one.upper_high_m)
        above_high = float(other.lower_high_m) - float(one.upper_low_m)
    if one.lower_surface == other.upper_surface and other.upper_surface != SURFACE_QFE:
        below_low = below_high = one.lower_m - other.upper_m
    else:
        below_low = float(one.lower_low_m) - float(other.upper_high_m)
        below_high = float(one.lower_high_m) - float(other.upper_low_m)
    return max(above_low, below_low), max(above_high, below_high)


@kernel
def separated(low_m: float, high_m: float, minimum_m: float, vague_m: float) -> int:
    """Tell whether a distance known as an interval keeps a minimum: APART, CONFLICT if not.

    `rules.verdict.distance_separated` as a kernel; declared contact stays contact.
    """
    if low_m - vague_m > TOUCH_M and low_m - vague_m >= minimum_m - TOUCH_M:
        return APART
    if high_m <= TOUCH_M or (minimum_m > 0.0 and high_m + vague_m < minimum_m - TOUCH_M):
        return CONFLICT
    return CANNOT_SAY


@kernel
def judge_upright(
    ours: PackedVolumes, v: int, theirs: NDArray[np.void], w: int, minima: Minima
) -> int:
    """Tell whether time or height alone keep two volumes APART; footprints are not looked at.

    Returns:
        CONFLICT where neither does, CANNOT_SAY where height may.
    """
    one, other = ours.facts[v], theirs[w]
    time_gap_s = max(other.start_s - one.end_s, one.start_s - other.end_s)
    if time_gap_s > 0.0 and time_gap_s >= minima.time_s:
        return APART
    low_m, high_m = vertical_gap(ours.facts, v, theirs, w)
    vague_m = float(one.vertical_uncertainty_m) + float(other.vertical_uncertainty_m)
    return separated(low_m, high_m, minima.vertical_m, vague_m)


@kernel
def _judge_lateral(
    ours: PackedVolumes, v: int, theirs: PackedVolumes, w: int, lateral_m: float, room: Room
) -> int:
    """Tell whether footprints keep a lateral minimum; after `stand_on`."""
    one, other = ours.facts[v], theirs.facts[w]
    thick_m = one.radius_m + other.radius_m
    vague_m = float(one.lateral_uncertainty_m) + float(other.lateral_uncertainty_m)
    limit_m = max(TOUCH_M, lateral_m - TOUCH_M)
    if not cores_closer_than(ours, v, theirs, w, thick_m + limit_m + vague_m, room):
        return APART
    if vague_m > 0.0:
        limit_m = max(TOUCH_M, lateral_m - TOUCH_M - vague_m)
        if not cores_closer_than(ours, v, theirs, w, thick_m + limit_m, room):
            return CANNOT_SAY
    return CONFLICT


@kernel
def judge(
    ours: PackedVolumes, v: int, theirs: PackedVolumes, w: int, minima: Minima, room: Room
) -> int:
    """Tell whether two volumes are APART, in CONFLICT, or one CANNOT_SAY; after `stand_on`."""
    upright = judge_upright(ours, v, theirs.facts, w, minima)
    if upright == APART:
        return APART
    return min(upright, _judge_lateral(ours, v, theirs, w, minima.lateral_m, room))


@kernel
def judge_compact(
    ours: PackedVolumes, v: int, theirs: CompactVolumes, w: int, minima: Minima, room: Room
) -> int:
    """`judge` for a volume of an index."""
    upright = judge_upright(ours, v, theirs.facts, w, minima)
    if upright == APART:
        return APART
    unpack(theirs, w, room.seat, 0, 0)
    return min(upright, _judge_lateral(ours, v, room.seat, 0, minima.lateral_m, room))


@kernel
def judge_gaps(
    gaps: Gaps, pairs: NDArray[np.int64], vague: Vagueness, minima: Minima, found: NDArray[np.int8]
) -> None:
    """Write for each of some measured pairs whether it is APART, in CONFLICT, or CANNOT_SAY.

    `rules.verdict.pair_verdict` as a kernel.

    Args:
        gaps: of all pairs.
        pairs: which of them, shape (n,).
        vague: how far those gaps may be off.
        minima: what is asked for.
        found: shape (n,), written.
    """
    for i in range(len(pairs)):
        p = pairs[i]
        if gaps.time_s[p] > 0.0 and gaps.time_s[p] >= minima.time_s:
            found[i] = APART
            continue
        upright = separated(gaps.low_m[p], gaps.high_m[p], minima.vertical_m, vague.vertical_m[p])
        lateral_m = gaps.lateral_m[p]
        found[i] = min(
            upright, separated(lateral_m, lateral_m, minima.lateral_m, vague.lateral_m[p])
        )
