"""Tables of operations and coverage statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keepclear.errors import InvalidFile, ModeMismatch
from keepclear.formats.csv_columns import WRITTEN_COLUMNS
from keepclear.formats.csv_plans import read_csv, write_csv
from keepclear.formats.quantities import parse_band
from keepclear.formats.reading import Loss, Reading, derived_id
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
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Circle, Corridor, Polygon, Position, Volume
from keepclear.model.window import Window
from keepclear.model.zone import Zone, ZoneKind

NOW = datetime(2015, 9, 18, 12, 0, tzinfo=UTC)
READING = Reading("plans.csv", NOW, party="BLUE", mode=Mode.EXERCISE)
SKIPPING = replace(READING, skip_invalid=True)
HEADER = "designator,class,shape,lower,upper,start,end"
CIRCLE = "CIRCLE 35.4011N 035.9487E R 5 NM"
ROW = f"B-1,manned,{CIRCLE},FL240,FL260,151300Z,151430Z"


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines)).encode()


def refusal(data: bytes, reading: Reading = READING) -> InvalidFile:
    with pytest.raises(InvalidFile) as refused:
        read_csv(data, reading)
    assert refused.value.remedy
    return refused.value


def test_the_smallest_table_is_read_with_defaults() -> None:
    (operation,) = read_csv(table(ROW), READING).operations
    assert operation == Operation(
        id=derived_id("BLUE", "B-1"),
        party="BLUE",
        designator="B-1",
        operation_class=OperationClass.MANNED,
        volumes=(
            Volume(
                Circle(Position(35.4011, 35.9487), 9_260.0),
                parse_band("FL240-FL260"),
                Window(
                    datetime(2015, 9, 15, 13, 0, tzinfo=UTC),
                    datetime(2015, 9, 15, 14, 30, tzinfo=UTC),
                ),
                f"{CIRCLE} | FL240 - FL260 | 151300Z - 151430Z",
            ),
        ),
        mode=Mode.EXERCISE,
        source=Source(SourceKind.FILE, "plans.csv", "row 2"),
        received_at=NOW,
    )


def test_every_column_of_an_operation_is_read() -> None:
    header = (
        "kind;mode;party;designator;id;version;ovn;state;class;category;member;aircraft_count;"
        "contact;precedence;priority;level;tolerance;uncertainty_lateral;uncertainty_vertical;"
        "crossings;entries;shape;band;start;end"
    )
    row = (
        "operation;REAL;AMBER;A-1;6d1f5d2c-7c2d-4d4e-9a6e-2f5a6b0c9b1e;3;x1;Active;Ground Movement;"
        "medevac;Wing 2;4;130.000 MHz;flash;-2;L3;10 min;0.5 NM;300 ft;"
        f'"L-1; L-2";Z-1;{CIRCLE};SFC-FL245;2015-09-15T13:00Z;151430ZSEP15'
    )
    (operation,) = read_csv(b"\xef\xbb\xbf" + table(row, header=header), READING).operations
    assert (operation.mode, operation.party, operation.version) == (Mode.REAL, "AMBER", 3)
    assert operation.id == "6d1f5d2c-7c2d-4d4e-9a6e-2f5a6b0c9b1e"
    assert (operation.state, operation.ovn) == (OperationState.ACTIVE, "x1")
    assert operation.operation_class is OperationClass.GROUND_MOVEMENT
    assert operation.category is OperationCategory.MEDEVAC
    assert (operation.member, operation.contact) == ("Wing 2", "130.000 MHz")
    assert (operation.aircraft_count, operation.priority) == (4, -2)
    assert (operation.precedence, operation.level) == (Precedence.FLASH, DisclosureLevel.L3)
    assert operation.tolerance_s == 600.0
    assert operation.uncertainty == Uncertainty(926.0, 91.44)
    assert (operation.crossings, operation.entries) == (("L-1", "L-2"), ("Z-1",))
    assert operation.volumes[0].band == parse_band("SFC-FL245")


def test_rows_of_one_designator_are_volumes_of_one_operation() -> None:
    later = f"B-1,,{CIRCLE},FL240,FL260,151430Z,151530Z"
    other = ROW.replace("B-1", "B-2")
    read = read_csv(table(ROW, other, later), READING)
    assert [(o.designator, len(o.volumes)) for o in read.operations] == [("B-1", 2), ("B-2", 1)]


def test_rows_that_disagree_about_their_operation_are_refused() -> None:
    later = f"B-1,unmanned,{CIRCLE},FL240,FL260,151430Z,151530Z"
    refused = refusal(table(ROW, later))
    assert refused.feature == "row 3 (B-1)"
    assert "column class differs from row 2" in refused.message
    first_blank = ROW.replace("manned", "")
    assert "differs" in refusal(table(first_blank, ROW)).message


def test_one_bad_row_leaves_out_its_whole_operation_and_no_other() -> None:
    bad = f"B-1,,{CIRCLE},FL240,260,151430Z,151530Z"
    other = ROW.replace("B-1", "B-2")
    more = f"B-1,,{CIRCLE},FL240,FL260,151530Z,151630Z"
    read = read_csv(table(ROW, bad, other, more), SKIPPING)
    assert [operation.designator for operation in read.operations] == ["B-2"]
    (rejected,) = read.rejected
    assert rejected.feature == "row 3 (B-1)"
    assert rejected.message.startswith("column upper: ")


def test_a_bad_cell_is_named_by_row_and_column() -> None:
    for cell, instead, column in (
        ("manned", "piloted", "class"),
        ("manned", "", "class"),
        (CIRCLE, "CIRCLE", "shape"),
        ("FL240", "240", "lower"),
        ("151430Z", "", "end"),
    ):
        refused = refusal(table(ROW.replace(cell, instead)))
        assert refused.feature == "row 2 (B-1)"
        assert f"column {column}" in refused.message


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *(("version", "0"), ("version", "1.0"), ("aircraft_count", "-1"), ("aircraft_count", "٣")),
        *(("level", "L5"), ("state", "done"), ("category", "x"), ("precedence", "URGENT")),
        *(("tolerance", "10"), ("tolerance", "2 d"), ("uncertainty_lateral", "0.5")),
        *(("id", "17"), ("mode", "DRILL"), ("notice_count", "4"), ("priority", "high")),
    ],
)
def test_an_unusable_detail_of_an_operation_is_refused(column: str, text: str) -> None:
    refused = refusal(table(f"{ROW},{text}", header=f"{HEADER},{column}"))
    assert refused.feature == "row 2 (B-1)"


def test_an_unknown_column_is_refused_with_the_nearest_name() -> None:
    assert "Did you mean designator?" in refusal(table(ROW, header=HEADER[1:])).remedy
    refused = refusal(table(header="zzzzzz"))
    assert "Known columns: mode, kind" in refused.remedy
    assert refused.feature == "row 1"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "column names"),
        (b"\n" + table(ROW), "column names"),
        (b"id," * 100_000, "column names"),
        (table(ROW, header=HEADER + ",class"), "twice"),
        (table(ROW, header=HEADER.replace(",", ";", 1)), "both commas and semicolons"),
        (table(ROW).decode().encode("utf-16"), "NUL"),
        (table(ROW) + b"\0", "NUL"),
        (table(ROW) + b"\xff", "not UTF-8"),
        (table(ROW + ",x"), "the row has 8 cells"),
        (table("B-1,manned"), "the row has 2 cells"),
        (table(ROW.replace("manned", '"manned"x')), "damaged"),
        (table(ROW.replace("manned", '"manned')), "damaged"),
        (table(ROW.replace("manned", '"man\nned"')), "control character"),
        (table(ROW.replace("manned", "man\x07ned")), "control character"),
        (table(ROW.replace("manned", "x" * 140_000)), "damaged"),
        (table("x" * 600_000), "characters"),
        (table("," * 6), ""),
        (table(ROW.replace("B-1", "")), "no designator"),
    ],
)
def test_a_damaged_table_is_refused_whole_even_when_skipping(data: bytes, why: str) -> None:
    if why:
        assert why in refusal(data, SKIPPING).message
    else:
        assert read_csv(data, SKIPPING) == PlanSet()


def test_a_row_whose_party_nobody_states_refuses_the_file() -> None:
    assert "no party" in refusal(table(ROW), replace(SKIPPING, party=None)).message


def test_a_mode_must_be_stated_and_one_for_the_whole_file() -> None:
    assert "column mode is blank" in refusal(table(ROW), replace(READING, mode=None)).message
    header = HEADER + ",mode"
    other = ROW.replace("B-1", "B-2")
    mixed = table(f"{ROW},REAL", f"{other},EXERCISE", header=header)
    assert "one file" in refusal(mixed, SKIPPING).message
    assert "one file" in refusal(table(f"{ROW},REAL", f"{other},", header=header)).message


def test_two_operations_with_one_id_are_refused() -> None:
    header = HEADER + ",id"
    one_id = derived_id("BLUE", "x")
    data = table(f"{ROW},{one_id}", f"{ROW.replace('B-1', 'B-2')},{one_id}", header=header)
    assert "belongs to another" in refusal(data).message


def test_more_features_or_bytes_than_asked_for_are_refused() -> None:
    two = table(ROW, ROW.replace("B-1", "B-2"))
    assert "more than 1 features" in refusal(two, replace(SKIPPING, most_features=1)).message
    assert "bytes" in refusal(two, replace(SKIPPING, most_bytes=10)).message


COVERAGE_HEADER = "kind,party,shape,start,end,as_of,completeness,notice_count"
COVERAGE_ROW = (
    f"coverage,AMBER,{CIRCLE},2015-09-15T00:00Z,2015-09-16T00:00Z,151130Z,"
    "manned=complete; unmanned=partial,0"
)


def test_a_coverage_row_is_read() -> None:
    read = read_csv(table(COVERAGE_ROW, header=COVERAGE_HEADER), READING)
    assert read.coverages == (
        Coverage(
            "AMBER",
            Circle(Position(35.4011, 35.9487), 9_260.0),
            Window(datetime(2015, 9, 15, tzinfo=UTC), datetime(2015, 9, 16, tzinfo=UTC)),
            datetime(2015, 9, 15, 11, 30, tzinfo=UTC),
            (
                (OperationClass.MANNED, Completeness.COMPLETE),
                (OperationClass.UNMANNED, Completeness.PARTIAL),
            ),
            0,
        ),
    )
    assert read.operations == ()


@pytest.mark.parametrize(
    ("cell", "instead"),
    [
        ("151130Z", ""),
        ("manned=complete", "manned"),
        ("manned=complete", "manned=all"),
        ("unmanned=partial", "manned=partial"),
        (",0", ",-1"),
    ],
)
def test_an_unusable_coverage_row_is_refused_or_skipped(cell: str, instead: str) -> None:
    data = table(COVERAGE_ROW.replace(cell, instead), header=COVERAGE_HEADER)
    assert refusal(data).feature == "row 2 (coverage of AMBER)"
    assert len(read_csv(data, SKIPPING).rejected) == 1


def test_an_operation_row_of_unknown_class_is_skipped_once_for_all_its_rows() -> None:
    read = read_csv(table(ROW.replace("manned", "piloted"), ROW.replace("manned", "")), SKIPPING)
    assert read.operations == ()
    assert [rejected.feature for rejected in read.rejected] == ["row 2 (B-1)"]


def test_a_coverage_row_with_heights_is_refused_for_they_mean_nothing() -> None:
    data = table(COVERAGE_ROW + ",FL240-FL260", header=COVERAGE_HEADER + ",band")
    assert "column band has no meaning" in refusal(data).message
    assert "kind" in refusal(table("zone,BLUE,,,,,,", header=COVERAGE_HEADER), SKIPPING).message


VOLUMES = (
    Volume(
        Corridor((Position(35.71, 35.95), Position(35.33, 40.14)), 3_704.0),
        parse_band("-300 ft QNH - FL260"),
        Window(NOW, NOW + timedelta(hours=1)),
    ),
)


def operation(**changes: object) -> Operation:
    (read,) = read_csv(table(ROW), READING).operations
    return replace(read, **changes)  # type: ignore[arg-type]


def test_a_cell_that_a_spreadsheet_might_run_gets_an_apostrophe_and_a_loss() -> None:
    for contact in ("=1+1", "+31 6 1234", "@x", "-1", "'quoted", "＝1"):
        given = operation(contact=contact)
        export = write_csv(PlanSet((given,)), mode=Mode.EXERCISE)
        assert f",'{contact}," in export.data.decode()
        assert Loss("B-1", "contact", "an apostrophe stands before it") in export.losses
        assert read_csv(export.data, READING).operations[0].contact == contact


def test_an_export_names_what_it_cannot_hold() -> None:
    zone = Zone(
        "Z-1",
        "ring",
        ZoneKind.EXCLUSION,
        Circle(Position(0.0, 0.0), 1.0),
        parse_band("SFC-FL100"),
    )
    held = operation(
        contact="two\nlines ", crossings=("a;b", "c"), source_text="as it was", volumes=VOLUMES
    )
    rejected = InvalidFile("x", file="plans.csv", feature="row 9")
    plan_set = PlanSet(
        (held, operation(), operation(designator="\n")), zones=(zone,), rejected=(rejected,)
    )
    export = write_csv(plan_set, mode=Mode.EXERCISE)
    assert {(loss.feature, loss.what) for loss in export.losses} == {
        ("B-1", "contact"),
        ("B-1", "crossings"),
        ("B-1", "lower"),
        ("B-1", "source text"),
        ("B-1", "operation"),
        ("\n", "operation"),
        ("Z-1", "zone"),
        ("row 9", "rejected feature"),
    }
    (read,) = read_csv(export.data, READING).operations
    assert (read.contact, read.crossings) == ("two lines", ("c",))


def test_a_coverage_statement_without_a_writable_name_is_left_out_and_named() -> None:
    (coverage,) = read_csv(table(COVERAGE_ROW, header=COVERAGE_HEADER), READING).coverages
    export = write_csv(PlanSet(coverages=(replace(coverage, party="\t"),)), mode=Mode.REAL)
    assert [loss.what for loss in export.losses] == ["coverage"]
    assert read_csv(export.data, READING) == PlanSet()


def test_a_shape_too_long_for_a_cell_leaves_its_operation_out_whole() -> None:
    ring = tuple(Position(i * 1e-7 / 3.0, i * 1e-7 / 7.0) for i in range(1, 4_000))
    long = replace(VOLUMES[0], footprint=Polygon((ring,)))
    export = write_csv(PlanSet((operation(volumes=(*VOLUMES, long)),)), mode=Mode.EXERCISE)
    assert export.losses == (Loss("B-1", "feature", "left out: a cell would be too long"),)
    assert read_csv(export.data, READING) == PlanSet()


def test_an_export_of_the_other_mode_is_refused() -> None:
    with pytest.raises(ModeMismatch):
        write_csv(PlanSet((operation(),)), mode=Mode.REAL)


def test_the_mode_stands_first_in_every_row() -> None:
    data = write_csv(PlanSet((operation(),)), mode=Mode.EXERCISE).data.decode()
    lines = data.splitlines()
    assert lines[0] == ",".join(WRITTEN_COLUMNS)
    assert lines[1].startswith("EXERCISE,operation,BLUE,B-1,")
