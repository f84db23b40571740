"""The live index: operations come and go while queries go on.

Log-structured: each addition becomes a small packed run; runs of like size are merged into
one, so that there are few runs and each volume is moved only a handful of times. Readers
hold a snapshot: runs never change, and a removal only writes a sequence number that later
snapshots look at.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock, local
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.packing import PackedVolumes, joined
from keepclear.deconflict.pairs import Minima
from keepclear.deconflict.queries import (
    Alive,
    RowArray,
    gaps_of,
    operation_pairs,
    operations_meeting,
    pairs_meeting,
)
from keepclear.deconflict.run import Run, build_run

NEVER = np.iinfo(np.int64).max
_GROWTH = 4
"""A run is merged with its newer neighbour until it is this many times larger."""
_SMALL = 32_768
"""Merges up to so many volumes happen at once; larger ones when `merge` is called."""


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
    """Pairs of volumes that break some minima, measured.

    Attributes:
        theirs: facts of the volumes in the index, shape (n,).
        ours: indices of our volumes, shape (n,).
        gaps: lateral gap, least and greatest vertical gap, gap in time; shape (n, 4).
    """

    theirs: NDArray[np.void]
    ours: RowArray
    gaps: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index at one moment; safe to query from any thread, for as long as it is held.

    Attributes:
        runs: the packed runs, largest first.
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
    ) -> tuple[Pairs, ...]:
        """All pairs of volumes that break the minima with volumes begin .. end of `ours`."""
        answer: list[Pairs] = []
        room = np.empty((256, 2), np.int64)
        for run in self.runs:
            while True:
                n = pairs_meeting(ours, begin, end, run, self.alive, minima, room)
                if n <= len(room):
                    break
                room = np.empty((2 * n, 2), np.int64)
            gaps = np.empty((n, 4))
            gaps_of(ours, run, room[:n], gaps)
            answer.append(Pairs(run.volumes.facts[room[:n, 1]], room[:n, 0].copy(), gaps))
        return tuple(answer)

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


class LiveIndex:
    """Operations by where and when they are; one writer, any number of readers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._merging = Lock()
        self._runs: tuple[Run, ...] = ()
        self._ended = np.full(1_024, NEVER, np.int64)
        self._operations = 0
        self._sequence = 0

    def snapshot(self) -> Snapshot:
        """The index as it is now."""
        with self._lock:
            return Snapshot(self._runs, Alive(self._ended, self._sequence), self._operations)

    def add(self, volumes: PackedVolumes, operations: int) -> int:
        """Take in volumes whose `operation` counts from 0 to `operations` - 1.

        Returns:
            The row of the first; the others follow.
        """
        with self._lock:
            first = self._operations
            self._operations += operations
            self._sequence += 1
            if self._operations > len(self._ended):
                grown = np.full(2 * self._operations, NEVER, np.int64)
                grown[: len(self._ended)] = self._ended
                self._ended = grown
            if len(volumes.facts):
                self._runs += (build_run(volumes, first),)
        self._merge_up_to(_SMALL)
        return first

    def remove(self, rows: RowArray) -> None:
        """Take operations out; snapshots taken before still see them."""
        with self._lock:
            self._sequence += 1
            self._ended[rows] = self._sequence

    def merge(self) -> None:
        """Merge whatever is due, however large; meant for a thread of its own."""
        self._merge_up_to(NEVER)

    def _merge_up_to(self, most_volumes: int) -> None:
        with self._merging:
            while True:
                with self._lock:
                    runs, ended, sequence = self._runs, self._ended, self._sequence
                due = _due(runs, most_volumes)
                if due == 0:
                    return
                kept = [_without_ended(run, ended, sequence) for run in runs[-due:]]
                left = [volumes for volumes in kept if len(volumes.facts)]
                merged = (build_run(joined(left)),) if left else ()
                with self._lock:
                    # Additions meanwhile stand behind the merged ones.
                    self._runs = runs[:-due] + merged + self._runs[len(runs) :]


def _due(runs: tuple[Run, ...], most_volumes: int) -> int:
    """How many of the newest runs should become one; 0 for none."""
    total, due = 0, 0
    for count, run in enumerate(reversed(runs), start=1):
        size = len(run.volumes.facts)
        if count > 1 and size < _GROWTH * total and total + size <= most_volumes:
            due = count
        total += size
    return due


def _without_ended(run: Run, ended: RowArray, sequence: int) -> PackedVolumes:
    gone = ended[run.volumes.facts["operation"]] <= sequence
    if not gone.any():
        return run.volumes
    return run.volumes._replace(facts=run.volumes.facts[~gone])
