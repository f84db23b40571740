"""Positions as unit normals of the WGS84 ellipsoid, and true geodesics between them.

A position's n-vector is the unit normal of the ellipsoid there: no seam at ±180°, no
trouble at the poles. Shapes: (3,) for one position, (N, 3) for many.

Source: Gade, "A Non-singular Horizontal Position Representation", Journal of Navigation
63 (2010), eqs. 3 and 22; WGS84 constants from NIMA TR8350.2, table 3.1.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from keepclear.geometry.compiled import kernel
from keepclear.model.volume import Position

if TYPE_CHECKING:
    from pyproj import Geod

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1.0 / 298.257_223_563
SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - FLATTENING)
ECCENTRICITY2 = FLATTENING * (2.0 - FLATTENING)
_A2 = SEMI_MAJOR_M**2
_B2 = SEMI_MINOR_M**2


def normals(
    latitude_deg: FloatArray | np.float64, longitude_deg: FloatArray | np.float64
) -> FloatArray:
    """The n-vectors of positions given in degrees; shape (N, 3) for inputs of shape (N,)."""
    latitude = np.radians(latitude_deg)
    longitude = np.radians(longitude_deg)
    across = np.cos(latitude)
    return np.stack(
        [across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)], axis=-1
    )


@kernel
def fill_normals(positions_deg: FloatArray, vertices: FloatArray) -> None:
    """Write the n-vectors, shape (n, 3), of positions: latitude and longitude, shape (n, 2)."""
    for i in range(len(positions_deg)):
        latitude = math.radians(positions_deg[i, 0])
        longitude = math.radians(positions_deg[i, 1])
        across = math.cos(latitude)
        vertices[i, 0] = across * math.cos(longitude)
        vertices[i, 1] = across * math.sin(longitude)
        vertices[i, 2] = math.sin(latitude)


def normal_of(position: Position) -> FloatArray:
    """The n-vector of one position, shape (3,)."""
    return normals(np.float64(position.latitude_deg), np.float64(position.longitude_deg))


def position_of(normal: FloatArray) -> Position:
    """The position whose n-vector points along `normal`, shape (3,), of any length."""
    x, y, z = normal.tolist()
    return Position(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))


@cache
def _wgs84() -> Geod:
    from pyproj import Geod  # takes a tenth of a second to import: only where needed

    return Geod(ellps="WGS84")


def geodesic_m(first: Position, second: Position) -> float:
    """The length of the shortest path between two positions.

    Source: Karney, "Algorithms for geodesics", Journal of Geodesy 87 (2013), by pyproj.
    """
    return bearing_and_distance(first, second)[1]


def bearing_and_distance(first: Position, second: Position) -> tuple[float, float]:
    """The initial bearing in degrees (0 .. 360) and the distance in metres to the second."""
    azimuth_deg, _, distance_m = _wgs84().inv(
        first.longitude_deg, first.latitude_deg, second.longitude_deg, second.latitude_deg
    )
    return float(azimuth_deg) % 360.0, float(distance_m)


def destination(start: Position, bearing_deg: float, distance_m: float) -> Position:
    """The position reached along a geodesic."""
    longitude_deg, latitude_deg, _ = _wgs84().fwd(
        start.longitude_deg, start.latitude_deg, bearing_deg, distance_m
    )
    return Position(float(latitude_deg), float(longitude_deg))


@kernel
def surface_point(nx: float, ny: float, nz: float) -> tuple[float, float, float]:
    """Earth-centred coordinates, metres, of the ellipsoid's point with that unit normal."""
    scale = 1.0 / math.sqrt(_A2 * (nx * nx + ny * ny) + _B2 * nz * nz)
    return _A2 * nx * scale, _A2 * ny * scale, _B2 * nz * scale


@kernel
def geodesic_between(ax: float, ay: float, az: float, bx: float, by: float, bz: float) -> float:
    """The geodesic distance in metres between two n-vectors, within a millimetre.

    Meant for pairs up to a quarter of the globe apart, where the iteration always settles.

    Source: Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid", Survey
    Review 23 (1975), eqs. 13 to 19.
    """
    # Reduced latitudes from normals: tan U = (1 - f) tan(latitude).
    a_across = math.hypot(ax, ay)
    b_across = math.hypot(bx, by)
    a_scale = 1.0 / math.hypot(a_across, (1.0 - FLATTENING) * az)
    b_scale = 1.0 / math.hypot(b_across, (1.0 - FLATTENING) * bz)
    sin_u1, cos_u1 = (1.0 - FLATTENING) * az * a_scale, a_across * a_scale
    sin_u2, cos_u2 = (1.0 - FLATTENING) * bz * b_scale, b_across * b_scale
    difference = math.atan2(ax * by - ay * bx, ax * bx + ay * by)
    longitude = difference
    sigma = sin_sigma = cos_sigma = cos2_alpha = cos_2m = 0.0
    for _ in range(50):
        sin_l, cos_l = math.sin(longitude), math.cos(longitude)
        across = cos_u2 * sin_l
        # Written by differences of reduced latitude: exact for points centimetres apart.
        along = math.sin(math.atan2(sin_u2, cos_u2) - math.atan2(sin_u1, cos_u1)) + (
            2.0 * sin_u1 * cos_u2 * math.sin(0.5 * longitude) ** 2
        )
        sin_sigma = math.hypot(across, along)
        if sin_sigma == 0.0:
            return 0.0
        cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos_l
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = cos_u1 * cos_u2 * sin_l / sin_sigma
        cos2_alpha = 1.0 - sin_alpha * sin_alpha
        cos_2m = cos_sigma - 2.0 * sin_u1 * sin_u2 / cos2_alpha if cos2_alpha > 1e-15 else 0.0
        c = FLATTENING / 16.0 * cos2_alpha * (4.0 + FLATTENING * (4.0 - 3.0 * cos2_alpha))
        bracket = cos_2m + c * cos_sigma * (2.0 * cos_2m * cos_2m - 1.0)
        before = longitude
        longitude = difference + (1.0 - c) * FLATTENING * sin_alpha * (
            sigma + c * sin_sigma * bracket
        )
        if abs(longitude - before) < 1e-14:
            break
    u2 = cos2_alpha * (_A2 - _B2) / _B2
    big_a = 1.0 + u2 / 16_384.0 * (4_096.0 + u2 * (-768.0 + u2 * (320.0 - 175.0 * u2)))
    big_b = u2 / 1_024.0 * (256.0 + u2 * (-128.0 + u2 * (74.0 - 47.0 * u2)))
    last = big_b / 6.0 * cos_2m * (4.0 * sin_sigma * sin_sigma - 3.0) * (4.0 * cos_2m**2 - 3.0)
    change = (
        big_b
        * sin_sigma
        * (cos_2m + big_b / 4.0 * (cos_sigma * (2.0 * cos_2m * cos_2m - 1.0) - last))
    )
    return SEMI_MINOR_M * big_a * (sigma - change)
