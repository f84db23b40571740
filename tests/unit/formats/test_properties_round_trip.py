"""What keepclear writes, keepclear reads back equal: in GeoJSON, KML and KMZ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidFile, InvalidOperation, ModeMismatch
from keepclear.formats.geojson import read_geojson, write_geojson
from keepclear.formats.kml import read_kml, write_kml
from keepclear.formats.kmz import read_kmz, write_kmz
from keepclear.formats.reading import Export, Reading, derived_id
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
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
from keepclear.model.zone import EntryRule, Zone, ZoneKind, ZoneStatus

READING = Reading("other.file", datetime(2026, 1, 1, tzinfo=UTC))
SOURCE = Source(SourceKind.TYPED)
Writer = Callable[..., Export]
Reader = Callable[[bytes, Reading], PlanSet]
FORMATS = [
    pytest.param(write_geojson, read_geojson, id="geojson"),
    pytest.param(write_kml, read_kml, id="kml"),
    pytest.param(write_kmz, read_kmz, id="kmz"),
]

_letters = st.characters(exclude_categories=("Cc", "Cs", "Cn"))
names = st.text(_letters, min_size=1, max_size=12).map(str.strip).filter(bool)
texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn"), include_characters="\t\n\r"), max_size=20
)
positions = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
widths = st.floats(0, 2e6, exclude_min=True)
rings = st.lists(positions, min_size=3, max_size=6, unique=True).map(tuple)
footprints = st.one_of(
    st.builds(Circle, positions, widths),
    st.builds(Polygon, st.lists(rings, min_size=1, max_size=3).map(tuple)),
    st.builds(
        Corridor, st.lists(positions, min_size=2, max_size=5, unique=True).map(tuple), widths
    ),
)
times = st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
windows = (
    st.tuples(times, times).filter(lambda two: two[0] != two[1]).map(lambda t: Window(*sorted(t)))
)


@st.composite
def bands(draw: st.DrawFn) -> AltitudeBand:
    heights = sorted(draw(st.tuples(st.floats(-1_000, 1e5), st.floats(-1_000, 1e5))))
    bounds = []
    for height_m in heights:
        reference = draw(st.sampled_from(AltitudeReference))
        has_datum = reference in (AltitudeReference.QFE, AltitudeReference.AGL)
        datum_m = draw(st.none() | st.floats(-400, 8_800)) if has_datum else None
        bounds.append(Altitude(height_m, reference, datum_m))
    return AltitudeBand(*bounds)


volumes = st.builds(Volume, footprints, bands(), windows, texts)
operations = st.builds(
    Operation,
    id=st.uuids().map(str),
    party=names,
    designator=names,
    operation_class=st.sampled_from(OperationClass),
    volumes=st.lists(volumes, min_size=1, max_size=3).map(tuple),
    mode=st.just(Mode.EXERCISE),
    source=st.just(SOURCE),
    received_at=times,
    version=st.integers(1, 2**53 - 1),
    ovn=st.just("") | names,
    state=st.sampled_from(OperationState),
    category=st.sampled_from(OperationCategory),
    level=st.sampled_from(DisclosureLevel),
    tolerance_s=st.floats(0, 86_400),
    uncertainty=st.builds(Uncertainty, st.floats(0, 1e6), st.floats(0, 1e6)),
    precedence=st.sampled_from(Precedence),
    member=st.just("") | names,
    contact=texts,
    crossings=st.lists(names, max_size=2).map(tuple),
    entries=st.lists(names, max_size=2).map(tuple),
    aircraft_count=st.none() | st.integers(1, 99),
    priority=st.integers(-100, 100),
    source_text=texts,
)
coverages = st.builds(
    Coverage,
    party=names,
    area=footprints,
    window=windows,
    as_of=times,
    completeness=st.dictionaries(
        st.sampled_from(OperationClass), st.sampled_from(Completeness)
    ).map(lambda stated: tuple(stated.items())),
    notice_count=st.none() | st.integers(0, 10**6),
)
zones = st.builds(
    Zone,
    id=names,
    name=texts,
    kind=st.sampled_from([kind for kind in ZoneKind if kind is not ZoneKind.AIR_DEFENCE_HAZARD]),
    footprint=footprints,
    band=bands(),
    windows=st.lists(windows, max_size=2).map(tuple),
    entry=st.sampled_from(EntryRule),
    declared_by=st.just("") | names,
    users=st.lists(names, max_size=2).map(tuple),
    classes=st.lists(st.sampled_from(OperationClass), max_size=2).map(tuple),
    status=st.sampled_from(ZoneStatus),
    contact=texts,
)
plan_sets = st.builds(
    PlanSet,
    operations=st.lists(
        operations, max_size=3, unique_by=(lambda o: o.id, lambda o: (o.party, o.designator))
    ).map(tuple),
    coverages=st.lists(coverages, max_size=2).map(tuple),
    zones=st.lists(zones, max_size=2, unique_by=lambda zone: zone.id).map(tuple),
)


def without_source(plan_set: PlanSet) -> PlanSet:
    alike = tuple(replace(operation, source=SOURCE) for operation in plan_set.operations)
    return replace(plan_set, operations=alike)


@pytest.mark.parametrize(("write", "read"), FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan_set=plan_sets)
def test_what_is_written_is_read_back_equal_but_for_the_source(
    write: Writer, read: Reader, plan_set: PlanSet
) -> None:
    export = write(plan_set, mode=Mode.EXERCISE)
    assert without_source(read(export.data, READING)) == plan_set


def circle_operation(designator: str = "B-7731", **changes: object) -> Operation:
    operation = Operation(
        id=derived_id("BLUE", "B-7731"),
        party="BLUE",
        designator=designator,
        operation_class=OperationClass.MANNED,
        volumes=(
            Volume(
                Circle(Position(35.5, 36.5), 5_000.0),
                AltitudeBand(
                    Altitude(0.0, AltitudeReference.AGL, 120.0),
                    Altitude(7_315.2, AltitudeReference.STD),
                ),
                Window(
                    datetime(2015, 9, 18, 13, tzinfo=UTC), datetime(2015, 9, 18, 14, tzinfo=UTC)
                ),
            ),
        ),
        mode=Mode.REAL,
        source=SOURCE,
        received_at=datetime(2015, 9, 18, tzinfo=UTC),
    )
    return replace(operation, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_an_empty_set_can_be_written_and_read(write: Writer, read: Reader) -> None:
    export = write(PlanSet(), mode=Mode.REAL)
    assert read(export.data, READING) == PlanSet()
    assert export.losses == ()


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_an_operation_of_the_other_mode_is_not_exported(write: Writer, read: Reader) -> None:
    with pytest.raises(ModeMismatch, match="B-7731 is REAL, the export is EXERCISE"):
        write(PlanSet((circle_operation(),)), mode=Mode.EXERCISE)


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_a_circle_is_reported_as_a_loss_for_other_programs_only(
    write: Writer, read: Reader
) -> None:
    export = write(PlanSet((circle_operation(),)), mode=Mode.REAL)
    assert [(loss.feature, loss.what) for loss in export.losses] == [("B-7731", "circle")]
    assert "exact for keepclear" in export.losses[0].how
    assert "other programs see" in export.losses[0].how


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_a_small_polygon_is_exported_without_loss(write: Writer, read: Reader) -> None:
    ring = (Position(35.0, 36.0), Position(35.01, 36.0), Position(35.0, 36.01))
    volume = replace(circle_operation().volumes[0], footprint=Polygon((ring,)))
    assert write(PlanSet((circle_operation(volumes=(volume,)),)), mode=Mode.REAL).losses == ()


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_control_characters_in_free_text_are_replaced_and_reported(
    write: Writer, read: Reader
) -> None:
    export = write(PlanSet((circle_operation(contact="130.0\x1b[2J MHz"),)), mode=Mode.REAL)
    assert (
        read(export.data, READING).operations[0].contact == "130.0\N{REPLACEMENT CHARACTER}[2J MHz"
    )
    assert [loss.what for loss in export.losses] == ["contact", "circle"]
    assert "no reader gets them back" in export.losses[0].how


@pytest.mark.parametrize(("write", "read"), FORMATS)
@pytest.mark.parametrize("name", ["B\x00", " B-1", "B\n1", "B\ud800"])
def test_a_name_no_file_can_hold_refuses_the_export(write: Writer, read: Reader, name: str) -> None:
    with pytest.raises(InvalidOperation, match="cannot be written") as refused:
        write(PlanSet((circle_operation(designator=name),)), mode=Mode.REAL)
    assert "Rename" in refused.value.remedy


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_two_versions_of_one_operation_are_not_put_into_one_file(
    write: Writer, read: Reader
) -> None:
    both = (circle_operation(), circle_operation(version=2))
    with pytest.raises(InvalidOperation, match="two operations are called 'BLUE B-7731'"):
        write(PlanSet(both), mode=Mode.REAL)


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_two_zones_of_one_id_are_not_put_into_one_file(write: Writer, read: Reader) -> None:
    volume = circle_operation().volumes[0]
    zone = Zone("Z-1", "", ZoneKind.HAZARD, volume.footprint, volume.band)
    with pytest.raises(InvalidOperation, match="two zones are called 'Z-1'"):
        write(PlanSet(zones=(zone, zone)), mode=Mode.REAL)


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_what_was_refused_when_it_was_read_is_reported_when_it_is_written(
    write: Writer, read: Reader
) -> None:
    fault = InvalidFile("no class", file="a.geojson", feature="feature 2 (B-9)")
    export = write(PlanSet((circle_operation(),), rejected=(fault,)), mode=Mode.REAL)
    assert ("a.geojson, feature 2 (B-9)", "the whole feature") in [
        (loss.feature, loss.what) for loss in export.losses
    ]


def test_geojson_says_where_long_edges_are_drawn_elsewhere() -> None:
    ring = (Position(45.0, 30.0), Position(45.0, 33.0), Position(46.0, 31.0))
    volume = replace(circle_operation().volumes[0], footprint=Polygon((ring,)))
    losses = write_geojson(PlanSet((circle_operation(volumes=(volume,)),)), mode=Mode.REAL).losses
    # 3 degrees along the 45th parallel: the great circle's vertex lies 1,091.8 m to the north
    assert [loss.what for loss in losses] == ["edges"]
    assert "about 1,092 m" in losses[0].how


def test_geojson_says_that_a_shape_crosses_the_antimeridian() -> None:
    line = (Position(10.0, 179.9), Position(10.0, -179.9))
    volume = replace(circle_operation().volumes[0], footprint=Corridor(line, 500.0))
    losses = write_geojson(PlanSet((circle_operation(volumes=(volume,)),)), mode=Mode.REAL).losses
    assert [loss.what for loss in losses] == ["corridor", "edges"]
    assert "180°" in losses[1].how


def test_the_mode_stands_first_and_last_in_the_name_of_a_kml_document() -> None:
    data = write_kml(PlanSet(), mode=Mode.EXERCISE).data.decode()
    assert "<name>EXERCISE keepclear EXERCISE</name>" in data


def test_one_set_packed_twice_gives_the_same_bytes() -> None:
    plan_set = PlanSet((circle_operation(),))
    assert write_kmz(plan_set, mode=Mode.REAL) == write_kmz(plan_set, mode=Mode.REAL)
