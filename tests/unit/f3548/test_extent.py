"""Relevance may be too wide and never too narrow: boxes hold shapes, cells hold boxes."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.f3548.cells import cells_near, cells_of_box
from keepclear.f3548.extent import (
    EVERYWHERE,
    FIRST_US,
    LAST_US,
    Box,
    Extent,
    box_of,
    cells_to_ask,
    extent_of,
    meets,
    microseconds_of,
    moment_at,
    union_of,
)
from keepclear.geometry.geodesy import (
    destination,
    normal_of,
    position_of,
    surface_point,
)
from keepclear.model.coordination import Area
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SEAMS = [(0.0, 180.0), (0.0, -180.0), (90.0, 0.0), (-90.0, 12.0), (47.0, 8.0), (0.0, 0.0)]


@st.composite
def places(draw: st.DrawFn, spread_deg: float = 3.0) -> Position:
    """Anywhere near the places where coordinates end."""
    latitude_deg, longitude_deg = draw(st.sampled_from(SEAMS))
    return Position(
        max(-90.0, min(90.0, latitude_deg + draw(st.floats(-spread_deg, spread_deg)))),
        (longitude_deg + draw(st.floats(-spread_deg, spread_deg)) + 180.0) % 360.0 - 180.0,
    )


RADII_M = st.floats(-2.0, 6.3).map(lambda power: min(10.0**power, 2_000_000.0))


@st.composite
def rings(draw: st.DrawFn) -> Polygon:
    """Star-shaped polygons of any size around any place."""
    centre, size_m = draw(places()), draw(st.floats(1.0, 6.2).map(lambda power: 10.0**power))
    count = draw(st.integers(3, 9))
    turns = [360.0 * (i + draw(st.floats(0.0, 0.8))) / count for i in range(count)]
    return Polygon((tuple(destination(centre, turn, size_m) for turn in turns),))


def inside(box: Box, place: Position) -> bool:
    point = surface_point(*normal_of(place).tolist())
    return all(box[i] <= point[i] <= box[i + 3] for i in range(3))


def extent(footprint: Footprint | None, **given: Any) -> Extent:
    area = Area(footprint, 0.0, 100.0, NOON, NOON + timedelta(hours=1))
    return extent_of([area._replace(**given)])


@given(places(), RADII_M, st.floats(0.0, 360.0), st.floats(0.0, 1.0))
def test_a_circles_box_holds_everything_within_its_radius(
    centre: Position, radius_m: float, bearing_deg: float, share: float
) -> None:
    box = box_of(Circle(centre, radius_m))
    assert inside(box, destination(centre, bearing_deg, share * radius_m))


@given(rings(), st.lists(st.floats(0.0, 1.0), min_size=9, max_size=9))
def test_a_polygons_box_holds_its_vertices_edges_and_inside(
    polygon: Polygon, weights: list[float]
) -> None:
    ring = polygon.rings[0]
    mixed = sum(
        (weight * normal_of(place) for weight, place in zip(weights, ring, strict=False)),
        start=1e-9 * normal_of(ring[0]),
    )
    box = box_of(polygon)
    assert all(inside(box, place) for place in ring)
    assert inside(box, position_of(mixed))


def test_a_corridors_box_holds_both_sides_of_its_line() -> None:
    line = (Position(60.0, -3.0), Position(60.0, 3.0))
    box = box_of(Corridor(line, 5_000.0))
    middle = position_of(normal_of(line[0]) + normal_of(line[1]))
    assert all(inside(box, destination(middle, side, 4_999.0)) for side in (0.0, 180.0))


def test_many_vertices_have_the_box_of_few() -> None:
    centre = Position(89.9, 20.0)
    many = Polygon((tuple(destination(centre, i * 360.0 / 4_000, 9_000.0) for i in range(4_000)),))
    few = Polygon((many.rings[0][::100],))
    for one, other in zip(box_of(many), box_of(few), strict=True):
        assert one == pytest.approx(other, abs=60.0)


@st.composite
def boxes_that_meet(draw: st.DrawFn) -> tuple[Box, Box]:
    """Two boxes of any sizes with a point in common."""
    point = [draw(st.floats(-6.3e6, 6.3e6)) for _ in range(3)]

    def around() -> Box:
        size_m = 10.0 ** draw(st.floats(-2.0, 7.0))
        low = [c - size_m * draw(st.floats(0.0, 1.0)) for c in point]
        high = [c + size_m * draw(st.floats(0.0, 1.0)) for c in point]
        x0, y0, z0 = (max(-6_378_137.0, c) for c in low)
        x1, y1, z1 = (min(6_378_137.0, c) for c in high)
        return x0, y0, z0, x1, y1, z1

    return around(), around()


@given(boxes_that_meet())
def test_boxes_that_meet_share_an_asked_cell(boxes: tuple[Box, Box]) -> None:
    one, other = boxes
    assert set(cells_of_box(one)) & set(cells_near(other))
    assert set(cells_of_box(other)) & set(cells_near(one))


@given(
    st.one_of(rings(), st.builds(Circle, places(), RADII_M)), st.builds(Circle, places(), RADII_M)
)
def test_what_meets_is_found_and_what_is_found_by_neither_does_not_meet(
    one: Footprint, other: Footprint
) -> None:
    a, b = extent(one), extent(other)
    if meets(a, b):
        assert set(a.cells) & set(cells_to_ask(b))


def test_cells_fit_a_signed_64_bit_number_and_stand_in_order() -> None:
    for footprint in (None, Circle(Position(1.0, 2.0), 0.01), Circle(Position(-90.0, 0.0), 2e6)):
        found = extent(footprint)
        for cells in (found.cells, cells_to_ask(found)):
            assert list(cells) == sorted(set(cells))
            assert 0 <= cells[0] <= cells[-1] < 2**63


@given(st.builds(Circle, places(spread_deg=40.0), RADII_M))
def test_few_cells_describe_anything(circle: Circle) -> None:
    found = extent(circle)
    assert len(found.cells) <= 27 + 4 * 8
    assert len(cells_to_ask(found)) <= 54 + 4 * 8


def test_what_is_small_and_far_away_shares_no_cell_with_a_small_question() -> None:
    one = extent(Circle(Position(47.0, 8.0), 100.0))
    other = extent(Circle(Position(47.1, 8.0), 100.0))
    assert not set(one.cells) & set(cells_to_ask(other))


def test_extents_meet_across_the_pole_and_the_antimeridian() -> None:
    pole = extent(Circle(Position(90.0, 0.0), 200.0))
    assert meets(pole, extent(Circle(Position(89.999, 180.0), 50.0)))
    east = extent(Circle(Position(10.0, 179.9999), 50.0))
    assert meets(east, extent(Circle(Position(10.0, -179.9999), 50.0)))


def test_height_time_and_place_all_have_to_meet_and_touching_counts() -> None:
    circle = Circle(Position(47.0, 8.0), 100.0)
    one = extent(circle)
    assert meets(one, extent(circle, low_m=100.0, high_m=200.0))
    above = extent(circle, low_m=100.01, high_m=200.0)
    assert not meets(one, above)
    assert meets(one, above, altitude=False)
    assert meets(one, extent(circle, start=NOON + timedelta(hours=1), end=None))
    later = NOON + timedelta(hours=1, microseconds=1)
    assert not meets(one, extent(circle, start=later, end=None))
    assert not meets(one, extent(replace(circle, centre=Position(48.0, 8.0))))


def test_what_is_left_open_has_no_bound() -> None:
    found = extent(None, low_m=None, high_m=None, start=None, end=None)
    assert found[:5] == (EVERYWHERE, -math.inf, math.inf, FIRST_US, LAST_US)
    assert moment_at(FIRST_US) is None
    assert moment_at(LAST_US) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_keep_their_microseconds_before_and_after_1970(at: datetime) -> None:
    assert FIRST_US < microseconds_of(at) < LAST_US
    assert moment_at(microseconds_of(at)) == at


@given(st.lists(st.builds(Circle, places(), RADII_M), min_size=2, max_size=4))
def test_a_union_is_the_extent_of_all(circles: list[Circle]) -> None:
    areas = [
        Area(circle, float(i), None, NOON + timedelta(hours=i), None)
        for i, circle in enumerate(circles)
    ]
    assert union_of([extent_of([area]) for area in areas]) == extent_of(areas)


def test_more_than_a_hemisphere_reaches_everywhere() -> None:
    ring = tuple(Position(1.0, longitude) for longitude in (-120.0, 0.0, 120.0))
    assert box_of(Polygon((ring,))) == EVERYWHERE
