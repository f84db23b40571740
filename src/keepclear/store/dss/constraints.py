"""The rows of constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keepclear.f3548.extent import Extent
from keepclear.ports.dss_store import ConstraintRecord, StoredConstraint
from keepclear.store.dss.intents import availability_named
from keepclear.store.dss.located import PLACE, adding, changing, columns_of, enter_cells, meeting
from keepclear.store.dss.rows import Reads, Writes
from keepclear.store.sqlite.columns import demanded_key_of, key_of, uuid_text, within_column

_TABLE = "constraint_reference"
_CONSTRAINT = (
    "SELECT number, id, manager, version, ovn, base_url, starts, ends,"
    " (SELECT a.state FROM uss_availability a WHERE a.uss = manager)"
    " FROM constraint_reference"
)
_RECORD = ("id", "manager", "version", "ovn", "base_url")
_COLUMNS = (*_RECORD, *PLACE, "change")
_ADD, _CHANGE = adding(_TABLE, _COLUMNS), changing(_TABLE, _COLUMNS)


class ConstraintReads(Reads):
    """Constraints at one moment."""

    __slots__ = ()

    def constraint(self, constraint_id: str) -> StoredConstraint | None:
        """A constraint by its id; None where there is none."""
        row = self._first(f"{_CONSTRAINT} WHERE id = ?", (key_of(constraint_id),))
        return None if row is None else _stored(row)

    def constraint_extent(self, number: int) -> Extent:
        """Where and when a stored constraint is."""
        return self._extent(_TABLE, number)

    def constraints_meeting(self, extent: Extent, *, most: int) -> Sequence[StoredConstraint]:
        """Constraints whose extents meet it, in the order they came; no more than `most`."""
        asking = meeting("constraint_cell", (extent,))
        rows = self._all(
            f"{_CONSTRAINT} WHERE {asking.condition} ORDER BY number LIMIT ?",
            (*asking.values, within_column(most)),
        )
        return [_stored(row) for row in rows]

    def over_constraints(self, before_us: int, *, limit: int) -> Sequence[StoredConstraint]:
        """Constraints that ended before a moment, the longest over first."""
        rows = self._all(f"{_CONSTRAINT} WHERE ends < ? ORDER BY ends LIMIT ?", (before_us, limit))
        return [_stored(row) for row in rows]


class ConstraintWrites(ConstraintReads, Writes):
    """Constraints, to be changed."""

    __slots__ = ()

    def add_constraint(self, record: ConstraintRecord, extent: Extent) -> None:
        """Store a constraint that was not there."""
        values = (*_record_columns(record), *columns_of(extent), self._next_change())
        number = self._do(_ADD, values).lastrowid
        enter_cells(self._connection, "constraint_cell", number or 0, extent.cells)

    def change_constraint(
        self, number: int, record: ConstraintRecord, extent: Extent, *, before: Extent
    ) -> None:
        """Store a constraint anew; `before` is where it was."""
        self._do(
            _CHANGE, (*_record_columns(record), *columns_of(extent), self._next_change(), number)
        )
        enter_cells(self._connection, "constraint_cell", number, extent.cells, before=before.cells)

    def drop_constraint(self, number: int, extent: Extent) -> None:
        """Remove a constraint."""
        self._next_change()
        self._do(f"DELETE FROM {_TABLE} WHERE number = ?", (number,))  # noqa: S608  (a name from above)
        enter_cells(self._connection, "constraint_cell", number, (), before=extent.cells)


def _record_columns(record: ConstraintRecord) -> tuple[object, ...]:
    key = demanded_key_of(record.id)
    return key, record.manager, record.version, record.ovn, record.base_url


def _stored(row: Any) -> StoredConstraint:
    number, key, manager, version, ovn, base_url, starts, ends, availability = row
    return StoredConstraint(
        number,
        ConstraintRecord(uuid_text(key), manager, version, ovn, base_url),
        starts,
        ends,
        availability_named(availability),
    )
