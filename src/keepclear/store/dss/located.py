"""How an extent stands in columns and cells, and the question for whatever meets one.

Cells narrow it down; the box, the heights and the window in the row then decide, in the same
statement, so that an answer is never more than one moment of the store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from keepclear.f3548.cells import cells_of_box
from keepclear.f3548.extent import Extent, cells_to_ask
from keepclear.store.sqlite.columns import cell_bytes, cells_in

PLACE = ("x0", "y0", "z0", "x1", "y1", "z1", "low", "high", "starts", "ends", "cells")
"""The columns of an extent, in the order of `columns_of`."""
_MEETS = (
    "(x0 <= ? AND x1 >= ? AND y0 <= ? AND y1 >= ? AND z0 <= ? AND z1 >= ?"
    " AND low <= ? AND high >= ? AND +starts <= ? AND +ends >= ?)"
)
_STEP = 16
"""Numbers of cells are rounded up to this, so that few statements are ever prepared."""


class Asking(NamedTuple):
    """A condition on a table of located things, or a whole question; and the values it needs."""

    condition: str
    values: tuple[object, ...]


BOUNDS = (
    "min(x0), min(y0), min(z0), max(x1), max(y1), max(z1),"
    " min(low), max(high), min(starts), max(ends)"
)
"""The columns of the extent around several; its cells are made of them by `extent_around`."""
BEYOND = (
    "(x0 < ? OR y0 < ? OR z0 < ? OR x1 > ? OR y1 > ? OR z1 > ?"
    " OR low < ? OR high > ? OR starts < ? OR ends > ?)"
)
"""What holds of a thing that is not wholly inside an extent; its values by `inside`."""


def inside(extent: Extent) -> tuple[float | int, ...]:
    """The values for `BEYOND`."""
    return (*extent.box_m, extent.low_m, extent.high_m, extent.start_us, extent.end_us)


def extent_around(row: Sequence[object]) -> Extent | None:
    """The extent that `BOUNDS` tell; None where they are of nothing."""
    if row[0] is None:
        return None
    x0, y0, z0, x1, y1, z1, low_m, high_m, start_us, end_us = row
    box_m = (x0, y0, z0, x1, y1, z1)
    cells = cells_of_box(box_m)  # type: ignore[arg-type]  # a row of the store
    return Extent(box_m, low_m, high_m, start_us, end_us, cells)  # type: ignore[arg-type]  # a row of the store


def adding(table: str, columns: Sequence[str]) -> str:
    """The statement that adds a row of these columns."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({_marks(len(columns))})"  # noqa: S608  (names from this package)


def changing(table: str, columns: Sequence[str]) -> str:
    """The statement that writes these columns anew in the row of a number."""
    written = ", ".join(f"{column} = ?" for column in columns)
    return f"UPDATE {table} SET {written} WHERE number = ?"  # noqa: S608  (names from this package)


def columns_of(extent: Extent) -> tuple[object, ...]:
    """The extent as columns hold it."""
    return (
        *extent.box_m,
        extent.low_m,
        extent.high_m,
        extent.start_us,
        extent.end_us,
        cell_bytes(extent.cells),
    )


def extent_in(row: Sequence[object]) -> Extent:
    """The extent that columns hold."""
    x0, y0, z0, x1, y1, z1, low_m, high_m, start_us, end_us, cells = row
    box_m = (x0, y0, z0, x1, y1, z1)
    return Extent(box_m, low_m, high_m, start_us, end_us, cells_in(cells))  # type: ignore[arg-type]  # a row of the store


def meeting(cell_table: str, extents: Sequence[Extent]) -> Asking:
    """What holds of a thing that meets any of the extents.

    Args:
        cell_table: the cells of the table that is asked.
        extents: at least one.
    """
    cells: set[int] = set()
    for extent in extents:
        cells.update(cells_to_ask(extent))
    listed = _rounded_up(sorted(cells))
    among = f"number IN (SELECT number FROM {cell_table} WHERE cell IN ({_marks(len(listed))}))"  # noqa: S608  (names from this package)
    meets = " OR ".join((_MEETS,) * len(extents))
    values: list[object] = [*listed]
    for extent in extents:
        values += _bounds(extent)
    return Asking(f"{among} AND ({meets})", tuple(values))


def crowding(cell_table: str, extent: Extent) -> Asking:
    """The question how many entries of cells a question about an extent would go through.

    The last value is missing: the number at which counting ends.
    """
    listed = _rounded_up(cells_to_ask(extent))
    question = (
        f"SELECT count(*) FROM (SELECT 1 FROM {cell_table}"  # noqa: S608  (names from this package)
        f" WHERE cell IN ({_marks(len(listed))}) LIMIT ?)"
    )
    return Asking(question, tuple(listed))


def enter_cells(
    connection: sqlite3.Connection,
    table: str,
    number: int,
    cells: Sequence[int],
    *,
    before: Sequence[int] = (),
) -> None:
    """Have a thing found in these cells, and in no other of those before."""
    if cells == before:
        return
    now, then = set(cells), set(before)
    connection.executemany(
        f"DELETE FROM {table} WHERE cell = ? AND number = ?",  # noqa: S608  (names from this package)
        [(cell, number) for cell in then - now],
    )
    connection.executemany(
        f"INSERT INTO {table} (cell, number) VALUES (?, ?)",  # noqa: S608  (names from this package)
        [(cell, number) for cell in now - then],
    )


def _bounds(extent: Extent) -> tuple[float | int, ...]:
    x0, y0, z0, x1, y1, z1 = extent.box_m
    return (
        x1, x0, y1, y0, z1, z0, extent.high_m, extent.low_m, extent.end_us, extent.start_us,
    )  # fmt: skip


def _rounded_up(cells: Sequence[int]) -> Sequence[int]:
    missing = -len(cells) % _STEP
    return [*cells, *((cells[-1],) * missing)]


def _marks(count: int) -> str:
    return ",".join("?" * count)
