"""Is an area one that may be asked about or claimed: a simple shape, not too large.

Source: ASTM F3548-21, interface UTM API 1.0.0, Polygon: edges are shortest paths and may not
    cross, vertices may not be duplicated, the smaller area counts. The excess of a spherical
    triangle: Van Oosterom and Strackee, "The Solid Angle of a Plane Triangle", IEEE
    Transactions on Biomedical Engineering 30 (1983), eq. 8.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from keepclear.errors import InvalidFootprint
from keepclear.geometry.footprint import require_sound
from keepclear.geometry.geodesy import normals
from keepclear.model.coordination import Area
from keepclear.model.volume import Circle, Polygon, Position

MEAN_RADIUS_KM = 6_371.007_2
"""Of the sphere with the area of the WGS84 ellipsoid."""

EARTH_KM2 = 4.0 * math.pi * MEAN_RADIUS_KM**2
"""Also of a circle that is wider than the model draws."""
_FEW = 48
"""So many vertices are quicker one by one than as arrays."""


class AreaLimits(NamedTuple):
    """How large an area may be, circle or polygon."""

    most_area_km2: float = 2_500.0


def require_sound_area(area: Area, limits: AreaLimits) -> None:
    """Refuse an area whose shape means nothing or is too large.

    What `area_of` reads has heights and times in order already.

    Raises:
        InvalidFootprint: edges cross or touch, a vertex stands twice, it is too wide, or it is
            larger than the limit; the message says which.
    """
    footprint = area.footprint
    if isinstance(footprint, Polygon):
        for ring in footprint.rings:
            if len(set(ring)) < len(ring):
                raise InvalidFootprint("the polygon has a vertex twice")
        require_sound(footprint)
        shape, area_km2 = "polygon", polygon_area_km2(footprint)
    elif isinstance(footprint, Circle):
        shape, area_km2 = "circle", circle_area_km2(footprint.radius_m)
    else:
        shape, area_km2 = "circle", EARTH_KM2
    if area_km2 > limits.most_area_km2:
        raise InvalidFootprint(
            f"the {shape}'s {area_km2:,.0f} km² are more than {limits.most_area_km2:,.0f} km²",
            remedy="Narrow the area, or ask for its parts one after the other.",
        )


def circle_area_km2(radius_m: float) -> float:
    """The area inside a circle, a cap of the sphere of the ellipsoid's area."""
    angle = min(math.pi, radius_m / 1_000.0 / MEAN_RADIUS_KM)
    return EARTH_KM2 * math.sin(angle / 2.0) ** 2


def polygon_area_km2(polygon: Polygon) -> float:
    """The area inside a polygon's outer ring, on the sphere of the ellipsoid's area."""
    ring = polygon.rings[0]
    area = abs(_excess_of_few(ring) if len(ring) <= _FEW else _excess_of_many(ring))
    return min(area, 4.0 * math.pi - area) * MEAN_RADIUS_KM**2


def _excess_of_few(ring: Sequence[Position]) -> float:
    """The signed area of a ring on the unit sphere, as a fan of triangles from its first vertex.

    By differences from that vertex, so that a ring of some metres keeps its digits.
    """
    (fx, fy, fz), *others = (_unit(each) for each in ring)
    excess = 0.0
    for (ax, ay, az), (bx, by, bz) in pairwise(others):
        ux, uy, uz = ax - fx, ay - fy, az - fz
        wx, wy, wz = bx - fx, by - fy, bz - fz
        volume = fx * (uy * wz - uz * wy) + fy * (uz * wx - ux * wz) + fz * (ux * wy - uy * wx)
        across = 1.0 + (ax * fx + ay * fy + az * fz) + (bx * fx + by * fy + bz * fz)
        excess += math.atan2(volume, across + (ax * bx + ay * by + az * bz))
    return 2.0 * excess


def _unit(position: Position) -> tuple[float, float, float]:
    latitude = math.radians(position.latitude_deg)
    longitude = math.radians(position.longitude_deg)
    across = math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)


def _excess_of_many(ring: Sequence[Position]) -> float:
    """`_excess_of_few`, all triangles at once."""
    degrees = np.array([(each.latitude_deg, each.longitude_deg) for each in ring])
    unit = normals(degrees[:, 0], degrees[:, 1])
    first, one, other = unit[0], unit[1:-1], unit[2:]
    volume = np.cross(one - first, other - first) @ first
    across = 1.0 + one @ first + other @ first + np.einsum("ij,ij->i", one, other)
    return float(2.0 * np.arctan2(volume, across).sum())
