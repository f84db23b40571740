"""Operations and coverage statements as a table: one row for each volume or statement.

Rows of the same party and designator are the volumes of one operation. Cells hold typed
text (`formats.typed`), so a table can be written by hand in a spreadsheet and read aloud.
Zones, and the texts that operations were once read from, have no place in a table.

Source: keepclear's own columns (docs/reference/typed.md) in RFC 4180 (`formats.csv_cells`).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from keepclear.errors import InvalidFile, InvalidInput, ModeMismatch
from keepclear.formats.csv_cells import (
    MOST_CELL_CHARACTERS,
    MOST_LINE_CHARACTERS,
    Row,
    escaped,
    rows,
    without_controls,
)
from keepclear.formats.csv_columns import (
    COLUMNS,
    OF_COVERAGE,
    WRITTEN_COLUMNS,
    coverage_of,
    mode_of,
    operation_of,
    require_agreement,
    require_blank,
    source_text,
    volume_of,
)
from keepclear.formats.quantities import duration_text, typed_altitude, typed_length
from keepclear.formats.reading import Export, Loss, Reading
from keepclear.formats.times import iso_text
from keepclear.formats.typed import footprint_text
from keepclear.model.coverage import Coverage
from keepclear.model.operation import Mode, Operation
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Volume

_Key = tuple[str, str]


def read_csv(data: bytes, reading: Reading) -> PlanSet:
    """Read a table of operations and coverage statements.

    Raises:
        InvalidFile: the table is damaged, a row has no party or designator, both modes
            occur, or (unless invalid ones are skipped) a row cannot be read. One bad row
            leaves out its whole operation, never a part of it.
    """
    reading.require_size(data)
    plans = _Plans(reading)
    for row in rows(data, reading, COLUMNS):
        plans.take(row)
    return plans.plan_set()


def write_csv(plan_set: PlanSet, *, mode: Mode) -> Export:
    """Write a table that `read_csv` reads back, with a report of what it cannot hold.

    Cells that a spreadsheet might run as a formula get a leading apostrophe, which
    `read_csv` takes off again; the report names them.

    Raises:
        ModeMismatch: an operation is of the other mode.
    """
    table = _Table(mode)
    for coverage in plan_set.coverages:
        table.add_coverage(coverage)
    for operation in plan_set.operations:
        table.add_operation(operation)
    for zone in plan_set.zones:
        table.losses.append(Loss(zone.id, "zone", "left out"))
    for refused in plan_set.rejected:
        table.losses.append(Loss(refused.feature or refused.file, "rejected feature", "left out"))
    return Export(table.out.getvalue().encode(), tuple(table.losses))


@dataclass(slots=True)
class _Draft:
    """An operation while its rows come in; a problem stands for the whole of it."""

    first: Row
    volumes: list[Volume] = field(default_factory=list)
    problem: InvalidFile | None = None


class _Plans:
    """Gathers rows into operations and coverage statements."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._drafts: dict[_Key, _Draft] = {}
        self._coverages: list[Coverage] = []
        self._rejected: list[InvalidFile] = []
        self._mode: Mode | None = None
        self._features = 0

    def take(self, row: Row) -> None:
        """Take one row in, or keep its operation out."""
        kind = row.text("kind").lower() or "operation"
        if kind not in ("operation", "coverage"):
            raise self._refused(
                row, f"the kind {kind[:40]!r} is not known", "Write operation or coverage."
            )
        party = row.text("party") or self._reading.party
        if party is None:
            raise self._refused(row, "the row has no party", "Fill in party, or say whose file.")
        if kind == "coverage":
            self._take_coverage(row, party)
        else:
            self._take_volume(row, party)

    def plan_set(self) -> PlanSet:
        """Put together what was taken in."""
        operations = []
        ids: set[str] = set()
        for (party, designator), draft in self._drafts.items():
            if draft.problem is not None:
                continue
            try:
                operation = operation_of(
                    draft.first, tuple(draft.volumes), party, designator, self._reading
                )
                if operation.id in ids:
                    raise InvalidInput(f"the id {operation.id} belongs to another operation too")
            except InvalidInput as error:
                self._reject(draft.first, designator, error)
                continue
            self._require_one_mode(draft.first, operation.mode)
            ids.add(operation.id)
            operations.append(operation)
        return PlanSet(
            tuple(operations),
            tuple(self._coverages),
            rejected=tuple(self._rejected),
            mode=self._mode or self._reading.mode,
        )

    def _take_volume(self, row: Row, party: str) -> None:
        designator = row.text("designator")
        if not designator:
            raise self._refused(row, "the row has no designator", "Say whose volume it is.")
        draft = self._drafts.get((party, designator))
        if draft is None:
            self._count(row)
            draft = self._drafts[party, designator] = _Draft(row)
        if draft.problem is not None:
            return
        try:
            require_blank(row, OF_COVERAGE, "an operation")
            require_agreement(row, draft.first)
            draft.volumes.append(volume_of(row, self._reading.received_at))
        except InvalidInput as error:
            draft.problem = self._reject(row, designator, error)
            draft.volumes.clear()

    def _take_coverage(self, row: Row, party: str) -> None:
        self._count(row)
        try:
            mode = mode_of(row)
            self._coverages.append(coverage_of(row, party, self._reading.received_at))
        except InvalidInput as error:
            self._reject(row, f"coverage of {party}", error)
        else:
            self._require_one_mode(row, mode)

    def _require_one_mode(self, row: Row, mode: Mode | None) -> None:
        if None not in (mode, self._mode) and mode is not self._mode:
            raise self._refused(
                row, "EXERCISE and REAL stand in one file", "Give each mode a file of its own."
            )
        self._mode = mode or self._mode

    def _count(self, row: Row) -> None:
        self._features += 1
        if self._features > self._reading.most_features:
            raise self._refused(
                row, f"there are more than {self._reading.most_features:,} features", "Split it."
            )

    def _reject(self, row: Row, name: str, error: InvalidInput) -> InvalidFile:
        """Keep a feature out where that was asked for; else refuse the file."""
        refused = self._reading.refuse(
            error.message, feature=f"row {row.number} ({name[:80]})", remedy=error.remedy
        )
        if not self._reading.skip_invalid:
            raise refused from error
        self._rejected.append(refused)
        return refused

    def _refused(self, row: Row, message: str, remedy: str) -> InvalidFile:
        return self._reading.refuse(message, feature=f"row {row.number}", remedy=remedy)


