"""The standing picture: every live operation in the index, and what it is judged by.

Fed from the store's change sequence after each commit, in the writer's thread, so that
whoever got an answer finds his own filing in the next one. Per operation it keeps numbers
in arrays, never an object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.coverage import Notices
from keepclear.deconflict.index import LiveIndex, Snapshot
from keepclear.deconflict.packing import PackedVolumes, side_by_side
from keepclear.deconflict.stored import GeometryBlob, packed_from, packed_from_columns
from keepclear.model.agreement import Atmosphere
from keepclear.model.operation import OperationClass
from keepclear.ports.store import (
    Committed,
    GeometryColumns,
    OperationChange,
    Store,
    StoredGeometry,
    View,
)
from keepclear.ports.world import Geoid
from keepclear.services.frame import FRAME_SUBJECTS, Frame, read_frame
from keepclear.services.judging import Judges

_CLASSES = tuple(OperationClass)
_CLASS_CODES = {each: code for code, each in enumerate(_CLASSES)}
_CHUNK = 25_000
_MOST_EXPECTED = 1_024
_ABSENT = -1


@dataclass(frozen=True, slots=True)
class Standing:
    """The picture at one moment.

    Attributes:
        sequence: the last change it knows.
        snapshot: every live operation, by index row.
        numbers: the store's number of each index row; longer than there are rows.
        judges: the agreements and airspace that operations are judged by.
        notices: what is known of each party's live operations.
    """

    sequence: int
    snapshot: Snapshot
    numbers: NDArray[np.int64]
    judges: Judges
    notices: Mapping[str, Notices]

    @property
    def frame(self) -> Frame:
        """What operations are judged by, as it was declared."""
        return self.judges.frame


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


class Picture:
    """Keeps the standing picture; one thread feeds it, any number ask."""

    def __init__(self, store: Store, geoid: Geoid) -> None:
        self._store = store
        self._geoid = geoid.undulation_m
        self._lock = Lock()
        self._parties: list[str] = []
        self._tallies: dict[str, _Tally] = {}
        self._sequence = 0
        self._start_over(Frame())
        self._loaded = False

    def _start_over(self, frame: Frame) -> None:
        self._judges = Judges(frame, geoid=self._geoid)
        self._atmosphere = frame.atmosphere
        self._index = LiveIndex()
        self._numbers = np.zeros(1_024, np.int64)
        self._rows = 0
        self._known = _Known()
        self._tallies = {}
        self._expected: dict[GeometryBlob, PackedVolumes] = {}

    def load(self, progress: Callable[[int], None] | None = None) -> None:
        """Take in everything the store holds, then follow it; telling how much is done.

        Call it before the first question, in the thread that opened the store.
        """
        with self._store.view() as view:
            self._read_all(view, read_frame(view), progress)
        if not self._loaded:
            self._loaded = True
            self._store.on_change(self.follow)
            self.follow(None)

    def _read_all(
        self, view: View, frame: Frame, progress: Callable[[int], None] | None = None
    ) -> None:
        with self._lock:
            self._start_over(frame)
        after = 0
        while (chunk := view.geometry_columns(after=after, limit=_CHUNK)).numbers:
            self._take(chunk)
            after = chunk.numbers[-1]
            if progress:
                progress(self._rows)
        self._sequence = view.sequence

    def follow(self, committed: Committed | None) -> None:
        """Take in what was committed; None for whatever came since the last time."""
        if committed is not None and self._is_next(committed):
            self._renew(committed.operations)
            self._sequence = committed.changes[-1].sequence
            return
        with self._store.view() as view:
            if view.sequence == self._sequence:
                return
            frame = read_frame(view)
            if frame.atmosphere != self._atmosphere:
                self._read_all(view, frame)
                return
            self._judges = Judges(frame, geoid=self._geoid)
            while changed := view.operation_changes(after=self._sequence):
                self._renew(changed)
                self._sequence = changed[-1].change
            self._sequence = view.sequence

    def _is_next(self, committed: Committed) -> bool:
        """Whether it follows what is known without a gap, and moves operations alone."""
        changes = committed.changes
        return changes[0].sequence == self._sequence + 1 and not any(
            change.subject in FRAME_SUBJECTS for change in changes
        )

    def expect(self, shapes: Iterable[tuple[GeometryBlob, PackedVolumes]], air: Atmosphere) -> None:
        """Be told of shapes that are about to be stored, packed already under some air.

        What is expected and never comes is forgotten when there is too much of it.
        """
        with self._lock:
            if air != self._atmosphere:
                return
            if len(self._expected) > _MOST_EXPECTED:
                self._expected = {}
            self._expected.update(shapes)

    def _renew(self, changed: Sequence[OperationChange]) -> None:
        self._drop([each.number for each in changed])
        live = [each.geometry for each in changed if each.geometry is not None]
        if not live:
            return
        packed = self._packed(live)
        with self._lock:
            row = self._add(packed, np.array([each.number for each in live], np.int64))
            for each in live:
                self._count_one(each, row)
                row += 1

    def _packed(self, shapes: Sequence[StoredGeometry]) -> PackedVolumes:
        with self._lock:
            packs = [self._expected.pop(each.geometry, None) for each in shapes]
        known = [each for each in packs if each is not None]
        if len(known) == len(packs):
            return side_by_side(known)
        return packed_from([each.geometry for each in shapes], self._atmosphere)

    def _take(self, chunk: GeometryColumns) -> None:
        packed = packed_from_columns(chunk.geometry, self._atmosphere)
        numbers = np.array(chunk.numbers, np.int64)
        with self._lock:
            self._count(chunk, numbers, self._add(packed, numbers))

    def _add(self, packed: PackedVolumes, numbers: NDArray[np.int64]) -> int:
        first = self._index.add(packed, len(numbers))
        self._rows = first + len(numbers)
        if self._rows > len(self._numbers):
            more = np.zeros(2 * self._rows - len(self._numbers), np.int64)
            self._numbers = np.concatenate([self._numbers, more])
        self._numbers[first : self._rows] = numbers
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
        with self._lock:
            self._index.remove(known.row[there])
            for number in there:
                tally = self._tallies[self._parties[known.party[number]]]
                tally.remove(
                    _CLASSES[known.operation_class[number]], float(known.received_s[number])
                )
            known.row[there] = _ABSENT

    def live_rows(self, party: str) -> dict[int, int]:
        """The numbers of a party's live operations, each with its index row.

        A new version has a new row.
        """
        with self._lock:
            if party not in self._parties:
                return {}
            code = self._parties.index(party)
            known = self._known
            numbers = np.flatnonzero((known.row != _ABSENT) & (known.party == code))
            return dict(zip(numbers.tolist(), known.row[numbers].tolist(), strict=True))

    def merge(self) -> None:
        """Merge what is due in the index; meant for a thread of its own, now and then."""
        self._index.merge()

    def standing(self) -> Standing:
        """The picture as it is now."""
        with self._lock:
            for party, tally in self._tallies.items():
                if not tally.sure:
                    self._look_for_oldest(party, tally)
            notices = {party: tally.notices() for party, tally in self._tallies.items()}
            return Standing(
                self._sequence, self._index.snapshot(), self._numbers, self._judges, notices
            )

    def _look_for_oldest(self, party: str, tally: _Tally) -> None:
        known = self._known
        theirs = (known.row != _ABSENT) & (known.party == self._parties.index(party))
        tally.oldest_s = float(known.received_s[theirs].min(initial=np.inf))
        tally.sure = True

    @property
    def atmosphere(self) -> Atmosphere:
        """The bounds of the air under which the index was packed."""
        return self._atmosphere
