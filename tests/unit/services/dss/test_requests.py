"""What is refused before anything is looked up: ids, areas, times and addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from dss_fixture import URL, Desk, entity, volume
from keepclear.errors import InvalidInput
from keepclear.formats.f3548 import (
    LatLngPoint,
    Polygon,
    QueryOperationalIntentReferenceParameters,
    Volume3D,
    Volume4D,
)
from keepclear.services.dss import delete_intent, get_intent, query_intents

PAST = volume(starts=timedelta(hours=-2), ends=timedelta(hours=-1))


def polygon(*corners: tuple[float, float]) -> Volume4D:
    area = volume()
    vertices = tuple(LatLngPoint(lat=lat, lng=lng) for lat, lng in corners)
    shape = replace(area.volume, outline_circle=UNSET, outline_polygon=Polygon(vertices=vertices))
    return replace(area, volume=shape)


def without(field: str) -> Volume4D:
    area = volume()
    if field in Volume4D.__struct_fields__:
        return replace(area, **{field: UNSET})
    return replace(area, volume=replace(area.volume, **{field: UNSET}))


ONE_DEGREE = polygon((35.0, 36.0), (36.0, 36.0), (36.0, 37.0), (35.0, 37.0))


@pytest.mark.parametrize(
    "extent",
    [
        without("time_start"),
        without("time_end"),
        without("altitude_lower"),
        without("altitude_upper"),
        without("outline_circle"),
        volume(low_m=10.0, high_m=9.0),
        volume(ends=timedelta(seconds=-1)),
        PAST,
        ONE_DEGREE,
        polygon((35.0, 36.0), (35.0, 36.0), (35.0, 36.0)),
        polygon((35.0, 36.0), (35.1, 36.1), (35.1, 36.0), (35.0, 36.1)),
    ],
)
def test_an_extent_says_everything_and_is_sound(desk: Desk, extent: Volume4D) -> None:
    with pytest.raises(InvalidInput, match="extents"):
        desk.put("a", extent)
    with pytest.raises(InvalidInput, match="extents"):
        desk.constrain("a", extent)


def test_parts_of_an_intent_may_lie_in_the_past_the_whole_may_not(desk: Desk) -> None:
    assert desk.put("a", PAST, volume()).operational_intent_reference.time_start == PAST.time_start


def test_a_question_needs_an_area_and_may_leave_open_when_and_how_high(desk: Desk) -> None:
    desk.put("a")
    for field in ("time_start", "time_end", "altitude_lower", "altitude_upper"):
        assert desk.found(without(field)) == {entity("a")}
    for area in (ONE_DEGREE, without("outline_circle"), Volume4D(volume=Volume3D())):
        with pytest.raises(InvalidInput):
            desk.found(area)
    with desk.store.view() as view, pytest.raises(InvalidInput, match="area_of_interest"):
        query_intents(desk.dss, view, "uss1", QueryOperationalIntentReferenceParameters())


def test_the_largest_area_is_a_setting(desk: Desk) -> None:
    desk.limited(most_area_km2=20_000.0)
    desk.put("a", ONE_DEGREE)


@pytest.mark.parametrize(
    "url",
    [
        "http://uss.example.com",
        "ftp://uss.example.com",
        "uss.example.com",
        "https://",
        "https:///utm",
        "https://uss.example.com/a b",
        "https://user:word@uss.example.com",
        "https://uss.example.com/" + "x" * 3_000,
        "",
    ],
)
def test_an_address_is_whole_and_reached_over_tls(desk: Desk, url: str) -> None:
    with pytest.raises(InvalidInput, match="uss_base_url"):
        desk.put("a", url=url)
    with pytest.raises(InvalidInput, match="uss_base_url"):
        desk.subscribe("s", url=url)


def test_an_address_without_tls_is_taken_where_a_switch_says_so(desk: Desk) -> None:
    desk.limited(allow_http_base_urls=True)
    url = "http://localhost:8074/mock?with=question"
    assert desk.put("a", url=url).operational_intent_reference.uss_base_url == url


@pytest.mark.parametrize("wrong", ["not_uuid_format", "", entity("a").replace("-", ""), "1" * 36])
def test_an_id_is_a_version_4_uuid(desk: Desk, wrong: str) -> None:
    with desk.store.view() as view, pytest.raises(InvalidInput, match="UUID"):
        get_intent(desk.dss, view, "uss1", wrong)
    with pytest.raises(InvalidInput, match="UUID"):
        delete_intent(desk.dss, "uss1", wrong, "ThisIsNoVersionOfIt")


def test_an_id_is_the_same_in_capitals(desk: Desk) -> None:
    made = desk.put("a").operational_intent_reference
    with desk.store.view() as view:
        found = get_intent(desk.dss, view, "uss1", entity("a").upper())
    assert found.operational_intent_reference == made
    assert made.uss_base_url == URL
