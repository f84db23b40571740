"""What a run answers: which operations, and which pairs of volumes, come too close."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.boxes import grow, round_outward, volume_box
from keepclear.deconflict.compact import unpack
from keepclear.deconflict.packing import PackedVolumes
from keepclear.deconflict.pairs import (
    APART,
    CONFLICT,
    Gaps,
    Minima,
    core_gap,
    judge_compact,
    make_room,
    stand_on,
    vertical_gap,
)
from keepclear.deconflict.run import RowArray, Run, meeting
from keepclear.geometry.compiled import kernel


class Alive(NamedTuple):
    """Which operations a query sees: those whose `ended` exceeds its sequence number.

    Attributes:
        ended: for each operation row the sequence number at which it was removed.
        sequence: the query's own.
    """

    ended: RowArray
    sequence: int


@kernel
def most_vertices(volumes: PackedVolumes, begin: int, end: int) -> int:
    """The most vertices of any of the volumes begin .. end."""
    most = 1
    for v in range(begin, end):
        most = max(most, int(volumes.facts[v].size))
    return most


@kernel
def candidates(ours: PackedVolumes, v: int, run: Run, minima: Minima, found: RowArray) -> RowArray:
    """List what may be too close to volume v, in `found` or, if need be, in more room.

    Returns:
        The room used; its first element counts, the others are indices in the run.
    """
    box, single = np.empty(10), np.empty(10, np.float32)
    volume_box(ours, v, run.base_s, box)
    grow(box, minima)
    round_outward(box, single)
    count = meeting(run, single, found[1:])
    if count >= len(found):
        found = np.empty(2 * count, np.int64)
        meeting(run, single, found[1:])
    found[0] = count
    return found


@kernel
def operations_meeting(
    ours: PackedVolumes,
    begin: int,
    end: int,
    run: Run,
    alive: Alive,
    minima: Minima,
    seen: RowArray,
    ticket: int,
    rows: RowArray,
    outcomes: NDArray[np.int8],
    after_row: int,
) -> int:
    """List the operations that break the minima with volumes begin .. end of ours.

    Args:
        seen: for each operation row the ticket under which it was last seen; this thread's.
        ticket: from it on, as many tickets are used as there are answers.
        rows, outcomes: written: operation rows, and CONFLICT or CANNOT_SAY for each.
        after_row: only rows above it count; -1 for all.

    Returns:
        How many there are; where that is more than `len(rows)`, ask again with more room.
    """
    count = 0
    room = make_room(most_vertices(ours, begin, end), run.most_vertices)
    found = np.empty(1_024, np.int64)
    for v in range(begin, end):
        found = candidates(ours, v, run, minima, found)
        standing = False
        for c in range(1, found[0] + 1):
            w = found[c]
            row = int(run.volumes.facts[w].operation)
            if row <= after_row or alive.ended[row] <= alive.sequence:
                continue
            place = seen[row] - ticket
            if place >= 0 and (place >= len(rows) or outcomes[place] == CONFLICT):
                continue
            if not standing:
                stand_on(ours, v, room)
                standing = True
            outcome = judge_compact(ours, v, run.volumes, w, minima, room)
            if outcome == APART:
                continue
            if place < 0:
                place = count
                seen[row] = ticket + count
                count += 1
                if place < len(rows):
                    rows[place], outcomes[place] = row, outcome
            elif outcome > outcomes[place]:
                outcomes[place] = outcome
    return count


@kernel
def pairs_meeting(
    ours: PackedVolumes,
    begin: int,
    end: int,
    run: Run,
    alive: Alive,
    minima: Minima,
    pairs: NDArray[np.int64],
) -> int:
    """List the pairs of volumes (ours, index in the run) that break the minima.

    Returns:
        How many there are; where that is more than `len(pairs)`, ask again with more room.
    """
    count = 0
    room = make_room(most_vertices(ours, begin, end), run.most_vertices)
    found = np.empty(1_024, np.int64)
    for v in range(begin, end):
        found = candidates(ours, v, run, minima, found)
        if found[0] > 0:
            stand_on(ours, v, room)
        for c in range(1, found[0] + 1):
            w = found[c]
            if alive.ended[int(run.volumes.facts[w].operation)] <= alive.sequence:
                continue
            if judge_compact(ours, v, run.volumes, w, minima, room) != APART:
                if count < len(pairs):
                    pairs[count, 0], pairs[count, 1] = v, w
                count += 1
    return count


@kernel
def gaps_of(ours: PackedVolumes, run: Run, pairs: NDArray[np.int64], gaps: Gaps) -> None:
    """Measure pairs of volumes (ours, index in the run), shape (n, 2), and write the gaps."""
    room = make_room(most_vertices(ours, 0, len(ours.facts)), run.most_vertices)
    standing = -1
    for i in range(len(pairs)):
        v, w = pairs[i]
        if v != standing:
            stand_on(ours, v, room)
            standing = v
        one, other = ours.facts[v], run.volumes.facts[w]
        unpack(run.volumes, w, room.seat, 0, 0)
        gaps.core_m[i] = core_gap(ours, v, room.seat, 0, room)
        gaps.lateral_m[i] = max(0.0, gaps.core_m[i] - (one.radius_m + other.radius_m))
        gaps.closest[i] = room.at
        gaps.low_m[i], gaps.high_m[i] = vertical_gap(ours.facts, v, run.volumes.facts, w)
        gaps.time_s[i] = max(other.start_s - one.end_s, one.start_s - other.end_s)


@kernel
def operation_pairs(
    ours: PackedVolumes,
    first: RowArray,
    every: tuple[int, int],
    run: Run,
    alive: Alive,
    minima: Minima,
    seen: RowArray,
    ticket: int,
    found: NDArray[np.int64],
) -> int:
    """List pairs of operations (row below, row above) that break the minima with each other.

    Args:
        first: operation row r has the volumes first[r] .. first[r + 1] of ours.
        every: (offset, stride): the rows this call takes.
        found: written, shape (n, 3): both rows and the outcome.

    Returns:
        How many there are; where that is more than `len(found)`, ask again with more room.
    """
    rows, outcomes = np.empty(4_096, np.int64), np.empty(4_096, np.int8)
    total = 0
    for row in range(every[0], len(first) - 1, every[1]):
        if alive.ended[row] <= alive.sequence:
            continue
        n = operations_meeting(
            ours, first[row], first[row + 1], run, alive, minima, seen, ticket, rows, outcomes, row
        )
        if n > len(rows):
            rows, outcomes = np.empty(2 * n, np.int64), np.empty(2 * n, np.int8)
            ticket += n
            n = operations_meeting(
                ours, first[row], first[row + 1], run, alive, minima, seen, ticket, rows,
                outcomes, row,
            )  # fmt: skip
        ticket += n
        for i in range(n):
            if total < len(found):
                found[total, 0], found[total, 1], found[total, 2] = row, rows[i], outcomes[i]
            total += 1
    return total
