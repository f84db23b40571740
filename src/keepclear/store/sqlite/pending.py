"""Rows that a work has added and that are not in their tables yet.

A statement costs more for being asked than for what it inserts, and each lets other threads
in between. So the rows of a filing wait until its work ends, or asks for what may be among
them; then each table gets all of its rows in a statement or two.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Row: TypeAlias = tuple[object, ...]
CellRow: TypeAlias = tuple[int, int, int]
"""A cell, the change, and the number of the operation it brought there."""

_COLUMNS = {
    "ledger_entry": "number, at, kind, subject, subject_id, version, leaf",
    "ledger_payload": "number, salt, bytes",
    "change": "sequence, subject, id, version, action, at",
    "operation": (
        "number, id, party, designator, class, state, live, version, ovn, starts, ends,"
        " received, searchable, entry, change"
    ),
    "geometry": "number, format, volumes, vertices, following, cells",
    "cell": "cell, change, number",
}
MOST_WAITING = 256
"""So many entries wait at most: a work may be as large as a file."""
_MOST_ROWS = 32
"""So many rows stand in one statement at most, always a power of two: few statements in all."""
_INSERTS = {
    (table, 1 << power): (
        f"INSERT INTO {table} ({columns}) VALUES "  # noqa: S608  (names from above)
        + ", ".join([f"({', '.join('?' * len(columns.split(',')))})"] * (1 << power))
    )
    for table, columns in _COLUMNS.items()
    for power in range(_MOST_ROWS.bit_length())
}
_COUNT = (
    "INSERT INTO operation_count (party, state, operations) VALUES (?, ?, ?)"
    " ON CONFLICT (party, state) DO UPDATE SET operations = operations + excluded.operations"
)


class Pending:
    """The waiting rows of one work, by table, in an order in which each finds what it refers to.

    Attributes:
        since: the last change whose rows do not wait.
        entries, payloads, changes, operations, shapes, cells: rows.
        counts: how many operations more there are, by party and state.
        keys: the ids of the operations.
        absent: ids that were looked for and are not in the table.
    """

    def __init__(self, since: int) -> None:
        self.since = since
        self.entries: list[Row] = []
        self.payloads: list[Row] = []
        self.changes: list[Row] = []
        self.operations: list[Row] = []
        self.shapes: list[Row] = []
        self.cells: list[CellRow] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.keys: set[bytes] = set()
        self.absent: set[bytes] = set()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self.entries or self.changes or self.counts)

    def near(self, cells: Sequence[int], since: int) -> set[int]:
        """The waiting operations changed after `since` in one of the cells."""
        wanted = set(cells) if self.cells else ()
        return {n for cell, change, n in self.cells if change > since and cell in wanted}

    def write(self, connection: sqlite3.Connection) -> None:
        """Write every row into its table."""
        waiting: tuple[Sequence[Row], ...] = (
            self.entries, self.payloads, self.changes, self.operations, self.shapes, self.cells,
        )  # fmt: skip
        for table, rows in zip(_COLUMNS, waiting, strict=True):
            for part in _parts(rows):
                values = [value for row in part for value in row]
                connection.execute(_INSERTS[table, len(part)], values)
        for (party, state), operations in self.counts.items():
            connection.execute(_COUNT, (party, state, operations))


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows in parts, each the largest power of two that is left of them."""
    start = 0
    while start < len(rows):
        count = min(_MOST_ROWS, 1 << ((len(rows) - start).bit_length() - 1))
        yield rows[start : start + count]
        start += count
