"""Which areas are taken, and how large they are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from keepclear.errors import InvalidFootprint
from keepclear.f3548.soundness import (
    EARTH_KM2,
    MEAN_RADIUS_KM,
    AreaLimits,
    circle_area_km2,
    polygon_area_km2,
    require_sound_area,
)
from keepclear.geometry.geodesy import destination
from keepclear.model.coordination import Area
from keepclear.model.volume import Circle, Footprint, Polygon, Position

LIMITS = AreaLimits()


def polygon(*corners: tuple[float, float]) -> Polygon:
    return Polygon((tuple(Position(*corner) for corner in corners),))


def require(footprint: Footprint | None) -> None:
    require_sound_area(Area(footprint, None, None, None, None), LIMITS)


def square(latitude_deg: float, longitude_deg: float, side_deg: float) -> Polygon:
    return polygon(
        (latitude_deg, longitude_deg),
        (latitude_deg, longitude_deg + side_deg),
        (latitude_deg + side_deg, longitude_deg + side_deg),
        (latitude_deg + side_deg, longitude_deg),
    )


@given(
    st.floats(-89.0, 89.0), st.floats(-180.0, 180.0), st.floats(0.5, 5.5), st.integers(3, 90),
    st.booleans(),
)  # fmt: skip
def test_areas_agree_with_an_independent_authority(
    latitude_deg: float, longitude_deg: float, power: float, count: int, backwards: bool
) -> None:
    centre = Position(latitude_deg, longitude_deg)
    ring = [destination(centre, 360.0 * i / count, 10.0**power) for i in range(count)]
    told_m2, _ = Geod(ellps="WGS84").polygon_area_perimeter(
        [place.longitude_deg for place in ring], [place.latitude_deg for place in ring]
    )
    found = polygon_area_km2(Polygon((tuple(ring[::-1] if backwards else ring),)))
    assert found == pytest.approx(abs(told_m2) / 1e6, rel=0.012)


def test_a_square_of_648_km2_is_taken_and_one_of_a_degree_is_not() -> None:
    require(square(46.0, 8.0, 0.25))
    with pytest.raises(InvalidFootprint, match="km² are more than 2,500 km²"):
        require(square(46.0, 8.0, 1.0))


def test_circles_are_held_to_the_same_limit() -> None:
    require(Circle(Position(46.0, 8.0), 12_000.0))
    require(Circle(Position(46.0, 8.0), 28_200.0))
    with pytest.raises(InvalidFootprint, match="the circle's 2,504 km² are more than 2,500 km²"):
        require(Circle(Position(46.0, 8.0), 28_230.0))


def test_a_circle_wider_than_the_model_draws_is_as_large_as_the_earth() -> None:
    with pytest.raises(InvalidFootprint, match=r"the circle's 510,0.* km² are more than"):
        require(None)


@given(st.floats(1.0, 2e7))
def test_the_area_of_a_circle_grows_to_that_of_the_earth(radius_m: float) -> None:
    flat_km2 = math.pi * (radius_m / 1e3) ** 2
    found_km2 = circle_area_km2(radius_m)
    assert flat_km2 * (1.0 - (radius_m / 1e3 / MEAN_RADIUS_KM) ** 2 / 12.0) <= found_km2 * (
        1 + 1e-9
    )
    assert found_km2 <= min(flat_km2, EARTH_KM2) * (1 + 1e-9)


def test_edges_that_cross_are_refused_with_the_place() -> None:
    with pytest.raises(InvalidFootprint, match=r"not simple.* near 46\.0"):
        require(polygon((46.0, 8.0), (46.1, 8.1), (46.0, 8.1), (46.1, 8.0)))


def test_crossing_edges_are_found_among_hundreds() -> None:
    centre = Position(46.0, 8.0)
    ring = [destination(centre, 360.0 * i / 318, 9_000.0) for i in range(318)]
    require(Polygon((tuple(ring),)))
    ring[100], ring[200] = ring[200], ring[100]
    with pytest.raises(InvalidFootprint, match="not simple"):
        require(Polygon((tuple(ring),)))


def test_a_vertex_may_not_stand_twice() -> None:
    with pytest.raises(InvalidFootprint, match="a vertex twice"):
        require(polygon((46.0, 8.0), (46.0, 8.0), (46.1, 8.1), (46.0, 8.1)))


@pytest.mark.parametrize("backwards", [False, True])
def test_either_winding_names_the_smaller_side(backwards: bool) -> None:
    ring = square(46.0, 8.0, 0.1).rings[0]
    require(Polygon((ring[::-1] if backwards else ring,)))


def test_polygons_around_a_pole_and_across_the_antimeridian_are_sound() -> None:
    around = polygon(*((89.9, longitude) for longitude in (0.0, 90.0, 180.0, -90.0)))
    require(around)
    assert polygon_area_km2(around) == pytest.approx(2.0 * (11.17**2), rel=0.01)
    across = polygon((10.0, 179.9), (10.0, -179.9), (10.2, -179.9), (10.2, 179.9))
    require(across)
    assert polygon_area_km2(across) == pytest.approx(21.9 * 22.1, rel=0.02)


def test_a_polygon_of_a_few_metres_keeps_its_area() -> None:
    side_deg = 1e-5
    metres = side_deg * 111_150.0
    expected = metres * metres * math.cos(math.radians(46.0)) / 1e6
    assert polygon_area_km2(square(46.0, 8.0, side_deg)) == pytest.approx(expected, rel=0.01)