class _Table:
    """Writes rows and keeps account of what they could not hold."""

    def __init__(self, mode: Mode) -> None:
        self.out = io.StringIO(newline="")
        self.losses: list[Loss] = []
        self._mode = mode
        self._written: set[_Key] = set()
        self._ids: set[str] = set()
        self._rows = csv.DictWriter(self.out, WRITTEN_COLUMNS, restval="", lineterminator="\r\n")
        self._rows.writeheader()

    def add_coverage(self, coverage: Coverage) -> None:
        """Write a coverage statement."""
        if not without_controls(coverage.party):
            self.losses.append(
                Loss(coverage.party, "coverage", "left out: no name that can be written")
            )
            return
        area = footprint_text(coverage.area)
        cells = {
            "kind": "coverage",
            "party": coverage.party,
            "shape": area,
            "start": iso_text(coverage.window.start),
            "end": iso_text(coverage.window.end),
            "as_of": iso_text(coverage.as_of),
            "completeness": "; ".join(
                f"{of}={how}" for of, how in dict(coverage.completeness).items()
            ),
            "notice_count": "" if coverage.notice_count is None else str(coverage.notice_count),
        }
        self._add(f"coverage of {coverage.party}", [cells])

    def add_operation(self, operation: Operation) -> None:
        """Write an operation, one row for each volume."""
        if operation.mode is not self._mode:
            raise ModeMismatch(
                f"{operation.designator} is of mode {operation.mode}, the file of {self._mode}"
            )
        name = operation.designator
        key = without_controls(operation.party), without_controls(name)
        if not all(key):
            self.losses.append(Loss(name, "operation", "left out: no name that can be written"))
            return
        if key in self._written or operation.id in self._ids:
            how = "left out: another operation has the same party and designator, or the same id"
            self.losses.append(Loss(name, "operation", how))
            return
        shared = _cells_of(operation)
        for column, ids in (("crossings", operation.crossings), ("entries", operation.entries)):
            held = [one for one in ids if ";" not in one and without_controls(one)]
            shared[column] = "; ".join(without_controls(one) for one in held)
            if len(held) < len(ids) or shared[column] != "; ".join(ids):
                self.losses.append(Loss(name, column, "ids with marks that a cell cannot hold"))
        written = [shared | _cells_of_volume(volume) for volume in operation.volumes]
        if not self._add(name, written):
            return
        self._written.add(key)
        self._ids.add(operation.id)
        sources = [operation.source_text, *(volume.source_text for volume in operation.volumes)]
        kept = ["", *(source_text(cells) for cells in written)]
        if any(text not in ("", same) for text, same in zip(sources, kept, strict=True)):
            self.losses.append(Loss(name, "source text", "left out"))

    def _add(self, name: str, written: list[dict[str, str]]) -> bool:
        """Write the rows of one feature, or none of them where a cell would be too long."""
        tidy = [
            {column: escaped(without_controls(text)) for column, text in cells.items()}
            for cells in written
        ]
        if any(_is_too_long(cells) for cells in tidy):
            self.losses.append(Loss(name, "feature", "left out: a cell would be too long"))
            return False
        changes: dict[tuple[str, str], None] = {}
        for cells, tidied in zip(written, tidy, strict=True):
            for column, text in cells.items():
                if without_controls(text) != text:
                    changes[column, "control characters and outer spaces are gone"] = None
                if tidied[column] != without_controls(text):
                    changes[column, "an apostrophe stands before it"] = None
        self.losses.extend(Loss(name, column, how) for column, how in changes)
        for cells in tidy:
            self._rows.writerow({"mode": str(self._mode), **cells})
        return True


def _cells_of(operation: Operation) -> dict[str, str]:
    count = operation.aircraft_count
    uncertainty = operation.uncertainty
    return {
        "kind": "operation",
        "party": operation.party,
        "designator": operation.designator,
        "id": operation.id,
        "version": str(operation.version),
        "ovn": operation.ovn,
        "state": str(operation.state),
        "class": str(operation.operation_class),
        "category": str(operation.category),
        "member": operation.member,
        "aircraft_count": "" if count is None else str(count),
        "contact": operation.contact,
        "precedence": str(operation.precedence),
        "priority": str(operation.priority),
        "level": operation.level.name,
        "tolerance": duration_text(operation.tolerance_s),
        "uncertainty_lateral": typed_length(uncertainty.lateral_m),
        "uncertainty_vertical": typed_length(uncertainty.vertical_m),
    }


def _cells_of_volume(volume: Volume) -> dict[str, str]:
    return {
        "shape": footprint_text(volume.footprint),
        "lower": typed_altitude(volume.band.lower),
        "upper": typed_altitude(volume.band.upper),
        "start": iso_text(volume.window.start),
        "end": iso_text(volume.window.end),
    }


def _is_too_long(cells: dict[str, str]) -> bool:
    lengths = [len(text) + text.count('"') + 3 for text in cells.values()]
    return max(lengths) > MOST_CELL_CHARACTERS or sum(lengths) > MOST_LINE_CHARACTERS - 100
