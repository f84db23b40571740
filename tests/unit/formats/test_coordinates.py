"""Positions in four notations, each read without guessing."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from keepclear.errors import InvalidCoordinates, InvalidInput
from keepclear.formats.coordinates import (
    Notation,
    TypedPosition,
    parse_position,
    position_decimal,
    position_dm,
    position_dms,
    position_mgrs,
    position_texts,
    read_position,
    typed_position,
    worst_rounding_m,
)
from keepclear.model.volume import Position

WGS84 = Geod(ellps="WGS84")

latitudes = st.floats(-90.0, 90.0) | st.sampled_from([-90.0, -80.0, -1e-9, 0.0, 72.0, 84.0, 90.0])
longitudes = st.floats(-180.0, 180.0) | st.sampled_from([-180.0, -6.0, 0.0, 3.0, 9.0, 42.0, 180.0])
positions = st.builds(Position, latitudes, longitudes)


def apart_m(one: Position, other: Position) -> float:
    _, _, distance_m = WGS84.inv(
        one.longitude_deg, one.latitude_deg, other.longitude_deg, other.latitude_deg
    )
    return float(distance_m)


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("35.4011N 035.9487E", Notation.DECIMAL),
        ("35.4011n 35.9487e", Notation.DECIMAL),
        ("35.4011 N, 035.9487 E", Notation.DECIMAL),
        ("35.4011°N/035.9487°E", Notation.DECIMAL),
        ("N35.4011 E035.9487", Notation.DECIMAL),
        ("035.9487E 35.4011N", Notation.DECIMAL),
        ("35.4011, 35.9487", Notation.DECIMAL),
        ("+35.4011,+035.9487", Notation.DECIMAL),
        ("35 24.066N 035 56.922E", Notation.MINUTES),
        ("3524.066N 03556.922E", Notation.MINUTES),
        ("35°24.066'N 035°56.922'E", Notation.MINUTES),
        ("35º24.066′n 035º56.922’e", Notation.MINUTES),
        ("N 35 24.066 E 035 56.922", Notation.MINUTES),
        ("35 24 03.96N 035 56 55.32E", Notation.SECONDS),
        ("352403.96N 0355655.32E", Notation.SECONDS),
        ("352403.96N0355655.32E", Notation.SECONDS),
        ("35°24'03.96\"N 35°56'55.32\"E", Notation.SECONDS),
        ("35°24'03.96''N 35°56'55.32''E", Notation.SECONDS),
    ],
)
def test_one_point_is_read_from_every_notation(text: str, notation: Notation) -> None:
    read = read_position(text)
    assert read.notation is notation
    assert read.position.latitude_deg == pytest.approx(35.4011, abs=1e-9)
    assert read.position.longitude_deg == pytest.approx(35.9487, abs=1e-9)


def test_southern_and_western_hemispheres_are_negative() -> None:
    for text in ("12.5S 077.25W", "S12.5 W077.25", "12 30S 077 15W", "-12.5, -77.25"):
        assert parse_position(text) == Position(-12.5, -77.25)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("35.4N 36.0N", "two latitudes"),
        ("35.4E 36.0W", "two longitudes"),
        ("35 60.0N 035 00.0E", "60 minutes"),
        ("3560N 03500E", "60 minutes"),
        ("35 24 60N 035 56 55E", "60 seconds"),
        ("35 60 00N 035 56 55E", "60 minutes"),
        ("35.4011N 035 56.9E", "mixes"),
        ("35 24 04N 035 56.9E", "mixes"),
        ("35.4011 35.9487", "no hemisphere letters"),
        ("35, 40", "no hemisphere letters"),
        ("35 24.066 035 56.922", "no notation"),
        ("35.4011N 35.9487", "one hemisphere letter"),
        ("91.0N 000.0E", "more than 90"),
        ("90 00.001N 000 00.000E", "more than 90"),
        ("00.0N 180.001E", "more than 180"),
        ("91.5, 10.5", "more than 90"),
        ("035.4N 036.0E", "digits"),
        ("352N 036E", "digits"),
        ("035 24N 036 00E", "digits"),
        ("N35.4 36.0E", "left over"),
        ("-35.4N 36.0E", "left over"),
        ("35.4N 36.0E x", "left over"),
        ("35.4N 36.0E 100", "left over"),
        ("35.4.1N 36.0E", "cannot be read"),
        ("", "no notation"),
        ("٣٥.4N 036.0E", "characters"),
        ("9" * 2_000, "too many"),
    ],
)
def test_a_position_that_must_be_guessed_at_is_refused_and_says_why(text: str, why: str) -> None:
    with pytest.raises(InvalidCoordinates) as refused:
        parse_position(text)
    assert why in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize(
    "text", ["36S YD 67766 22083", "36SYD6776622083", "36s yd 6776622083", "36SYD 67766 22083"]
)
def test_an_mgrs_square_is_read_as_its_centre(text: str) -> None:
    read = read_position(text)
    to_wgs84 = Transformer.from_crs(CRS("EPSG:32636"), CRS("EPSG:4326"), always_xy=True)
    longitude_deg, latitude_deg = to_wgs84.transform(767_766.5, 3_822_083.5)
    assert apart_m(read.position, Position(latitude_deg, longitude_deg)) < 0.01
    assert (read.notation, read.places) == (Notation.MGRS, 5)
    assert read.rounding_m == pytest.approx(0.7107, abs=0.001)


def test_fewer_mgrs_digits_mean_the_centre_of_a_larger_square() -> None:
    to_wgs84 = Transformer.from_crs(CRS("EPSG:32636"), CRS("EPSG:4326"), always_xy=True)
    longitude_deg, latitude_deg = to_wgs84.transform(765_000.0, 3_825_000.0)
    read = read_position("36S YD 6 2")
    assert apart_m(read.position, Position(latitude_deg, longitude_deg)) < 0.01
    assert read.rounding_m == pytest.approx(7_107.0, abs=10.0)


def test_an_mgrs_square_at_the_pole_is_read() -> None:
    to_wgs84 = Transformer.from_crs(CRS("EPSG:32661"), CRS("EPSG:4326"), always_xy=True)
    longitude_deg, latitude_deg = to_wgs84.transform(2_000_000.5, 2_000_000.5)
    read = read_position("Z AH 00000 00000")
    assert apart_m(read.position, Position(latitude_deg, longitude_deg)) < 0.01
    assert position_mgrs(Position(90.0, 0.0)) == "Z AH 00000 00000"
    assert position_mgrs(Position(-90.0, 0.0)) == "B AN 00000 00000"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("36S YD", "how precise"),
        ("36S YD 123", "easting and a northing"),
        ("36S YD 12 345", "easting and a northing"),
        ("36S YD 123456 123456", "easting and a northing"),
        ("61S YD 12 12", "no MGRS square"),
        ("00S YD 12 12", "no MGRS square"),
        ("32X ND 1 1", "no MGRS square"),
        ("36S GD 12 12", "no MGRS square"),
        ("36C VK 12 12", "no MGRS square"),
        ("36X VH 50 50", "no MGRS square"),
        ("37X GG 90 10", "no MGRS square"),
        ("36I YD 12 12", "no notation"),
    ],
)
def test_an_mgrs_square_that_does_not_exist_or_has_odd_digits_is_refused(
    text: str, why: str
) -> None:
    with pytest.raises(InvalidCoordinates) as refused:
        parse_position(text)
    assert why in refused.value.message


@pytest.mark.filterwarnings("ignore:Warning in:RuntimeWarning")
def test_a_square_that_the_mgrs_package_only_warns_of_is_refused() -> None:
    with pytest.raises(InvalidCoordinates, match="band C"):
        parse_position("36C VK 12 12")


def test_the_readback_is_in_two_notations() -> None:
    assert position_texts(Position(35.4011, 35.9487)) == (
        "35.4011N 035.9487E",
        "35 24 04N 035 56 55E",
    )
    assert position_dm(Position(-35.4011, -5.9487)) == "35 24.066S 005 56.922W"
    assert position_mgrs(Position(35.4011, 35.9487)) == "36S YE 67793 21518"
    assert position_decimal(Position(35.4011, 35.9487), decimals=0) == "35N 036E"


def test_rounding_up_carries_into_minutes_and_degrees() -> None:
    assert position_dms(Position(35.99999, -0.99999)) == "36 00 00N 001 00 00W"
    assert position_dm(Position(59.999999, 179.999999)) == "60 00.000N 180 00.000E"


def test_mgrs_is_written_with_one_to_five_digits() -> None:
    assert position_mgrs(Position(35.4011, 35.9487), digits=1) == "36S YE 6 2"
    for digits in (0, 6):
        with pytest.raises(InvalidCoordinates):
            position_mgrs(Position(35.4011, 35.9487), digits)


def test_a_coarse_notation_reports_a_coarse_rounding() -> None:
    assert worst_rounding_m(Notation.DECIMAL, 4) == pytest.approx(7.9, abs=0.1)
    assert worst_rounding_m(Notation.MINUTES, 0) == pytest.approx(1_314, abs=1)
    assert read_position("35.4N 035.9487E").places == 1


@given(positions, st.integers(0, 7))
@example(Position(90.0, 180.0), 0)
@example(Position(-90.0, -180.0), 3)
@example(Position(0.0, 179.999_999_99), 0)
def test_every_written_notation_reads_back_within_its_stated_rounding(
    position: Position, decimals: int
) -> None:
    for notation, write in (
        (Notation.DECIMAL, position_decimal),
        (Notation.MINUTES, position_dm),
        (Notation.SECONDS, position_dms),
    ):
        read = read_position(write(position, decimals))
        assert (read.notation, read.places) == (notation, decimals)
        assert read.rounding_m == worst_rounding_m(notation, decimals)
        assert apart_m(read.position, position) <= read.rounding_m + 1e-6


@given(positions, st.integers(1, 5))
@example(Position(-1e-9, 3.0), 5)
@example(Position(84.0, 180.0), 5)
@example(Position(83.999_999_9, -180.0), 1)
@example(Position(-80.0, 0.0), 1)
@example(Position(60.0, 3.0), 1)
@example(Position(75.0, 20.999), 2)
def test_every_mgrs_square_reads_back_within_its_stated_rounding(
    position: Position, digits: int
) -> None:
    read = read_position(position_mgrs(position, digits))
    assert read.places == digits
    assert apart_m(read.position, position) <= read.rounding_m + 0.002


@given(positions)
def test_mgrs_agrees_with_pyproj(position: Position) -> None:
    text = position_mgrs(position)
    zone, square, easting, northing = text.split()
    north = zone[-1] >= "N"
    if zone[0].isdigit():
        crs = CRS.from_epsg((32_600 if north else 32_700) + int(zone[:-1]))
    else:
        crs = CRS.from_epsg(32_661 if north else 32_761)
    to_grid = Transformer.from_crs(CRS("EPSG:4326"), crs, always_xy=True)
    expected = to_grid.transform(position.longitude_deg, position.latitude_deg)
    for digits, expected_m in zip((easting, northing), expected, strict=True):
        # The square's corner, then the point in it; 1 mm for rounding on a line of the grid.
        offset_m = math.remainder(expected_m - int(digits) - 0.5, 100_000.0)
        assert abs(offset_m) <= 0.502, (text, square, expected)


@given(positions)
def test_a_typed_position_is_read_back_exactly(position: Position) -> None:
    assert parse_position(typed_position(position)) == position


PIECES = [*"NSEW°'\" .,-/0", "35", "036", "24.5", "59", "60", "36S", "YD", "Z", "AH", "12345"]


def read_or_refused(text: str) -> TypedPosition | InvalidInput:
    try:
        return read_position(text)
    except InvalidInput as refused:
        return refused


@settings(max_examples=300)
@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_either_read_or_refused_with_a_remedy(text: str) -> None:
    outcome = read_or_refused(text)
    assert outcome.remedy if isinstance(outcome, InvalidInput) else outcome.rounding_m > 0.0
