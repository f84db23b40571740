"""Why "no conflict found" cannot be said: what other parties' silence is worth, and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from keepclear.deconflict.containment import Shape
from keepclear.deconflict.coverage import Released, outside_doubt
from keepclear.deconflict.packing import PackedVolumes
from keepclear.model.agreement import Agreement
from keepclear.model.answer import Among, Doubt, DoubtKind
from keepclear.model.operation import Operation

NOTHING_RELEASED = Doubt(
    DoubtKind.NOTHING_RELEASED,
    "no other party released anything",
    "Ask the other parties for their notices and coverage.",
)


class Doubting:
    """The doubts of one agreement against the sets that other parties released.

    Attributes:
        agreement: whose limits count.
        released: one set for each other party.
    """

    def __init__(
        self,
        agreement: Agreement,
        released: Sequence[Released],
        *,
        now: datetime,
        area: Shape | None = None,
    ) -> None:
        self.agreement = agreement
        self.released = tuple(released)
        self._now = now
        self._area = area or Shape(agreement.area)

    def doubts(self, operation: Operation, packed: PackedVolumes) -> list[Doubt]:
        """Every doubt about an operation; empty where silence proves something."""
        found = self.place_doubts(operation, packed)
        for released in self.released:
            found.extend(released.doubts(self._now, self.agreement))
        return found

    def place_doubts(self, operation: Operation, packed: PackedVolumes) -> list[Doubt]:
        """Doubts that a change of the operation could raise or mend."""
        outside = outside_doubt(operation, packed, self._area, self.agreement)
        found = [] if outside is None else [outside]
        for released in self.released:
            found.extend(released.doubts_of(operation, packed, self.agreement))
        return found

    def among(self) -> tuple[Among, ...]:
        """Among what an answer is found, set by set."""
        return tuple(released.among(self._now) for released in self.released)
