"""The standing picture: every live operation in the index, and what it is judged by.

Fed from the store's change sequence after each commit, in the writer's thread, so that
whoever got an answer finds his own filing in the next one. What a commit changes is changed at
once for whoever looks: nobody ever sees an operation neither as it was nor as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.coverage import Notices
from keepclear.deconflict.index import Snapshot
from keepclear.deconflict.packing import PackedVolumes, side_by_side
from keepclear.deconflict.stored import GeometryBlob, packed_from, packed_from_columns
from keepclear.model.agreement import Atmosphere
from keepclear.ports.store import Committed, OperationChange, Store, StoredGeometry, View
from keepclear.ports.world import Geoid
from keepclear.services.frame import FRAME_SUBJECTS, Frame, read_frame
from keepclear.services.judging import Judges
from keepclear.services.live_set import LiveSet

_CHUNK = 25_000
_MOST_EXPECTED = 1_024


@dataclass(frozen=True, slots=True)
class Standing:
    """The picture at one moment.

    Attributes:
        sequence: the last change it knows.
        snapshot: every live operation, by index row.
        numbers: the store's number of each index row; longer than there are rows.
        judges: the agreements and airspace that operations are judged by.
        notices: what is known of each party's live operations.
        atmosphere: the bounds of the air under which the index is packed.
    """

    sequence: int
    snapshot: Snapshot
    numbers: NDArray[np.int64]
    judges: Judges
    notices: Mapping[str, Notices]
    atmosphere: Atmosphere

    @property
    def frame(self) -> Frame:
        """What operations are judged by, as it was declared."""
        return self.judges.frame


class Picture:
    """Keeps the standing picture; one thread feeds it, any number ask."""

    def __init__(self, store: Store, geoid: Geoid) -> None:
        self._store = store
        self._geoid = geoid.undulation_m
        self._lock = Lock()
        """Held for an instant, to look or to change what is below; packing is done before."""
        self._sequence = 0
        self._judges = Judges(Frame(), geoid=self._geoid)
        self._live = LiveSet(Frame().atmosphere)
        self._expected: dict[GeometryBlob, PackedVolumes] = {}
        self._loaded = False

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
        """Have everything as a view has it; until then the picture stays as it was."""
        live, after = LiveSet(frame.atmosphere), 0
        while (chunk := view.geometry_columns(after=after, limit=_CHUNK)).numbers:
            live.take(chunk, packed_from_columns(chunk.geometry, frame.atmosphere))
            after = chunk.numbers[-1]
            if progress:
                progress(live.rows)
        judges = Judges(frame, geoid=self._geoid)
        with self._lock:
            self._live, self._judges, self._sequence = live, judges, view.sequence
            self._expected = {}

    def follow(self, committed: Committed | None) -> None:
        """Take in what was committed; None for whatever came since the last time."""
        if committed is not None and self._is_next(committed):
            self._renew(committed.operations, committed.changes[-1].sequence, self._judges)
            return
        with self._store.view() as view:
            if view.sequence == self._sequence:
                return
            frame = read_frame(view)
            if frame.atmosphere != self._live.atmosphere:
                self._read_all(view, frame)
                return
            judges = Judges(frame, geoid=self._geoid)
            while changed := view.operation_changes(after=self._sequence):
                self._renew(changed, changed[-1].change, judges)
            self._renew((), view.sequence, judges)

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
            if air != self._live.atmosphere:
                return
            if len(self._expected) > _MOST_EXPECTED:
                self._expected = {}
            self._expected.update(shapes)

    def _renew(self, changed: Sequence[OperationChange], sequence: int, judges: Judges) -> None:
        """Have these as they are now, and know everything up to a change, both at once."""
        gone = [each.number for each in changed]
        live = [each.geometry for each in changed if each.geometry is not None]
        packed = self._packed(live) if live else None
        with self._lock:
            self._live.renew(gone, live, packed)
            self._judges, self._sequence = judges, sequence

    def _packed(self, shapes: Sequence[StoredGeometry]) -> PackedVolumes:
        with self._lock:
            packs = [self._expected.pop(each.geometry, None) for each in shapes]
        known = [each for each in packs if each is not None]
        if len(known) == len(packs):
            return side_by_side(known)
        return packed_from([each.geometry for each in shapes], self._live.atmosphere)

    def live_rows(self, party: str) -> dict[int, int]:
        """The numbers of a party's live operations, each with its index row.

        A new version has a new row.
        """
        with self._lock:
            return self._live.rows_of(party)

    def merge(self) -> None:
        """Merge what is due in the index; meant for a thread of its own, now and then."""
        self._live.index.merge()

    def standing(self) -> Standing:
        """The picture as it is now."""
        with self._lock:
            live = self._live
            return Standing(
                self._sequence,
                live.snapshot(),
                live.numbers,
                self._judges,
                live.notices(),
                live.atmosphere,
            )

    @property
    def atmosphere(self) -> Atmosphere:
        """The bounds of the air under which the index was packed."""
        return self._live.atmosphere
