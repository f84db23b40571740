"""The live index: operations come and go while queries go on.

Log-structured: additions gather in a small unsorted delta, a full delta becomes a packed run,
and runs of like size are merged into one, so that there are few runs and each volume is
moved only a handful of times. No merge makes a run beyond a cap, so merging never needs room
for the whole index again. Readers hold a snapshot: runs never change, and a removal only
writes a sequence number that later snapshots look at.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock, local
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.compact import unpacked
from keepclear.deconflict.delta import MOST_AT_ONCE, Delta
from keepclear.deconflict.packing import PackedVolumes, joined
from keepclear.deconflict.pairs import Gaps, Minima
from keepclear.deconflict.queries import (
    Alive,
    gaps_of,
    operation_pairs,
    operations_meeting,
    pairs_meeting,
)
from keepclear.deconflict.run import RowArray, Run, build_run, merged

NEVER = np.iinfo(np.int64).max
_GROWTH = 4
"""A run is merged with its newer neighbour until it is this many times larger."""
_SMALL = 8_192
"""Merges up to so many volumes happen at once; larger ones when `merge` is called."""
MOST_MERGED = 1 << 18
"""No merge makes a run of more volumes; a larger addition is a run of its own."""
_WORTH_SWEEPING = 1_024
"""Fewer removals than this leave their room taken for a while."""


class _Memory(local):
    """What each thread remembers between queries: rows seen, and under which ticket."""

    seen: RowArray = np.zeros(1_024, np.int64)
    ticket: int = 1

    def __init__(self) -> None:
        self.seen = np.zeros(1_024, np.int64)

    def take(self, operations: int, queries: int = 1) -> tuple[RowArray, int]:
        """Room for that many operation rows, and a ticket no earlier query used.

        A query of n rows uses up to n tickets from there on; `queries` of them are reserved.
        """
        if len(self.seen) < operations:
            self.seen, self.ticket = np.zeros(2 * operations, np.int64), 1
        ticket = self.ticket
        self.ticket += queries * (operations + 1)
        return self.seen, ticket


_memory = _Memory()


class Pairs(NamedTuple):
    """Pairs of volumes that break some minima, measured; n pairs.

    Attributes:
        theirs: the volumes of the index that stand in any pair, each once.
        which: index in `theirs`, shape (n,).
        ours: indices of our volumes, shape (n,).
        gaps: how far apart.
    """

    theirs: PackedVolumes
    which: RowArray
    ours: RowArray
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index at one moment; safe to query from any thread, for as long as it is held.

    Attributes:
        runs: the packed runs, oldest first.
        alive: which operations are in it.
        operations: how many rows were ever given out.
    """

    runs: tuple[Run, ...]
    alive: Alive
    operations: int

    def operations_meeting(
        self, ours: PackedVolumes, begin: int, end: int, minima: Minima, *, room: int = 1_024
    ) -> tuple[RowArray, NDArray[np.int8]]:
        """The rows that break the minima with volumes begin .. end of `ours`, and the outcome.

        Args:
            ours: the volumes asked about; need not be in the index.
            begin, end: which of them, as one operation.
            minima: what is asked for.
            room: how many rows to expect; more cost a second pass.

        Returns:
            Operation rows, in no order, and CONFLICT or CANNOT_SAY for each.
        """
        rows, outcomes = np.empty(room, np.int64), np.empty(room, np.int8)
        found: list[tuple[RowArray, NDArray[np.int8]]] = []
        for run in self.runs:
            seen, ticket = _memory.take(self.operations)
            n = operations_meeting(
                ours, begin, end, run, self.alive, minima, seen, ticket, rows, outcomes, -1
            )
            if n > room:
                return self.operations_meeting(ours, begin, end, minima, room=2 * n)
            if len(self.runs) == 1:
                return rows[:n], outcomes[:n]
            found.append((rows[:n].copy(), outcomes[:n].copy()))
        if not found:
            return rows[:0], outcomes[:0]
        return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])

    def pairs_meeting(
        self, ours: PackedVolumes, begin: int, end: int, minima: Minima
    ) -> Pairs | None:
        """All pairs of volumes that break the minima with volumes begin .. end of `ours`.

        Returns:
            None where there is no such pair.
        """
        parts: list[Pairs] = []
        room = np.empty((256, 2), np.int64)
        for run in self.runs:
            while True:
                n = pairs_meeting(ours, begin, end, run, self.alive, minima, room)
                if n <= len(room):
                    break
                room = np.empty((2 * n, 2), np.int64)
            if n:
                parts.append(_measured(ours, run, room[:n]))
        return _in_one(parts) if parts else None

    def all_pairs(
        self, ours: PackedVolumes, minima: Minima, *, threads: int = 2
    ) -> NDArray[np.int64]:
        """Every pair of operations in the index that break the minima with each other.

        Args:
            ours: the volumes of the index in row order; `facts["operation"]` ascends.
            minima: what is asked for.
            threads: how many work at it.

        Returns:
            Shape (n, 3): the lower row, the higher row, CONFLICT or CANNOT_SAY.
        """
        first = np.searchsorted(ours.facts["operation"], np.arange(self.operations + 1))
        with ThreadPoolExecutor(threads) as pool:
            parts = [
                pool.submit(self._pairs_of, ours, first, (offset, threads), minima)
                for offset in range(threads)
            ]
            return np.concatenate([part.result() for part in parts])

    def _pairs_of(
        self, ours: PackedVolumes, first: RowArray, every: tuple[int, int], minima: Minima
    ) -> NDArray[np.int64]:
        parts: list[NDArray[np.int64]] = []
        found = np.empty((max(4 * self.operations, 1_024), 3), np.int64)
        for run in self.runs:
            while True:
                seen, ticket = _memory.take(self.operations, 3 * self.operations)
                n = operation_pairs(
                    ours, first, every, run, self.alive, minima, seen, ticket, found
                )
                if n <= len(found):
                    break
                found = np.empty((n, 3), np.int64)
            parts.append(found[:n].copy())
        return np.concatenate(parts) if parts else np.empty((0, 3), np.int64)


