"""What the columns of a table of plans mean: from cells to operations and coverage.

Source: keepclear's own columns (docs/reference/typed.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from keepclear.errors import InvalidInput
from keepclear.formats.csv_cells import Row
from keepclear.formats.quantities import (
    parse_altitude,
    parse_band,
    parse_duration_s,
    parse_length_m,
)
from keepclear.formats.reading import Reading, derived_id
from keepclear.formats.times import parse_time, window_between
from keepclear.formats.typed import parse_footprint
from keepclear.model.altitude import AltitudeBand
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import (
    DisclosureLevel,
    Mode,
    Operation,
    OperationCategory,
    OperationClass,
    OperationState,
    Precedence,
    Source,
    SourceKind,
    Uncertainty,
)
from keepclear.model.volume import Volume
from keepclear.model.window import Window

OF_OPERATION = (
    "id",
    "version",
    "ovn",
    "state",
    "class",
    "category",
    "member",
    "aircraft_count",
    "contact",
    "precedence",
    "priority",
    "level",
    "tolerance",
    "uncertainty_lateral",
    "uncertainty_vertical",
    "crossings",
    "entries",
)
OF_COVERAGE = ("as_of", "completeness", "notice_count")
WRITTEN_COLUMNS = (
    *("mode", "kind", "party", "designator"),
    *OF_OPERATION,
    *("shape", "lower", "upper", "start", "end"),
    *OF_COVERAGE,
)
"""The columns an export has, in order; the mode stands first."""
COLUMNS = (*WRITTEN_COLUMNS, "band")
"""The columns a table may have, in any order; `band` stands for `lower` and `upper`."""

_Choice = TypeVar("_Choice", bound=StrEnum)


def operation_of(
    row: Row, volumes: tuple[Volume, ...], party: str, designator: str, reading: Reading
) -> Operation:
    """Make the operation whose first row this is.

    Raises:
        InvalidInput: a cell cannot be read; the message names its column.
    """
    mode = mode_of(row) or reading.mode
    if mode is None:
        raise InvalidInput("column mode is blank", remedy="Write EXERCISE or REAL.")
    zero = Uncertainty()
    details: dict[str, Any] = {
        "version": row.read("version", _whole, 1),
        "state": row.read("state", _choice(OperationState), OperationState.PLANNED),
        "category": row.read("category", _choice(OperationCategory), OperationCategory.OTHER),
        "level": row.read("level", _level, DisclosureLevel.L1),
        "precedence": row.read("precedence", _choice(Precedence), Precedence.ROUTINE),
        "tolerance_s": row.read("tolerance", parse_duration_s, 0.0),
        "uncertainty": Uncertainty(
            row.read("uncertainty_lateral", parse_length_m, zero.lateral_m),
            row.read("uncertainty_vertical", parse_length_m, zero.vertical_m),
        ),
        "aircraft_count": row.read("aircraft_count", _whole_or_none, None),
        "priority": row.read("priority", _whole, 0),
    }
    return Operation(
        id=row.text("id") or derived_id(party, designator),
        party=party,
        designator=designator,
        operation_class=row.demand("class", _choice(OperationClass)),
        volumes=volumes,
        mode=mode,
        source=Source(SourceKind.FILE, reading.name, f"row {row.number}"),
        received_at=reading.received_at,
        ovn=row.text("ovn"),
        member=row.text("member"),
        contact=row.text("contact"),
        crossings=_ids(row.text("crossings")),
        entries=_ids(row.text("entries")),
        **details,
    )


def volume_of(row: Row, reference: datetime) -> Volume:
    """Make the volume that a row states; times without a month lie near `reference`.

    Raises:
        InvalidInput: a cell cannot be read; the message names its column.
    """
    footprint = row.demand("shape", parse_footprint)
    if row.text("band"):
        require_blank(row, ("lower", "upper"), "a row with a band")
        band = row.demand("band", parse_band)
    else:
        band = AltitudeBand(
            row.demand("lower", parse_altitude), row.demand("upper", parse_altitude)
        )
    return Volume(footprint, band, _window(row, reference), source_text=source_text(row.cells))


def coverage_of(row: Row, party: str, reference: datetime) -> Coverage:
    """Make the coverage statement that a row states.

    Raises:
        InvalidInput: a cell cannot be read, or one is filled that has no meaning for it.
    """
    needless = ("designator", *OF_OPERATION, "lower", "upper", "band")
    require_blank(row, needless, "a coverage statement")
    return Coverage(
        party=party,
        area=row.demand("shape", parse_footprint),
        window=_window(row, reference),
        as_of=row.demand("as_of", lambda text: parse_time(text, reference=reference)),
        completeness=row.read("completeness", _completeness, ()),
        notice_count=row.read("notice_count", _whole_or_none, None),
    )


def require_blank(row: Row, columns: tuple[str, ...], what: str) -> None:
    """Refuse a row that fills columns which mean nothing for it.

    Raises:
        InvalidInput: it does.
    """
    for column in columns:
        if row.text(column):
            raise InvalidInput(
                f"column {column} has no meaning for {what}", remedy=f"Leave {column} blank."
            )


def require_agreement(row: Row, first: Row) -> None:
    """Refuse a row that says of its operation something else than the first row said.

    Raises:
        InvalidInput: it does; blank cells say nothing.
    """
    for column in ("mode", *OF_OPERATION):
        if row.text(column) not in ("", first.text(column)):
            raise InvalidInput(
                f"column {column} differs from row {first.number} of the same operation",
                remedy=f"Write the same in both rows, or leave {column} blank after the first.",
            )


def _window(row: Row, reference: datetime) -> Window:
    start, end = row.demand("start", str), row.demand("end", str)
    return window_between(start, end, reference=reference)


def source_text(cells: Mapping[str, str]) -> str:
    """What a volume is read from, word for word: its cells in the order of a typed volume."""
    heights = cells.get("band") or f"{cells.get('lower', '')} - {cells.get('upper', '')}"
    times = f"{cells.get('start', '')} - {cells.get('end', '')}"
    return f"{cells.get('shape', '')} | {heights} | {times}"


def _completeness(text: str) -> tuple[tuple[OperationClass, Completeness], ...]:
    pairs = []
    for part in text.split(";"):
        of, equals, how = part.partition("=")
        if not equals:
            raise InvalidInput(
                f"{part.strip()[:40]!r} is not a class with its completeness",
                remedy="Write for example manned=complete; unmanned=partial.",
            )
        pairs.append((_choice(OperationClass)(of.strip()), _choice(Completeness)(how.strip())))
    if len(dict(pairs)) < len(pairs):
        raise InvalidInput("a class is named twice", remedy="Name each class once.")
    return tuple(pairs)


def mode_of(row: Row) -> Mode | None:
    """The mode a row states; None where it states none.

    Raises:
        InvalidInput: it is neither EXERCISE nor REAL.
    """
    return row.read("mode", _choice(Mode), None)


def _choice(choices: type[_Choice]) -> Callable[[str], _Choice]:
    """Make a parser of one of an enumeration's words, in small letters or capitals."""

    def parse(text: str) -> _Choice:
        for choice in choices:
            if choice.value.lower() == text.lower():
                return choice
        words = ", ".join(choice.value for choice in choices)
        raise InvalidInput(f"{text[:40]!r} is not known", remedy=f"Write one of: {words}.")

    return parse


def _level(text: str) -> DisclosureLevel:
    if not re.fullmatch("[Ll]?[0-4]", text):
        raise InvalidInput(f"{text[:40]!r} is not a level", remedy="Write L0, L1, L2, L3 or L4.")
    return DisclosureLevel(int(text[-1]))


def _whole(text: str) -> int:
    if not re.fullmatch("-?[0-9]{1,300}", text):
        raise InvalidInput(f"{text[:40]!r} is not a whole number", remedy="Write digits alone.")
    return int(text)


def _whole_or_none(text: str) -> int | None:
    return _whole(text)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
