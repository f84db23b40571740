"""Where additions wait, unsorted, until there are enough of them for a run.

Volumes are only ever written behind those that a reader may look at, so readers need no
lock: each sees as many as there were when its snapshot was taken.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.boxes import round_outward, volume_box
from keepclear.deconflict.compact import CompactVolumes, form_of, rows_of, write_rows
from keepclear.deconflict.packing import FACTS, PackedVolumes
from keepclear.deconflict.run import FAN, Run
from keepclear.geometry.compiled import kernel

MOST_VOLUMES = 512
"""As many boxes are compared with a query one by one in some microseconds."""
MOST_AT_ONCE = 128
"""Larger additions are better sorted at once."""
_MOST_ROWS = 8_192


class Delta:
    """The newest additions, for one writer and any number of readers.

    Attributes:
        base_s: what the boxes' times count from.
        run: what has been added, as a run of one level; None while that is nothing. Later
            additions make a new one and leave those handed out as they are.
    """

    def __init__(self, base_s: float) -> None:
        """An empty one; `base_s` as for every run of the index."""
        self.run: Run | None = None
        self.base_s = base_s
        self._volumes = CompactVolumes(np.empty(MOST_VOLUMES, FACTS), np.empty((_MOST_ROWS, 2)))
        self._groups = np.empty((-(-MOST_VOLUMES // FAN), 10, FAN), np.float32)
        self._groups[:, :5], self._groups[:, 5:] = np.inf, -np.inf
        self._count = self._rows = self._most_vertices = 0

    def take(self, volumes: PackedVolumes, first_row: int) -> bool:
        """Add volumes; False where there is no room for them all, and none was added.

        Args:
            volumes: at least one.
            first_row: added to every operation's row.
        """
        if self._count + len(volumes.facts) > MOST_VOLUMES:
            return False
        rows, most = _append(
            volumes, first_row, self.base_s, self._volumes, self._groups, self._count, self._rows
        )
        if rows < 0:
            return False
        self._count, self._rows = self._count + len(volumes.facts), rows
        self._most_vertices = max(self._most_vertices, most)
        levels = np.array([0, -(-self._count // FAN)], np.int64)
        self.run = Run(
            self._volumes, self._groups, levels, self.base_s, self._count, self._most_vertices
        )
        return True


@kernel
def _append(
    volumes: PackedVolumes,
    first_row: int,
    base_s: float,
    into: CompactVolumes,
    groups: NDArray[np.float32],
    count: int,
    at: int,
) -> tuple[int, int]:
    """Write volumes behind the first `count`, their vertices from row `at` on.

    Returns:
        How many rows are taken now, -1 where they do not suffice; the most vertices of one.
    """
    box, single, most = np.empty(10), np.empty(10, np.float32), 0
    for v in range(len(volumes.facts)):
        place, form, size = count + v, form_of(volumes, v), int(volumes.facts[v].size)
        if at + rows_of(size, form) > len(into.rows):
            return -1, most
        into.facts[place] = volumes.facts[v]
        into.facts[place].form, into.facts[place].begin = form, at
        into.facts[place].operation += first_row
        write_rows(volumes, v, form, into.rows, at)
        volume_box(volumes, v, base_s, box)
        round_outward(box, single)
        for bound in range(10):
            groups[place // FAN, bound, place % FAN] = single[bound]
        at += rows_of(size, form)
        most = max(most, size)
    return at, most
