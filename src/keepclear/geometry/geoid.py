"""How far mean sea level lies above the ellipsoid, from a grid of geoid heights.

The grid comes as an argument; `data/loading.py` reads the EGM96 grid that ships with
keepclear. Between grid points heights are bilinear. On a 15-minute grid that departs from
EGM96's spherical harmonics by about 4 cm as a rule and by little more than a metre at the
worst place on Earth (GeographicLib documentation, "Geoid height", table of errors).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from keepclear.errors import InvalidFootprint

if TYPE_CHECKING:
    from numpy.typing import NDArray


class GeoidGrid:
    """Geoid heights anywhere on Earth; fits the `Geoid` port.

    Source:
        Lemoine et al., NASA/TP-1998-206861 (EGM96), for the shipped heights.
    """

    def __init__(self, height_m: NDArray[np.floating]) -> None:
        """Take a worldwide grid of geoid heights.

        Args:
            height_m: metres above WGS84, shape (rows, columns), evenly spaced: rows from
                90° north to 90° south, both poles included; columns eastward from the
                180th meridian, which is not repeated at the end.

        Raises:
            ValueError: fewer than two rows or columns.
        """
        if height_m.ndim != 2 or min(height_m.shape) < 2:
            raise ValueError(f"a geoid grid of shape {height_m.shape} does not span the Earth")
        self._height_m = height_m
        self._rows_per_deg = (height_m.shape[0] - 1) / 180.0
        self._columns_per_deg = height_m.shape[1] / 360.0

    def undulation_m(
        self, latitude_deg: NDArray[np.float64], longitude_deg: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Geoid heights above WGS84, element by element.

        Args:
            latitude_deg: geodetic latitudes within ±90°, any shape.
            longitude_deg: longitudes, any turn; broadcast against the latitudes.

        Returns:
            Metres, of the broadcast shape.

        Raises:
            InvalidFootprint: a coordinate is not a number, or a latitude beyond a pole.
        """
        latitude = np.asarray(latitude_deg, dtype=np.float64)
        longitude = np.asarray(longitude_deg, dtype=np.float64)
        if not (np.all(np.abs(latitude) <= 90.0) and np.all(np.isfinite(longitude))):
            raise InvalidFootprint("a geoid height was asked for at no place on Earth")
        rows, columns = self._height_m.shape
        southward = (90.0 - latitude) * self._rows_per_deg
        eastward = np.mod(longitude + 180.0, 360.0) * self._columns_per_deg
        north = np.minimum(southward.astype(np.intp), rows - 2)
        west = np.minimum(eastward.astype(np.intp), columns - 1)
        east = (west + 1) % columns
        to_south, to_east = southward - north, eastward - west
        upper = self._between(north, west, east, to_east)
        lower = self._between(north + 1, west, east, to_east)
        return np.asarray(upper + (lower - upper) * to_south, dtype=np.float64)

    def _between(
        self,
        row: NDArray[np.intp],
        west: NDArray[np.intp],
        east: NDArray[np.intp],
        to_east: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        left = self._height_m[row, west].astype(np.float64)
        return np.asarray(left + (self._height_m[row, east] - left) * to_east)