def _measured(ours: PackedVolumes, run: Run, pairs: RowArray) -> Pairs:
    n = len(pairs)
    lateral_m, core_m, low_m, high_m, time_s = np.empty((5, n))
    gaps = Gaps(lateral_m, core_m, low_m, high_m, time_s, np.empty((n, 2, 3)))
    gaps_of(ours, run, pairs, gaps)
    distinct, which = np.unique(pairs[:, 1], return_inverse=True)
    return Pairs(unpacked(run.volumes, distinct), which, pairs[:, 0].copy(), gaps)


def _in_one(parts: list[Pairs]) -> Pairs:
    if len(parts) == 1:
        return parts[0]
    first = np.cumsum([0] + [len(part.theirs.facts) for part in parts[:-1]])
    return Pairs(
        joined([part.theirs for part in parts]),
        np.concatenate([part.which + at for part, at in zip(parts, first, strict=True)]),
        np.concatenate([part.ours for part in parts]),
        Gaps(*(np.concatenate(g) for g in zip(*(part.gaps for part in parts), strict=True))),
    )


class LiveIndex:
    """Operations by where and when they are; any number of writers and readers."""

    def __init__(self) -> None:
        self._writing = Lock()
        self._merging = Lock()
        self._lock = Lock()
        """Held for an instant, to take or to change the fields below; the other two for as
        long as a change is prepared."""
        self._runs: tuple[Run, ...] = ()
        self._delta: Delta | None = None
        self._newest: tuple[Run, ...] = ()
        self._ended = np.full(1_024, NEVER, np.int64)
        self._operations = 0
        self._sequence = 0
        self._removed = 0

    def snapshot(self) -> Snapshot:
        """The index as it is now."""
        with self._lock:
            return Snapshot(
                self._runs + self._newest, Alive(self._ended, self._sequence), self._operations
            )

    def add(self, volumes: PackedVolumes, operations: int) -> int:
        """Take in volumes whose `operation` counts from 0 to `operations` - 1.

        Returns:
            The row of the first; the others follow.
        """
        with self._writing:
            first = self._operations
            runs, newest = self._with(volumes, first) if len(volumes.facts) else ((), self._newest)
            ended = self._ended
            if first + operations > len(ended):
                ended = np.full(2 * (first + operations), NEVER, np.int64)
                ended[: len(self._ended)] = self._ended
            with self._lock:
                self._runs += runs
                self._newest, self._ended = newest, ended
                self._operations = first + operations
                self._sequence += 1
        if runs:
            self._merge_up_to(_SMALL, wait=False)
        return first

    def _with(
        self, volumes: PackedVolumes, first_row: int
    ) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
        """The runs that an addition makes, and the delta after it."""
        if self._delta is None:
            self._delta = Delta(float(volumes.facts["start_s"].min()))
        base_s = self._delta.base_s
        if len(volumes.facts) > MOST_AT_ONCE:
            return (build_run(volumes, first_row, base_s),), self._newest
        if self._delta.take(volumes, first_row):
            return (), _present(self._delta.run)
        full = merged(self._newest, self._ended, self._sequence) if self._newest else None
        self._delta = Delta(base_s)
        if self._delta.take(volumes, first_row):
            return _present(full), _present(self._delta.run)
        return (*_present(full), build_run(volumes, first_row, base_s)), ()

    def remove(self, rows: RowArray) -> None:
        """Take operations out; snapshots taken before still see them."""
        with self._writing, self._lock:
            self._sequence += 1
            self._ended[rows] = self._sequence
            self._removed += len(rows)

    def merge(self) -> None:
        """Merge whatever is due, and free the room of what was removed.

        Takes a while; meant for a thread of its own, additions and queries going on.
        """
        self._merge_up_to(MOST_MERGED, wait=True)
        self._sweep()

    def _merge_up_to(self, most_volumes: int, *, wait: bool) -> None:
        if not self._merging.acquire(blocking=wait):
            return  # whoever is at it will see to ours too, or the next addition
        try:
            while True:
                with self._lock:
                    runs, ended, sequence = self._runs, self._ended, self._sequence
                due = _due(runs, most_volumes)
                if due == 0:
                    return
                made = _present(merged(runs[-due:], ended, sequence))
                with self._lock:
                    # Additions meanwhile stand behind the merged ones.
                    self._runs = runs[:-due] + made + self._runs[len(runs) :]
        finally:
            self._merging.release()

    def _sweep(self) -> None:
        """Write runs anew of which more than half is gone; merging would not reach old ones."""
        with self._merging:
            with self._lock:
                runs, ended, sequence = self._runs, self._ended, self._sequence
                volumes = sum(run.filled for run in runs)
                if self._removed < max(_WORTH_SWEEPING, volumes // 32):
                    return
                self._removed = 0
            for at in range(len(runs) - 1, -1, -1):
                run = runs[at]
                gone = np.count_nonzero(ended[run.volumes.facts["operation"]] <= sequence)
                if 2 * gone > run.filled:
                    made = _present(merged((run,), ended, sequence))
                    with self._lock:
                        self._runs = self._runs[:at] + made + self._runs[at + 1 :]


def _present(run: Run | None) -> tuple[Run, ...]:
    return () if run is None else (run,)


def _due(runs: tuple[Run, ...], most_volumes: int) -> int:
    """How many of the newest runs should become one; 0 for none."""
    total, due = 0, 0
    for count, run in enumerate(reversed(runs), start=1):
        if count > 1 and run.filled < _GROWTH * total and total + run.filled <= most_volumes:
            due = count
        total += run.filled
    return due
