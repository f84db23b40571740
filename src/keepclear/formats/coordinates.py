"""Positions as people type, read and speak them: one of four notations, never a mixture.

Decimal degrees, degrees and minutes, degrees minutes and seconds, and MGRS. What could be
read in two ways is refused. Other datums and grids are left to whoever converts them.

Source: keepclear's own grammar (docs/reference/typed.md). It holds the packed form of ICAO
Doc 4444, Appendix 2 (4620N07805W), and the symbols of ISO 6709, Annex D; MGRS is that of
NGA.STND.0037, through the `mgrs` package.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from keepclear.errors import InvalidCoordinates
from keepclear.formats import grid_squares
from keepclear.formats.quantities import capitals, plain
from keepclear.model.volume import Position

MOST_CHARACTERS = 1_000
"""The longest position that is read; the longest exact one is shorter."""

_LATITUDE_STEP_M = 111_694.0
"""A degree of latitude at the poles, where it is longest on WGS84."""
_LONGITUDE_STEP_M = 111_320.0
"""A degree of longitude on the equator, where it is longest."""

_SYMBOLS = str.maketrans(
    {
        "\N{MASCULINE ORDINAL INDICATOR}": "°",
        "\N{PRIME}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{DOUBLE PRIME}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{MINUS SIGN}": "-",
    }
)
_ALLOWED = re.compile(r"[ -~°]*")
_BETWEEN = r" ?[,;/]? ?"
_BODY = r"[0-9](?:[0-9.°'\" ]*[0-9.°'\"])?"
_LETTER_FIRST = re.compile(rf"([NSEW]) ?({_BODY}){_BETWEEN}([NSEW]) ?({_BODY})")
_LETTER_LAST = re.compile(rf"({_BODY}) ?([NSEW]){_BETWEEN}({_BODY}) ?([NSEW])")
_SIGNED = re.compile(r"([-+]?[0-9]{1,2}\.([0-9]+)) ?, ?([-+]?[0-9]{1,3}\.([0-9]+))")
_SIGNED_LOOSE = re.compile(r"[-+]?[0-9.]+(?: ?[,;/] ?| )[-+]?[0-9.]+")
_DIGITS_ONLY = re.compile(r"([0-9]+)(?:\.([0-9]+))?°?")
_MINUTES = re.compile(r"([0-9]{1,3})(?:° ?| )([0-9]{1,2})(?:\.([0-9]+))?'?")
_SECONDS = re.compile(
    r"([0-9]{1,3})(?:° ?| )([0-9]{1,2})(?:' ?| )([0-9]{1,2})(?:\.([0-9]+))?(?:\"|'')?"
)


class Notation(StrEnum):
    """The way a position is written."""

    DECIMAL = "decimal degrees"
    MINUTES = "degrees and minutes"
    SECONDS = "degrees, minutes and seconds"
    MGRS = "MGRS"


_UNIT_DEG = {Notation.DECIMAL: 1.0, Notation.MINUTES: 1 / 60, Notation.SECONDS: 1 / 3_600}


@dataclass(frozen=True, slots=True)
class TypedPosition:
    """A position with what its text says of its precision.

    Attributes:
        position: the point; for MGRS the centre of the stated square.
        notation: how it was written.
        places: decimals of the last unit, the fewer of the two; for MGRS the digits of
            easting and of northing each (5 is one metre).
        rounding_m: how far the point that was meant may lie from `position`, at most.
    """

    position: Position
    notation: Notation
    places: int
    rounding_m: float


@dataclass(frozen=True, slots=True)
class _Half:
    """A latitude or a longitude: its hemisphere letter and what stood with it."""

    letter: str
    value_deg: float
    notation: Notation
    places: int


def parse_position(text: str) -> Position:
    """Read a position in any one notation; a pair of signed numbers is latitude first.

    Raises:
        InvalidCoordinates: it cannot be read without guessing; the message says why.
    """
    return read_position(text).position


def read_position(text: str) -> TypedPosition:
    """Read a position and say in which notation and how precisely it was written.

    Raises:
        InvalidCoordinates: it cannot be read without guessing; the message says why.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidCoordinates(f"{len(text):,} characters are too many for a position")
    tidy = capitals(text.translate(_SYMBOLS))
    if not _ALLOWED.fullmatch(tidy):
        raise InvalidCoordinates(f"the position {text!r} has characters that belong to no notation")
    if (square := grid_squares.read(tidy)) is not None:
        rounding_m = worst_rounding_m(Notation.MGRS, square.digits)
        return TypedPosition(square.centre, Notation.MGRS, square.digits, rounding_m)
    if found := _SIGNED.fullmatch(tidy):
        halves = _signed_half(found[1], "N", "S"), _signed_half(found[3], "E", "W")
    elif found := _LETTER_FIRST.fullmatch(tidy):
        halves = _half(found[1], found[2]), _half(found[3], found[4])
    elif found := _LETTER_LAST.fullmatch(tidy):
        halves = _half(found[2], found[1]), _half(found[4], found[3])
    else:
        raise InvalidCoordinates(f"the position {text!r} {_why_unreadable(tidy)}")
    return _joined(*halves, text)


