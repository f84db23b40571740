"""Cities of the world, to say a position in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keepclear.model.volume import Position
from keepclear.ports.world import Place

NEAREST_WITHIN_M = 500_000.0
"""Beyond this a place says nothing of a position."""
EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth; a sphere is near enough to choose among places.
Source: Moritz, Geodetic Reference System 1980, table 2 (R1)."""


class CityGazetteer:
    """Places by name, position and population; fits the `Gazetteer` port."""

    def __init__(
        self,
        names: Sequence[str],
        countries: Sequence[str],
        latitudes_deg: NDArray[np.float64],
        longitudes_deg: NDArray[np.float64],
        populations: NDArray[np.int64],
    ) -> None:
        """Take the places as columns of one length, in any order.

        Raises:
            ValueError: the columns differ in length.
        """
        columns = (names, countries, latitudes_deg, longitudes_deg, populations)
        if len({len(column) for column in columns}) > 1:
            raise ValueError("the gazetteer's columns differ in length")
        order = np.argsort(-populations, kind="stable")
        self._names = [names[index] for index in order]
        self._countries = [countries[index] for index in order]
        self._latitudes_deg = latitudes_deg[order]
        self._longitudes_deg = longitudes_deg[order]
        self._populations = populations[order]
        self._units = _unit_vectors(self._latitudes_deg, self._longitudes_deg)

    def __len__(self) -> int:
        """How many places there are."""
        return len(self._names)

    def nearest(self, position: Position) -> Place | None:
        """The nearest place; None where none lies within 500 km."""
        if not self._names:
            return None
        here = _unit_vectors(np.array([position.latitude_deg]), np.array([position.longitude_deg]))[
            0
        ]
        chord = np.sqrt(((self._units - here) ** 2).sum(axis=1))
        index = int(np.argmin(chord))
        distance_m = 2.0 * EARTH_RADIUS_M * np.arcsin(min(1.0, chord[index] / 2.0))
        return self._place(index) if distance_m <= NEAREST_WITHIN_M else None

    def within(
        self, south_deg: float, west_deg: float, north_deg: float, east_deg: float
    ) -> tuple[Place, ...]:
        """Places inside the box, most populous first; empty where there are none.

        A box whose west is greater than its east crosses the antimeridian.
        """
        east_of_west = self._longitudes_deg >= west_deg
        west_of_east = self._longitudes_deg <= east_deg
        inside = (
            east_of_west & west_of_east if west_deg <= east_deg else east_of_west | west_of_east
        )
        inside &= (self._latitudes_deg >= south_deg) & (self._latitudes_deg <= north_deg)
        return tuple(self._place(int(index)) for index in np.flatnonzero(inside))

    def _place(self, index: int) -> Place:
        return Place(
            self._names[index],
            self._countries[index],
            Position(float(self._latitudes_deg[index]), float(self._longitudes_deg[index])),
            int(self._populations[index]),
        )


def _unit_vectors(
    latitudes_deg: NDArray[np.float64], longitudes_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Directions from the Earth's centre on a sphere, shape (N, 3)."""
    latitude_rad, longitude_rad = np.radians(latitudes_deg), np.radians(longitudes_deg)
    return np.stack(
        (
            np.cos(latitude_rad) * np.cos(longitude_rad),
            np.cos(latitude_rad) * np.sin(longitude_rad),
            np.sin(latitude_rad),
        ),
        axis=1,
    )
