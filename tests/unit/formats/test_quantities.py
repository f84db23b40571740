"""Lengths, altitudes, bands and durations as people type them."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidAltitude, InvalidInput
from keepclear.formats.quantities import (
    altitude_text,
    band_text,
    duration_text,
    length_text,
    parse_altitude,
    parse_band,
    parse_duration_s,
    parse_length_m,
    plain,
    typed_altitude,
    typed_band,
    typed_length,
)
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference

STD, QNH, QFE, AGL, HAE = AltitudeReference

heights_m = st.floats(-1_000.0, 100_000.0)
datums_m = st.none() | st.floats(-500.0, 9_000.0)
altitudes = st.builds(Altitude, heights_m, st.sampled_from([STD, QNH, HAE])) | st.builds(
    Altitude, heights_m, st.sampled_from([QFE, AGL]), datums_m
)
flight_levels = st.integers(0, 999).map(lambda level: parse_altitude(f"FL{level}"))


def ordered(one: Altitude, other: Altitude) -> AltitudeBand:
    if one.same_surface(other) and one.value_m > other.value_m:
        return AltitudeBand(other, one)
    return AltitudeBand(one, other)


@pytest.mark.parametrize(
    ("text", "length_m"),
    [
        ("3 NM", 5_556.0),
        ("3NM", 5_556.0),
        ("3 nm", 5_556.0),
        ("3 nmi", 5_556.0),
        ("3,000 ft", 914.4),
        ("3000 FT", 914.4),
        ("5.5 km", 5_500.0),
        (".5 km", 500.0),
        ("900 m", 900.0),
        ("900 M", 900.0),
        (" 900\xa0m ", 900.0),
    ],
)
def test_a_length_is_read_with_its_unit(text: str, length_m: float) -> None:
    assert parse_length_m(text) == pytest.approx(length_m, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    ["3", "NM", "", "3 mi", "3,5 km", "30,00 ft", "-3 NM", "3 NM 4", "3 NM x", "1e3 m", "٣ NM"],
)
def test_a_length_that_must_be_guessed_at_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_length_m(text)
    assert "NM" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "altitude"),
    [
        ("FL240", Altitude(7_315.2, STD)),
        ("FL 065", Altitude(1_981.2, STD)),
        ("fl240 std", Altitude(7_315.2, STD)),
        ("24000 ft STD", Altitude(24_000 * 0.3048, STD)),
        ("4,500 ft QNH", Altitude(4_500 * 0.3048, QNH)),
        ("-300 ft QNH", Altitude(-300 * 0.3048, QNH)),
        ("1200 m QFE 48 m", Altitude(1_200.0, QFE, 48.0)),
        ("1200 m QFE elevation 48 m", Altitude(1_200.0, QFE, 48.0)),
        ("1200 m QFE", Altitude(1_200.0, QFE)),
        ("300 ft AGL", Altitude(300 * 0.3048, AGL)),
        ("300 ft AGL ground 450 m", Altitude(300 * 0.3048, AGL, 450.0)),
        ("300 ft AGL ground -430 m", Altitude(300 * 0.3048, AGL, -430.0)),
        ("850 m HAE", Altitude(850.0, HAE)),
        ("850 m W84", Altitude(850.0, HAE)),
        ("850 m WGS84", Altitude(850.0, HAE)),
        ("SFC", Altitude(0.0, AGL)),
        ("gnd", Altitude(0.0, AGL)),
    ],
)
def test_an_altitude_is_read_with_its_reference(text: str, altitude: Altitude) -> None:
    assert parse_altitude(text) == altitude


@pytest.mark.parametrize(
    "text",
    [
        *("4500 ft", "4500 QNH", "4500", "", "FL", "FL1000", "FL240 QNH", "FL-5", "QNH 4500 ft"),
        *("4500 ft QNH 3 m", "300 ft AGL 450 m", "1200 m QFE ground 48 m", "4500 ft XYZ"),
        *("3 NM QNH", "999999 m QNH", "4,50 ft QNH", "4500 ft QNH QNH", "1200 m QFE 4.8.1 m"),
    ],
)
def test_an_altitude_without_unit_or_reference_or_with_something_left_over_is_refused(
    text: str,
) -> None:
    with pytest.raises(InvalidAltitude):
        parse_altitude(text)


@pytest.mark.parametrize("word", ["MSL", "AMSL", "ASL"])
def test_mean_sea_level_is_refused_because_it_hides_how_the_altitude_is_measured(word: str) -> None:
    with pytest.raises(InvalidAltitude) as refused:
        parse_altitude(f"4500 ft {word}")
    assert "QNH" in refused.value.remedy
    assert "HAE" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("FL240-FL260", "FL240", "FL260"),
        ("FL240 - FL260 STD", "FL240", "FL260"),
        ("FL240 to FL260", "FL240", "FL260"),
        ("FL240–FL260", "FL240", "FL260"),
        ("SFC-FL245", "SFC", "FL245"),
        ("300 ft AGL - 2500 ft QNH", "300 ft AGL", "2500 ft QNH"),
        ("1000-2500 ft QNH", "1000 ft QNH", "2500 ft QNH"),
        ("300 m-2500 ft QNH", "300 m QNH", "2500 ft QNH"),
        ("-100-200 m QNH", "-100 m QNH", "200 m QNH"),
        ("-100 - -50 m QNH", "-100 m QNH", "-50 m QNH"),
        ("100-400 ft AGL ground 450 m", "100 ft AGL ground 450 m", "400 ft AGL ground 450 m"),
    ],
)
def test_a_band_is_two_altitudes_of_which_the_lower_may_borrow_the_reference(
    text: str, lower: str, upper: str
) -> None:
    assert parse_band(text) == AltitudeBand(parse_altitude(lower), parse_altitude(upper))


@pytest.mark.parametrize(
    "text",
    [
        *("FL240", "FL240-260", "240-260", "1000-FL100", "1000 ft-FL100", "FL260-FL240"),
        *(
            "1000 ft QNH - 2500 ft",
            "FL100 - 5000 ft",
            "1000 ft - 2500 ft",
            "a-b",
            "",
            "1000 ft-SFC",
        ),
        *("1000-2500 ft MSL", "FL100-FL200-FL300"),
    ],
)
def test_a_band_that_must_be_guessed_at_is_refused(text: str) -> None:
    with pytest.raises(InvalidAltitude):
        parse_band(text)


@pytest.mark.parametrize(
    ("text", "duration_s"),
    [
        ("90 s", 90.0),
        ("90 sec", 90.0),
        ("15 min", 900.0),
        ("6 h", 21_600.0),
        ("2 d", 172_800.0),
        ("1 h 30 min", 5_400.0),
        ("1h30min", 5_400.0),
        ("1.5 h", 5_400.0),
        ("0 s", 0.0),
    ],
)
def test_a_duration_is_read_with_its_units(text: str, duration_s: float) -> None:
    assert parse_duration_s(text) == duration_s


@pytest.mark.parametrize(
    "text", ["15", "15 m", "", "h", "30 min 1 h", "1 h 1 h", "-5 min", "1 h and", "90000 d"]
)
def test_a_duration_that_must_be_guessed_at_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_duration_s(text)


def test_lengths_and_altitudes_are_shown_in_both_units() -> None:
    assert length_text(9_260.0) == "5 NM (9.26 km)"
    assert length_text(900.0) == "0.49 NM (900 m)"
    assert length_text(3.0) == "0.0016 NM (3 m)"
    assert altitude_text(parse_altitude("FL240")) == "FL240 (7,315 m STD)"
    assert altitude_text(parse_altitude("4500 ft QNH")) == "4,500 ft (1,372 m QNH)"
    assert altitude_text(parse_altitude("SFC")) == "SFC (0 m AGL)"
    shown = altitude_text(parse_altitude("1200 m QFE 48 m"))
    assert shown == "3,937 ft (1,200 m QFE), aerodrome at 157 ft (48 m)"
    assert altitude_text(Altitude(-0.01, QNH)) == "0 ft (0 m QNH)"
    shown = altitude_text(parse_altitude("300 ft AGL ground 450 m"))
    assert shown == "300 ft (91 m AGL), ground at 1,476 ft (450 m)"
    shown = band_text(parse_band("SFC-FL245"))
    assert shown == "SFC (0 m AGL) to FL245 (7,468 m STD)"


def test_typed_quantities_are_written_in_the_unit_they_are_round_in() -> None:
    assert typed_length(9_260.0) == "5 NM"
    assert typed_length(900.0) == "900 m"
    assert typed_length(3_000 * 0.3048) == "3000 ft"
    assert typed_altitude(parse_altitude("4500 ft QNH")) == "4500 ft QNH"
    assert typed_band(parse_band("FL240-FL260")) == "FL240-FL260"
    assert typed_band(parse_band("SFC-2500 ft QNH")) == "SFC - 2500 ft QNH"
    assert duration_text(5_400.0) == "1 h 30 min"
    assert duration_text(0.0) == "0 s"


@pytest.mark.parametrize("value_m", [7_315.2, 24_000 * 0.3048, parse_altitude("FL240").value_m])
def test_a_flight_level_is_said_as_typed_however_its_metres_were_reckoned(value_m: float) -> None:
    altitude = Altitude(value_m, STD)
    assert typed_altitude(altitude) == "FL240"
    assert altitude_text(altitude) == "FL240 (7,315 m STD)"
    assert typed_altitude(Altitude(7_315.3, STD)) == "7315.3 m STD"


def test_a_duration_below_zero_is_not_written() -> None:
    with pytest.raises(InvalidInput):
        duration_text(-1.0)


@given(st.floats(0.0, allow_infinity=False))
@example(5e-324)
@example(1.7976931348623157e308)
def test_a_typed_length_is_read_back_exactly(length_m: float) -> None:
    assert parse_length_m(typed_length(length_m)) == length_m


@given(altitudes | flight_levels)
@example(Altitude(0.0, AGL))
@example(Altitude(0.0, AGL, 0.0))
@example(Altitude(5e-324, AGL, -5e-324))
def test_a_typed_altitude_is_read_back_exactly(altitude: Altitude) -> None:
    assert parse_altitude(typed_altitude(altitude)) == altitude


@given(st.builds(ordered, altitudes | flight_levels, altitudes | flight_levels))
def test_a_typed_band_is_read_back_exactly(band: AltitudeBand) -> None:
    assert parse_band(typed_band(band)) == band


@given(st.integers(0, 36_600 * 86_400).map(float) | st.floats(0.0, 86_400.0))
def test_a_duration_text_is_read_back_exactly(duration_s: float) -> None:
    assert parse_duration_s(duration_text(duration_s)) == duration_s


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_number_reads_back_exactly_and_has_no_exponent(number: float) -> None:
    text = plain(number)
    assert float(text) == number
    assert set(text) <= set("-.0123456789")


PIECES = ["FL", "240", " ", "-", "ft", "m", "QNH", "AGL", "ground", "SFC", ".", ",", "NM", "h", "ſ"]


def read_or_refused(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except InvalidInput as refused:
        return refused


@settings(max_examples=300)
@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_any_text_is_either_read_or_refused_with_a_remedy(text: str) -> None:
    for parse in (parse_length_m, parse_altitude, parse_band, parse_duration_s):
        outcome = read_or_refused(parse, text)
        assert not isinstance(outcome, float) or math.isfinite(outcome)
        assert not isinstance(outcome, InvalidInput) or outcome.remedy


@pytest.mark.parametrize("text", ["9" * 100_000, "9" * 1_400 + " m", " " * 1_000_000, "1," * 700])
def test_hostile_lengths_of_text_are_refused_at_once(text: str) -> None:
    for parse in (parse_length_m, parse_altitude, parse_band, parse_duration_s):
        with pytest.raises(InvalidInput):
            parse(text)
