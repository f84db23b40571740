"""How the region lies on the map: units of the drawing, and the grid of degrees."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from keepclear.model.volume import Position
from keepclear.reports.local import FloatArray, Projection, Region
from keepclear.reports.place import EARTH_RADIUS_M

WIDTH = 1_000.0
HEIGHT = 720.0
_BEYOND = 2.4
"""Land and lines are drawn this much farther than the map opens, for zooming out."""
_EDGE = 45.0
"""A label of the grid stands at the edge where its line leaves the map."""
_STEPS_DEG = (1 / 12, 1 / 6, 1 / 4, 1 / 2, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)


@dataclass(frozen=True, slots=True)
class View:
    """The map's drawing plane: x to the right, y down, 1,000 by 720 units.

    Attributes:
        region: what the map opens on, all of it visible.
    """

    region: Region

    @property
    def m_per_unit(self) -> float:
        """How many metres one unit of the drawing is, true at the centre."""
        return max(2.0 * self.region.east_m / WIDTH, 2.0 * self.region.north_m / HEIGHT)

    @property
    def beyond(self) -> Region:
        """The larger region that is drawn, so that the map can be moved and zoomed out."""
        most = 0.6 * math.pi * EARTH_RADIUS_M
        half = self.m_per_unit / 2.0 * _BEYOND
        return Region(self.region.centre, min(half * WIDTH, most), min(half * HEIGHT, most))

    @property
    def projection(self) -> Projection:
        """From positions to metres around the centre."""
        return Projection(self.region.centre)

    def drawn(self, flat: FloatArray) -> FloatArray:
        """Metres east and north as units of the drawing, shape (n, 2)."""
        scale = 1.0 / self.m_per_unit
        return np.stack(
            [WIDTH / 2.0 + flat[:, 0] * scale, HEIGHT / 2.0 - flat[:, 1] * scale], axis=-1
        )

    def positions(self, positions: FloatArray) -> FloatArray:
        """Positions, shape (n, 2) in degrees, as units of the drawing."""
        return self.drawn(self.projection.flat(positions))

    def point(self, position: Position) -> tuple[float, float]:
        """One position in units of the drawing."""
        drawn = self.positions(np.array([[position.latitude_deg, position.longitude_deg]]))
        return float(drawn[0, 0]), float(drawn[0, 1])


@dataclass(frozen=True, slots=True)
class GridLine:
    """A parallel or a meridian: its label, its points and where the label stands."""

    label: str
    points: FloatArray
    at: tuple[float, float] | None


def grid_lines(view: View) -> Iterator[GridLine]:
    """The parallels and meridians of the map, about five of each."""
    spread = 2.0 * max(view.m_per_unit * HEIGHT / 2.0, 1.0) / EARTH_RADIUS_M
    step_deg = _step(math.degrees(spread) / 4.0)
    centre = view.region.centre
    reach_deg = math.degrees(view.beyond.radius_m / EARTH_RADIUS_M)
    south = max(-90.0, centre.latitude_deg - reach_deg)
    north = min(90.0, centre.latitude_deg + reach_deg)
    has_pole = south <= -89.0 or north >= 89.0
    across = max(math.cos(math.radians(min(89.0, abs(centre.latitude_deg)))), 0.02)
    turn_step_deg = 30.0 if has_pole else _step(step_deg / across)
    turn_deg = 180.0 if has_pole else min(180.0, reach_deg / max(0.02, _least_cosine(south, north)))
    turns = np.linspace(-turn_deg, turn_deg, 181) + centre.longitude_deg
    for k in range(math.ceil(south / step_deg), math.floor(north / step_deg) + 1):
        if abs(k * step_deg) > 89.99:
            continue  # a pole is a point
        parallel = np.stack([np.full_like(turns, k * step_deg), turns], axis=-1)
        yield _line(view, parallel, _degrees(k * step_deg, "NS"), left=True)
    rows = np.linspace(south, min(north, 90.0), 91)
    first = math.ceil((centre.longitude_deg - turn_deg) / turn_step_deg)
    last = math.floor((centre.longitude_deg + turn_deg) / turn_step_deg)
    for k in range(first, last + 1):
        lon = (k * turn_step_deg + 180.0) % 360.0 - 180.0
        meridian = np.stack([rows, np.full_like(rows, lon)], axis=-1)
        yield _line(view, meridian, _degrees(lon, "EW"), left=False)


def _least_cosine(south: float, north: float) -> float:
    return math.cos(math.radians(min(89.0, max(abs(south), abs(north)))))


def _step(most_deg: float) -> float:
    return max((step for step in _STEPS_DEG if step <= most_deg), default=_STEPS_DEG[0])


def _line(view: View, positions: FloatArray, label: str, *, left: bool) -> GridLine:
    points = view.positions(positions)
    inside = (
        (points[:, 0] >= 0)
        & (points[:, 0] <= WIDTH)
        & (points[:, 1] >= 0)
        & (points[:, 1] <= HEIGHT)
    )
    seen = points[inside]
    if not len(seen):
        return GridLine(label, points, None)
    x, y = (float(value) for value in seen[seen[:, 0].argmin() if left else seen[:, 1].argmax()])
    is_ring = left and len(seen) == len(points)
    is_at_edge = x < _EDGE if left else y > HEIGHT - _EDGE
    return GridLine(label, points, (x, y) if is_ring or is_at_edge else None)


def _degrees(angle_deg: float, letters: str) -> str:
    whole, minutes = divmod(round(abs(angle_deg) * 60.0), 60)
    letter = letters[0] if angle_deg >= 0.0 else letters[1]
    if angle_deg == 0.0 or (letters == "EW" and whole == 180):
        letter = ""
    return f"{whole}°{minutes:02}′{letter}" if minutes else f"{whole}°{letter}"
