"""What single properties mean, and how a wrong one is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from keepclear.errors import (
    InvalidAltitude,
    InvalidFootprint,
    InvalidInput,
    InvalidOperation,
    InvalidWindow,
)
from keepclear.formats.drawn_volumes import Shape
from keepclear.formats.properties import (
    HOLDS,
    PROPERTIES,
    Defaults,
    coverage_of,
    kind_of,
    operation_of,
    zone_of,
)
from keepclear.formats.property_values import Values
from keepclear.formats.reading import derived_id
from keepclear.formats.strict_json import MOST_CHARACTERS, decoded_value
from keepclear.model.altitude import AltitudeReference
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import (
    DisclosureLevel,
    Mode,
    Operation,
    OperationClass,
    Source,
    SourceKind,
)
from keepclear.model.volume import Circle, Corridor, Polygon, Position
from keepclear.model.zone import EntryRule, Zone, ZoneKind, ZoneStatus

RECEIVED_AT = datetime(2015, 9, 18, 12, tzinfo=UTC)
DEFAULTS = Defaults("BLUE", Mode.REAL, RECEIVED_AT)
SOURCE = Source(SourceKind.FILE, "plans.geojson", "feature 1")
HERE = Position(36.0, 35.0)
POINT = Shape("Point", ((HERE,),))
LINE = Shape("LineString", ((HERE, Position(37.0, 36.0)),))
CORNERS = (HERE, Position(36.0, 36.0), Position(37.0, 36.0))
AREA = Shape("Polygon", ((*CORNERS, HERE),))
FORMATS_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "formats.md"

NOTICE: dict[str, Any] = {
    "designator": "B-7731",
    "class": "manned",
    "lower_m": 300,
    "lower_reference": "AGL",
    "upper_fl": 245,
    "start": "2015-09-18T13:00:00Z",
    "end": "2015-09-18T17:30:00+03:00",
}
COVERAGE: dict[str, Any] = {
    "kind": "coverage",
    "as_of": "2015-09-18T11:00:00Z",
    "start": "2015-09-18T13:00:00Z",
    "end": "2015-09-19T13:00:00Z",
    "completeness": {"manned": "complete", "unmanned": "none"},
}
ZONE: dict[str, Any] = {
    "kind": "zone",
    "id": "Z-1",
    "zone_kind": "exclusion",
    "lower_m": 0,
    "lower_reference": "AGL",
    "upper_ft": 10_000,
    "upper_reference": "QNH",
}


def operation(shape: Shape = AREA, /, **changes: Any) -> Operation:
    properties = {name: value for name, value in {**NOTICE, **changes}.items() if value != "-"}
    return operation_of(Values(properties), shape, DEFAULTS, SOURCE)


def coverage(**changes: Any) -> Coverage:
    return coverage_of(Values({**COVERAGE, **changes}), AREA, DEFAULTS)


def zone(**changes: Any) -> Zone:
    return zone_of(Values({**ZONE, **changes}), AREA)


def refusal(kind: type[InvalidInput], shape: Shape = AREA, /, **changes: Any) -> InvalidInput:
    with pytest.raises(kind) as refused:
        operation(shape, **changes)
    return refused.value


def test_the_file_and_the_reading_fill_in_party_mode_and_time_of_receipt() -> None:
    read = operation()
    assert (read.party, read.mode, read.received_at) == ("BLUE", Mode.REAL, RECEIVED_AT)


def test_an_operation_without_id_gets_the_one_of_its_party_and_designator() -> None:
    assert operation().id == derived_id("BLUE", "B-7731")


def test_a_time_with_an_offset_becomes_utc() -> None:
    assert operation().volumes[0].window.end == datetime(
        2015, 9, 18, 17, 30, tzinfo=timezone(timedelta(hours=3))
    )


def test_a_flight_level_is_a_pressure_altitude() -> None:
    upper = operation().volumes[0].band.upper
    assert upper.reference is AltitudeReference.STD
    assert upper.value_m == pytest.approx(7_467.6)


def test_feet_are_read_as_feet() -> None:
    read = operation(upper_fl="-", upper_ft=4_500, upper_reference="QNH")
    upper = read.volumes[0].band.upper
    assert upper.reference is AltitudeReference.QNH
    assert upper.value_m == pytest.approx(1_371.6)


def test_the_height_of_the_ground_goes_with_a_height_above_it() -> None:
    assert operation(lower_datum_m=120).volumes[0].band.lower.datum_m == 120.0


@pytest.mark.parametrize(
    ("alias", "reference"),
    [
        ("FL", AltitudeReference.STD),
        ("W84", AltitudeReference.HAE),
        ("WGS84", AltitudeReference.HAE),
    ],
)
def test_a_known_alias_of_a_reference_is_understood(
    alias: str, reference: AltitudeReference
) -> None:
    assert operation(lower_reference=alias).volumes[0].band.lower.reference is reference


def test_a_height_without_reference_is_refused() -> None:
    fault = refusal(InvalidAltitude, lower_reference="-")
    assert "'lower_reference' is missing" in fault.message


@pytest.mark.parametrize("word", ["MSL", "AMSL", "msl"])
def test_mean_sea_level_is_refused_because_it_does_not_say_which(word: str) -> None:
    fault = refusal(InvalidAltitude, lower_reference=word)
    assert "Say QNH" in fault.remedy
    assert "HAE" in fault.remedy


def test_an_unknown_reference_is_refused_with_the_nearest_one() -> None:
    assert refusal(InvalidAltitude, lower_reference="AGLL").remedy == "Did you mean 'AGL'?"


@pytest.mark.parametrize("more", [{"lower_ft": 1_000}, {"lower_fl": 10}, {"lower_m": "-"}])
def test_a_bound_states_exactly_one_height(more: dict[str, Any]) -> None:
    assert "State exactly one of lower_m" in refusal(InvalidAltitude, **more).remedy


def test_a_flight_level_above_the_sea_is_refused() -> None:
    fault = refusal(InvalidAltitude, upper_reference="QNH")
    assert "upper_fl is a flight level" in fault.message


def test_a_band_that_is_upside_down_is_refused() -> None:
    refusal(InvalidAltitude, upper_fl="-", upper_m=200, upper_reference="AGL")


def test_a_polygon_keeps_its_holes_and_loses_the_repeated_vertices() -> None:
    hole = (Position(36.2, 35.8), Position(36.3, 35.8), Position(36.3, 35.9))
    read = operation(Shape("Polygon", (*AREA.lines, (*hole, hole[0]))))
    assert read.volumes[0].footprint == Polygon((CORNERS, hole))


def test_a_ring_that_is_not_closed_is_refused() -> None:
    fault = refusal(InvalidFootprint, Shape("Polygon", ((*CORNERS, Position(1.0, 1.0)),)))
    assert "not closed" in fault.message


def test_a_point_with_a_radius_is_a_circle() -> None:
    assert operation(POINT, radius_m=5_000).volumes[0].footprint == Circle(HERE, 5_000.0)


def test_a_point_without_radius_is_refused() -> None:
    fault = refusal(InvalidFootprint, POINT)
    assert "no width" in fault.message
    assert "radius_m" in fault.remedy


@pytest.mark.parametrize("width", [{"half_width_m": 1_000}, {"full_width_m": 2_000}])
def test_a_line_with_either_width_is_the_same_corridor(width: dict[str, Any]) -> None:
    assert operation(LINE, **width).volumes[0].footprint == Corridor(LINE.lines[0], 1_000.0)


def test_a_corridor_without_stated_width_is_refused() -> None:
    assert "half_width_m, full_width_m" in refusal(InvalidFootprint, LINE).remedy


def test_a_corridor_with_both_widths_is_refused() -> None:
    fault = refusal(InvalidFootprint, LINE, half_width_m=1_000, full_width_m=2_000)
    assert "half_width_m and full_width_m" in fault.message


def test_a_radius_on_a_polygon_is_refused() -> None:
    assert "radius_m does not belong" in refusal(InvalidFootprint, radius_m=5).message


@pytest.mark.parametrize("missing", ["designator", "class", "start", "end"])
def test_what_matters_to_safety_is_never_guessed(missing: str) -> None:
    fault = refusal(InvalidInput, **{missing: "-"})
    assert f"{missing!r} is missing" in fault.message


def test_a_null_or_an_empty_text_counts_as_not_given() -> None:
    read = operation(member=None, contact="", aircraft_count=None)
    assert read == operation()
    refusal(InvalidOperation, designator=None)


def test_a_party_nobody_states_is_refused() -> None:
    nobody = Defaults(None, Mode.REAL, RECEIVED_AT)
    with pytest.raises(InvalidOperation, match="nothing says whose this is"):
        operation_of(Values(NOTICE), AREA, nobody, SOURCE)


def test_a_mode_nobody_states_is_refused() -> None:
    nobody = Defaults("BLUE", None, RECEIVED_AT)
    with pytest.raises(InvalidOperation, match="EXERCISE or REAL"):
        operation_of(Values(NOTICE), AREA, nobody, SOURCE)


def test_an_unknown_property_is_refused_with_the_nearest_known_one() -> None:
    fault = refusal(InvalidOperation, designater="B-1")
    assert "'designater'" in fault.message
    assert fault.remedy == "Did you mean 'designator'?"


def test_a_property_of_a_zone_is_refused_on_an_operation() -> None:
    assert "'zone_kind'" in refusal(InvalidOperation, zone_kind="hazard").message


def test_an_unknown_kind_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(InvalidOperation) as refused:
        kind_of(Values({"kind": "operations"}))
    assert refused.value.remedy == "Did you mean 'operation'?"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("class", "Manned"),
        ("class", 1),
        ("category", "strike"),
        ("state", "cancelled"),
        ("level", "L5"),
        ("level", 1),
        ("precedence", "FLSH"),
        ("mode", "real"),
        ("id", "B-7731"),
        ("party", 7),
        ("designator", " B-7731"),
        ("designator", "B\n7731"),
        ("contact", "\x1b[2J"),
        ("contact", ["130.0"]),
        ("source_text", "half a character \ud800"),
        ("version", 0),
        ("version", 1.5),
        ("version", "1"),
        ("version", True),
        ("version", 2**53),
        ("aircraft_count", 0),
        ("tolerance_s", -1),
        ("tolerance_s", "600"),
        ("tolerance_s", 1e999),
        ("tolerance_s", 10**400),
        ("uncertainty_lateral_m", -1),
        ("crossings", "FS-2"),
        ("crossings", [1]),
        ("entries", [""]),
        ("lower_m", 1e7),
        ("lower_m", True),
        ("received_at", "2015-09-18T12:00:00"),
    ],
)
def test_a_value_a_property_may_not_hold_is_refused(name: str, value: object) -> None:
    fault = refusal(InvalidInput, **{name: value})
    assert fault.message
    assert fault.remedy
    assert "\x1b" not in fault.diagnostics()
    assert fault.diagnostics().encode()


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert operation(aircraft_count=2.0).aircraft_count == 2


def test_a_level_is_read_by_its_name() -> None:
    assert operation(level="L3").level is DisclosureLevel.L3


def test_lists_name_crossings_and_entries() -> None:
    read = operation(crossings=["RIVER"], entries=["Z-1", "Z-2"])
    assert (read.crossings, read.entries) == (("RIVER",), ("Z-1", "Z-2"))


@pytest.mark.parametrize(
    "time",
    [
        "2015-09-18T13:00:00",
        "2015-09-18",
        "2015-09-18 13:00:00Z",
        "2015-09-18T13:00:00z",
        "2015-W38-5T13:00:00Z",
        "2015-02-30T13:00:00Z",
        "2015-09-18T25:00:00Z",
        "2015-09-18T13:00:60Z",
        "2015-09-18T13:00:00.1234567Z",
        "2015-09-18T13:00:00+99:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        1442581200,
        "",
    ],
)
def test_a_time_that_is_not_complete_or_not_real_is_refused(time: object) -> None:
    refusal(InvalidInput, start=time)


def test_a_time_without_zone_is_refused_as_such() -> None:
    assert "has no zone" in refusal(InvalidWindow, start="2015-09-18T13:00:00").message


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    refusal(InvalidWindow, end="2015-09-18T12:00:00Z")


def test_a_coverage_statement_says_how_much_of_each_class_is_there() -> None:
    read = coverage()
    assert read.of(OperationClass.MANNED) is Completeness.COMPLETE
    assert read.of(OperationClass.GROUND_MOVEMENT) is Completeness.NONE
    assert read.notice_count is None


@pytest.mark.parametrize(
    "completeness",
    [None, "complete", ["manned"], {"manned": "most"}, {"crewed": "complete"}, {"manned": 1}],
)
def test_a_coverage_statement_in_other_words_is_refused(completeness: object) -> None:
    with pytest.raises(InvalidInput, match=r"completeness|class"):
        coverage(completeness=completeness)


def test_a_zone_binds_everyone_always_unless_it_says_otherwise() -> None:
    read = zone()
    assert (read.entry, read.status) == (EntryRule.PROHIBITED, ZoneStatus.ACTIVE)
    assert (read.windows, read.users, read.classes) == ((), (), ())


def test_a_zone_keeps_what_it_says() -> None:
    read = zone(
        zone_kind="air-defence hazard area",
        contact="130.000",
        windows=[["2015-09-18T13:00:00Z", "2015-09-18T14:00:00Z"]],
        users=["AMBER"],
        classes=["unmanned"],
        entry="on contact",
        status="TREAT AS ACTIVE",
    )
    assert read.kind is ZoneKind.AIR_DEFENCE_HAZARD
    assert read.windows[0].duration_s == 3_600.0
    assert read.classes == (OperationClass.UNMANNED,)
    assert (read.users, read.entry) == (("AMBER",), EntryRule.ON_CONTACT)
    assert read.status is ZoneStatus.TREAT_AS_ACTIVE


@pytest.mark.parametrize(
    "changes",
    [
        {"zone_kind": "fire support area"},
        {"zone_kind": "air-defence hazard area"},
        {"id": ""},
        {"status": "INACTIVE"},
        {"windows": [["2015-09-18T13:00:00Z"]]},
        {"windows": {"start": 1}},
        {"classes": ["crewed"]},
        {"users": [""]},
        {"start": "2015-09-18T13:00:00Z"},
    ],
)
def test_a_zone_with_a_wrong_property_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        zone(**changes)


def test_a_value_in_text_is_bounded_before_it_is_built() -> None:
    with pytest.raises(InvalidInput, match="too long"):
        decoded_value("[" + " " * MOST_CHARACTERS)


def test_one_name_holds_the_same_sort_of_value_for_every_kind() -> None:
    for known in PROPERTIES.values():
        assert all(HOLDS[name] is holds for name, holds in known.items())


@pytest.mark.parametrize("kind", sorted(PROPERTIES))
def test_the_formats_page_lists_every_property(kind: str) -> None:
    page = FORMATS_PAGE.read_text(encoding="utf-8")
    assert [name for name in PROPERTIES[kind] if f"`{name}`" not in page] == []
