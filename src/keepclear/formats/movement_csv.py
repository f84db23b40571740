"""Humanitarian movements as a table: one row for each leg, strict, with a loss report.

Rows with the same reference are the legs of one movement. One bad row leaves out its whole
movement, and says so; nothing is half taken.

Source: keepclear's own columns in RFC 4180 (`formats.csv_cells`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from keepclear.errors import InvalidInput, ModeMismatch
from keepclear.formats.csv_cells import Row, escaped, rows, without_controls
from keepclear.formats.movement_text import MovementsRead, Unread, movement_of
from keepclear.formats.reading import Export, Loss, Reading
from keepclear.formats.times import iso_text
from keepclear.formats.typed import volume_text
from keepclear.model.humanitarian import Movement, RecordSource
from keepclear.model.operation import Mode

COLUMNS: Final = (
    "mode",
    "reference",
    "organisation",
    "by",
    "route",
    "leg",
    "marks",
    "contact",
    "cargo",
    "wanted",
    "expires",
    "recipients",
)
"""The columns of the table; `mode`, `reference` and `leg` stand on every row."""
_ONCE = tuple(name for name in COLUMNS if name not in ("mode", "reference", "leg"))
_LOST = ("assurances", "releases", "confirm_by", "remark", "source_text")


def read_movements_csv(data: bytes, reading: Reading) -> MovementsRead:
    """Read a table of movements.

    Raises:
        InvalidFile: the table is damaged, or a row names no reference.
        ModeMismatch: a row is of the other mode, or says none.
    """
    reading.require_size(data)
    gathered: dict[str, list[Row]] = {}
    for row in rows(data, reading, COLUMNS):
        _require_mode(row, reading)
        reference = row.text("reference")
        if not reference:
            raise reading.refuse(
                "the row names no reference",
                feature=f"row {row.number}",
                remedy="Give each movement a short reference of its own.",
            )
        gathered.setdefault(reference, []).append(row)
    found: list[Movement] = []
    unread: list[Unread] = []
    for group in gathered.values():
        try:
            found.append(_movement(group, reading))
        except InvalidInput as error:
            unread.append(Unread(_place(group), error.message, error.remedy))
    return MovementsRead(tuple(found), tuple(unread))


def write_movements_csv(movements: Iterable[Movement], *, mode: Mode) -> Export:
    """Write a table that `read_movements_csv` reads back, with what it cannot hold."""
    out, losses = io.StringIO(), []
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for movement in movements:
        for leg in movement.legs:
            told = {
                "mode": mode.value,
                "reference": movement.id,
                "organisation": movement.organisation,
                "by": movement.mode.value,
                "route": movement.route,
                "leg": volume_text(leg),
                "marks": movement.marks,
                "contact": movement.contact,
                "cargo": movement.cargo.value,
                "wanted": movement.wanted.value,
                "expires": iso_text(movement.expiry),
                "recipients": ", ".join(movement.recipients),
            }
            table.writerow([escaped(without_controls(told[name])) for name in COLUMNS])
        losses += [Loss(movement.id, name, "left out") for name in _LOST if getattr(movement, name)]
    return Export(out.getvalue().encode(), tuple(losses))


def _require_mode(row: Row, reading: Reading) -> None:
    if reading.mode is not None and row.text("mode") != reading.mode.value:
        said = row.text("mode") or "nothing"
        raise ModeMismatch(
            f"row {row.number} says {said}, the node is {reading.mode}",
            remedy="EXERCISE and REAL never mix; each row says which it is.",
        )


def _movement(group: list[Row], reading: Reading) -> Movement:
    texts: dict[str, str] = {"reference": group[0].text("reference")}
    for name in _ONCE:
        said = {row.text(name) for row in group if row.text(name)}
        if len(said) > 1:
            raise InvalidInput(
                f"{name}: the rows of one movement say different things",
                remedy="Write it once, or the same on each of its rows.",
            )
        if said:
            texts[name] = said.pop()
    legs = tuple(row.text("leg") for row in group)
    source_text = "\n".join(f"row {row.number}: {row.text('leg')}" for row in group)
    return movement_of(
        texts, legs, reading=reading, source=RecordSource.CSV, source_text=source_text
    )


def _place(group: list[Row]) -> str:
    numbers = ", ".join(str(row.number) for row in group)
    return f"row {numbers}" if len(group) == 1 else f"rows {numbers}"
