"""Tables of operations: what is written reads back, and any bytes are read or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidFile
from keepclear.formats.csv_plans import read_csv, write_csv
from keepclear.formats.quantities import parse_band
from keepclear.formats.reading import Reading
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

NOW = datetime(2015, 9, 18, 12, 0, tzinfo=UTC)
READING = Reading("plans.csv", NOW, party="BLUE", mode=Mode.EXERCISE)
SKIPPING = replace(READING, skip_invalid=True)
HEADER = "kind,designator,class,shape,lower,upper,start,end,as_of,completeness"
CIRCLE = "CIRCLE 35.4011N 035.9487E R 5 NM"
ROW = f",B-1,manned,{CIRCLE},FL240,FL260,151300Z,151430Z,,"
COVERAGE_ROW = f"coverage,,,{CIRCLE},,,151300Z,151430Z,151130Z,manned=complete"


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines)).encode()


def test_the_rows_that_the_fuzz_starts_from_are_good() -> None:
    read = read_csv(table(ROW, COVERAGE_ROW), READING)
    assert (len(read.operations), len(read.coverages)) == (1, 1)


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=12)
tidy_words = words.map(str.strip)
names = tidy_words.filter(bool)
ids = st.lists(names.filter(lambda name: ";" not in name), max_size=3).map(tuple)
numbers = st.floats(-80.0, 80.0)
places = st.builds(Position, numbers, numbers)
lines = st.lists(places, min_size=3, max_size=5, unique=True).map(tuple)
times = st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
windows = st.builds(
    lambda start, span: Window(start, start + span),
    times,
    st.timedeltas(timedelta(microseconds=1), timedelta(days=9)),
)
footprints = st.one_of(
    st.builds(Circle, places, st.floats(1e-3, 2e6)),
    st.builds(Corridor, lines, st.floats(1e-3, 2e6)),
    st.builds(Polygon, st.lists(lines, min_size=1, max_size=2).map(tuple)),
)
bands = st.sampled_from(
    [*map(parse_band, ("FL240-FL260", "SFC-FL245", "300 ft AGL ground 450 m - 2500 ft QNH"))]
)
operations = st.builds(
    Operation,
    id=st.uuids(version=4).map(str),
    party=names,
    designator=names,
    operation_class=st.sampled_from(OperationClass),
    volumes=st.lists(st.builds(Volume, footprints, bands, windows), min_size=1, max_size=3).map(
        tuple
    ),
    mode=st.just(Mode.REAL),
    source=st.just(Source(SourceKind.FILE)),
    received_at=st.just(NOW),
    version=st.integers(1, 10**20),
    ovn=tidy_words,
    state=st.sampled_from(OperationState),
    category=st.sampled_from(OperationCategory),
    level=st.sampled_from(DisclosureLevel),
    tolerance_s=st.floats(0.0, 86_400.0),
    uncertainty=st.builds(Uncertainty, st.floats(0.0, 1e300), st.floats(0.0, 1e5)),
    precedence=st.sampled_from(Precedence),
    member=tidy_words,
    contact=tidy_words,
    crossings=ids,
    entries=ids,
    aircraft_count=st.none() | st.integers(1, 99),
    priority=st.integers(-100, 100),
)
coverages = st.builds(
    Coverage,
    names,
    footprints,
    windows,
    times,
    st.dictionaries(st.sampled_from(OperationClass), st.sampled_from(Completeness)).map(
        lambda pairs: tuple(pairs.items())
    ),
    st.none() | st.integers(0, 10**6),
)


def without_origin(operation: Operation) -> Operation:
    volumes = tuple(replace(volume, source_text="") for volume in operation.volumes)
    return replace(operation, volumes=volumes, source=Source(SourceKind.FILE))


@settings(max_examples=60)
@given(
    st.lists(operations, max_size=3, unique_by=lambda one: (one.party, one.designator)),
    st.lists(coverages, max_size=2),
)
def test_what_is_written_reads_back_the_same(
    given_operations: list[Operation], given_coverages: list[Coverage]
) -> None:
    plan_set = PlanSet(tuple(given_operations), tuple(given_coverages))
    export = write_csv(plan_set, mode=Mode.REAL)
    read = read_csv(export.data, Reading("plans.csv", NOW))
    assert tuple(map(without_origin, read.operations)) == plan_set.operations
    assert read.coverages == plan_set.coverages
    assert {loss.how for loss in export.losses} <= {"an apostrophe stands before it"}
    again = write_csv(read, mode=Mode.REAL)
    assert again == export


def read_or_refused(data: bytes, reading: Reading) -> PlanSet | InvalidFile:
    try:
        return read_csv(data, reading)
    except InvalidFile as refused:
        return refused


cells = st.sampled_from(
    [*HEADER.split(","), *ROW.split(","), *COVERAGE_ROW.split(","), "coverage", '"', "'=", "", "x"]
)
rows = st.lists(cells, max_size=8).map(",".join)


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(str.encode),
        st.lists(rows, max_size=6).map(lambda lines: "\n".join(lines).encode()),
        st.lists(rows | st.just(ROW), max_size=4).map(lambda lines: table(*lines)),
        st.integers(0, 2_000).map(lambda cut: table(ROW, ROW.replace("B-1", "B-2"))[:cut]),
    ),
    st.booleans(),
)
def test_any_bytes_are_either_read_or_refused_as_a_file(data: bytes, skipping: bool) -> None:
    outcome = read_or_refused(data, SKIPPING if skipping else READING)
    assert not isinstance(outcome, InvalidFile) or outcome.remedy
