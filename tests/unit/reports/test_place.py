"""Positions in two notations, and from a place people know."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.model.volume import Position
from keepclear.ports.world import Place
from keepclear.reports.place import (
    Places,
    bearing_deg,
    decimal_degrees,
    degrees_minutes,
    distance_m,
    from_place,
    place_words,
)
from unit.reports.latakia import basemap

LATAKIA_AIRFIELD = Position(35.4011, 35.9487)
positions = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))


def test_a_position_is_said_in_two_notations() -> None:
    assert decimal_degrees(LATAKIA_AIRFIELD) == "35.4011N 035.9487E"
    assert degrees_minutes(LATAKIA_AIRFIELD) == "35 24.07N 035 56.92E"


def test_south_and_west_have_their_letters() -> None:
    assert degrees_minutes(Position(-0.5, -179.99999)) == "00 30.00S 180 00.00W"


@given(positions)
def test_both_notations_name_the_same_place(position: Position) -> None:
    words = degrees_minutes(position)
    found = re.fullmatch(r"(\d\d) (\d\d\.\d\d)([NS]) (\d{3}) (\d\d\.\d\d)([EW])", words)
    assert found is not None
    assert float(found[2]) < 60.0
    assert float(found[5]) < 60.0
    latitude_deg = (int(found[1]) + float(found[2]) / 60.0) * (1 if found[3] == "N" else -1)
    longitude_deg = (int(found[4]) + float(found[5]) / 60.0) * (1 if found[6] == "E" else -1)
    assert latitude_deg == pytest.approx(position.latitude_deg, abs=1e-4)
    assert longitude_deg == pytest.approx(position.longitude_deg, abs=1e-4)


def test_a_position_is_told_from_the_nearest_place() -> None:
    words = place_words(LATAKIA_AIRFIELD, Places(basemap().places))
    assert words == (
        "35.4011N 035.9487E = 35 24.07N 035 56.92E, 5 km (2.6 NM) north (020°) of Jableh"
    )


def test_without_a_gazetteer_the_two_notations_stand_alone() -> None:
    assert place_words(LATAKIA_AIRFIELD, None) == "35.4011N 035.9487E = 35 24.07N 035 56.92E"
    assert from_place(Position(-40.0, -140.0), Places(basemap().places)) == ""


def test_a_place_close_by_has_no_bearing() -> None:
    here = Place("Jableh", "SY", Position(35.40, 35.95), 1)
    assert from_place(LATAKIA_AIRFIELD, Places((here,))) == "within 1 km of Jableh"


def test_the_distance_across_the_antimeridian_is_short() -> None:
    east, west = Position(-17.0, 179.9), Position(-17.0, -179.9)
    assert distance_m(east, west) == pytest.approx(21_267, abs=50)
    assert bearing_deg(east, west) == pytest.approx(90.0, abs=0.1)


def test_places_within_a_box_that_crosses_the_antimeridian() -> None:
    fiji = Place("Taveuni", "FJ", Position(-16.9, -179.95), 9)
    suva = Place("Suva", "FJ", Position(-18.1, 178.4), 90)
    paris = Place("Paris", "FR", Position(48.9, 2.3), 900)
    found = Places((fiji, paris, suva)).within(-20.0, 178.0, -10.0, -179.0)
    assert found == (suva, fiji)
    assert Places((fiji, paris, suva)).within(40.0, 0.0, 50.0, 10.0) == (paris,)
