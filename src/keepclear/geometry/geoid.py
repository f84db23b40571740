"""How far mean sea level lies above the ellipsoid, from a grid of geoid heights.

The grid comes as an argument; `data/loading.py` reads the EGM96 grid that ships with
keepclear. Between grid points heights are bilinear. On a 15-minute grid that departs from
EGM96's spherical harmonics by about 4 cm as a rule and by little more than a metre at the
worst place on Earth (GeographicLib documentation, "Geoid height", table of errors).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from keepclear.errors import InvalidFootprint
from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import FloatArray


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
        self._height_m = np.ascontiguousarray(height_m, np.float64)

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
        latitude, longitude = np.broadcast_arrays(
            np.asarray(latitude_deg, np.float64), np.asarray(longitude_deg, np.float64)
        )
        found_m = np.empty(latitude.size)
        if not _interpolate(self._height_m, latitude.flatten(), longitude.flatten(), found_m):
            raise InvalidFootprint("a geoid height was asked for at no place on Earth")
        return found_m.reshape(latitude.shape)


@kernel
def _interpolate(
    height_m: FloatArray, latitude_deg: FloatArray, longitude_deg: FloatArray, found_m: FloatArray
) -> bool:
    """Write bilinear heights into `found_m`; False where a coordinate is no place on Earth."""
    rows, columns = height_m.shape
    for i in range(len(found_m)):
        if not (abs(latitude_deg[i]) <= 90.0 and math.isfinite(longitude_deg[i])):
            return False
        southward = (90.0 - latitude_deg[i]) * ((rows - 1) / 180.0)
        eastward = ((longitude_deg[i] + 180.0) % 360.0) * (columns / 360.0)
        north, west = min(int(southward), rows - 2), min(int(eastward), columns - 1)
        east = (west + 1) % columns
        to_south, to_east = southward - north, eastward - west
        upper_m = height_m[north, west] + (height_m[north, east] - height_m[north, west]) * to_east
        lower_m = height_m[north + 1, west]
        lower_m += (height_m[north + 1, east] - lower_m) * to_east
        found_m[i] = upper_m + (lower_m - upper_m) * to_south
    return True
