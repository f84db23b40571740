"""Lengths, altitudes, bands and durations as people type and read them.

Every quantity carries its unit, and every altitude its reference: neither is guessed.
The `typed_...` writers and `duration_text` are exact: reading their text gives the same value.
The other `..._text` printers round for people.

Source: units as in `keepclear.units`; flight level, QNH and QFE as in ICAO Doc 8168 and the
units of ICAO Annex 5; the spelling is keepclear's own (docs/reference/typed.md).
"""

from __future__ import annotations

import math
import re
import string
from decimal import Decimal

from keepclear.errors import InvalidAltitude, InvalidInput
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.units import M_PER_FT, M_PER_KM, M_PER_NM, feet, flight_level_m, nautical_miles

LONGEST_S = 100 * 366 * 86_400.0
"""A century; a longer duration is a mistake in units."""
MOST_CHARACTERS = 1_500
"""The longest quantity that is read: the smallest float, four times over, needs no more."""

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
_LENGTH_UNITS_M = {
    "M": 1.0,
    "METRE": 1.0,
    "METRES": 1.0,
    "KM": M_PER_KM,
    "FT": M_PER_FT,
    "FEET": M_PER_FT,
    "NM": M_PER_NM,
    "NMI": M_PER_NM,
}
_DURATION_UNITS_S = {
    "D": 86_400.0,
    "DAY": 86_400.0,
    "DAYS": 86_400.0,
    "H": 3_600.0,
    "HR": 3_600.0,
    "MIN": 60.0,
    "S": 1.0,
    "SEC": 1.0,
}
_REFERENCES = {
    "STD": AltitudeReference.STD,
    "QNH": AltitudeReference.QNH,
    "QFE": AltitudeReference.QFE,
    "AGL": AltitudeReference.AGL,
    "HAE": AltitudeReference.HAE,
    "W84": AltitudeReference.HAE,
    "WGS84": AltitudeReference.HAE,
}
_HEIGHT_UNIT = r"M|METRES?|FT|FEET|KM"
_ALTITUDE = (
    r"(?P<{0}surface>SFC|GND)"
    r"|FL ?(?P<{0}level>[0-9]{{1,3}}(?:\.[0-9]+)?)(?: ?(?P<{0}level_reference>[A-Z][A-Z0-9]*))?"
    rf"|(?P<{{0}}sign>[-+]?)(?P<{{0}}number>{_NUMBER.replace('{', '{{').replace('}', '}}')})"
    rf"(?: ?(?P<{{0}}unit>{_HEIGHT_UNIT}))?"
    r"(?: (?P<{0}reference>[A-Z][A-Z0-9]*)"
    r"(?: (?:(?P<{0}datum_word>GROUND|ELEVATION) )?"
    r"(?P<{0}datum_sign>-?)(?P<{0}datum>[0-9.,]+) ?"
    rf"(?P<{{0}}datum_unit>{_HEIGHT_UNIT}))?)?"
)
_ONE_LENGTH = re.compile(rf"({_NUMBER}) ?([A-Z]+)")
_ONE_ALTITUDE = re.compile(_ALTITUDE.format(""))
_ONE_BAND = re.compile(
    rf"(?:{_ALTITUDE.format('lower_')})(?: ?- ?| TO )(?:{_ALTITUDE.format('upper_')})"
)
_DURATION_PART = re.compile(rf"({_NUMBER}) ?([A-Z]+)(?: |(?=[0-9])|$)")

_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_HYPHENS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{HYPHEN}": "-"})
_MEAN_SEA_LEVEL = frozenset({"MSL", "AMSL", "ASL"})
_ALTITUDE_REMEDY = (
    "Write for example FL240, 24000 ft STD, 4500 ft QNH, 1200 m QFE 48 m, 300 ft AGL, 850 m HAE, "
    "SFC or GND."
)
_BAND_REMEDY = (
    "Write the lower altitude, a hyphen and the upper one: FL240-FL260, SFC-FL245, "
    "1000-2500 ft QNH, 300 ft AGL - 2500 ft QNH."
)
_MSL_REMEDY = "Say QNH for what an altimeter shows, or HAE for a height from GNSS."


