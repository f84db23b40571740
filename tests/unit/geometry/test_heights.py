"""Heights as intervals above the ellipsoid."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.geometry.heights import (
    SURFACE_AGL,
    SURFACE_HAE,
    SURFACE_QFE,
    SURFACE_QNH,
    SURFACE_STD,
    air_between,
    ellipsoid_bounds,
    pressure_altitude_of_qnh_m,
)

FT = 0.3048


def bounds(
    value_m: float,
    surface: int,
    *,
    datum_m: float = math.nan,
    geoid_m: float = 0.0,
    qnh: tuple[float, float] = (1013.25, 1013.25),
    temperature: tuple[float, float] = (0.0, 0.0),
) -> tuple[float, float]:
    air = air_between(qnh, temperature)
    low, high = ellipsoid_bounds(value_m, surface, datum_m, geoid_m, geoid_m, air)
    return float(low), float(high)


def test_a_flight_level_of_350_may_be_some_2700_feet_off_its_true_height() -> None:
    standard = bounds(35_000 * FT, SURFACE_STD)
    warm = bounds(35_000 * FT, SURFACE_STD, temperature=(-20.0, 20.0))
    assert (warm[1] - standard[1]) / FT == pytest.approx(2_780.0, abs=30.0)
    assert (standard[0] - warm[0]) / FT == pytest.approx(2_780.0, abs=30.0)


def test_a_hectopascal_is_some_27_feet_near_the_sea() -> None:
    assert pressure_altitude_of_qnh_m(1012.25) / FT == pytest.approx(27.3, abs=0.2)
    assert pressure_altitude_of_qnh_m(1013.25) == 0.0


def test_a_low_pressure_puts_a_flight_level_nearer_to_the_sea() -> None:
    low, high = bounds(3_000.0, SURFACE_STD, qnh=(980.0, 1040.0))
    assert low < 3_000.0 - 250.0
    assert high > 3_000.0 + 200.0


def test_a_height_above_the_ellipsoid_is_itself() -> None:
    assert bounds(850.0, SURFACE_HAE, geoid_m=30.0) == (850.0, 850.0)


def test_the_geoid_and_its_error_stand_between_sea_level_and_the_ellipsoid() -> None:
    assert bounds(0.0, SURFACE_QNH, geoid_m=25.0) == pytest.approx((23.8, 26.2))


def test_a_height_above_ground_needs_the_ground() -> None:
    assert bounds(100.0, SURFACE_AGL) == (-math.inf, math.inf)
    assert bounds(100.0, SURFACE_AGL, datum_m=300.0) == pytest.approx((398.8, 401.2))


def test_a_height_above_an_aerodrome_needs_its_elevation() -> None:
    assert bounds(100.0, SURFACE_QFE) == (-math.inf, math.inf)
    low, high = bounds(0.0, 1_000_000, datum_m=48.0)
    assert (low, high) == pytest.approx((46.8, 49.2))


@given(
    st.floats(-300.0, 20_000.0),
    st.floats(0.0, 2_000.0),
    st.sampled_from([SURFACE_STD, SURFACE_QNH, SURFACE_HAE]),
)
def test_higher_declared_is_higher_truly(value_m: float, more_m: float, surface: int) -> None:
    qnh, temperature = (960.0, 1050.0), (-20.0, 20.0)
    below = bounds(value_m, surface, qnh=qnh, temperature=temperature)
    above = bounds(value_m + more_m, surface, qnh=qnh, temperature=temperature)
    assert below[0] <= above[0] + 1e-9
    assert below[1] <= above[1] + 1e-9
    assert below[0] <= below[1]
