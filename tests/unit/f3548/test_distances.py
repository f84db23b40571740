"""How far the nearest of some footprints is from a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.f3548.distances import nearest_m
from keepclear.geometry.geodesy import destination, geodesic_m
from keepclear.model.volume import Circle, Polygon, Position


@given(
    st.floats(-89.0, 89.0), st.floats(-180.0, 180.0), st.floats(0.0, 360.0),
    st.floats(1.0, 50_000.0), st.floats(1.0, 20_000.0),
)  # fmt: skip
def test_a_circle_is_as_far_as_its_edge_and_no_farther_inside(
    latitude_deg: float, longitude_deg: float, bearing_deg: float, off_m: float, radius_m: float
) -> None:
    place = Position(latitude_deg, longitude_deg)
    centre = destination(place, bearing_deg, off_m)
    expected_m = max(0.0, geodesic_m(place, centre) - radius_m)
    assert nearest_m(place, [Circle(centre, radius_m)]) == pytest.approx(expected_m, abs=0.05)


def test_the_nearest_of_several_counts_and_inside_one_it_is_zero() -> None:
    place = Position(46.0, 7.0)
    far = Circle(destination(place, 90.0, 9_000.0), 1_000.0)
    square = Polygon(
        (tuple(destination(place, bearing, 2_000.0) for bearing in (45.0, 135.0, 225.0, 315.0)),)
    )
    assert nearest_m(place, [far]) == pytest.approx(8_000.0, abs=0.05)
    assert nearest_m(place, [far, square]) == 0.0
