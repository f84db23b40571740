"""Volumes typed in one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidCoordinates, InvalidFootprint, InvalidInput
from keepclear.formats.quantities import parse_band
from keepclear.formats.typed import (
    EXAMPLE,
    MOST_CHARACTERS,
    footprint_text,
    parse_footprint,
    parse_volume,
    volume_text,
)
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.model.window import Window

NEAR = datetime(2015, 9, 18, 12, 0, tzinfo=UTC)
WINDOW = Window(datetime(2015, 9, 15, 13, 0, tzinfo=UTC), datetime(2015, 9, 15, 14, 30, tzinfo=UTC))
REST = " | FL240-FL260 | 151300Z-151430Z"

positions = st.builds(Position, st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))
widths_m = st.floats(1e-3, 2_000_000.0)
rings = st.lists(positions, min_size=3, max_size=6, unique=True).map(tuple)
footprints: st.SearchStrategy[Footprint] = st.one_of(
    st.builds(Circle, positions, widths_m),
    st.builds(
        Corridor, st.lists(positions, min_size=2, max_size=5, unique=True).map(tuple), widths_m
    ),
    st.builds(Polygon, st.lists(rings, min_size=1, max_size=3).map(tuple)),
)
bands = st.builds(
    lambda lower_m, thickness_m, reference: AltitudeBand(
        Altitude(lower_m, reference), Altitude(lower_m + thickness_m, reference)
    ),
    st.floats(-1_000.0, 20_000.0),
    st.floats(0.0, 20_000.0),
    st.sampled_from(AltitudeReference),
)
windows = st.builds(
    lambda start, span: Window(start, start + span),
    st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(microseconds=1), timedelta(days=400)),
)
volumes = st.builds(Volume, footprints, bands, windows)


def test_a_circle_is_read_with_its_source_text_word_for_word() -> None:
    text = "  Circle 35.4011n 035.9487E R 5 NM | FL240-FL260 | 151300Z-151430Z"
    assert parse_volume(text, reference=NEAR) == Volume(
        Circle(Position(35.4011, 35.9487), 9_260.0), parse_band("FL240-FL260"), WINDOW, text
    )


def test_a_polygon_is_read_with_its_holes() -> None:
    read = parse_footprint(
        "POLYGON 35.0N 036.0E > 36.0N 036.0E > 36.0N 037.0E > 35.0N 036.0E "
        "HOLE 35.8N 036.1E > 35.9N 036.1E > 35.9N 036.2E"
    )
    assert read == Polygon(
        (
            (Position(35.0, 36.0), Position(36.0, 36.0), Position(36.0, 37.0)),
            (Position(35.8, 36.1), Position(35.9, 36.1), Position(35.9, 36.2)),
        )
    )


def test_half_and_full_width_of_a_corridor_mean_what_they_say() -> None:
    line = "35.7100N 035.9500E > 35.3300N 040.1400E"
    half = parse_footprint(f"CORRIDOR HALF 2 NM {line}")
    assert isinstance(half, Corridor)
    assert half.half_width_m == 3_704.0
    assert parse_footprint(f"CORRIDOR FULL 4 NM {line}") == half


def test_a_corridor_without_stated_width_is_refused() -> None:
    for width in ("4 NM ", "", "WIDTH 4 NM "):
        with pytest.raises(InvalidFootprint, match="HALF or FULL"):
            parse_footprint(f"CORRIDOR {width}35.71N 035.95E > 35.33N 040.14E")


def test_a_block_is_the_area_that_is_known_already() -> None:
    area = Circle(Position(35.0, 36.0), 100_000.0)
    assert parse_volume("BLOCK" + REST, reference=NEAR, area=area).footprint is area
    with pytest.raises(InvalidFootprint, match="no area is known"):
        parse_volume("BLOCK" + REST, reference=NEAR)
    with pytest.raises(InvalidFootprint, match="after BLOCK"):
        parse_footprint("BLOCK NORTH", area=area)


@pytest.mark.parametrize(
    "position", ["35 24.066N 035 56.922E", "35°24'04.0\"N 35°56'55\"E", "36R YR 67766 22083"]
)
def test_positions_may_be_in_any_notation(position: str) -> None:
    assert isinstance(parse_footprint(f"circle {position} r 5 nm"), Circle)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("CIRCLE 35.4N 36.0N R 5 NM", "shape, centre: "),
        ("CIRCLE 35.4N 036.0E R 5", "shape, radius: "),
        ("CIRCLE 35.4N 036.0E R 0 NM", "shape, radius: "),
        ("CIRCLE 35.4N 036.0E", "no radius"),
        ("POLYGON 35.0N 036.0E > 36.0N 36.0N > 36.0N 037.0E", "outer ring, position 2: "),
        ("POLYGON 35.0N 036.0E > 36.0N 036.0E", "three different vertices"),
        (
            "POLYGON 35.0N 036.0E > 36.0N 036.0E > 36.0N 037.0E HOLE 35.0N 036.0E > x",
            "hole 1, position 2: ",
        ),
        ("POLYGON 35.0N 036.0E > 36.0N 036.0E > 36.0N 037.0E HOLE", "hole 1, position 1: "),
        ("POLYGON 35.0N 036.0E > > 36.0N 037.0E", "outer ring, position 2: "),
        ("CORRIDOR HALF 2 35.0N 036.0E > 36.0N 036.0E", "HALF or FULL"),
        ("CORRIDOR HALF 2 XY 35.0N 036.0E > 36.0N 036.0E", "shape, width: "),
        ("CORRIDOR HALF 2 NM 35.0N 036.0E", "fewer than two"),
        ("CORRIDOR HALF 2 NM 35.0N 036.0E > 36.0N", "centre line, position 2: "),
        ("SQUARE 35.0N 036.0E", "not known"),
        ("", "not known"),
    ],
)
def test_an_error_in_a_shape_points_at_the_piece_and_shows_how(text: str, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_footprint(text)
    assert place in refused.value.message
    assert refused.value.remedy


def test_an_error_in_heights_or_times_says_so() -> None:
    with pytest.raises(InvalidInput, match=r"^heights: "):
        parse_volume(EXAMPLE.replace("FL260", "260"), reference=NEAR)
    with pytest.raises(InvalidInput, match=r"^times: "):
        parse_volume(EXAMPLE.replace("151430Z", "1430Z"), reference=NEAR)
    with pytest.raises(InvalidInput) as refused:
        parse_volume("CIRCLE 35.4011N 035.9487E R 5 NM", reference=NEAR)
    assert EXAMPLE in refused.value.remedy


def test_too_many_positions_or_characters_are_refused() -> None:
    with pytest.raises(InvalidFootprint, match="positions"):
        parse_footprint("POLYGON " + ">" * 20_000)
    with pytest.raises(InvalidInput, match="characters"):
        parse_footprint("POLYGON " + " " * MOST_CHARACTERS)


def test_the_kind_of_error_is_that_of_the_piece() -> None:
    with pytest.raises(InvalidCoordinates):
        parse_footprint("CIRCLE 35.4N 36.0N R 5 NM")


def test_a_volume_is_written_as_a_person_would_type_it() -> None:
    volume = parse_volume(EXAMPLE, reference=NEAR)
    assert volume_text(volume) == (
        "CIRCLE 35.4011N 035.9487E R 5 NM | FL240-FL260 | 151300ZSEP15-151430ZSEP15"
    )


@given(volumes)
def test_a_written_volume_is_read_back_exactly(volume: Volume) -> None:
    text = volume_text(volume)
    assert parse_volume(text, reference=NEAR) == replace(volume, source_text=text)


@given(footprints)
def test_a_written_footprint_is_read_back_exactly(footprint: Footprint) -> None:
    assert parse_footprint(footprint_text(footprint)) == footprint


PIECES = [
    *("CIRCLE", "POLYGON", "CORRIDOR", "BLOCK", "HOLE", "HALF", "FULL", "R", ">", "|", " ", "5 NM"),
    *("35.4N 036.1E", "35.5N 036.2E", "35.6N 036.0E", "FL240-FL260", "151300Z-151430Z", "°"),
]


def read_or_refused(text: str) -> Volume | InvalidInput:
    try:
        return parse_volume(text, reference=NEAR)
    except InvalidInput as refused:
        return refused


@settings(max_examples=300)
@given(st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_any_text_is_either_read_or_refused_with_a_remedy(text: str) -> None:
    outcome = read_or_refused(text)
    assert outcome.remedy if isinstance(outcome, InvalidInput) else outcome.source_text == text
