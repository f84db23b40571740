"""Shapes as flat drawings around a centre; for pictures only, never for an answer.

The projection is azimuthal equidistant: distances and directions from the centre are true
(within 0.4 % far away), it has no seam at ±180° and none at the poles. Arrays of positions have
shape (n, 2), latitude and longitude in degrees; drawn points have shape (n, 2), metres
east and north of the centre.

Source: Snyder, "Map Projections: A Working Manual", USGS PP 1395, pp. 191-202.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position

FloatArray = NDArray[np.float64]

_SEMI_MAJOR_M = 6_378_137.0
_ECCENTRICITY2 = 0.006_694_379_990_14
"""WGS84. Source: NIMA TR8350.2, table 3.1 and 3.3."""

_STEP_RAD = math.radians(0.5)
"""Great circles are drawn with a point at least every half degree."""
_CIRCLE_POINTS = 120
_MOST_STEPS = 90


@dataclass(frozen=True, slots=True)
class Region:
    """The part of the earth a picture shows.

    Attributes:
        centre: its middle.
        east_m: how far it reaches to the east, and as far to the west.
        north_m: how far it reaches to the north, and as far to the south.
    """

    centre: Position
    east_m: float
    north_m: float

    @property
    def radius_m(self) -> float:
        """The distance from the centre to the corners."""
        return math.hypot(self.east_m, self.north_m)


class Projection:
    """Positions to metres east and north of a centre, and back.

    Near the centre lengths are those of the ellipsoid: its two radii there set the scale.
    """

    def __init__(self, centre: Position) -> None:
        self.centre = centre
        self._lat = math.radians(centre.latitude_deg)
        self._lon = math.radians(centre.longitude_deg)
        share = 1.0 - _ECCENTRICITY2 * math.sin(self._lat) ** 2
        prime_vertical_m = _SEMI_MAJOR_M / math.sqrt(share)
        meridian_m = prime_vertical_m * (1.0 - _ECCENTRICITY2) / share
        self._radii_m = np.array([prime_vertical_m, meridian_m])

    def flat(self, positions: FloatArray) -> FloatArray:
        """Positions, shape (n, 2), as metres east and north, shape (n, 2)."""
        lat = np.radians(positions[:, 0])
        turn = np.radians(positions[:, 1]) - self._lon
        along = np.cos(lat) * np.cos(turn)
        east = np.cos(lat) * np.sin(turn)
        north = math.cos(self._lat) * np.sin(lat) - math.sin(self._lat) * along
        towards = math.sin(self._lat) * np.sin(lat) + math.cos(self._lat) * along
        across = np.hypot(east, north)
        away = np.arctan2(across, towards)
        scale = np.divide(away, across, out=np.ones_like(across), where=across > 0.0)
        flat: FloatArray = np.stack([east * scale, north * scale], axis=-1) * self._radii_m
        return flat

    def point(self, position: Position) -> tuple[float, float]:
        """One position as metres east and north."""
        flat = self.flat(np.array([[position.latitude_deg, position.longitude_deg]]))
        return float(flat[0, 0]), float(flat[0, 1])

    def positions(self, flat: FloatArray) -> FloatArray:
        """The way back: metres east and north, shape (n, 2), as latitude and longitude."""
        turned = flat / self._radii_m
        angle = np.hypot(turned[:, 0], turned[:, 1])
        safe = np.where(angle > 0.0, angle, 1.0)
        east, north = turned[:, 0] / safe, turned[:, 1] / safe
        sin_lat = np.cos(angle) * math.sin(self._lat) + north * np.sin(angle) * math.cos(self._lat)
        lat = np.arcsin(np.clip(sin_lat, -1.0, 1.0))
        turn = np.arctan2(
            east * np.sin(angle),
            math.cos(self._lat) * np.cos(angle) - north * math.sin(self._lat) * np.sin(angle),
        )
        lon = np.mod(np.degrees(self._lon + turn) + 180.0, 360.0) - 180.0
        return np.stack([np.degrees(lat), lon], axis=-1)


def table(positions: Iterable[Position]) -> FloatArray:
    """Positions as an array of shape (n, 2)."""
    return np.array([(p.latitude_deg, p.longitude_deg) for p in positions], np.float64).reshape(
        -1, 2
    )


def along_great_circles(positions: FloatArray, *, closed: bool) -> FloatArray:
    """The same line or ring with points added, so that straight pieces follow great circles."""
    normals = _normals(positions)
    following = np.roll(normals, -1, axis=0)
    if not closed:
        normals, following = normals[:-1], following[:-1]
    cosine = np.clip(np.sum(normals * following, axis=1), -1.0, 1.0)
    angle = np.arccos(cosine)
    steps = np.clip(np.ceil(angle / _STEP_RAD), 1, _MOST_STEPS).astype(np.int64)
    if len(steps) == int(steps.sum()):
        return positions
    index = np.repeat(np.arange(len(steps)), steps)
    share = np.concatenate([np.arange(n) / n for n in steps])
    sine = np.sin(angle)[index]
    close = sine < 1e-9
    safe = np.where(close, 1.0, sine)
    first = np.where(close, 1.0 - share, np.sin((1.0 - share) * angle[index]) / safe)
    second = np.where(close, share, np.sin(share * angle[index]) / safe)
    points = first[:, None] * normals[index] + second[:, None] * following[index]
    dense = np.stack(
        [
            np.degrees(np.arctan2(points[:, 2], np.hypot(points[:, 0], points[:, 1]))),
            np.degrees(np.arctan2(points[:, 1], points[:, 0])),
        ],
        axis=-1,
    )
    return dense if closed else np.concatenate([dense, positions[-1:]])


def _normals(positions: FloatArray) -> FloatArray:
    lat, lon = np.radians(positions[:, 0]), np.radians(positions[:, 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def middle_of(positions: FloatArray) -> Position:
    """A position in the middle of others, wherever on the globe they are."""
    x, y, z = (float(value) for value in _normals(positions).sum(axis=0))
    if math.hypot(x, y, z) < 1e-9:
        return Position(float(positions[0, 0]), float(positions[0, 1]))
    return Position(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))


def outline(footprint: Footprint) -> tuple[FloatArray, ...]:
    """The rings around a footprint as positions: the outer one first, then the holes."""
    if isinstance(footprint, Polygon):
        return tuple(along_great_circles(table(ring), closed=True) for ring in footprint.rings)
    if isinstance(footprint, Circle):
        return (_circle_outline(footprint),)
    return _corridor_outline(footprint)


def _circle_outline(circle: Circle) -> FloatArray:
    from pyproj import Geod  # takes a tenth of a second to import

    bearings_deg = np.linspace(0.0, 360.0, _CIRCLE_POINTS, endpoint=False)
    longitude_deg, latitude_deg, _ = Geod(ellps="WGS84").fwd(
        np.full(_CIRCLE_POINTS, circle.centre.longitude_deg),
        np.full(_CIRCLE_POINTS, circle.centre.latitude_deg),
        bearings_deg,
        np.full(_CIRCLE_POINTS, circle.radius_m),
    )
    return np.stack([latitude_deg, longitude_deg], axis=-1)


def _corridor_outline(corridor: Corridor) -> tuple[FloatArray, ...]:
    import shapely  # slow to import, and needed for drawings only

    line = along_great_circles(table(corridor.centreline), closed=False)
    projection = Projection(middle_of(line))
    shape = shapely.LineString(projection.flat(line)).buffer(corridor.half_width_m, quad_segs=12)
    parts = [shape.exterior, *shape.interiors]
    return tuple(projection.positions(np.asarray(part.coords)[:-1]) for part in parts)


def thinned(points: FloatArray, apart: float) -> FloatArray:
    """The same line with points left out that lie closer than `apart` to the one before.

    First and last stay. For drawings: nothing that could be seen is lost.
    """
    if len(points) < 3:
        return points
    keep = np.ones(len(points), np.bool_)
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    bucket = np.floor(travelled / apart)
    keep[1:-1] = bucket[1:-1] != bucket[:-2]
    return points[keep]