def parse_length_m(text: str) -> float:
    """Read a length with its unit: "3 NM", "3,000 ft", "5.5 km", "900 m"; in metres.

    Units may be in small or capital letters: m and M are metres, NM and nmi nautical miles.

    Raises:
        InvalidInput: no unit, an unknown one, below zero, or not a number; give both.
    """
    example = "Write a number and a unit: 3 NM, 5.5 km, 900 m or 3,000 ft."
    tidy = _tidied(text)
    found = _ONE_LENGTH.fullmatch(tidy)
    if found is None:
        why = "below zero" if tidy.startswith("-") else "not a number with a unit"
        raise InvalidInput(f"the length {_quoted(text)} is {why}", remedy=example)
    unit_m = _LENGTH_UNITS_M.get(found[2])
    if unit_m is None:
        raise InvalidInput(f"the length {_quoted(text)} has an unknown unit", remedy=example)
    length_m = _number(found[1]) * unit_m
    if not math.isfinite(length_m):
        raise InvalidInput(f"the length {_quoted(text)} is beyond all numbers", remedy=example)
    return length_m


def parse_altitude(text: str) -> Altitude:
    """Read an altitude with its reference, e.g. "FL240" or "300 ft AGL ground 450 m".

    SFC and GND are zero above ground. A height after QFE is the aerodrome's elevation, one
    after AGL the height of the ground, both above mean sea level.

    Raises:
        InvalidAltitude: no reference, an unknown one, or nothing of the kind. MSL is refused
            because it does not say whether an altimeter or GNSS is meant.
    """
    found = _ONE_ALTITUDE.fullmatch(_tidied(text))
    if found is None:
        raise _unreadable_altitude(text)
    return _altitude(found, "", text)


def parse_band(text: str) -> AltitudeBand:
    """Read a band of height, lower altitude first: "FL240-FL260", "1000-2500 ft QNH".

    A lower number without a reference takes that of the upper, with the unit where it has
    none; never a flight level's.

    Raises:
        InvalidAltitude: an altitude cannot be read, or the band is upside down.
    """
    found = _ONE_BAND.fullmatch(_tidied(text))
    if found is None:
        if _ONE_ALTITUDE.fullmatch(_tidied(text)):
            raise InvalidAltitude(f"{_quoted(text)} is one altitude, not two", remedy=_BAND_REMEDY)
        raise InvalidAltitude(
            f"the altitude band {_quoted(text)} cannot be read", remedy=_BAND_REMEDY
        )
    upper = _altitude(found, "upper_", text)
    borrows = found["lower_number"] is not None and found["lower_reference"] is None
    if not borrows:
        return AltitudeBand(_altitude(found, "lower_", text), upper)
    if found["upper_reference"] is None:
        raise InvalidAltitude(
            f"the lower altitude of {_quoted(text)} has no reference", remedy=_BAND_REMEDY
        )
    lower_m = _height_m(found, "lower_", found["lower_unit"] or found["upper_unit"])
    return AltitudeBand(Altitude(lower_m, upper.reference, upper.datum_m), upper)


def parse_duration_s(text: str) -> float:
    """Read a duration: "90 s", "15 min", "6 h", "2 d" or "1 h 30 min"; in seconds.

    Raises:
        InvalidInput: no unit, a unit twice or a smaller one first, or nothing of the kind. A
            plain m is refused: it could be a metre.
    """
    remedy = "Write for example 90 s, 15 min, 6 h, 2 d or 1 h 30 min."
    tidy = _tidied(text)
    refusal = InvalidInput(f"the duration {_quoted(text)} cannot be read", remedy=remedy)
    total_s, smallest_s, at = 0.0, float("inf"), 0
    while at < len(tidy):
        part = _DURATION_PART.match(tidy, at)
        unit_s = _DURATION_UNITS_S.get(part[2]) if part else None
        if part is None or unit_s is None or unit_s >= smallest_s:
            raise refusal
        total_s += _number(part[1]) * unit_s
        smallest_s, at = unit_s, part.end()
    if at == 0:
        raise refusal
    if total_s > LONGEST_S:
        raise InvalidInput(f"the duration {_quoted(text)} is longer than a century", remedy=remedy)
    return total_s


