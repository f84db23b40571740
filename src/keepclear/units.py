"""Feet, nautical miles, knots, flight levels and their like, to and from SI.

Used where text meets people: formats, reports, api and cli. Inside, everything is SI.
"""

from __future__ import annotations

import math

M_PER_FT = 0.3048
"""International foot. Source: International yard and pound agreement, 1959."""
M_PER_NM = 1_852.0
"""International nautical mile. Source: First International Extraordinary Hydrographic
Conference, Monaco 1929; ICAO Annex 5, table 3-3."""
M_PER_KM = 1_000.0
MPS_PER_KT = M_PER_NM / 3_600.0
PA_PER_HPA = 100.0
PA_PER_MMHG = 133.322_387_415
"""Conventional millimetre of mercury. Source: BIPM SI Brochure, 8th edition, table 8."""
FT_PER_FL = 100.0


def feet(length_m: float) -> float:
    """Metres as feet."""
    return length_m / M_PER_FT


def nautical_miles(length_m: float) -> float:
    """Metres as nautical miles."""
    return length_m / M_PER_NM


def flight_level_m(flight_level: float) -> float:
    """A flight level as pressure altitude in metres: the decimal number that people write."""
    return round(flight_level * FT_PER_FL * M_PER_FT, 6)


def shown_separation_nm(length_m: float) -> float:
    """A distance for people: tenths of a mile, rounded down, which is towards danger."""
    return math.floor(nautical_miles(length_m) * 10.0 + 1e-6) / 10.0


def shown_separation_ft(length_m: float) -> float:
    """A height difference for people: hundreds of feet, rounded down, towards danger."""
    return math.floor(feet(length_m) / 100.0 + 1e-6) * 100.0
