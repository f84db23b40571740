"""What a party says its released set covers: without it, silence proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidOperation
from keepclear.model.operation import OperationClass
from keepclear.model.volume import Footprint
from keepclear.model.window import Window, require_utc


class Completeness(StrEnum):
    """How much of a class of operations a released set holds."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Coverage:
    """One party's statement of what its released set covers.

    Attributes:
        party: who says so.
        area: where.
        window: when the operations of the set would fly.
        as_of: when the set was drawn up.
        completeness: for each class of operation how much is in the set; a class that is
            not named counts as NONE.
        notice_count: how many notices the set holds; None where not said. Zero is a
            positive statement ("nothing planned"), unlike an empty file.
    """

    party: str
    area: Footprint
    window: Window
    as_of: datetime
    completeness: tuple[tuple[OperationClass, Completeness], ...]
    notice_count: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "as_of", require_utc(self.as_of))
        if not self.party:
            raise InvalidOperation("a coverage statement names its party")
        if self.notice_count is not None and self.notice_count < 0:
            raise InvalidOperation("a coverage statement counts at least zero notices")

    def of(self, operation_class: OperationClass) -> Completeness:
        """How much of this class the set holds."""
        return dict(self.completeness).get(operation_class, Completeness.NONE)
