"""Every live operation in the index, with what is kept of each: rows of numbers, never an object.

One thread changes it, and whoever changes it sees to it that nobody looks meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.coverage import Notices
from keepclear.deconflict.index import LiveIndex, Snapshot
from keepclear.deconflict.packing import PackedVolumes
from keepclear.model.agreement import Atmosphere
from keepclear.model.operation import OperationClass
from keepclear.ports.store import GeometryColumns, StoredGeometry

_CLASSES = tuple(OperationClass)
_CLASS_CODES = {each: code for code, each in enumerate(_CLASSES)}
_ABSENT = -1


class _Tally:
    """One party's live operations, counted as they come and go."""

    def __init__(self) -> None:
        self.count = 0
        self.classes: Counter[OperationClass] = Counter()
        self.oldest_s = np.inf
        self.sure = True
        """False once the oldest has gone: the next question looks for it anew."""

    def add(self, classes: NDArray[np.int64], received_s: NDArray[np.float64]) -> None:
        self.count += len(classes)
        for code, number in enumerate(np.bincount(classes).tolist()):
            self.classes[_CLASSES[code]] += number
        self.oldest_s = min(self.oldest_s, float(received_s.min()))

    def add_one(self, operation_class: OperationClass, received_s: float) -> None:
        self.count += 1
        self.classes[operation_class] += 1
        self.oldest_s = min(self.oldest_s, received_s)

    def remove(self, operation_class: OperationClass, received_s: float) -> None:
        self.count -= 1
        self.classes[operation_class] -= 1
        if received_s <= self.oldest_s:
            self.sure = False

    def notices(self) -> Notices:
        oldest = datetime.fromtimestamp(self.oldest_s, UTC) if self.count else None
        return Notices(self.count, oldest, frozenset(k for k, n in self.classes.items() if n))


class _Known:
    """What is kept of each operation, by the store's number: rows of numbers."""

    def __init__(self) -> None:
        self.row = np.full(1_024, _ABSENT, np.int64)
        self.party = np.zeros(1_024, np.int32)
        self.operation_class = np.zeros(1_024, np.int8)
        self.received_s = np.zeros(1_024)

    def make_room(self, highest: int) -> None:
        if highest < len(self.row):
            return
        more = 2 * highest + 1 - len(self.row)
        self.row = np.concatenate([self.row, np.full(more, _ABSENT, np.int64)])
        self.party = np.concatenate([self.party, np.zeros(more, np.int32)])
        self.operation_class = np.concatenate([self.operation_class, np.zeros(more, np.int8)])
        self.received_s = np.concatenate([self.received_s, np.zeros(more)])


class LiveSet:
    """The live operations under some bounds of the air.

    Attributes:
        atmosphere: the bounds of the air under which the index was packed.
        index: the operations by where and when they are.
        numbers: the store's number of each index row; longer than there are rows.
        rows: how many index rows were given out.
    """

    def __init__(self, atmosphere: Atmosphere) -> None:
        self.atmosphere = atmosphere
        self.index = LiveIndex()
        self.numbers = np.zeros(1_024, np.int64)
        self.rows = 0
        self._known = _Known()
        self._parties: list[str] = []
        self._tallies: dict[str, _Tally] = {}

    def take(self, chunk: GeometryColumns, packed: PackedVolumes) -> None:
        """Take in many that are new to it."""
        numbers = np.array(chunk.numbers, np.int64)
        self._count(chunk, numbers, self._add(packed, numbers))

    def renew(
        self, gone: Sequence[int], live: Sequence[StoredGeometry], packed: PackedVolumes | None
    ) -> None:
        """Let some go, and take in others.

        Args:
            gone: the numbers of those that are no longer as they were.
            live: those that are there now.
            packed: the same as the engine compares them; None for none.
        """
        self._drop(gone)
        if packed is None:
            return
        row = self._add(packed, np.array([each.number for each in live], np.int64))
        for each in live:
            self._count_one(each, row)
            row += 1

    def snapshot(self) -> Snapshot:
        """The index as it is now."""
        return self.index.snapshot()

    def notices(self) -> Mapping[str, Notices]:
        """What is known of each party's live operations."""
        for party, tally in self._tallies.items():
            if not tally.sure:
                self._look_for_oldest(party, tally)
        return {party: tally.notices() for party, tally in self._tallies.items()}

    def rows_of(self, party: str) -> dict[int, int]:
        """The numbers of a party's live operations, each with its index row."""
        if party not in self._parties:
            return {}
        code = self._parties.index(party)
        known = self._known
        numbers = np.flatnonzero((known.row != _ABSENT) & (known.party == code))
        return dict(zip(numbers.tolist(), known.row[numbers].tolist(), strict=True))

    def _add(self, packed: PackedVolumes, numbers: NDArray[np.int64]) -> int:
        first = self.index.add(packed, len(numbers))
        self.rows = first + len(numbers)
        if self.rows > len(self.numbers):
            more = np.zeros(2 * self.rows - len(self.numbers), np.int64)
            self.numbers = np.concatenate([self.numbers, more])
        self.numbers[first : self.rows] = numbers
        return first

    def _count(self, chunk: GeometryColumns, numbers: NDArray[np.int64], row: int) -> None:
        known = self._known
        known.make_room(int(numbers.max()))
        codes = {party: self._party_code(party) for party in set(chunk.parties)}
        parties = np.array([codes[party] for party in chunk.parties])
        classes = np.array([_CLASS_CODES[each] for each in chunk.classes])
        received_s = np.array(chunk.received_s)
        known.row[numbers] = np.arange(row, row + len(numbers))
        known.party[numbers] = parties
        known.operation_class[numbers] = classes
        known.received_s[numbers] = received_s
        for party, code in codes.items():
            tally = self._tallies.setdefault(party, _Tally())
            theirs = parties == code
            tally.add(classes[theirs], received_s[theirs])

    def _count_one(self, one: StoredGeometry, row: int) -> None:
        known, number, received_s = self._known, one.number, one.received_at.timestamp()
        known.make_room(number)
        known.row[number] = row
        known.party[number] = self._party_code(one.party)
        known.operation_class[number] = _CLASS_CODES[one.operation_class]
        known.received_s[number] = received_s
        tally = self._tallies.setdefault(one.party, _Tally())
        tally.add_one(one.operation_class, received_s)

    def _party_code(self, party: str) -> int:
        if party not in self._parties:
            self._parties.append(party)
        return self._parties.index(party)

    def _drop(self, numbers: Sequence[int]) -> None:
        known = self._known
        there = [n for n in numbers if n < len(known.row) and known.row[n] != _ABSENT]
        if not there:
            return
        self.index.remove(known.row[there])
        for number in there:
            tally = self._tallies[self._parties[known.party[number]]]
            tally.remove(_CLASSES[known.operation_class[number]], float(known.received_s[number]))
        known.row[there] = _ABSENT

    def _look_for_oldest(self, party: str, tally: _Tally) -> None:
        known = self._known
        theirs = (known.row != _ABSENT) & (known.party == self._parties.index(party))
        tally.oldest_s = float(known.received_s[theirs].min(initial=np.inf))
        tally.sure = True
