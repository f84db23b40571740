"""The rows of operations: content from the ledger, shapes, cells, counts.

An operation's content is read from the payload of its entry; there is no second copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from keepclear.deconflict.stored import BlobColumns, GeometryBlob
from keepclear.errors import InvalidInput, LedgerBroken, NotFound, StateForbids
from keepclear.formats.documents.operation import stored_operation
from keepclear.model.answer import OperationRef
from keepclear.model.node import Subject
from keepclear.model.operation import Operation, OperationClass, OperationState
from keepclear.ports.store import (
    GeometryColumns,
    OperationChange,
    StoredGeometry,
    StoredOperation,
)
from keepclear.store.sqlite.columns import (
    cell_bytes,
    cells_in,
    demanded_key_of,
    in_parts,
    key_of,
    microseconds_of,
    moment_of,
    uuid_text,
    within_column,
)
from keepclear.store.sqlite.rows import Reads, Writes

_OPERATION = (
    "SELECT o.number, o.entry, o.change, p.bytes"
    " FROM operation o LEFT JOIN ledger_payload p ON p.number = o.entry"
)
_REF = "SELECT number, id, designator, party, version, class FROM operation"
_SHAPE = (
    "o.number, o.change, o.id, o.party, o.class, o.received,"
    " g.format, g.volumes, g.vertices, g.following"
)
_CLASSES = {each.value: each for each in OperationClass}
_COLUMNS = (
    "party", "designator", "class", "state", "live", "version", "ovn", "starts", "ends",
    "received", "searchable", "entry", "change",
)  # fmt: skip
_UPDATE = f"UPDATE operation SET {', '.join(f'{c} = ?' for c in _COLUMNS)} WHERE number = ?"  # noqa: S608  (names from above)
_BEFORE = (
    "SELECT o.number, o.party, o.state, o.change, g.cells"
    " FROM operation o LEFT JOIN geometry g ON g.number = o.number WHERE o.id = ?"
)
_UNCOUNT = "UPDATE operation_count SET operations = operations - 1 WHERE party = ? AND state = ?"


class OperationReads(Reads):
    """Operations at one moment."""

    __slots__ = ()

    def operation(self, operation_id: str) -> StoredOperation | None:
        """The current version, ended or not; None where the store never held it."""
        row = self._first(f"{_OPERATION} WHERE o.id = ?", (key_of(operation_id),))
        return None if row is None else _stored(row)

    def is_live(self, operation_id: str) -> bool:
        """Whether the store holds an operation of that id that has not ended."""
        row = self._first("SELECT live FROM operation WHERE id = ?", (key_of(operation_id),))
        return row is not None and bool(row[0])

    def operations_numbered(self, numbers: Iterable[int]) -> Mapping[int, StoredOperation]:
        """Current versions by number; numbers that are not there are left out."""
        found: dict[int, StoredOperation] = {}
        for marks, part in in_parts([within_column(int(number)) for number in numbers]):
            for row in self._all(f"{_OPERATION} WHERE o.number IN ({marks})", part):
                found[row[0]] = _stored(row)
        return found

    def refs(self, numbers: Iterable[int]) -> Mapping[int, OperationRef]:
        """Names of live operations by number; those that ended or are not there are left out."""
        found: dict[int, OperationRef] = {}
        for marks, part in in_parts([within_column(int(number)) for number in numbers]):
            # The plus keeps SQLite from walking the index of everything live instead.
            rows = self._all(f"{_REF} WHERE +live = 1 AND number IN ({marks})", part)
            for number, key, designator, party, version, its_class in rows:
                found[number] = OperationRef(
                    uuid_text(key), designator, party, version, _CLASSES[its_class]
                )
        return found

    def counts(self) -> Mapping[tuple[str, OperationState], int]:
        """How many operations there are, by party and state; nothing for none."""
        rows = self._all(
            "SELECT party, state, operations FROM operation_count WHERE operations > 0"
        )
        return {(party, OperationState(state)): count for party, state, count in rows}

    def geometries(self, *, after: int = 0, limit: int = 50_000) -> Sequence[StoredGeometry]:
        """Packed shapes of live operations with numbers above `after`, ascending."""
        rows = self._all(
            f"SELECT {_SHAPE} FROM geometry g JOIN operation o ON o.number = g.number"  # noqa: S608  (names from above)
            " WHERE g.number > ? ORDER BY g.number LIMIT ?",
            (within_column(after), within_column(limit)),
        )
        return [_shape(row) for row in rows]

    def geometry_columns(self, *, after: int = 0, limit: int = 50_000) -> GeometryColumns:
        """The same part by part, without an object for each: a million are read at a start."""
        rows = self._all(
            "SELECT o.number, o.party, o.class, o.received,"
            " g.format, g.volumes, g.vertices, g.following"
            " FROM geometry g JOIN operation o ON o.number = g.number"
            " WHERE g.number > ? ORDER BY g.number LIMIT ?",
            (within_column(after), within_column(limit)),
        )
        if not rows:
            return GeometryColumns((), (), (), (), BlobColumns((), (), (), ()))
        numbers, parties, classes, received, *blobs = zip(*rows, strict=True)
        return GeometryColumns(
            numbers,
            parties,
            [_CLASSES[each] for each in classes],
            [each / 1e6 for each in received],
            BlobColumns(*blobs),
        )

    def changed_near(self, cells: Sequence[int] | None, *, since: int) -> frozenset[int]:
        """Numbers of live operations changed after change `since` that share one of the cells.

        None for the cells means everywhere.
        """
        if since >= self.sequence:
            return frozenset()
        if cells is None:
            rows = self._all(
                "SELECT number FROM operation WHERE +live = 1 AND change > ?",
                (within_column(since),),
            )
        else:
            rows = self._brought_into(cells, since)
        return frozenset(number for (number,) in rows)

    def _brought_into(self, cells: Sequence[int], since: int) -> list[Any]:
        rows: list[Any] = []
        for marks, part in in_parts(cells):
            question = f"SELECT number FROM cell WHERE cell IN ({marks}) AND change > ?"  # noqa: S608  (question marks)
            values = (*part, within_column(since))
            rows += self._connection.execute(question, values).fetchall()
        return rows

    def operation_changes(self, *, after: int, limit: int = 10_000) -> Sequence[OperationChange]:
        """Operations whose current version came after change `after`; by change, ascending.

        Each operation once, as it is now; what was removed is left out, it ended before.
        """
        rows = self._all(
            f"SELECT {_SHAPE} FROM operation o LEFT JOIN geometry g ON g.number = o.number"  # noqa: S608  (names from above)
            " WHERE o.change > ? ORDER BY o.change LIMIT ?",
            (within_column(after), within_column(limit)),
        )
        return [
            OperationChange(row[0], row[1], None if row[6] is None else _shape(row)) for row in rows
        ]


class OperationWrites(OperationReads, Writes):
    """Operations, to be changed."""

    __slots__ = ()

    def operation(self, operation_id: str) -> StoredOperation | None:
        """The current version, ended or not; None where the store never held it."""
        key = key_of(operation_id)
        if key in self._pending.keys:
            self.write_pending()
        # Nothing that waits is asked for.
        row = self._connection.execute(f"{_OPERATION} WHERE o.id = ?", (key,)).fetchone()
        if row is not None:
            return _stored(row)
        if key is not None:
            self._pending.absent.add(key)
        return None

    def changed_near(self, cells: Sequence[int] | None, *, since: int) -> frozenset[int]:
        """Numbers of live operations changed after change `since` that share one of the cells.

        None for the cells means everywhere.
        """
        if cells is None:
            return super().changed_near(None, since=since)
        waiting = self._pending.near(cells, since)
        if since >= self._pending.since:
            return frozenset(waiting)
        return super().changed_near(cells, since=since) | waiting

    def put_operation(
        self,
        operation: Operation,
        *,
        entry: int,
        action: str,
        geometry: GeometryBlob | None,
        cells: Sequence[int],
    ) -> StoredOperation:
        """Store a version as the current one. No geometry and no cells once it has ended.

        Raises:
            InvalidInput: a live operation without geometry, an ended one with it, or an
                entry that is not about this operation.
        """
        live = operation.state is not OperationState.ENDED
        if live is (geometry is None) or (cells and not live):
            raise InvalidInput(f"{operation.designator}: only what is live has a geometry")
        key = demanded_key_of(operation.id)
        at = self._time_of(entry, operation)
        change = self._next_change(
            Subject.OPERATION, operation.id, operation.version, action=action, at=at
        )
        values = _values(operation, live=live, entry=entry, change=change)
        number = self._put(key, values)
        self._added().counts[operation.party, operation.state.value] += 1
        shape = None
        if geometry is not None:
            self._put_shape(number, change, geometry, sorted(set(cells)))
            shape = StoredGeometry(
                number,
                change,
                operation.id,
                operation.party,
                operation.operation_class,
                operation.received_at,
                geometry,
            )
        self._tail.operations.append(OperationChange(number, change, shape))
        return StoredOperation(number, operation, entry, change)

    def remove_operation(self, operation_id: str) -> None:
        """Remove an ended operation from the tables; the ledger keeps its entries.

        Raises:
            NotFound: there is none of this id.
            StateForbids: it has not ended.
        """
        row = self._first(
            "SELECT number, party, state FROM operation WHERE id = ?", (key_of(operation_id),)
        )
        if row is None:
            raise NotFound(f"there is no operation {operation_id}")
        number, party, state = row
        if state != OperationState.ENDED.value:
            raise StateForbids(
                f"operation {operation_id} is {state}; only what ended is removed",
                remedy="End it first.",
            )
        self._do(_UNCOUNT, (party, state))
        self._do("DELETE FROM operation WHERE number = ?", (number,))

    def _time_of(self, entry: int, operation: Operation) -> datetime:
        waiting = self._pending.entries
        if waiting and waiting[-1][0] == entry:
            row: Any = (waiting[-1][1], *waiting[-1][3:5])
        else:
            row = self._first(
                "SELECT at, subject, subject_id FROM ledger_entry WHERE number = ?",
                (within_column(entry),),
            )
        if row is None or row[1:] != (Subject.OPERATION.value, operation.id):
            raise InvalidInput(f"entry {entry} of the ledger is not about {operation.id}")
        return moment_of(row[0])

    def _put(self, key: bytes, values: tuple[object, ...]) -> int:
        """Have the row stand in place of the one before, where there was one; its number."""
        before = None if key in self._pending.absent else self._first(_BEFORE, (key,))
        if before is not None:
            return self._replace(before, values)
        pending, number = self._added(), self._tail.new_number()
        pending.operations.append((number, key, *values))
        pending.keys.add(key)
        pending.absent.discard(key)
        return number

    def _replace(self, before: Any, values: tuple[object, ...]) -> int:
        number: int
        number, party, state, change, cells = before
        self._do(_UNCOUNT, (party, state))
        if cells is not None:
            self._do_many(
                "DELETE FROM cell WHERE cell = ? AND change = ?",
                [(cell, change) for cell in cells_in(cells)],
            )
            self._do("DELETE FROM geometry WHERE number = ?", (number,))
        self._do(_UPDATE, (*values, number))
        return number

    def _put_shape(
        self, number: int, change: int, geometry: GeometryBlob, cells: Sequence[int]
    ) -> None:
        pending = self._added()
        pending.shapes.append((number, *geometry, cell_bytes(cells)))
        pending.cells.extend([(cell, change, number) for cell in cells])


def _values(operation: Operation, *, live: bool, entry: int, change: int) -> tuple[object, ...]:
    window = operation.window
    words = (operation.designator, operation.member, operation.contact, operation.id)
    return (
        operation.party,
        operation.designator,
        operation.operation_class.value,
        operation.state.value,
        int(live),
        operation.version,
        operation.ovn,
        microseconds_of(window.start),
        microseconds_of(window.end),
        microseconds_of(operation.received_at),
        "\n".join(words).casefold(),
        entry,
        change,
    )


def _stored(row: Any) -> StoredOperation:
    number, entry, change, payload = row
    if payload is None:
        raise LedgerBroken(f"entry {entry}, which holds an operation, has lost its payload")
    try:
        body = bytes(_ENVELOPE.decode(payload).body)
        return StoredOperation(number, stored_operation(body), entry, change)
    except (InvalidInput, msgspec.DecodeError) as error:
        raise LedgerBroken(f"entry {entry} does not hold an operation: {error}") from error


class _Envelope(msgspec.Struct):
    """A payload as far as reading an operation needs it; verifying reads every byte."""

    body: msgspec.Raw


_ENVELOPE = msgspec.json.Decoder(_Envelope)


def _shape(row: Any) -> StoredGeometry:
    number, change, key, party, operation_class, received, *blob = row
    return StoredGeometry(
        number,
        change,
        uuid_text(key),
        party,
        _CLASSES[operation_class],
        moment_of(received),
        GeometryBlob(*blob),
    )
