"""The lattice that answers at L1 and L2 are drawn on.

Its nodes stand two grids apart. An edge anywhere between two nodes leads to the same answers,
so whoever asks, however often, is left with an interval two grids wide: no estimate is surer
than one grid. That is why no budget has to be perfect.

Source: our own construction; domain study of keepclear, 5e (quantised answer) and 5h.8; the
bounds are argued in docs/adr/0021-answers-without-disclosure.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from keepclear.model.agreement import Agreement, DisclosureLimits
from keepclear.model.altitude import HIGHEST_M, LOWEST_M
from keepclear.model.volume import Position
from keepclear.model.window import Window

PER_GRID = 2
"""So many grids stand between two nodes."""
FARTHEST_DEG = 85.0
"""Nearer to a pole the lattice bends too much; nothing is answered there."""
REACH = 1.5
"""A snapped position lies at most this many grids away: half a diagonal is 1.42, the rest is
room for the shape of the Earth."""

_METRES_PER_DEG = 110_500.0
"""Less than any degree of latitude has, so that nodes are never too far apart."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lattice:
    """Where nodes stand in space, height and time.

    Attributes:
        grid_m: what no estimate on the ground is surer than.
        grid_height_m: likewise of heights.
        grid_time_s: likewise of times.
    """

    grid_m: float
    grid_height_m: float
    grid_time_s: float

    @property
    def pitch_m(self) -> float:
        """How far apart nodes stand."""
        return PER_GRID * self.grid_m

    @property
    def pitch_height_m(self) -> float:
        """How far apart they stand in height."""
        return PER_GRID * self.grid_height_m

    @property
    def pitch_time_s(self) -> float:
        """How far apart they stand in time."""
        return PER_GRID * self.grid_time_s

    def width_m(self, width_m: float) -> float:
        """A width that holds the true one wherever its middle was snapped to."""
        return _up(width_m + REACH * self.grid_m, self.pitch_m)

    def node(self, position: Position) -> Position:
        """The node nearest to a position; at most `REACH` grids away."""
        step_deg = self.pitch_m / _METRES_PER_DEG
        latitude_deg = round(position.latitude_deg / step_deg) * step_deg
        across_deg = self.across_deg(latitude_deg)
        longitude_deg = round(position.longitude_deg / across_deg) * across_deg
        return Position(max(-90.0, min(90.0, latitude_deg)), wrapped_deg(longitude_deg))

    def across_deg(self, latitude_deg: float) -> float:
        """How many degrees of longitude lie between two nodes of a parallel."""
        lean = max(math.cos(math.radians(latitude_deg)), math.cos(math.radians(FARTHEST_DEG + 2)))
        return self.pitch_m / (_METRES_PER_DEG * lean)

    def below_m(self, height_m: float) -> float:
        """The height of the node below, inside what altitudes may be."""
        return max(LOWEST_M, _down(height_m, self.pitch_height_m))

    def above_m(self, height_m: float) -> float:
        """The height of the node above, inside what altitudes may be."""
        return min(HIGHEST_M, _up(height_m, self.pitch_height_m))

    def around(self, window: Window) -> Window:
        """The least window between nodes that holds another."""
        start_s = _down((window.start - _EPOCH).total_seconds(), self.pitch_time_s)
        end_s = _up((window.end - _EPOCH).total_seconds(), self.pitch_time_s)
        return Window(_EPOCH + timedelta(seconds=start_s), _EPOCH + timedelta(seconds=end_s))


def lattice_of(limits: DisclosureLimits) -> Lattice:
    """The lattice that an agreement's grid makes."""
    return Lattice(limits.grid_m, limits.grid_height_m, limits.grid_time_s)


def limits_of(agreement: Agreement) -> DisclosureLimits:
    """An agreement's limits; the usual ones where it does not speak of them."""
    return agreement.disclosure_limits or DisclosureLimits()


def wrapped_deg(longitude_deg: float) -> float:
    """A longitude inside ±180°."""
    return (longitude_deg + 180.0) % 360.0 - 180.0 if abs(longitude_deg) > 180.0 else longitude_deg


def _down(value: float, pitch: float) -> float:
    return math.floor(value / pitch) * pitch


def _up(value: float, pitch: float) -> float:
    return math.ceil(value / pitch) * pitch
