"""The rows of a CSV file, strictly: known columns, even rows, bounded cells, no hidden marks.

Damage to the table itself refuses the whole file, for then nobody can say to which
operation a row belongs. What the cells mean is left to `csv_plans`.

Source: RFC 4180, with these choices: UTF-8 alone, comma or semicolon as the header shows,
no line break inside a cell, and a leading apostrophe before marks that spreadsheets would
run as a formula (OWASP, CSV Injection).
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from keepclear.errors import InvalidFile, InvalidInput
from keepclear.formats.reading import Reading

MOST_CELL_CHARACTERS = 131_072
"""The longest cell; the limit that Python's csv module has of its own."""
MOST_LINE_CHARACTERS = 4 * MOST_CELL_CHARACTERS
"""The longest line."""

_FORMULA_MARKS = (
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        number: its line in the file, the header being 1.
        cells: the text of each column that is not blank.
    """

    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """The cell's text; empty where it is blank or the file has no such column."""
        return self.cells.get(column, "")

    def read(self, column: str, parse: Callable[[str], _Read], blank: _Read) -> _Read:
        """Parse a cell; an error names the column. A blank cell is `blank`."""
        text = self.cells.get(column)
        return blank if text is None else self.demand(column, parse, text)

    def demand(self, column: str, parse: Callable[[str], _Read], text: str | None = None) -> _Read:
        """Parse a cell that may not be blank; an error names the column.

        Raises:
            InvalidInput: it is blank or cannot be read.
        """
        given = self.cells.get(column) if text is None else text
        if given is None:
            raise InvalidInput(f"column {column} is blank", remedy=f"Fill in {column}.")
        try:
            return parse(given)
        except InvalidInput as error:
            raise InvalidInput(f"column {column}: {error.message}", remedy=error.remedy) from error


def rows(data: bytes, reading: Reading, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows below the header, blank ones left out.

    Args:
        data: the file.
        reading: how it is to be read.
        columns: the names a header may use, in any order.

    Raises:
        InvalidFile: the table is damaged, or its header has an unknown or doubled name.
    """
    text = _decoded(data, reading)
    lines = _lines(text, reading)
    first = next(lines, "")
    table = csv.reader(_chained(first, lines), delimiter=_delimiter(first, reading), strict=True)
    header: list[str] | None = None
    while True:
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            raise reading.refuse(
                f"the table is damaged: {error}",
                feature=f"row {table.line_num}",
                remedy="Close every quoted cell on its own line; double the quotes inside it.",
            ) from None
        if header is None:
            header = _header(cells, reading, columns)
        elif (row := _row(table.line_num, cells, header, reading)) is not None:
            yield row


def escaped(text: str) -> str:
    """A cell's text with an apostrophe before it where a spreadsheet might run it."""
    return f"'{text}" if text.startswith(tuple("'" + _FORMULA_MARKS)) else text


def without_controls(text: str) -> str:
    """The text as a cell can hold it: controls turned into spaces, no space at its ends."""
    return _CONTROL.sub(" ", text).strip()


def _unescaped(cell: str) -> str:
    is_escaped = cell[:1] == "'" and len(cell) > 1 and cell[1] in "'" + _FORMULA_MARKS
    return cell[1:] if is_escaped else cell


def _decoded(data: bytes, reading: Reading) -> str:
    if b"\0" in data:
        raise reading.refuse("the file holds NUL bytes", remedy="Save it as CSV in UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise reading.refuse(
            f"byte {error.start:,} is not UTF-8", remedy="Save the file as CSV in UTF-8."
        ) from None


def _lines(text: str, reading: Reading) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > MOST_LINE_CHARACTERS:
            raise reading.refuse(
                f"the line has more than {MOST_LINE_CHARACTERS:,} characters",
                feature=f"row {number}",
                remedy="Simplify the shape, or split it into several rows.",
            )
        yield line


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(first: str, reading: Reading) -> str:
    """Tell comma from semicolon by the header alone: cells below may hold either."""
    if "," in first and ";" in first:
        raise reading.refuse(
            "the header has both commas and semicolons",
            feature="row 1",
            remedy="Separate all columns by the same one.",
        )
    return ";" if ";" in first else ","


def _header(cells: list[str], reading: Reading, columns: tuple[str, ...]) -> list[str]:
    if not cells or len(cells) > len(columns):
        raise reading.refuse(
            f"the first line has {len(cells):,} column names, not 1 to {len(columns)}",
            feature="row 1",
            remedy="Begin the file with one line of column names: " + ", ".join(columns) + ".",
        )
    names = [cell.strip().lower() for cell in cells]
    for name in names:
        if name not in columns:
            raise reading.refuse(
                f"the column {name[:40]!r} is not known",
                feature="row 1",
                remedy=_nearest(name, columns),
            )
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise reading.refuse(
            f"the header names {doubled[0]} twice", feature="row 1", remedy="Keep one of them."
        )
    return names


def _nearest(name: str, columns: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name[:40], columns, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return "Known columns: " + ", ".join(columns) + "."


def _row(number: int, cells: list[str], header: list[str], reading: Reading) -> Row | None:
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != len(header):
        raise reading.refuse(
            f"the row has {len(cells)} cells; the header has {len(header)}",
            feature=f"row {number}",
            remedy="Quote cells that hold the separator, and leave no cell out.",
        )
    for name, cell in zip(header, cells, strict=True):
        if _CONTROL.search(cell):
            raise _refused_control(name, number, reading)
    filled = {name: _unescaped(cell.strip()) for name, cell in zip(header, cells, strict=True)}
    return Row(number, {name: text for name, text in filled.items() if text})


def _refused_control(name: str, number: int, reading: Reading) -> InvalidFile:
    return reading.refuse(
        f"column {name} holds a line break, a tab or another control character",
        feature=f"row {number}",
        remedy="Write each cell on one line.",
    )
