"""Land, borders and places under the map. Whoever calls a report loads them.

Borders are drawn without any position on their status.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from keepclear.ports.world import Place
from keepclear.reports.local import FloatArray, Projection, Region, along_great_circles, table
from keepclear.reports.place import EARTH_RADIUS_M

_MARGIN_M = 60_000.0
_SEAM_DEG = 179.9
_TURN_RAD = math.radians(6.0)


@dataclass(frozen=True, slots=True)
class Basemap:
    """What lies under the operations.

    Attributes:
        land: rings of land, shape (n, 2), latitude and longitude in degrees, filled by the
            even-odd rule; each edge goes the short way round, and each ring holds the side
            that is smaller than a hemisphere. They may be cut along ±180°.
        borders: lines between countries, same shape.
        places: cities, most populous first.
    """

    land: tuple[FloatArray, ...] = ()
    borders: tuple[FloatArray, ...] = ()
    places: tuple[Place, ...] = ()

    def within(self, region: Region) -> Basemap:
        """The part that a map of the region can show; whole rings and lines stay whole."""
        projection = Projection(region.centre)
        reach_m = region.radius_m + _MARGIN_M

        def near(line: FloatArray) -> bool:
            away_m = np.hypot(*projection.flat(line).T)
            return bool(np.any(away_m <= reach_m))

        away_m = np.hypot(*projection.flat(table(place.position for place in self.places)).T)
        places = away_m <= reach_m
        centre = (region.centre.latitude_deg, region.centre.longitude_deg)
        return Basemap(
            tuple(ring for ring in self.land if near(_dense(ring)) or encloses(ring, *centre)),
            tuple(line for line in self.borders if near(line)),
            tuple(place for place, is_near in zip(self.places, places, strict=True) if is_near),
        )


def _unrolled(ring: FloatArray) -> FloatArray:
    """The ring closed, shape (n + 1, 2), its longitudes running on past ±180°."""
    closed = np.concatenate([ring, ring[:1]])
    return np.stack([closed[:, 0], np.unwrap(closed[:, 1], period=360.0)], axis=-1)


def _dense(ring: FloatArray) -> FloatArray:
    """Add points on long edges, as they run in the plane of longitude and latitude."""
    closed = _unrolled(ring)
    lengths = np.max(np.abs(np.diff(closed, axis=0)), axis=1)
    steps = np.ceil(lengths).clip(1, 400).astype(np.int64)
    if int(steps.max()) == 1:
        return ring
    index = np.repeat(np.arange(len(steps)), steps)
    share = np.concatenate([np.arange(n) / n for n in steps])[:, None]
    dense: FloatArray = closed[index] * (1.0 - share) + closed[index + 1] * share
    return dense


def encloses(ring: FloatArray, latitude_deg: float, longitude_deg: float) -> bool:
    """Tell whether a ring of land holds a point: the side smaller than a hemisphere."""
    closed = _unrolled(ring)
    if abs(closed[-1, 1] - closed[0, 1]) > 180.0:
        pole = math.copysign(90.0, float(closed[:, 0].mean()))
        ends = [[pole, closed[-1, 1]], [pole, closed[0, 1]], closed[0]]
        closed = np.concatenate([closed, np.array(ends)])
    lat, lon = closed[:-1, 0], closed[:-1, 1]
    next_lat, next_lon = closed[1:, 0], closed[1:, 1]
    spans = (lat > latitude_deg) != (next_lat > latitude_deg)
    rise = np.where(spans, next_lat - lat, 1.0)
    crossing = lon + (latitude_deg - lat) / rise * (next_lon - lon)
    turns = (longitude_deg + 360.0 * k for k in range(-2, 3))
    return any(int(np.count_nonzero(spans & (turn < crossing))) % 2 for turn in turns)


def land_rings(ring: FloatArray, region: Region) -> tuple[FloatArray, ...]:
    """A ring of land as flat rings around the region's centre, to be filled even-odd.

    What lies beyond the region is pressed onto its rim, so that rings stay closed. A ring
    that holds the point opposite the centre gets the rim itself as a second ring: even-odd
    filling then turns out right.
    """
    projection = Projection(region.centre)
    flat = projection.flat(_dense(ring))
    rings = [_pressed(flat, region.radius_m)]
    opposite_lon = region.centre.longitude_deg % 360.0 - 180.0
    if encloses(ring, -region.centre.latitude_deg, opposite_lon):
        turn = np.linspace(0.0, 2.0 * math.pi, 120, endpoint=False)
        rings.append(region.radius_m * np.stack([np.sin(turn), np.cos(turn)], axis=-1))
    return tuple(rings)


def _pressed(flat: FloatArray, rim_m: float) -> FloatArray:
    """Press points beyond the rim onto it; drop the crowd, and follow the rim's curve."""
    away = np.hypot(flat[:, 0], flat[:, 1])
    outside = away > rim_m
    if not outside.any():
        return flat
    turns = np.arctan2(flat[:, 0], flat[:, 1])
    kept: list[tuple[float, float]] = []
    last_turn: float | None = None
    # The first point comes once more at the end, so that the way back to it bends too.
    for i in [*range(len(flat)), 0]:
        if not outside[i]:
            kept.append((float(flat[i, 0]), float(flat[i, 1])))
            last_turn = None
            continue
        arc = _arc(last_turn, float(turns[i]))
        kept.extend((rim_m * math.sin(turn), rim_m * math.cos(turn)) for turn in arc)
        last_turn = float(turns[i])
    return np.array(kept, np.float64)


def _arc(start: float | None, end: float) -> list[float]:
    if start is None:
        return [end]
    sweep = (end - start + math.pi) % (2.0 * math.pi) - math.pi
    count = max(1, math.ceil(abs(sweep) / _TURN_RAD))
    return [start + sweep * (i + 1) / count for i in range(count)]


def line_pieces(line: FloatArray, region: Region, *, closed: bool) -> tuple[FloatArray, ...]:
    """A line as flat pieces inside the region; edges along the cut at ±180° are left out.

    Args:
        line: positions, shape (n, 2).
        region: where it is drawn.
        closed: whether the last position joins the first (a coast).
    """
    whole = np.concatenate([line, line[:1]]) if closed else line
    flat = Projection(region.centre).flat(whole)
    inside = np.hypot(flat[:, 0], flat[:, 1]) <= min(
        region.radius_m, 0.8 * math.pi * EARTH_RADIUS_M
    )
    seam = np.abs(whole[:, 1]) >= _SEAM_DEG
    joined = (inside[:-1] | inside[1:]) & ~(seam[:-1] & seam[1:])
    pieces: list[FloatArray] = []
    start = 0
    for i in np.flatnonzero(~joined):
        if i > start:
            pieces.append(flat[start : i + 1])
        start = int(i) + 1
    if len(flat) - 1 > start:
        pieces.append(flat[start:])
    return tuple(pieces)


def drawn_line(line: FloatArray, region: Region) -> tuple[FloatArray, ...]:
    """A line of great circles, such as an agreed boundary, as flat pieces in the region."""
    return line_pieces(along_great_circles(line, closed=False), region, closed=False)
