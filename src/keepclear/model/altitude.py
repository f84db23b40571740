"""Heights with their reference: the number alone means nothing.

FL350 may be 850 m off its true height on a hot day, and a height above ground says
nothing about the sea. So an altitude is a number and the surface it is counted from,
and a band may have one reference below and another above (from the ground to FL245).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from keepclear.errors import InvalidAltitude

LOWEST_M = -1_000.0
"""Below the Dead Sea shore by a wide margin: anything lower is a mistake in units."""
HIGHEST_M = 100_000.0
"""The usual edge of airspace (100 km): anything higher is a mistake in units."""


class AltitudeReference(StrEnum):
    """The surface an altitude is counted from."""

    STD = "STD"
    """Pressure altitude, 1013.25 hPa; a flight level times 100 ft."""
    QNH = "QNH"
    """Altitude above mean sea level as an altimeter on local QNH shows it."""
    QFE = "QFE"
    """Height above a named aerodrome, as an altimeter on its QFE shows it."""
    AGL = "AGL"
    """Height above the ground below."""
    HAE = "HAE"
    """Height above the WGS84 ellipsoid; F3548 calls it W84."""


@dataclass(frozen=True, slots=True)
class Altitude:
    """A height and the surface it is counted from.

    Attributes:
        value_m: metres above the reference surface.
        reference: that surface.
        datum_m: for QFE the aerodrome's elevation, for AGL the height of the ground, both
            in metres above mean sea level; None where it was not given (the altitude can
            then be compared only with one of the very same reference). Others have none.

    Raises:
        InvalidAltitude: not finite, outside -1,000 m .. 100 km, or a datum where none belongs.
    """

    value_m: float
    reference: AltitudeReference
    datum_m: float | None = None

    def __post_init__(self) -> None:
        for number in (self.value_m, self.datum_m if self.datum_m is not None else 0.0):
            if not math.isfinite(number) or not LOWEST_M <= number <= HIGHEST_M:
                raise InvalidAltitude(f"altitude of {number} m is not between -1,000 m and 100 km")
        has_datum = self.reference in (AltitudeReference.QFE, AltitudeReference.AGL)
        if self.datum_m is not None and not has_datum:
            raise InvalidAltitude(f"{self.reference} altitudes have no ground or aerodrome height")

    def same_surface(self, other: Altitude) -> bool:
        """Tell whether two altitudes may be compared number by number."""
        if self.reference is not other.reference:
            return False
        return self.reference is not AltitudeReference.QFE or (
            self.datum_m is not None and self.datum_m == other.datum_m
        )


@dataclass(frozen=True, slots=True)
class AltitudeBand:
    """A closed interval of height.

    Attributes:
        lower: its bottom.
        upper: its top; may have another reference (ground to FL245).

    Raises:
        InvalidAltitude: both bounds count from one surface and the band is upside down.
    """

    lower: Altitude
    upper: Altitude

    def __post_init__(self) -> None:
        if self.lower.same_surface(self.upper) and self.lower.value_m > self.upper.value_m:
            raise InvalidAltitude(
                f"the band is upside down: lower {self.lower.value_m:.0f} m is above "
                f"upper {self.upper.value_m:.0f} m ({self.lower.reference})"
            )
