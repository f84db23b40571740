"""Operations that came together, with what their sender says of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from keepclear.errors import InvalidFile
from keepclear.model.coverage import Coverage
from keepclear.model.operation import Mode, Operation
from keepclear.model.zone import Zone


@dataclass(frozen=True, slots=True)
class PlanSet:
    """What one or several files held.

    Attributes:
        operations: in the order they were read.
        coverages: what the senders say their sets cover; empty where nothing was said.
        zones: zones published with them.
        rejected: features left out because the caller asked to skip invalid ones.
        mode: the mode that the files stated, also where they held no operation; None where
            none was stated. Two sets that hold the same are equal whoever stated it.
    """

    operations: tuple[Operation, ...] = ()
    coverages: tuple[Coverage, ...] = ()
    zones: tuple[Zone, ...] = ()
    rejected: tuple[InvalidFile, ...] = ()
    mode: Mode | None = field(default=None, compare=False)

    def joined(self, other: PlanSet) -> PlanSet:
        """Both sets as one, this one first."""
        return PlanSet(
            self.operations + other.operations,
            self.coverages + other.coverages,
            self.zones + other.zones,
            self.rejected + other.rejected,
            self.mode or other.mode,
        )

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties whose operations or coverage are in the set, sorted."""
        return tuple(sorted({o.party for o in self.operations} | {c.party for c in self.coverages}))
