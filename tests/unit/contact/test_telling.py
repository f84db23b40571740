"""Who must be told of what: more units rather than fewer wherever a message leaves it open."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humanitarian import FAR, NEAR, ROAD, own_unit
from keepclear.contact.telling import about_of, confirm_by, reason_to_tell, tell_by
from keepclear.formats.documents.shapes import volume_document
from keepclear.geometry.geodesy import destination
from keepclear.model.message import Message
from keepclear.model.operation import Mode, OperationClass, Precedence
from keepclear.model.unit import DutyTime, Weekday
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from samples import NOON, band, window


def message(code: str, **fields: Any) -> Message:
    return Message(
        id="5f1d7a44-6a0c-4a0e-9a53-0f1f6c1d2e3f",
        code=code,
        version=1,
        line="AMBER-BLUE",
        sender="BLUE",
        recipient="AMBER",
        from_role="duty officer",
        to_role="duty officer",
        mode=Mode.EXERCISE,
        precedence=Precedence.PRIORITY,
        originated_at=NOON,
        fields=fields,
    )


def volumes(footprint: Footprint) -> list[Any]:
    return [volume_document(Volume(footprint, band(0.0, 1_000.0), window()))]


def is_told(code: str, own: Any, **fields: Any) -> bool:
    return bool(reason_to_tell(own, about_of(message(code, **fields))))


def test_a_unit_is_told_of_what_reaches_into_its_area_and_of_nothing_else() -> None:
    fields = {"class": "manned", "volumes": volumes(ROAD)}
    assert is_told("M03", own_unit(area=NEAR), **fields)
    assert not is_told("M03", own_unit(area=FAR), **fields)


def test_codes_and_classes_narrow_what_a_unit_is_told_of() -> None:
    fields = {"class": "manned", "volumes": volumes(ROAD)}
    assert not is_told("M03", own_unit(codes=("M05",)), **fields)
    assert not is_told("M03", own_unit(classes=(OperationClass.UNMANNED,)), **fields)
    assert is_told("M03", own_unit(classes=(OperationClass.MANNED,), codes=("M03",)), **fields)


def test_a_humanitarian_movement_is_told_to_every_unit_in_its_area_whatever_moves() -> None:
    fields = {"mode": "road", "volumes": volumes(ROAD)}
    drones = own_unit(classes=(OperationClass.UNMANNED,), codes=("M03",))
    assert is_told("M14", drones, **fields)
    assert not is_told("M14", own_unit(classes=drones.classes, is_humanitarian=False), **fields)
    assert not is_told("M14", own_unit(area=FAR), **fields)
    flight = {"class": "manned", "category": "humanitarian", "volumes": volumes(ROAD)}
    assert is_told("M03", drones, **flight)


@pytest.mark.parametrize(
    "fields",
    [{}, {"volumes": []}, {"volumes": [{"footprint": None}]}, {"volumes": "none"}, {"point": {}}],
)
def test_a_message_that_names_no_place_is_told_to_every_unit(fields: dict[str, Any]) -> None:
    assert is_told("M14", own_unit(area=FAR), **fields)


def test_a_volume_that_cannot_be_read_widens_the_circle_of_the_told() -> None:
    fields = {"volumes": [*volumes(ROAD), {"footprint": 1}]}
    assert is_told("M14", own_unit(area=FAR), **fields)


def test_a_unit_listed_no_more_is_told_of_nothing() -> None:
    assert not is_told("M14", own_unit(area=None, is_listed=False), volumes=volumes(ROAD))


def test_a_site_is_told_by_its_point_and_radius() -> None:
    point = {"latitude_deg": 35.2, "longitude_deg": 36.1}
    assert is_told("M15", own_unit(area=NEAR), point=point, radius_m=100.0)
    assert not is_told("M15", own_unit(area=FAR), point=point, radius_m=100.0)


_BEARINGS = st.floats(0.0, 360.0)


@given(_BEARINGS, st.floats(0.0, 150_000.0), _BEARINGS, st.floats(0.0, 1.0))
def test_no_unit_is_left_out_whose_area_a_route_crosses(
    bearing_deg: float, length_m: float, aside_deg: float, share: float
) -> None:
    start = Position(35.0, 36.0)
    end = destination(start, bearing_deg, length_m + 100.0)
    crossed = destination(start, bearing_deg, share * (length_m + 100.0))
    middle = destination(crossed, aside_deg, 4_900.0)
    route = Corridor((start, end), 50.0)
    around = [destination(middle, each, 5_000.0) for each in (0.0, 90.0, 180.0, 270.0)]
    assert is_told("M14", own_unit(area=Circle(middle, 5_000.0)), volumes=volumes(route))
    holds = own_unit(area=Polygon((tuple(around),)))
    assert is_told("M14", holds, volumes=volumes(Circle(middle, 10.0)))


def test_units_are_told_half_an_hour_before_the_start_at_the_latest() -> None:
    start = NOON + timedelta(hours=1)
    assert tell_by(NOON, 1_800.0, None) == NOON + timedelta(minutes=30)
    assert tell_by(NOON, 7_200.0, start) == NOON + timedelta(minutes=30)
    quick = own_unit(confirm_within_s=300.0)
    assert confirm_by(quick, NOON, 1_800.0, start) == NOON + timedelta(minutes=5)
    assert confirm_by(None, NOON, 1_800.0, start) == NOON + timedelta(minutes=30)


def test_times_of_duty_reach_past_midnight() -> None:
    night = DutyTime(time(22), time(6), (Weekday.SATURDAY,))
    assert NOON.weekday() == 5
    assert night.holds(NOON + timedelta(hours=11))
    assert night.holds(NOON + timedelta(hours=17))
    assert not night.holds(NOON)
    assert not night.holds(NOON - timedelta(hours=8))
    own = own_unit(duty=(night,))
    assert not own.is_on_duty(NOON)
    assert is_told("M14", own, volumes=volumes(ROAD))  # it must be told all the same
