"""Whatever bytes come in, only refusals come out: in GeoJSON, KML and KMZ."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidFile, InvalidInput, ModeMismatch
from keepclear.formats.geojson import read_geojson, write_geojson
from keepclear.formats.kml import read_kml, write_kml
from keepclear.formats.kmz import read_kmz, write_kmz
from keepclear.formats.properties import HOLDS
from keepclear.formats.reading import Reading
from keepclear.model.operation import Mode
from keepclear.model.plan_set import PlanSet

Reader = Callable[[bytes, Reading], PlanSet]
AT = datetime(2015, 9, 18, 12, tzinfo=UTC)
modest = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

POINT = {"type": "Point", "coordinates": [35.95, 35.71]}
NOTICE = {
    "designator": "B-7731",
    "class": "manned",
    "lower_fl": 240,
    "upper_fl": 260,
    "start": "2015-09-18T13:00:00Z",
    "end": "2015-09-18T14:30:00Z",
    "radius_m": 5_000,
    "entries": ["Z-1"],
}
VALID = json.dumps(
    {
        "type": "FeatureCollection",
        "keepclear": {"mode": "REAL", "party": "BLUE"},
        "features": [
            {"type": "Feature", "geometry": POINT, "properties": NOTICE},
            {"type": "Feature", "geometry": POINT, "properties": {**NOTICE, "designator": "B-2"}},
        ],
    }
).encode()
PLANS = read_geojson(VALID, Reading("plans", AT))
FILES: dict[str, tuple[Reader, bytes]] = {
    "geojson": (read_geojson, write_geojson(PLANS, mode=Mode.REAL).data),
    "kml": (read_kml, write_kml(PLANS, mode=Mode.REAL).data),
    "kmz": (read_kmz, write_kmz(PLANS, mode=Mode.REAL).data),
}
readings = st.builds(
    Reading,
    name=st.just("plans"),
    received_at=st.just(AT),
    party=st.sampled_from([None, "BLUE"]),
    mode=st.sampled_from([None, Mode.REAL]),
    skip_invalid=st.booleans(),
)


def read_or_refuse(read: Reader, data: bytes, reading: Reading) -> PlanSet | None:
    """Anything but a plan set or a refusal that names the file fails the test."""
    fault: InvalidInput
    try:
        plans = read(data, reading)
    except InvalidFile as refused:
        fault = refused
        is_named = refused.file == "plans"
    except ModeMismatch as refused:
        fault = refused
        is_named = refused.message.startswith("plans")
    else:
        assert plans.rejected == () or reading.skip_invalid
        return plans
    assert is_named
    assert fault.remedy
    assert fault.diagnostics().encode()
    return None


@pytest.mark.parametrize("name", FILES)
@modest
@given(data=st.binary(max_size=300), reading=readings)
def test_any_bytes_are_read_or_refused(name: str, data: bytes, reading: Reading) -> None:
    read_or_refuse(FILES[name][0], data, reading)


@st.composite
def mutations(draw: st.DrawFn, valid: bytes) -> bytes:
    data = bytearray(valid)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        match draw(st.sampled_from(["overwrite", "cut", "repeat", "swap", "end"])):
            case "overwrite":
                data[start:end] = draw(st.binary(max_size=12))
            case "cut":
                del data[start:end]
            case "repeat":
                data[start:start] = data[start:end] * draw(st.integers(1, 3))
            case "swap":
                marks = b'[]{}",:<>/&\\0-eE.\x00\xff '
                data[start : start + 1] = bytes([draw(st.sampled_from(marks))])
            case _:
                del data[start:]
    return bytes(data)


@pytest.mark.parametrize("name", FILES)
@modest
@given(draw=st.data(), reading=readings)
def test_a_damaged_file_is_read_or_refused(
    name: str, draw: st.DataObject, reading: Reading
) -> None:
    read, valid = FILES[name]
    read_or_refuse(read, draw.draw(mutations(valid)), reading)


words = st.sampled_from(
    [*HOLDS, "type", "Feature", "Point", "Polygon", "LineString", "coordinates", "geometry", "x"]
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    words,
    st.sampled_from([*map(str, NOTICE.values()), "operation", "coverage", "zone", "QNH", "REAL"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def odd_features(draw: st.DrawFn) -> Any:
    """A good feature with some members replaced by anything."""
    properties: dict[str, Any] = {**NOTICE, **draw(st.dictionaries(words, values, max_size=3))}
    for name in draw(st.lists(st.sampled_from(sorted(NOTICE)), max_size=2)):
        properties.pop(name, None)
    coordinates = draw(st.just(POINT["coordinates"]) | values)
    kind = draw(st.sampled_from(["Point", "LineString", "Polygon"]))
    geometry = draw(st.just({"type": kind, "coordinates": coordinates}) | values)
    whole = {"type": "Feature", "geometry": geometry, "properties": properties}
    return draw(
        st.just(whole) | st.just({**whole, **draw(st.dictionaries(words, values))}) | values
    )


@modest
@given(features=st.lists(odd_features(), max_size=3), top=values, reading=readings)
def test_any_json_is_read_or_refused(features: list[Any], top: Any, reading: Reading) -> None:
    whole = {"type": "FeatureCollection", "features": features, "keepclear": top}
    read_or_refuse(read_geojson, json.dumps(whole).encode(), reading)
    del whole["keepclear"]
    read_or_refuse(read_geojson, json.dumps(whole).encode(), reading)
    read_or_refuse(read_geojson, json.dumps(top).encode(), reading)


@modest
@given(
    features=st.lists(st.dictionaries(words, scalars | values, max_size=2), min_size=1, max_size=4)
)
def test_what_is_skipped_is_every_feature_that_is_not_taken(
    features: list[dict[str, Any]],
) -> None:
    skipping = Reading("plans", AT, party="BLUE", mode=Mode.REAL, skip_invalid=True)
    drawn = [
        {"type": "Feature", "geometry": POINT, "properties": {**NOTICE, **changes}}
        for changes in features
    ]
    whole = {"type": "FeatureCollection", "features": drawn}
    plans = read_or_refuse(read_geojson, json.dumps(whole).encode(), skipping)
    if plans is not None:
        taken = sum(len(operation.volumes) for operation in plans.operations)
        taken += len(plans.coverages) + len(plans.zones)
        assert taken + len(plans.rejected) == len(features)


PARTS = (
    *("Document", "Folder", "Placemark", "ExtendedData", "Data", "value", "Point", "Polygon"),
    *("LineString", "LinearRing", "outerBoundaryIs", "coordinates", "TimeSpan", "begin", "Style"),
    *("NetworkLink", "SchemaData", "SimpleData", "gx:Track", "name", "x"),
)
elements = st.sampled_from(PARTS)
contents = st.sampled_from(["", "1,2", "1,2 3,4 5,6 1,2", "REAL", "&#13;", "]", "2015"]) | st.text(
    st.characters(exclude_categories=("Cs", "Cc")), max_size=6
).map(escape)


def element(name: str, attribute: str, inner: list[str]) -> str:
    return f"<{name} name={quoteattr(attribute)}>{''.join(inner)}</{name}>"


trees = st.recursive(
    contents, lambda inner: st.builds(element, elements, words, st.lists(inner, max_size=4))
)


@modest
@given(inside=trees, beside=trees, reading=readings)
def test_any_elements_are_read_or_refused(inside: str, beside: str, reading: Reading) -> None:
    _, valid = FILES["kml"]
    for place in (b"<Placemark>", b"<ExtendedData>", b"</Placemark>", b"<Point>"):
        data = valid.replace(place, place + inside.encode(), 2)
        data = data.replace(b"</Document>", beside.encode() + b"</Document>")
        data = data.replace(b"<kml ", b'<kml xmlns:gx="http://www.google.com/kml/ext/2.2" ')
        read_or_refuse(read_kml, data, reading)


@modest
@given(
    field=st.integers(0, 60),
    value=st.integers(0, 2**32 - 1),
    mark=st.sampled_from([b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"]),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]),
    reading=readings,
)
def test_an_archive_with_any_field_changed_is_read_or_refused(
    field: int, value: int, mark: bytes, method: int, reading: Reading
) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", method) as whole:
        whole.writestr(zipfile.ZipInfo("doc.kml"), FILES["kml"][1], method)
    data = bytearray(packed.getvalue()) + bytes(64)
    struct.pack_into("<I", data, data.rindex(mark) + field, value)
    read_or_refuse(read_kmz, bytes(data[:-64]), reading)
