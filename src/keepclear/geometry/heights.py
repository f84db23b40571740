"""What is known of true heights: every altitude as an interval above the ellipsoid.

A pressure altitude says which pressure, not which height: the true height depends on the
sea-level pressure and the temperature below. With bounds on both, each altitude becomes an
interval, and two altitudes of different references can be compared honestly.

Source: ICAO Doc 7488 (standard atmosphere), constants and the hydrostatic relation; the
temperature effect at constant pressure is the integral of deviation over temperature.
Gravity and geopotential: 0.3 % bounds normal gravity's range against 9.80665 m/s².
"""

from __future__ import annotations

import numpy as np

from keepclear.geometry.geodesy import FloatArray, IntArray

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


def temperature_stretch_m(pressure_altitude_m: FloatArray | float) -> FloatArray:
    """How much true height grows for each degree the air is warmer than standard.

    Negative below the standard sea level.
    """
    below = np.minimum(pressure_altitude_m, _TROPOPAUSE_M)
    stretch = -np.log1p(-_LAPSE * below / _T0_K) / _LAPSE
    above = np.maximum(pressure_altitude_m - _TROPOPAUSE_M, 0.0)
    return np.asarray(stretch + above / _T_TROPOPAUSE_K)


def ellipsoid_bounds(
    value_m: FloatArray,
    surface: IntArray,
    datum_m: FloatArray,
    geoid_m: tuple[FloatArray, FloatArray],
    qnh_hpa: tuple[float, float],
    temperature_c: tuple[float, float],
) -> tuple[FloatArray, FloatArray]:
    """The lowest and highest height above the ellipsoid that each altitude may mean.

    Args:
        value_m: altitudes above their own surfaces, shape (N,).
        surface: SURFACE_ codes, shape (N,).
        datum_m: ground (AGL) or aerodrome (QFE) height above mean sea level; NaN if unknown.
        geoid_m: least and greatest geoid height under each altitude's footprint.
        qnh_hpa, temperature_c: bounds of the air: low, high.

    Returns:
        Two arrays of shape (N,); -inf and inf where nothing can be said.
    """
    geoid_low, geoid_high = geoid_m[0] - _GEOID_ERROR_M, geoid_m[1] + _GEOID_ERROR_M
    low, high = value_m.copy(), value_m.copy()

    std = surface == SURFACE_STD
    sea_levels = [pressure_altitude_of_qnh_m(qnh) for qnh in qnh_hpa]
    qnh_low, qnh_high = _over_sea(value_m[std], min(sea_levels), max(sea_levels), temperature_c)
    low[std], high[std] = qnh_low + geoid_low[std], qnh_high + geoid_high[std]

    qnh = surface == SURFACE_QNH
    qnh_low, qnh_high = _over_sea(value_m[qnh], 0.0, 0.0, temperature_c)
    low[qnh], high[qnh] = qnh_low + geoid_low[qnh], qnh_high + geoid_high[qnh]

    qfe = surface >= SURFACE_QFE
    qfe_low, qfe_high = _over_sea(value_m[qfe], 0.0, 0.0, temperature_c)
    low[qfe] = qfe_low + datum_m[qfe] + geoid_low[qfe]
    high[qfe] = qfe_high + datum_m[qfe] + geoid_high[qfe]

    agl = surface == SURFACE_AGL
    low[agl] += datum_m[agl] + geoid_low[agl]
    high[agl] += datum_m[agl] + geoid_high[agl]
    return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)


def _over_sea(
    indicated_m: FloatArray,
    sea_low_m: float,
    sea_high_m: float,
    temperature_c: tuple[float, float],
) -> tuple[FloatArray, FloatArray]:
    """Bounds of true height above mean sea level (or above the aerodrome, for QFE).

    `sea_low_m` and `sea_high_m` bound the pressure altitude at sea level: on a low QNH it is
    high, and the same pressure altitude lies lower over the sea.
    """
    bounds: list[FloatArray] = []
    for sea_m in (sea_low_m, sea_high_m):
        thickness = indicated_m - sea_m
        stretch = temperature_stretch_m(indicated_m) - temperature_stretch_m(sea_m)
        for deviation_c in temperature_c:
            height = thickness + deviation_c * stretch
            bounds.extend(
                _geometric(height, share) for share in (1.0 - _GRAVITY_SHARE, 1.0 + _GRAVITY_SHARE)
            )
    return np.minimum.reduce(bounds), np.maximum.reduce(bounds)


def _geometric(geopotential_m: FloatArray, share: float) -> FloatArray:
    scaled = geopotential_m * share
    return np.asarray(scaled * _EARTH_RADIUS_M / (_EARTH_RADIUS_M - scaled))