def worst_rounding_m(notation: Notation, places: int) -> float:
    """How far a point may lie from its text, at most, anywhere on Earth; in metres.

    Args:
        notation: how it is written.
        places: decimals of the last unit; for MGRS the digits of easting and northing each.
    """
    if notation is Notation.MGRS:
        return 10.0 ** (5 - places) * math.sqrt(0.5) / grid_squares.LEAST_SCALE
    half_deg = 0.5 * _UNIT_DEG[notation] * 10.0**-places
    return half_deg * math.hypot(_LATITUDE_STEP_M, _LONGITUDE_STEP_M)


def position_texts(position: Position) -> tuple[str, str]:
    """Say a position in the two notations of a readback: "35.4011N 035.9487E", "35 24 04N ...".

    The first is true to 8 m, the second to 22 m: see `worst_rounding_m`.
    """
    return position_decimal(position), position_dms(position)


def position_decimal(position: Position, decimals: int = 4) -> str:
    """Write decimal degrees: "35.4011N 035.9487E"."""
    width = decimals + (1 if decimals else 0)
    latitude, longitude = abs(position.latitude_deg), abs(position.longitude_deg)
    return _lettered(
        position, f"{latitude:0{2 + width}.{decimals}f}", f"{longitude:0{3 + width}.{decimals}f}"
    )


def position_dm(position: Position, decimals: int = 3) -> str:
    """Write degrees and minutes: "35 24.066N 035 56.922E"."""
    halves = []
    for value_deg, digits in ((position.latitude_deg, 2), (position.longitude_deg, 3)):
        scale = 10**decimals
        degrees, units = divmod(round(abs(value_deg) * 60 * scale), 60 * scale)
        halves.append(f"{degrees:0{digits}d} {_fixed(units, decimals)}")
    return _lettered(position, *halves)


def position_dms(position: Position, decimals: int = 0) -> str:
    """Write degrees, minutes and seconds: "35 24 04N 035 56 55E"."""
    halves = []
    for value_deg, digits in ((position.latitude_deg, 2), (position.longitude_deg, 3)):
        scale = 10**decimals
        minutes, units = divmod(round(abs(value_deg) * 3_600 * scale), 60 * scale)
        degrees, minutes = divmod(minutes, 60)
        halves.append(f"{degrees:0{digits}d} {minutes:02d} {_fixed(units, decimals)}")
    return _lettered(position, *halves)


def position_mgrs(position: Position, digits: int = 5) -> str:
    """Write the MGRS square that holds a position: "36S YD 67766 22083".

    Args:
        position: the point.
        digits: of easting and of northing each, 1 (10 km) to 5 (1 m).
    """
    return grid_squares.holding(position, digits)


def typed_position(position: Position) -> str:
    """Write a position as `parse_position` reads it back exactly, in decimal degrees."""
    halves = []
    for value_deg, digits in ((position.latitude_deg, 2), (position.longitude_deg, 3)):
        whole, _, fraction = plain(abs(value_deg)).partition(".")
        halves.append(f"{whole:0>{digits}}" + (f".{fraction}" if fraction else ""))
    return _lettered(position, *halves)


def _lettered(position: Position, latitude: str, longitude: str) -> str:
    north = "S" if position.latitude_deg < 0.0 else "N"
    east = "W" if position.longitude_deg < 0.0 else "E"
    return f"{latitude}{north} {longitude}{east}"


def _fixed(units: int, decimals: int) -> str:
    whole, fraction = divmod(units, 10**decimals)
    return f"{whole:02d}.{fraction:0{decimals}d}" if decimals else f"{whole:02d}"


