"""What a report speaks of: the answers, and the plans they were given about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from keepclear.model.agreement import Agreement
from keepclear.model.answer import CheckReport, OperationRef
from keepclear.model.operation import Operation
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Volume
from keepclear.model.zone import Zone
from keepclear.reports.basemap import Basemap


@dataclass(frozen=True, slots=True)
class CheckSubject:
    """One check with everything a page needs to draw it.

    Attributes:
        report: the answers.
        ours: the plans that were checked.
        theirs: the plans they were checked against.
        agreement: the agreement the answers were given under.
        basemap: land, borders and places; may be empty.
    """

    report: CheckReport
    ours: PlanSet
    theirs: PlanSet
    agreement: Agreement
    basemap: Basemap

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The zones of the agreement and those published with the plans, each id once."""
        published = self.agreement.zones + self.ours.zones + self.theirs.zones
        return tuple({zone.id: zone for zone in reversed(published)}.values())[::-1]


class Shelf:
    """Operations by id, to find what a reference names."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_id = {operation.id: operation for operation in operations}

    def find(self, ref: OperationRef) -> Operation | None:
        """The operation a reference names; None where it is not held in that version."""
        operation = self._by_id.get(ref.id)
        return operation if operation is not None and operation.version == ref.version else None

    def volume(self, ref: OperationRef, index: int) -> Volume | None:
        """One volume of the operation; None where operation or volume is not held."""
        operation = self.find(ref)
        if operation is None or not 0 <= index < len(operation.volumes):
            return None
        return operation.volumes[index]


def shelf_of(subject: CheckSubject) -> Shelf:
    """All operations of a subject by id; ours win where an id stands on both sides."""
    return Shelf((*subject.theirs.operations, *subject.ours.operations))
