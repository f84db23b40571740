"""Records of the F3548 interface: what is read, what is refused, and what comes back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from keepclear.errors import InvalidInput
from keepclear.formats import f3548
from keepclear.formats.f3548 import (
    PutOperationalIntentReferenceParameters,
    PutSubscriptionParameters,
    SetUssAvailabilityStatusParameters,
    SubscriptionState,
    Time,
    Volume4D,
    area_of,
    decode,
    encode,
    id_of,
    moment_of,
    time_of,
    volume4d_of,
    volume_of,
)
from keepclear.model import volume as shapes
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coordination import UssState
from keepclear.model.volume import Position, Volume
from keepclear.model.window import Window

NOON = {"value": "2026-01-01T12:00:00.5Z", "format": "RFC3339"}
LATER = {"value": "2120-01-01T12:00:00Z", "format": "RFC3339"}
CIRCLE = {"center": {"lat": 47.0, "lng": 8.0}, "radius": {"value": 300.183, "units": "M"}}
SQUARE = {"vertices": [{"lat": 47 + y, "lng": 8 + x} for y, x in ((0, 0), (0, 1), (1, 1), (1, 0))]}


def height(value: float, **changes: object) -> dict[str, object]:
    return {"value": value, "reference": "W84", "units": "M", **changes}


def extent(**changes: object) -> dict[str, object]:
    """A volume as JSON; a part named in `changes` takes the place of the usual one."""
    volume = {
        name: changes.get(name, usual)
        for name, usual in (
            ("outline_circle", CIRCLE),
            ("outline_polygon", None),
            ("altitude_lower", height(0.0)),
            ("altitude_upper", height(120.0)),
        )
    }
    times = {name: changes.get(name, usual) for name, usual in
             (("time_start", NOON), ("time_end", LATER))}  # fmt: skip
    return {"volume": volume, **times}


def read(**changes: object) -> Volume4D:
    return decode(Volume4D, json.dumps(extent(**changes)).encode())


def test_a_volume_is_read_as_the_model_has_it() -> None:
    assert volume_of(read()) == Volume(
        shapes.Circle(Position(47.0, 8.0), 300.183),
        AltitudeBand(Altitude(0.0, AltitudeReference.HAE), Altitude(120.0, AltitudeReference.HAE)),
        Window(datetime(2026, 1, 1, 12, 0, 0, 500_000, UTC), datetime(2120, 1, 1, 12, tzinfo=UTC)),
    )


def test_an_object_that_is_null_is_one_that_was_left_out_and_stays_out() -> None:
    found = read(altitude_lower=None, time_start=None)
    assert found.volume.altitude_lower is UNSET
    assert found.time_start is UNSET
    assert b"null" not in encode(found)
    assert area_of(found)[1:4] == (None, 120.0, None)


def test_fields_nobody_declared_are_ignored() -> None:
    body = {**extent(), "colour": "red"}
    assert decode(Volume4D, json.dumps(body).encode()) == read()


@pytest.mark.parametrize(
    "changes",
    [
        {"altitude_lower": height(0.0, units="N")},
        {"altitude_lower": height(0.0, reference="SFC")},
        {"altitude_lower": {"value": 0.0, "reference": "W84"}},
        {"altitude_lower": height(-8_001.0)},
        {"altitude_upper": height(100_001.0)},
        {"outline_circle": {**CIRCLE, "radius": {"value": 0.0, "units": "M"}}},
        {"outline_circle": {**CIRCLE, "radius": {"value": 5.0, "units": "FT"}}},
        {"outline_circle": {**CIRCLE, "center": {"lat": 90.1, "lng": 8.0}}},
        {"outline_circle": {**CIRCLE, "center": {"lat": 9.0, "lng": -180.1}}},
        {"outline_polygon": {"vertices": SQUARE["vertices"][:2]}, "outline_circle": None},
        {"time_start": {"value": "yesterday", "format": "RFC3339"}},
        {"time_start": {"value": "2026-01-01T12:00:00", "format": "RFC3339"}},
        {"time_start": {"value": "2026-01-01T12:00:00Z"}},
        {"time_start": {"value": "2026-01-01T12:00:00Z", "format": "ISO"}},
    ],
)
def test_what_the_schema_forbids_is_refused_with_its_place(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match=r"`\$\."):
        read(**changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"outline_circle": None}, "no outline"),
        ({"outline_polygon": SQUARE}, "both outlines"),
        ({"outline_circle": {"center": {"lat": 1, "lng": 2}}}, "no center or no radius"),
        ({"altitude_lower": height(121.0)}, "above altitude_upper"),
        ({"time_start": LATER, "time_end": NOON}, "after time_end"),
        ({"time_start": {**NOON, "value": "2026-01-01T12:00:00+02:00"}}, "zone Z"),
        (
            {"outline_circle": None, "outline_polygon": {"vertices": [{"lat": 1, "lng": 2}] * 3}},
            "fewer than three",
        ),
        (
            {
                "outline_circle": None,
                "outline_polygon": {"vertices": [*SQUARE["vertices"], SQUARE["vertices"][0]]},
            },
            "repeats its first vertex",
        ),
    ],
)
def test_what_means_nothing_is_refused_with_the_reason(
    changes: dict[str, object], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        area_of(read(**changes))


def test_an_instant_and_a_layer_without_thickness_may_be_asked_about() -> None:
    found = area_of(read(time_end=NOON, altitude_upper=height(0.0)))
    assert found.start == found.end
    assert found.low_m == found.high_m


def test_a_circle_wider_than_the_model_draws_reaches_everywhere() -> None:
    wide = {**CIRCLE, "radius": {"value": 2.1e6, "units": "M"}}
    assert area_of(read(outline_circle=wide)).footprint is None
    with pytest.raises(InvalidInput, match="radius is beyond"):
        volume_of(read(outline_circle=wide))


@pytest.mark.parametrize("name", ["altitude_lower", "altitude_upper", "time_start", "time_end"])
def test_strategic_coordination_needs_every_height_and_time(name: str) -> None:
    with pytest.raises(InvalidInput, match="has no"):
        volume_of(read(**{name: None}))


def test_a_volume_that_is_over_is_refused_only_where_asked() -> None:
    past = read(time_start={**NOON, "value": "1969-05-01T00:00:00Z"}, time_end=NOON)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert volume_of(past).window.start.year == 1969
    with pytest.raises(InvalidInput, match="in the past"):
        volume_of(past, now=now)


def test_depths_that_nothing_flies_at_are_drawn_up() -> None:
    found = volume_of(read(altitude_lower=height(-8_000.0)))
    assert (found.band.lower.value_m, found.band.upper.value_m) == (-1_000.0, 120.0)


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_come_back_to_the_microsecond(at: datetime) -> None:
    body = encode(time_of(at))
    assert json.loads(body)["value"].endswith("Z")
    assert moment_of(decode(Time, body)) == at


LATITUDES, LONGITUDES = st.floats(-90.0, 90.0), st.floats(-180.0, 180.0)


@given(
    st.builds(shapes.Circle, st.builds(Position, LATITUDES, LONGITUDES), st.floats(1e-3, 2e6)),
    st.floats(-1_000.0, 100_000.0),
    st.datetimes(max_value=datetime(9990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_what_is_written_is_read_back_the_same(
    circle: shapes.Circle, height_m: float, start: datetime
) -> None:
    low = Altitude(height_m, AltitudeReference.HAE)
    window = Window(start, start + timedelta(seconds=1))
    volume = Volume(circle, AltitudeBand(low, low), window)
    assert volume_of(decode(Volume4D, encode(volume4d_of(volume)))) == volume


INTENT: dict[str, Any] = {
    "extents": [extent()], "state": "Accepted", "uss_base_url": "https://uss.example/utm",
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"extents": []},
        {"extents": extent()},
        {"state": "Ended"},
        {"key": ["short"]},
        {"key": None},
        {"subscription_id": "2f8343be-6482-1d1b-a474-16847e01af1e"},
        {"uss_base_url": None},
        {"new_subscription": {"notify_for_constraints": True}},
    ],
)
def test_an_intent_that_is_not_as_the_interface_has_it_is_refused(
    changes: dict[str, object],
) -> None:
    body = json.dumps({**INTENT, **changes}).encode()
    with pytest.raises(InvalidInput, match="the body is not valid"):
        decode(PutOperationalIntentReferenceParameters, body)


def test_an_intent_says_what_it_was_given_and_nothing_else() -> None:
    found = decode(PutOperationalIntentReferenceParameters, json.dumps(INTENT).encode())
    assert set(json.loads(encode(found))) == set(INTENT)
    assert not found.key
    assert not found.new_subscription


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":1}x'])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        decode(PutSubscriptionParameters, body)


@pytest.mark.parametrize("word", ["down", "Down", "DOWN"])
def test_availability_is_read_in_any_letters_and_written_in_the_standards(word: str) -> None:
    body = json.dumps({"old_version": "", "availability": word}).encode()
    found = decode(SetUssAvailabilityStatusParameters, body)
    assert found.availability is UssState.DOWN
    assert json.loads(encode(found))["availability"] == "Down"


def test_an_unknown_availability_is_refused() -> None:
    with pytest.raises(InvalidInput, match="availability"):
        decode(SetUssAvailabilityStatusParameters, b'{"old_version":"","availability":"gone"}')


def test_ids_in_paths_are_version_4_uuids_and_stored_in_one_spelling() -> None:
    assert id_of("2F8343BE-6482-4D1B-A474-16847E01AF1E") == "2f8343be-6482-4d1b-a474-16847e01af1e"
    for wrong in ("", "2f8343be64824d1ba47416847e01af1e", "2f8343be-6482-1d1b-a474-16847e01af1e",
                  "2f8343be-6482-4d1b-c474-16847e01af1e", "x" * 4_000):  # fmt: skip
        with pytest.raises(InvalidInput, match="UUID"):
            id_of(wrong)


def test_every_record_can_be_read_and_has_a_schema() -> None:
    records = [
        kind
        for name in f3548.__all__
        if isinstance(kind := getattr(f3548, name), type) and issubclass(kind, msgspec.Struct)
    ]
    assert SubscriptionState in records
    for kind in records:
        msgspec.json.Decoder(kind)
        assert msgspec.json.schema(kind)["$ref"].endswith(kind.__name__)
