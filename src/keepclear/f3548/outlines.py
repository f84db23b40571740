"""A volume as F3548 can write it: never smaller than it is, and what that costs.

The interface has circles, and polygons without holes. A corridor becomes a polygon around it,
a hole is filled. Edges in a gnomonic plane are great circles, so only the rounding of bends
and the plane's stretch have to be made up for, and both are made up for outwards.

Source: Snyder, "Map Projections: A Working Manual", USGS PP 1395, pp. 164-168 (gnomonic).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from keepclear.errors import InvalidFootprint
from keepclear.formats.f3548 import Volume4D, volume4d_of
from keepclear.geometry.footprint import require_sound
from keepclear.geometry.geodesy import SEMI_MINOR_M, FloatArray, normals, position_of
from keepclear.geometry.plane import distortion, lift, project, set_plane
from keepclear.model.volume import Corridor, Footprint, Polygon, Position, Volume

_BENDS = 8
"""Edges to a quarter turn around a bend."""
_WORST_STRETCH = 0.1


class Outlined(NamedTuple):
    """A volume as it is written.

    Attributes:
        extent: holds the whole volume.
        losses: what is not as it was, for a person; empty where it is written exactly.
    """

    extent: Volume4D
    losses: tuple[str, ...]


def outlined(volume: Volume) -> Outlined:
    """Write a volume, made wider where the interface has no such shape.

    Raises:
        InvalidInput: a height that does not count from the ellipsoid, or a corridor too long
            for one plane; split it.
    """
    footprint, losses = _plain(volume.footprint)
    return Outlined(volume4d_of(replace(volume, footprint=footprint)), losses)


def _plain(footprint: Footprint) -> tuple[Footprint, tuple[str, ...]]:
    if isinstance(footprint, Corridor):
        return _around(footprint), ("The corridor is written as a polygon slightly wider.",)
    if isinstance(footprint, Polygon) and len(footprint.rings) > 1:
        return Polygon(footprint.rings[:1]), ("The polygon is written without its holes.",)
    return footprint, ()


def _around(corridor: Corridor) -> Polygon:
    import shapely  # slow to import, and needed here only

    degrees = np.array([(p.latitude_deg, p.longitude_deg) for p in corridor.centreline])
    unit = normals(degrees[:, 0], degrees[:, 1])
    plane, flat = np.empty((3, 3)), np.empty((len(unit), 2))
    middle = unit.sum(0)
    set_plane(middle / np.linalg.norm(middle), plane)
    stretch = _stretch(project(unit, 0, len(unit), plane, flat), corridor.half_width_m)
    width_m = corridor.half_width_m * (1.0 + stretch) / math.cos(math.pi / (4 * _BENDS))
    ring = shapely.get_coordinates(
        shapely.buffer(shapely.linestrings(flat), width_m, quad_segs=_BENDS).exterior
    )
    around = Polygon((_lifted(plane, ring[:-1]),))
    require_sound(around)
    return around


def _stretch(least_cosine: float, half_width_m: float) -> float:
    """How far lengths in the plane may be off anywhere on the corridor, as a share.

    Raises:
        InvalidFootprint: too far; split the corridor.
    """
    reach_rad = math.acos(min(1.0, max(-1.0, least_cosine))) + 1.05 * half_width_m / SEMI_MINOR_M
    stretch = distortion(math.cos(reach_rad)) if reach_rad < 1.0 else math.inf
    if stretch > _WORST_STRETCH:
        raise InvalidFootprint(
            "the corridor is too long to be written as one polygon",
            remedy="Split it into several volumes.",
        )
    return float(stretch)


def _lifted(plane: FloatArray, ring: FloatArray) -> tuple[Position, ...]:
    normal = np.empty(3)
    places = []
    for x, y in ring.tolist():
        lift(plane, x, y, normal)
        places.append(position_of(normal))
    return tuple(dict.fromkeys(places))
