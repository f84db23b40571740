"""Clock, chance, and the shape and places of the earth.

Each method says what absence means. Engines never see a port: services call it and hand
the value on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from keepclear.model.volume import Position


class Clock(Protocol):
    """The wall clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC. Never absent."""
        ...


@runtime_checkable
class TurnableClock(Clock, Protocol):
    """The clock of an exercise, which can be set; never that of a REAL node."""

    def turn_to(self, at: datetime) -> None:
        """Go on from another moment."""
        ...


class Entropy(Protocol):
    """Where identifiers come from."""

    def new_id(self) -> str:
        """A fresh UUID version 4. Never absent, never the same twice."""
        ...

    def new_bytes(self, count: int) -> bytes:
        """So many bytes nobody can guess. Never absent."""
        ...


class Geoid(Protocol):
    """How far mean sea level lies above the ellipsoid."""

    def undulation_m(
        self, latitude_deg: NDArray[np.float64], longitude_deg: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Geoid heights above WGS84, element by element. Defined everywhere, never absent."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer.

    Attributes:
        name: its name in Latin letters.
        country: ISO 3166 two-letter code.
        position: where it is.
        population: how many live there; decides what small maps label.
    """

    name: str
    country: str
    position: Position
    population: int


class Gazetteer(Protocol):
    """Known places, to say a position in words."""

    def nearest(self, position: Position) -> Place | None:
        """The nearest place of the gazetteer; None where none lies within 500 km."""
        ...

    def within(
        self, south_deg: float, west_deg: float, north_deg: float, east_deg: float
    ) -> tuple[Place, ...]:
        """Places inside the box, most populous first; empty where there are none.

        A box whose west is greater than its east crosses the antimeridian.
        """
        ...
