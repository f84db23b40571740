"""What is known of true heights: every altitude as an interval above the ellipsoid.

A pressure altitude says which pressure, not which height: the true height depends on the
sea-level pressure and the temperature below. With bounds on both, each altitude becomes an
interval, and two altitudes of different references can be compared honestly.

Source: ICAO Doc 7488 (standard atmosphere), constants and the hydrostatic relation; the
temperature effect at constant pressure is the integral of deviation over temperature.
Gravity and geopotential: 0.3 % bounds normal gravity's range against 9.80665 m/s².
"""

from __future__ import annotations

import math
from typing import NamedTuple

from keepclear.geometry.compiled import kernel

SURFACE_STD = 0
SURFACE_QNH = 1
SURFACE_HAE = 2
SURFACE_AGL = 3
SURFACE_QFE = 4
"""QFE with no aerodrome elevation: comparable with nothing, not even with its like."""
SURFACE_QFE_FIRST = 1_000_000
"""QFE codes with an elevation: this plus the elevation in centimetres."""

_T0_K = 288.15
_LAPSE = 0.0065
_TROPOPAUSE_M = 11_000.0
_T_TROPOPAUSE_K = 216.65
_GRAVITY_SHARE = 0.003
_GEOID_ERROR_M = 1.2
"""EGM96 on a 15-minute grid, read bilinearly, against the full model at its worst place."""
_EARTH_RADIUS_M = 6_356_766.0


def pressure_altitude_of_qnh_m(qnh_hpa: float) -> float:
    """The pressure altitude, metres, at which that sea-level pressure stands."""
    return float(_T0_K / _LAPSE * (1.0 - (qnh_hpa / 1013.25) ** 0.190_263))


class Air(NamedTuple):
    """Bounds of the air, as kernels need them; `air_between` makes it.

    Attributes:
        sea_low_m, sea_high_m: of the pressure altitude at mean sea level.
        temperature_low_c, temperature_high_c: of the deviation from the standard atmosphere.
    """

    sea_low_m: float
    sea_high_m: float
    temperature_low_c: float
    temperature_high_c: float


def air_between(qnh_hpa: tuple[float, float], temperature_c: tuple[float, float]) -> Air:
    """The air between a lowest and a highest QNH and between two temperature deviations."""
    seas_m = [pressure_altitude_of_qnh_m(qnh) for qnh in qnh_hpa]
    return Air(min(seas_m), max(seas_m), min(temperature_c), max(temperature_c))


@kernel
def temperature_stretch_m(pressure_altitude_m: float) -> float:
    """How much true height grows for each degree the air is warmer than standard.

    Negative below the standard sea level.
    """
    below = min(pressure_altitude_m, _TROPOPAUSE_M)
    stretch = -math.log1p(-_LAPSE * below / _T0_K) / _LAPSE
    above: float = max(pressure_altitude_m - _TROPOPAUSE_M, 0.0)
    return stretch + above / _T_TROPOPAUSE_K


@kernel
def ellipsoid_bounds(
    value_m: float,
    surface: int,
    datum_m: float,
    geoid_low_m: float,
    geoid_high_m: float,
    air: Air,
) -> tuple[float, float]:
    """The lowest and the highest height above the ellipsoid that an altitude may mean.

    Args:
        value_m: the altitude above its own surface.
        surface: its SURFACE_ code.
        datum_m: ground (AGL) or aerodrome (QFE) height above mean sea level; NaN if unknown.
        geoid_low_m, geoid_high_m: least and greatest geoid height under its footprint.
        air: bounds of the air.

    Returns:
        -inf and inf where nothing can be said.
    """
    if surface == SURFACE_HAE:
        return value_m, value_m
    low_m = high_m = value_m
    if surface == SURFACE_STD:
        low_m, high_m = _over_sea(value_m, air.sea_low_m, air.sea_high_m, air)
    elif surface != SURFACE_AGL:
        low_m, high_m = _over_sea(value_m, 0.0, 0.0, air)
    if surface == SURFACE_AGL or surface >= SURFACE_QFE:
        low_m, high_m = low_m + datum_m, high_m + datum_m
    if math.isnan(low_m):
        return -math.inf, math.inf
    return low_m + geoid_low_m - _GEOID_ERROR_M, high_m + geoid_high_m + _GEOID_ERROR_M


@kernel
def _over_sea(
    indicated_m: float, sea_low_m: float, sea_high_m: float, air: Air
) -> tuple[float, float]:
    """Bounds of true height above mean sea level (or above the aerodrome, for QFE).

    `sea_low_m` and `sea_high_m` bound the pressure altitude at sea level: on a low QNH it is
    high, and the same pressure altitude lies lower over the sea.
    """
    low_m, high_m = math.inf, -math.inf
    stretch_here = temperature_stretch_m(indicated_m)
    for sea_m in (sea_low_m, sea_high_m):
        stretch = stretch_here - temperature_stretch_m(sea_m)
        for deviation_c in (air.temperature_low_c, air.temperature_high_c):
            height_m = indicated_m - sea_m + deviation_c * stretch
            for share in (1.0 - _GRAVITY_SHARE, 1.0 + _GRAVITY_SHARE):
                true_m = _geometric(height_m, share)
                low_m, high_m = min(low_m, true_m), max(high_m, true_m)
    return low_m, high_m


@kernel
def _geometric(geopotential_m: float, share: float) -> float:
    scaled = geopotential_m * share
    return scaled * _EARTH_RADIUS_M / (_EARTH_RADIUS_M - scaled)
