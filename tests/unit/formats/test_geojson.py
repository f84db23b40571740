"""GeoJSON files: how features become operations, and which files are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from keepclear.errors import InvalidFile, ModeMismatch
from keepclear.formats.geojson import read_geojson
from keepclear.formats.reading import Reading
from keepclear.formats.strict_json import MOST_CHARACTERS, MOST_DEPTH
from keepclear.model.operation import Mode, Source, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import MOST_VERTICES, Circle, Corridor, Polygon, Position

Features = list[dict[str, Any]]
RECEIVED_AT = datetime(2015, 9, 18, 12, tzinfo=UTC)
STRICT = Reading("plans.geojson", RECEIVED_AT, party="BLUE", mode=Mode.REAL)
SKIPPING = Reading("plans.geojson", RECEIVED_AT, party="BLUE", mode=Mode.REAL, skip_invalid=True)
SILENT = Reading("plans.geojson", RECEIVED_AT)


def feature(designator: str = "B-7731", /, geometry: Any = None, **changes: Any) -> dict[str, Any]:
    properties = {
        "designator": designator,
        "class": "manned",
        "lower_fl": 240,
        "upper_fl": 260,
        "start": "2015-09-18T13:00:00Z",
        "end": "2015-09-18T14:30:00Z",
        "radius_m": 5_000,
        **changes,
    }
    stated = {name: value for name, value in properties.items() if value != "-"}
    drawn = geometry or {"type": "Point", "coordinates": [35.95, 35.71]}
    return {"type": "Feature", "properties": stated, "geometry": drawn}


def collection(*features: Any, **members: Any) -> bytes:
    whole = {"type": "FeatureCollection", "features": list(features), **members}
    return json.dumps(whole).encode()


def read(*features: Any, reading: Reading = STRICT, **members: Any) -> PlanSet:
    return read_geojson(collection(*features, **members), reading)


def refusal(data: bytes, reading: Reading = STRICT) -> InvalidFile:
    with pytest.raises(InvalidFile) as refused:
        read_geojson(data, reading)
    assert refused.value.file == "plans.geojson"
    assert refused.value.remedy
    return refused.value


def test_longitude_stands_before_latitude() -> None:
    assert read(feature()).operations[0].volumes[0].footprint == Circle(
        Position(35.71, 35.95), 5_000.0
    )


def test_an_operation_knows_the_feature_it_came_from() -> None:
    plans = read(feature("B-1"), feature("B-7731"))
    assert plans.operations[1].source == Source(
        SourceKind.FILE, "plans.geojson", "feature 2 (B-7731)"
    )


def test_a_line_is_a_corridor_and_a_polygon_may_have_holes() -> None:
    line = {"type": "LineString", "coordinates": [[35.0, 36.0], [36.0, 37.0]]}
    outer = [[35.0, 36.0], [36.0, 36.0], [36.0, 37.0], [35.0, 36.0]]
    hole = [[35.8, 36.2], [35.9, 36.2], [35.9, 36.3], [35.8, 36.2]]
    area = {"type": "Polygon", "coordinates": [outer, hole]}
    plans = read(
        feature("B-1", line, radius_m="-", full_width_m=4_000), feature("B-2", area, radius_m="-")
    )
    corridor, polygon = (operation.volumes[0].footprint for operation in plans.operations)
    assert corridor == Corridor((Position(36.0, 35.0), Position(37.0, 36.0)), 2_000.0)
    assert isinstance(polygon, Polygon)
    assert [len(ring) for ring in polygon.rings] == [3, 3]


def test_a_third_coordinate_is_ignored() -> None:
    drawn = {"type": "Point", "coordinates": [35.95, 35.71, 9_000.0]}
    flat, raised = read(feature()), read(feature("B-7731", drawn))
    assert flat == raised


def test_features_of_one_designator_are_volumes_of_one_operation() -> None:
    later = feature(start="2015-09-18T14:30:00Z", end="2015-09-18T15:00:00Z")
    plans = read(feature(), feature("B-9"), later)
    assert [operation.designator for operation in plans.operations] == ["B-7731", "B-9"]
    assert len(plans.operations[0].volumes) == 2
    assert plans.operations[0].source.feature == "feature 1 (B-7731) and 1 more"


def test_volumes_of_one_operation_that_disagree_are_refused_with_both_features() -> None:
    fault = refusal(collection(feature(), feature("B-9"), feature(category="medevac")))
    assert fault.feature == "feature 3 (B-7731)"
    assert "category" in fault.message
    assert "feature 1 (B-7731)" in fault.message


def test_two_parties_may_use_one_designator() -> None:
    plans = read(feature(party="BLUE"), feature(party="AMBER"))
    assert plans.parties == ("AMBER", "BLUE")
    assert plans.operations[0].id != plans.operations[1].id


def test_two_operations_with_one_id_are_refused_with_both_features() -> None:
    same = {"id": "0f0c6c5e-6f0c-4b8e-9d0a-111111111111"}
    fault = refusal(collection(feature("B-1", **same), feature("B-2", **same)))
    assert fault.feature == "feature 2 (B-2)"
    assert "feature 1 (B-1)" in fault.message


def test_an_operation_that_counts_its_volumes_is_refused_when_one_is_missing() -> None:
    fault = refusal(collection(feature(volume_count=2)))
    assert "volume_count says 2, but 1" in fault.message
    assert len(read(feature(volume_count=2), feature(volume_count=2)).operations) == 1


def test_volumes_that_count_differently_are_refused() -> None:
    fault = refusal(collection(feature(volume_count=2), feature(volume_count=3)))
    assert "volume_count is not the same" in fault.message
    assert "below 1" in refusal(collection(feature(volume_count=0))).message


def test_an_operation_with_a_missing_volume_is_left_out_whole() -> None:
    short = feature(volume_count=3)
    plans = read(short, feature("B-1"), short, reading=SKIPPING)
    assert [operation.designator for operation in plans.operations] == ["B-1"]
    assert len(plans.rejected) == 2


def zone(zone_id: str, **changes: Any) -> dict[str, Any]:
    properties = {
        "kind": "zone",
        "id": zone_id,
        "zone_kind": "hazard",
        "lower_fl": 0,
        "upper_fl": 100,
        "radius_m": 5_000,
        **changes,
    }
    return {**feature(), "properties": properties}


def test_two_zones_of_one_id_are_refused_with_both_features() -> None:
    fault = refusal(collection(zone("Z-1"), zone("Z-2"), zone("Z-1")))
    assert fault.feature == "feature 3 (Z-1)"
    assert "feature 1 (Z-1)" in fault.message


def test_a_bad_zone_or_coverage_statement_leaves_no_operation_out() -> None:
    plans = read(
        feature(),
        zone("Z-1", designator="B-7731"),
        feature(kind="coverage"),
        zone("Z-2"),
        reading=SKIPPING,
    )
    assert [operation.designator for operation in plans.operations] == ["B-7731"]
    assert [each.id for each in plans.zones] == ["Z-2"]
    assert len(plans.rejected) == 2


def test_a_bad_feature_refuses_the_file_by_name() -> None:
    fault = refusal(collection(feature("B-1"), feature("B-2", **{"class": "-"})))
    assert fault.diagnostics().startswith("plans.geojson, feature 2 (B-2): ")
    assert "'class' is missing" in fault.message


def test_with_skip_invalid_a_bad_feature_is_listed_and_the_others_are_taken() -> None:
    plans = read(feature("B-1"), feature("B-2", radius_m="-"), feature("B-3"), reading=SKIPPING)
    assert [operation.designator for operation in plans.operations] == ["B-1", "B-3"]
    assert [fault.feature for fault in plans.rejected] == ["feature 2 (B-2)"]


@pytest.mark.parametrize(
    "bad",
    [
        feature(lower_fl="-"),
        feature(state="active"),
        feature(designator=" B-7731 "),
        feature(geometry={"type": "Point", "coordinates": [35.95]}),
        feature(kind="operationn"),
        feature("B-9", id="ID"),
        feature(designator="-", id="ID"),
        {**feature(), "wrong": 1},
    ],
    ids=[
        "no height",
        "disagrees",
        "spaces",
        "no position",
        "kind",
        "other name",
        "id only",
        "member",
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_an_operation_with_one_bad_volume_is_left_out_whole(
    bad: dict[str, Any], order: int
) -> None:
    good = read(feature()).operations[0]
    if bad["properties"].get("id") == "ID":
        bad = {**bad, "properties": {**bad["properties"], "id": good.id.upper()}}
    features = [feature(), feature(), bad][::order]
    plans = read(*features, feature("B-1"), reading=SKIPPING)
    assert [operation.designator for operation in plans.operations] == ["B-1"]
    assert sorted(fault.feature.split(" (")[0] for fault in plans.rejected) == [
        "feature 1",
        "feature 2",
        "feature 3",
    ]


def test_a_left_out_volume_names_the_bad_one() -> None:
    plans = read(feature(), feature(radius_m="-"), reading=SKIPPING)
    assert "left out, because feature 2 (B-7731)" in plans.rejected[0].message
    assert "no width" in plans.rejected[1].message


def test_a_bad_feature_whose_party_is_unknown_spoils_that_designator_of_every_party() -> None:
    nobody = Reading("plans.geojson", RECEIVED_AT, mode=Mode.REAL, skip_invalid=True)
    plans = read(feature(party="BLUE"), feature(), feature("B-1", party="BLUE"), reading=nobody)
    assert [operation.designator for operation in plans.operations] == ["B-1"]


def test_the_file_itself_may_state_mode_and_party() -> None:
    stated = {"profile": "keepclear-geojson/1", "mode": "EXERCISE", "party": "AMBER"}
    plans = read(feature(), feature("B-2", party="BLUE"), reading=SILENT, keepclear=stated)
    assert [operation.party for operation in plans.operations] == ["AMBER", "BLUE"]
    assert {operation.mode for operation in plans.operations} == {Mode.EXERCISE}


def test_what_the_file_states_goes_before_what_the_caller_said() -> None:
    plans = read(feature(), keepclear={"mode": "EXERCISE", "party": "AMBER"})
    assert (plans.operations[0].party, plans.operations[0].mode) == ("AMBER", Mode.EXERCISE)


@pytest.mark.parametrize("reading", [STRICT, SKIPPING, SILENT])
@pytest.mark.parametrize(
    "data",
    [
        collection(feature(party="BLUE", mode="REAL"), feature("B-2", party="B", mode="EXERCISE")),
        collection(feature(party="BLUE", mode="EXERCISE"), keepclear={"mode": "REAL"}),
        collection(
            feature("B-2", party="B", mode="EXERCISE", lower_fl="-"), keepclear={"mode": "REAL"}
        ),
    ],
)
def test_exercise_and_real_never_stand_in_one_file(data: bytes, reading: Reading) -> None:
    with pytest.raises(ModeMismatch, match="EXERCISE"):
        read_geojson(data, reading)


def test_a_feature_without_mode_does_not_join_features_of_the_other_mode() -> None:
    with pytest.raises(ModeMismatch, match="feature 2"):
        read(feature(mode="EXERCISE"), feature("B-2"))


def test_a_mode_nobody_states_is_refused() -> None:
    assert "EXERCISE or REAL" in refusal(collection(feature(party="BLUE")), SILENT).message


@pytest.mark.parametrize(
    "statement",
    [
        {"profile": "keepclear-geojson/2"},
        {"mode": "TRAINING"},
        {"partie": "BLUE"},
        ["REAL"],
        {"party": 3},
    ],
)
def test_a_statement_of_the_file_that_is_not_understood_refuses_it(statement: object) -> None:
    assert refusal(collection(feature(), keepclear=statement), SKIPPING).feature == ""


def test_swapped_latitude_and_longitude_are_recognised() -> None:
    drawn = {"type": "Point", "coordinates": [35.0, 136.0]}
    assert "latitude 136.0" in refusal(collection(feature("B-1", drawn))).message
    drawn = {"type": "Point", "coordinates": [-35.0, -91.0]}
    assert "may be swapped" in refusal(collection(feature("B-1", drawn))).message


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Circle", "coordinates": [35.0, 36.0]},
        {"type": ["Point"], "coordinates": [35.0, 36.0]},
        {"coordinates": [35.0, 36.0]},
        {"type": "Point"},
        {"type": "Point", "coordinates": [[35.0, 36.0]]},
        {"type": "Point", "coordinates": ["35.0", "36.0"]},
        {"type": "Point", "coordinates": [35.0, None]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [35.0, 36.0, 0.0, 0.0]},
        {"type": "Point", "coordinates": [1e400, 36.0]},
        {"type": "Point", "coordinates": [35.0, 36.0], "crs": {}},
        {"type": "LineString", "coordinates": 5},
        {"type": "LineString", "coordinates": [35.0, 36.0]},
        {"type": "Polygon", "coordinates": {"ring": 1}},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": []},
        [35.0, 36.0],
        "Point",
    ],
)
def test_a_geometry_that_is_not_understood_is_refused(geometry: Any) -> None:
    widths = {"radius_m": "-"} if "Polygon" in str(geometry) else {}
    data = collection(feature("B-1", geometry, **widths)).replace(b"Infinity", b"1e400")
    assert refusal(data).feature == "feature 1 (B-1)"


def test_a_null_geometry_is_refused() -> None:
    assert refusal(collection({**feature(), "geometry": None})).feature == "feature 1 (B-7731)"


def test_an_unknown_geometry_is_named() -> None:
    drawn = {"type": "MultiPolygon", "coordinates": []}
    assert "'MultiPolygon'" in refusal(collection(feature("B-1", drawn))).message


def test_a_polygon_may_have_as_many_vertices_as_the_model_allows_and_no_more() -> None:
    ring = [[index / 1_000.0, 36.0 + index % 2] for index in range(MOST_VERTICES)]
    full = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    assert len(read(feature("B-1", full, radius_m="-")).operations) == 1
    over = {"type": "Polygon", "coordinates": [[*ring, [1.0, 2.0], ring[0]]]}
    assert "more than 20,000" in refusal(collection(feature("B-1", over, radius_m="-"))).message


@pytest.mark.parametrize(
    "value",
    [None, 1, "feature", [], {"type": "Feature"}, {**feature(), "foreign": 1}, {"type": "Point"}],
)
def test_what_is_no_feature_is_refused(value: object) -> None:
    assert refusal(collection(value)).feature.startswith("feature 1")


def test_the_id_and_bbox_of_a_feature_are_passed_over() -> None:
    assert read({**feature(), "id": 7, "bbox": [1, 2, 3, 4]}) == read(feature())


def edited(change: Callable[[str], str]) -> bytes:
    return change(collection(feature()).decode()).encode()


@pytest.mark.parametrize("reading", [STRICT, SKIPPING])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"[]", "does not hold a JSON object"),
        (b"null", "does not hold a JSON object"),
        (b"{}", "not a FeatureCollection"),
        (collection() + b"{}", "follows the end"),
        (collection().replace(b"[]", b"{}"), "'features' is not an array"),
        (collection().replace(b"[]", b"[1,]"), "a value is expected"),
        (collection().replace(b"[]", b"[1 2]"), "a comma or ]"),
        (collection().replace(b"[]", b"[\\]"), "not valid JSON"),
        (collection().replace(b"FeatureCollection", b"Feature"), "'Feature' is not"),
        (b'{"type" "x"}', "a colon is expected"),
        (b'{"type": "x" 1}', "a comma or }"),
        (b'{type: "x"}', "a key in double quotes"),
        (b'{"type": "x", "type": "y"}', "'type' stands twice"),
        (b'{"features": [], "features": []}', "'features' stands twice"),
        (collection(feature(), feaatures=[]), "no member 'feaatures'"),
        (
            collection(crs={"type": "name", "properties": {"name": "EPSG:3857"}}),
            "coordinate system",
        ),
        (collection(crs="WGS84"), "coordinate system"),
        (collection(feature())[:-40], "cut off"),
        (collection(feature())[:-1], "the file ends there"),
        (edited(lambda t: t.replace("5000", "NaN")), "NaN"),
        (edited(lambda t: t.replace("5000", "-Infinity")), "-Infinity"),
        (edited(lambda t: t.replace("5000", "9" * 5_000)), "digits"),
        (edited(lambda t: t.replace("5000", "05000")), "not valid JSON"),
        (edited(lambda t: t.replace('"lower_fl"', '"upper_fl"')), "'upper_fl' stands twice"),
        (edited(lambda t: t.replace("B-7731", "B\t7731")), "control character"),
        (collection(feature()).decode().encode("utf-16"), "UTF-16"),
        (collection(feature()).replace(b"B-7731", b"B-\xe9"), "not UTF-8"),
        (collection(feature()).replace(b"5000", b"[" * 10**6), "nested more than 64"),
        (b'{"type": ' + b'{"a":' * 10**6, "nested more than 64"),
        (b'{"type": "' + b"x" * (MOST_CHARACTERS + 1) + b'"}', "longer than"),
        (b'{"type": "' + b'\\"' * MOST_CHARACTERS, "longer than"),
        (collection().replace(b"[]", b"[[" + b"[]," * MOST_CHARACTERS), "longer than"),
    ],
)
def test_a_file_that_is_broken_is_refused_even_when_features_may_be_skipped(
    data: bytes, said: str, reading: Reading
) -> None:
    fault = refusal(data, reading)
    assert said in fault.message
    assert fault.feature == ""


def test_a_broken_file_names_the_line_and_the_column() -> None:
    fault = refusal(b'{"type": "FeatureCollection",\n "features": [\n  nul]}')
    assert fault.message.startswith("line 3, column 3: ")


def test_a_byte_order_mark_is_accepted() -> None:
    assert len(read_geojson(b"\xef\xbb\xbf" + collection(feature()), STRICT).operations) == 1


def test_longitude_and_latitude_may_be_named_as_the_coordinate_system() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(read(feature(), crs=crs, name="plans").operations) == 1


def test_the_callers_limits_bind() -> None:
    small = Reading("plans.geojson", RECEIVED_AT, "BLUE", Mode.REAL, most_bytes=100)
    assert "more than 100" in refusal(collection(feature()), small).message
    few = Reading("plans.geojson", RECEIVED_AT, "BLUE", Mode.REAL, most_features=1)
    assert len(read_geojson(collection(feature()), few).operations) == 1
    assert "more than 1 features" in refusal(collection(feature(), feature()), few).message


def test_the_deepest_nesting_allowed_is_read_as_json() -> None:
    nested: list[Any] = []
    for _ in range(MOST_DEPTH - 3):
        nested = [nested]
    assert "crossings" in refusal(collection(feature(crossings=nested))).message


def test_brackets_and_quotes_in_text_are_text() -> None:
    text = '[{"\\\\ ' * 100
    assert read(feature(source_text=text)).operations[0].source_text == text