def _signed_half(number: str, positive: str, negative: str) -> _Half:
    letter = negative if number.startswith("-") else positive
    places = len(number.partition(".")[2])
    return _Half(letter, abs(float(number)), Notation.DECIMAL, places)


def _half(letter: str, body: str) -> _Half:
    """Read one number with its letter; the count of digits tells packed notations apart."""
    if found := _SECONDS.fullmatch(body):
        return _sexagesimal(letter, body, found[1], found[2], found[3], found[4] or "")
    if found := _MINUTES.fullmatch(body):
        return _sexagesimal(letter, body, found[1], found[2], None, found[3] or "")
    found = _DIGITS_ONLY.fullmatch(body)
    if found is None:
        raise InvalidCoordinates(f"{body!r} before or after {letter} cannot be read")
    whole, decimals = found[1], found[2] or ""
    most = 2 if letter in "NS" else 3
    if len(whole) <= most:
        value_deg = float(f"{whole}.{decimals or '0'}")
        return _Half(letter, value_deg, Notation.DECIMAL, len(decimals))
    degrees, rest = whole[:most], whole[most:]
    if "°" not in body and len(rest) == 2:
        return _sexagesimal(letter, body, degrees, rest, None, decimals)
    if "°" not in body and len(rest) == 4:
        return _sexagesimal(letter, body, degrees, rest[:2], rest[2:], decimals)
    raise InvalidCoordinates(
        f"{body}{letter} has {len(whole)} digits: a {_name(letter)} has {most} for degrees, "
        f"{most + 2} with minutes, {most + 4} with seconds"
    )


def _sexagesimal(
    letter: str, body: str, degrees: str, minutes: str, seconds: str | None, decimals: str
) -> _Half:
    most = 2 if letter in "NS" else 3
    last = float(f"{minutes if seconds is None else seconds}.{decimals or '0'}")
    if len(degrees) > most:
        raise InvalidCoordinates(f"{body}{letter} has more than {most} digits for degrees")
    if int(minutes) >= 60:
        raise InvalidCoordinates(f"{body}{letter} has {minutes} minutes; there are 60 in a degree")
    if last >= 60.0:
        raise InvalidCoordinates(f"{body}{letter} has {seconds} seconds; there are 60 in a minute")
    if seconds is None:
        return _Half(letter, int(degrees) + last / 60.0, Notation.MINUTES, len(decimals))
    value_deg = int(degrees) + (int(minutes) * 60 + last) / 3_600.0
    return _Half(letter, value_deg, Notation.SECONDS, len(decimals))


def _joined(first: _Half, second: _Half, text: str) -> TypedPosition:
    """Put a latitude and a longitude together, in either order, of one notation."""
    names = _name(first.letter), _name(second.letter)
    if names[0] == names[1]:
        raise InvalidCoordinates(f"the position {text!r} has two {names[0]}s")
    if first.notation is not second.notation:
        raise InvalidCoordinates(
            f"the position {text!r} mixes {first.notation} with {second.notation}"
        )
    latitude, longitude = (first, second) if first.letter in "NS" else (second, first)
    for half, most_deg in ((latitude, 90.0), (longitude, 180.0)):
        if half.value_deg > most_deg:
            raise InvalidCoordinates(
                f"the {_name(half.letter)} in {text!r} is more than {most_deg:.0f} degrees"
            )
    position = Position(
        -latitude.value_deg if latitude.letter == "S" else latitude.value_deg,
        -longitude.value_deg if longitude.letter == "W" else longitude.value_deg,
    )
    places = min(first.places, second.places)
    return TypedPosition(position, first.notation, places, worst_rounding_m(first.notation, places))


def _why_unreadable(tidy: str) -> str:
    if _SIGNED_LOOSE.fullmatch(tidy):
        return (
            "has no hemisphere letters; a signed pair is latitude, comma, longitude, "
            "each with a decimal point"
        )
    letters = len(re.findall("[NSEW]", tidy))
    if letters == 1 and re.fullmatch(r"[-+0-9.,;/°'\" NSEW]*", tidy):
        return "has one hemisphere letter; both numbers need theirs"
    return "is in no notation that is known, or has something left over"


def _name(letter: str) -> str:
    return "latitude" if letter in "NS" else "longitude"
