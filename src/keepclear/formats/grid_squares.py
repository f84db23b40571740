"""MGRS squares, strictly: what the `mgrs` package would let pass or warn of is refused here.

The package accepts squares that lie in another latitude band or far outside their zone,
and digits of any grouping. A square must touch the grid zone that its text names.

Source: NGA.STND.0037 (2014), The Universal Grids and MGRS: lettering, latitude bands, and
the irregular zones of bands V and X. The point of a square is its centre, a deviation from
NGA.STND.0037, where digits name the south-west corner: the centre halves the greatest error.
"""

from __future__ import annotations

import math
import re
import warnings
from dataclasses import dataclass

import mgrs
from mgrs.core import MGRSError

from keepclear.errors import InvalidCoordinates
from keepclear.model.volume import Position

_SQUARE = re.compile(
    r"(?:([0-9]{1,2})([C-HJ-NP-X])|([ABYZ])) ?([A-HJ-NP-Z]{2})(?: ?([0-9]+)(?: ([0-9]+))?)?"
)
LEAST_SCALE = 0.993_99
"""Grid metres per metre at the poles (UPS, 0.994), where they are fewest, rounded down."""

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_DEGREE_M = 111_000.0
# 1 mm: so near south of the equator the package rounds the northing up to 10,000 km and
# then names a square that does not exist.
_TOO_NEAR_EQUATOR_DEG = 1e-8
_DIGITS_REMEDY = (
    "Give as many digits for the easting as for the northing, 1 to 5 each: 36S YD 67766 22083."
)

# The warning says that a square lies outside its band: `_require_touching` refuses those.
warnings.filterwarnings("ignore", message='Warning in "Convert_MGRS', category=RuntimeWarning)


@dataclass(frozen=True, slots=True)
class GridSquare:
    """An MGRS square.

    Attributes:
        centre: its centre.
        digits: of easting and of northing each, 1 (10 km) to 5 (1 m).
    """

    centre: Position
    digits: int


def read(tidy: str) -> GridSquare | None:
    """Read the square that a text in capitals names; None where it is not MGRS at all.

    Raises:
        InvalidCoordinates: it is MGRS, but the digits are uneven or missing, or there is no
            such square.
    """
    found = _SQUARE.fullmatch(tidy)
    if found is None:
        return None
    easting, northing = _digits(found[5], found[6], tidy)
    zone = int(found[1]) if found[1] else None
    band = found[2] or found[3]
    name = f"{zone:02d}{band}" if zone is not None else band
    try:
        latitude_deg, longitude_deg = mgrs.MGRS().toLatLon(f"{name}{found[4]}{easting}{northing}")
    except (MGRSError, RuntimeWarning):
        raise InvalidCoordinates(f"there is no MGRS square {tidy!r}") from None
    centre = Position(latitude_deg, math.remainder(longitude_deg, 360.0))
    _require_touching(centre, zone, band, 10.0 ** (5 - len(easting)), tidy)
    return GridSquare(centre, len(easting))


def holding(position: Position, digits: int) -> str:
    """Name the square of that many digits that holds a position: "36S YD 67766 22083".

    Raises:
        InvalidCoordinates: the digits are not 1 to 5.
    """
    if not 1 <= digits <= 5:
        raise InvalidCoordinates(
            f"an MGRS square of {digits} digits is not written", remedy=_DIGITS_REMEDY
        )
    latitude_deg = position.latitude_deg
    if -_TOO_NEAR_EQUATOR_DEG < latitude_deg < 0.0:
        latitude_deg = 0.0
    text: str = mgrs.MGRS().toMGRS(latitude_deg, position.longitude_deg, MGRSPrecision=digits)
    at = len(text) - 2 * digits
    return f"{text[: at - 2]} {text[at - 2 : at]} {text[at : at + digits]} {text[at + digits :]}"


def _digits(first: str | None, second: str | None, tidy: str) -> tuple[str, str]:
    if first is None:
        raise InvalidCoordinates(
            f"{tidy!r} names a square of 100 km; nothing says how precise it is meant",
            remedy=_DIGITS_REMEDY,
        )
    if second is None and len(first) % 2 == 0:
        first, second = first[: len(first) // 2], first[len(first) // 2 :]
    if second is None or len(first) != len(second) or len(first) > 5:
        raise InvalidCoordinates(
            f"the digits of {tidy!r} do not make an easting and a northing", remedy=_DIGITS_REMEDY
        )
    return first, second


def _require_touching(
    centre: Position, zone: int | None, band: str, size_m: float, tidy: str
) -> None:
    """Refuse a square that lies wholly outside the band or the zone of its name."""
    reach_m = size_m * math.sqrt(0.5) / LEAST_SCALE
    south_deg, north_deg = _band_limits(band)
    outside_deg = max(south_deg - centre.latitude_deg, centre.latitude_deg - north_deg)
    if outside_deg * _DEGREE_M > reach_m:
        raise InvalidCoordinates(f"there is no MGRS square {tidy!r} in band {band}")
    if zone is None:
        return
    west_deg, east_deg = _zone_limits(zone, band)
    middle_deg = (west_deg + east_deg) / 2
    from_middle_deg = abs(math.remainder(centre.longitude_deg - middle_deg, 360.0))
    outside_deg = from_middle_deg - (east_deg - west_deg) / 2
    if outside_deg * _DEGREE_M * math.cos(math.radians(centre.latitude_deg)) > reach_m:
        raise InvalidCoordinates(f"there is no MGRS square {tidy!r} in zone {zone}{band}")


def _band_limits(band: str) -> tuple[float, float]:
    if band in "AB":
        return -90.0, -80.0
    if band in "YZ":
        return 84.0, 90.0
    south_deg = -80.0 + 8.0 * _BANDS.index(band)
    return south_deg, 84.0 if band == "X" else south_deg + 8.0


def _zone_limits(zone: int, band: str) -> tuple[float, float]:
    irregular = {
        (31, "V"): (0.0, 3.0),
        (32, "V"): (3.0, 12.0),
        (31, "X"): (0.0, 9.0),
        (33, "X"): (9.0, 21.0),
        (35, "X"): (21.0, 33.0),
        (37, "X"): (33.0, 42.0),
    }
    return irregular.get((zone, band), (6.0 * zone - 186.0, 6.0 * zone - 180.0))