def length_text(length_m: float) -> str:
    """A length for people, in both units, rounded: "5 NM (9.26 km)", "0.49 NM (900 m)".

    For a separation use `units.shown_separation_nm`, which rounds towards danger.
    """
    miles = nautical_miles(length_m)
    metric = f"{length_m:,.0f} m" if length_m < M_PER_KM else f"{_short(length_m / M_PER_KM, 2)} km"
    return f"{_short(miles, 2 if miles >= 0.1 else 4)} NM ({metric})"


def altitude_text(altitude: Altitude) -> str:
    """An altitude for people, feet and metres, rounded: "FL240 (7,315 m STD)"."""
    reference = altitude.reference
    if reference is AltitudeReference.AGL and altitude.value_m == 0.0 and altitude.datum_m is None:
        return "SFC (0 m AGL)"
    level = _flight_level(altitude)
    shown = f"FL{level:03d}" if level is not None else f"{_rounded(feet(altitude.value_m))} ft"
    text = f"{shown} ({_rounded(altitude.value_m)} m {reference})"
    if altitude.datum_m is None:
        return text
    what = "aerodrome" if reference is AltitudeReference.QFE else "ground"
    return (
        f"{text}, {what} at {_rounded(feet(altitude.datum_m))} ft ({_rounded(altitude.datum_m)} m)"
    )


def band_text(band: AltitudeBand) -> str:
    """A band for people: "FL240 (7,315 m STD) to FL260 (7,925 m STD)"."""
    return f"{altitude_text(band.lower)} to {altitude_text(band.upper)}"


def typed_length(length_m: float) -> str:
    """A length as `parse_length_m` reads it back exactly: "5 NM", "3000 ft", "850 m"."""
    for unit, unit_m in (("NM", M_PER_NM), ("m", 1.0), ("ft", M_PER_FT)):
        text = plain(round(length_m / unit_m, 3))
        if float(text) * unit_m == length_m:
            return f"{text} {unit}"
    return f"{plain(length_m)} m"


def typed_altitude(altitude: Altitude) -> str:
    """An altitude as `parse_altitude` reads it back exactly: "FL240", "300 ft AGL"."""
    reference = altitude.reference
    level = _flight_level(altitude)
    if level is not None:
        return f"FL{level:03d}"
    if reference is AltitudeReference.AGL and altitude.value_m == 0.0 and altitude.datum_m is None:
        return "SFC"
    text = f"{_typed_height(altitude.value_m)} {reference}"
    if altitude.datum_m is None:
        return text
    word = " ground" if reference is AltitudeReference.AGL else ""
    return f"{text}{word} {_typed_height(altitude.datum_m)}"


def typed_band(band: AltitudeBand) -> str:
    """A band as `parse_band` reads it back exactly: "FL240-FL260", "SFC - 2500 ft QNH"."""
    lower, upper = typed_altitude(band.lower), typed_altitude(band.upper)
    return f"{lower} - {upper}" if " " in lower + upper else f"{lower}-{upper}"


def duration_text(duration_s: float) -> str:
    """A duration as `parse_duration_s` reads it back exactly: "1 h 30 min", "0.5 s".

    Raises:
        InvalidInput: below zero.
    """
    if duration_s < 0.0:
        raise InvalidInput(f"a duration of {duration_s} s is below zero")
    if duration_s != int(duration_s):
        return f"{plain(duration_s)} s"
    parts, left_s = [], int(duration_s)
    for unit, unit_s in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left_s = divmod(left_s, unit_s)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def plain(number: float) -> str:
    """The shortest decimal text that reads back as exactly this number, without an exponent."""
    text = f"{Decimal(repr(number)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def capitals(text: str) -> str:
    """The text in capitals and with single spaces, ready to be read by any of these grammars.

    Only ASCII is capitalised: other letters would turn into some that nobody typed.
    """
    return " ".join(text.translate(_CAPITALS).split())


