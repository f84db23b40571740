from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.data.loading import load_geoid
from keepclear.errors import InvalidFootprint
from keepclear.geometry.geoid import GeoidGrid
from keepclear.ports.world import Geoid

QUARTERS = np.array([[1.0, 1.0, 1.0, 1.0], [10.0, 20.0, 30.0, 40.0], [2.0, 2.0, 2.0, 2.0]])
"""Rows at the north pole, the equator and the south pole; columns at -180, -90, 0 and 90°."""


def height_m(grid: Geoid, latitude_deg: float, longitude_deg: float) -> float:
    return float(grid.undulation_m(np.array([latitude_deg]), np.array([longitude_deg]))[0])


@pytest.mark.parametrize(
    ("latitude_deg", "longitude_deg", "expected_m"),
    [(0, -180, 10), (0, -90, 20), (0, 0, 30), (0, 90, 40), (0, -45, 25), (45, 0, 15.5)],
)
def test_heights_are_bilinear_between_grid_points(
    latitude_deg: float, longitude_deg: float, expected_m: float
) -> None:
    assert height_m(GeoidGrid(QUARTERS), latitude_deg, longitude_deg) == pytest.approx(expected_m)


def test_the_last_column_meets_the_first_at_the_antimeridian() -> None:
    grid = GeoidGrid(QUARTERS)
    assert height_m(grid, 0, 135) == pytest.approx(25.0)
    assert height_m(grid, 0, 180) == height_m(grid, 0, -180)
    assert height_m(grid, 0, 179.999_999) == pytest.approx(10.0, abs=1e-5)


@given(st.floats(-180, 180))
@settings(max_examples=25, deadline=None)
def test_a_pole_has_one_height_whatever_the_longitude(longitude_deg: float) -> None:
    assert height_m(load_geoid(), 90.0, longitude_deg) == pytest.approx(13.61, abs=1e-5)
    assert height_m(load_geoid(), -90.0, longitude_deg) == pytest.approx(-29.53, abs=1e-5)


@given(st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=50, deadline=None)
def test_heights_stay_within_the_extremes_of_egm96(
    latitude_deg: float, longitude_deg: float
) -> None:
    assert -107.0 <= height_m(load_geoid(), latitude_deg, longitude_deg) <= 85.4


@given(st.floats(-89.9, 89.9), st.floats(-180, 180), st.floats(-0.001, 0.001))
@settings(max_examples=50, deadline=None)
def test_a_small_step_changes_little(
    latitude_deg: float, longitude_deg: float, step: float
) -> None:
    before_m = height_m(load_geoid(), latitude_deg, longitude_deg)
    assert height_m(load_geoid(), latitude_deg + step, longitude_deg) == pytest.approx(
        before_m, abs=0.1
    )
    assert height_m(load_geoid(), latitude_deg, longitude_deg + step) == pytest.approx(
        before_m, abs=0.1
    )


def test_shapes_broadcast() -> None:
    heights_m = load_geoid().undulation_m(np.zeros((3, 1)), np.zeros((1, 4)))
    assert heights_m.shape == (3, 4)
    assert load_geoid().undulation_m(np.zeros(0), np.zeros(0)).shape == (0,)


@pytest.mark.parametrize(
    ("latitude_deg", "longitude_deg"), [(90.1, 0.0), (float("nan"), 0.0), (0.0, float("inf"))]
)
def test_no_place_has_no_height(latitude_deg: float, longitude_deg: float) -> None:
    with pytest.raises(InvalidFootprint):
        height_m(load_geoid(), latitude_deg, longitude_deg)


def test_a_grid_that_does_not_span_the_earth_is_refused() -> None:
    with pytest.raises(ValueError, match="does not span"):
        GeoidGrid(np.zeros((1, 5)))