def _altitude(found: re.Match[str], prefix: str, text: str) -> Altitude:
    if found[f"{prefix}surface"]:
        return Altitude(0.0, AltitudeReference.AGL)
    if (level := found[f"{prefix}level"]) is not None:
        reference = found[f"{prefix}level_reference"]
        if reference not in (None, "STD"):
            raise InvalidAltitude(
                f"a flight level counts from STD, not {reference}, in {_quoted(text)}",
                remedy=_ALTITUDE_REMEDY,
            )
        return Altitude(flight_level_m(float(level)), AltitudeReference.STD)
    if found[f"{prefix}unit"] is None:
        raise InvalidAltitude(
            f"an altitude in {_quoted(text)} has no unit", remedy=_ALTITUDE_REMEDY
        )
    reference = _reference(found[f"{prefix}reference"], text)
    value_m = _height_m(found, prefix, found[f"{prefix}unit"])
    return Altitude(value_m, reference, _datum_m(found, prefix, reference, text))


def _height_m(found: re.Match[str], prefix: str, unit: str) -> float:
    value_m = _number(found[f"{prefix}number"]) * _LENGTH_UNITS_M[unit]
    return -value_m if found[f"{prefix}sign"] == "-" else value_m


def _reference(word: str | None, text: str) -> AltitudeReference:
    if word is None:
        raise InvalidAltitude(
            f"an altitude in {_quoted(text)} has no reference", remedy=_ALTITUDE_REMEDY
        )
    if word in _MEAN_SEA_LEVEL:
        raise InvalidAltitude(
            f"{word} in {_quoted(text)} does not say how the altitude is measured",
            remedy=_MSL_REMEDY,
        )
    if word not in _REFERENCES:
        raise InvalidAltitude(
            f"{word} in {_quoted(text)} is not an altitude reference", remedy=_ALTITUDE_REMEDY
        )
    return _REFERENCES[word]


def _datum_m(
    found: re.Match[str], prefix: str, reference: AltitudeReference, text: str
) -> float | None:
    digits = found[f"{prefix}datum"]
    if digits is None:
        return None
    expected = {AltitudeReference.AGL: ("GROUND",), AltitudeReference.QFE: ("ELEVATION", None)}
    if found[f"{prefix}datum_word"] not in expected.get(reference, ()) or not re.fullmatch(
        _NUMBER, digits
    ):
        raise _unreadable_altitude(text)
    datum_m = _number(digits) * _LENGTH_UNITS_M[found[f"{prefix}datum_unit"]]
    return -datum_m if found[f"{prefix}datum_sign"] else datum_m


def _unreadable_altitude(text: str) -> InvalidAltitude:
    return InvalidAltitude(f"the altitude {_quoted(text)} cannot be read", remedy=_ALTITUDE_REMEDY)


def _flight_level(altitude: Altitude) -> int | None:
    """The whole flight level the altitude is, but for the last digits of a float; or None."""
    if altitude.reference is not AltitudeReference.STD or not math.isfinite(altitude.value_m):
        return None
    level = round(feet(altitude.value_m) / 100.0)
    is_one = 0 <= level <= 999 and math.isclose(
        flight_level_m(level), altitude.value_m, rel_tol=1e-12, abs_tol=0.0
    )
    return level if is_one else None


def _typed_height(height_m: float) -> str:
    size_m, sign = abs(height_m), "-" if height_m < 0.0 else ""
    for unit, unit_m, decimals in (("ft", M_PER_FT, 0), ("m", 1.0, 3), ("ft", M_PER_FT, 3)):
        text = plain(round(size_m / unit_m, decimals))
        if float(text) * unit_m == size_m:
            return f"{sign}{text} {unit}"
    return f"{sign}{plain(size_m)} m"


def _tidied(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(f"{len(text)} characters are too many for a quantity: {_quoted(text)}")
    return capitals(text).translate(_HYPHENS)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _number(digits: str) -> float:
    return float(digits.replace(",", ""))


def _short(number: float, decimals: int) -> str:
    text = f"{number:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(number: float) -> str:
    text = f"{number:,.0f}"
    return "0" if text == "-0" else text
