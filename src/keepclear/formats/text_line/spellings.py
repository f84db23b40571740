"""How the value of a field is spelt in a text line, and read back strictly: one way for each kind.

Lengths and heights are spelt in both units, positions in two notations, with `=` between; the
second must agree with the first, or nothing is read. Times carry month and year. A corridor
says whether its width is half or full.

Source: keepclear's own grammar (docs/reference/text-lines.md); design 5 (positions, both units).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.coordinates import (
    Notation,
    position_decimal,
    position_dms,
    read_position,
    typed_position,
)
from keepclear.formats.documents.fields import moment, require_uuid
from keepclear.formats.documents.shapes import (
    VolumeDocument,
    altitude_from,
    band_document,
    position_document,
    volume_document,
    window_document,
    window_from,
)
from keepclear.formats.documents.strict import read_stored
from keepclear.formats.quantities import (
    capitals,
    duration_text,
    parse_band,
    parse_duration_s,
    parse_length_m,
    plain,
    typed_band,
    typed_length,
)
from keepclear.formats.strict_json import decoded_value
from keepclear.formats.text_line.escapes import escaped, unescaped
from keepclear.formats.times import dtg_text, iso_text, parse_time, parse_window, window_text
from keepclear.formats.typed import footprint_text, parse_footprint
from keepclear.model.altitude import AltitudeBand
from keepclear.model.volume import Circle, Corridor, Polygon, Position, Volume
from keepclear.units import M_PER_FT, M_PER_KM, M_PER_NM

_AGREE_M: Final = 1.0
"""Two spellings of a height in whole feet and whole metres agree within this."""
_OPERATION = re.compile(r"(.*) V([0-9]{1,10}) ID (\S+)", re.DOTALL)
_HEIGHTS = re.compile(r"(-?[0-9]{1,7}) TO (-?[0-9]{1,7}) (M|FT)")
_HALF = re.compile(
    r"(CORRIDOR (?:HALF|FULL) [0-9.,]+ ?[A-Z]+|.* R [0-9.,]+ ?[A-Z]+)"
    r" = ([0-9.]+ (?:KM|NM|M|FT))(.*)"
)
_YES: Final = {"YES": True, "NO": False}


class Spelling(NamedTuple):
    """How one kind of field is spelt.

    Attributes:
        write: its texts, one for each piece.
        read: the value of such texts; raises InvalidInput.
        many: whether there may be several pieces.
        shown: what stands there, for the reference page.
    """

    write: Callable[[Any], Sequence[str]]
    read: Callable[[Sequence[str]], JsonValue]
    shown: str
    many: bool = False


def written(kind: str, stored: Any) -> Sequence[str]:
    """A stored value as the texts of its pieces.

    Raises:
        InvalidMessage: the kind is not known, or the value is not of it.
    """
    try:
        return SPELLINGS[kind].write(stored)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise InvalidMessage(f"the value is no {kind:.40}") from None


def read(kind: str, texts: Sequence[str]) -> JsonValue:
    """The value that the texts of a field's pieces spell.

    Raises:
        InvalidInput: they spell none; the message says what is wrong.
    """
    spelling = SPELLINGS[kind]
    if len(texts) > 1 and not spelling.many:
        raise InvalidMessage("it stands more than once", remedy="Say it once.")
    return spelling.read(texts)


def positions_of(kind: str, stored: Any) -> tuple[Position, ...]:
    """Where a value lies: the position, or the first point of each volume; nothing for others."""
    if kind == "position":
        return (Position(stored["latitude_deg"], stored["longitude_deg"]),)
    if kind == "volumes":
        return tuple(_first_point(_volume(each)) for each in stored)
    return ()


def _one(write: Callable[[Any], str], read_one: Callable[[str], JsonValue], shown: str) -> Spelling:
    return Spelling(lambda stored: (write(stored),), lambda texts: read_one(texts[0]), shown)


def _each(
    write: Callable[[Any], str], read_one: Callable[[str], JsonValue], shown: str
) -> Spelling:
    def write_all(stored: Any) -> Sequence[str]:
        return [write(each) for each in stored]

    def read_all(texts: Sequence[str]) -> JsonValue:
        return [read_one(each) for each in texts]

    return Spelling(write_all, read_all, shown, many=True)


def _read_word(text: str) -> str:
    return " ".join(text.split()).lower()


def _write_position(stored: Any) -> str:
    position = Position(stored["latitude_deg"], stored["longitude_deg"])
    first = _own_text(str(stored.get("text", "")), position) or typed_position(position)
    is_decimal = read_position(first).notation is Notation.DECIMAL
    second = position_dms(position, 1) if is_decimal else position_decimal(position, 5)
    return f"{first} = {second}"


def _own_text(text: str, position: Position) -> str:
    """The text a position was typed as, where it names exactly that position."""
    try:
        tidy = capitals(text)
        same = read_position(tidy).position == position and "|" not in tidy and "=" not in tidy
    except InvalidInput:
        return ""
    return tidy if same and tidy.isascii() else ""


def _read_position(text: str) -> JsonValue:
    first, second = _both(text, "Write a position in two notations: 35.71N 035.95E = 35 42 36N ...")
    one, other = read_position(first), read_position(second)
    if one.notation is other.notation:
        raise InvalidMessage(
            "both spellings are in one notation", remedy="Write the second in another notation."
        )
    _require_near(one.position, other.position, one.rounding_m + other.rounding_m, first, second)
    return {**position_document(one.position), "text": capitals(first)}


def _require_near(one: Position, other: Position, within_m: float, first: str, second: str) -> None:
    """Refuse two spellings of different places; a flat reckoning is near enough for that."""
    north_m = (one.latitude_deg - other.latitude_deg) * 111_694.0
    east_deg = (one.longitude_deg - other.longitude_deg + 180.0) % 360.0 - 180.0
    if max(abs(north_m), _across_m(one, east_deg)) > within_m + 1.0:
        raise InvalidMessage(
            f"{first:.60} and {second:.60} are not one place",
            remedy="Read both aloud, and ask which is right.",
        )


def _across_m(at: Position, east_deg: float) -> float:
    nearest_pole_deg = max(0.0, 90.0 - abs(at.latitude_deg))
    return abs(east_deg) * 111_320.0 * min(1.0, nearest_pole_deg * 0.01746)


def _write_band(stored: Any) -> str:
    return _band_text(AltitudeBand(altitude_from(stored["lower"]), altitude_from(stored["upper"])))


def _band_text(band: AltitudeBand) -> str:
    first = typed_band(band)
    unit, unit_m = _other_unit(first)
    low, high = (round(each.value_m / unit_m) for each in (band.lower, band.upper))
    return f"{first} = {low} TO {high} {unit}"


def _other_unit(first: str) -> tuple[str, float]:
    has_metres = re.search(r"[0-9] m\b", first, re.IGNORECASE) is not None
    return ("FT", M_PER_FT) if has_metres else ("M", 1.0)


def _read_band(text: str) -> JsonValue:
    return band_document(_band_of(text))


def _band_of(text: str) -> AltitudeBand:
    first, second = _both(text, "Write heights in both units: FL240-FL260 = 7315 TO 7925 M.")
    band, found = parse_band(first), _HEIGHTS.fullmatch(capitals(second))
    unit, _ = _other_unit(first)
    if found is None or found[3] != unit:
        raise InvalidMessage(
            f"{second:.60!r} does not say the heights again",
            remedy=f"Write both in {unit}: 7315 TO 7925 {unit}.",
        )
    unit_m = 1.0 if unit == "M" else M_PER_FT
    for said, meant in ((found[1], band.lower), (found[2], band.upper)):
        if abs(int(said) * unit_m - meant.value_m) > _AGREE_M * max(1.0, unit_m):
            raise InvalidMessage(
                f"{first} and {second} are not the same heights", remedy="Ask which is right."
            )
    return band


def _length_twice(length_m: float) -> str:
    first = typed_length(length_m)
    if first.endswith(" NM"):
        return f"{first} = {plain(round(length_m / M_PER_KM, 3))} KM"
    return f"{first} = {plain(round(length_m / M_PER_NM, 4))} NM"


def _read_length(text: str) -> float:
    first, second = _both(text, "Write a length in both units: 5 NM = 9.26 KM.")
    length_m = parse_length_m(first)
    again = capitals(second)
    if again.endswith(" NM") == capitals(first).endswith(" NM"):
        raise InvalidMessage(f"{text:.60} is in one unit twice", remedy="Write NM and KM or M.")
    if abs(parse_length_m(second) - length_m) > max(1.0, 1e-4 * length_m):
        raise InvalidMessage(f"{first} and {second} are not one length", remedy="Ask which holds.")
    return length_m


def _volume(stored: Any) -> Volume:
    return read_stored(stored, VolumeDocument, VolumeDocument.built)


def _first_point(volume: Volume) -> Position:
    match volume.footprint:
        case Circle(centre=centre):
            return centre
        case Corridor(centreline=centreline):
            return centreline[0]
        case Polygon(rings=rings):
            return rings[0][0]


def _write_volume(stored: Any) -> str:
    volume = _volume(stored)
    shape = _doubled_width(footprint_text(volume.footprint))
    return f"{shape} @ {_band_text(volume.band)} @ {window_text(volume.window)}"


def _doubled_width(text: str) -> str:
    """A shape's text with its radius or width in both units."""
    found = re.search(r"(?:^CORRIDOR HALF | R )([0-9.]+ (?:NM|m|ft))", text)
    if found is None:
        return text
    return text.replace(found[1], _length_twice(parse_length_m(found[1])), 1)


def _read_volume(text: str) -> JsonValue:
    parts = [each.strip() for each in text.split("@")]
    if len(parts) != 3:
        raise InvalidMessage(
            f"{text[:60]!r} has not three parts between @",
            remedy="Write shape @ heights @ times, as docs/reference/text-lines.md shows.",
        )
    shape, band, times = parts
    volume = Volume(parse_footprint(_single_width(shape)), _band_of(band), parse_window(times))
    return volume_document(volume)


def _single_width(shape: str) -> str:
    found = _HALF.fullmatch(capitals(shape))
    if found is None:
        if capitals(shape).startswith("POLYGON"):
            return shape
        raise InvalidMessage(
            f"{shape[:60]!r} does not give its width or radius in both units",
            remedy="Write CORRIDOR HALF 2 NM = 3.704 KM p > p, or CIRCLE p R 5 NM = 9.26 KM.",
        )
    first = re.search(r"([0-9.,]+ ?[A-Z]+)$", found[1])
    _read_length(f"{first[1] if first else ''} = {found[2]}")
    return f"{found[1]}{found[3]}"


def _write_operation(stored: Any) -> str:
    name, version = escaped(stored["designator"]), int(stored["version"])
    return f"{name} V{version} ID {_write_uuid(stored['id'])}"


def _read_operation(text: str) -> JsonValue:
    head, _, name_id = text.rpartition(" ")
    found = _OPERATION.fullmatch(f"{head[:-4]}{capitals(head[-4:])} {name_id}") or _loose(text)
    if found is None:
        raise InvalidMessage(
            f"{text[:60]!r} names no operation", remedy="Write B-7731 V2 ID and its UUID."
        )
    return {
        "designator": unescaped(found[1]),
        "version": int(found[2]),
        "id": _read_uuid(found[3]),
    }


def _loose(text: str) -> re.Match[str] | None:
    return re.fullmatch(r"(.*) [Vv]([0-9]{1,10}) [Ii][Dd] (\S+)", text, re.DOTALL)


def _write_uuid(stored: Any) -> str:
    return str(stored).upper()


def _read_uuid(text: str) -> str:
    told = text.strip().lower()
    require_uuid(told)
    return told


def _moment_text(stored: Any) -> str:
    at = moment(stored)
    is_whole = at.second == at.microsecond == 0 and 2000 <= at.year <= 2099
    return dtg_text(at) if is_whole else iso_text(at)


def _number_of(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?", text.strip()):
        raise InvalidMessage(f"{text[:40]!r} is no number", remedy="Write plain digits.")
    return float(text)


def _boolean(text: str) -> bool:
    if capitals(text) not in _YES:
        raise InvalidMessage(f"{text[:40]!r} is not YES or NO", remedy="Write YES or NO.")
    return _YES[capitals(text)]


def _values(text: str) -> JsonValue:
    found = decoded_value(unescaped(text))
    if not isinstance(found, Mapping):
        raise InvalidMessage("it is no object of values", remedy="Copy it as it was sent.")
    return dict(found)


def _write_values(stored: Any) -> str:
    return escaped(canonical_bytes(json.loads(json.dumps(stored))).decode())


def _both(text: str, remedy: str) -> tuple[str, str]:
    first, sign, second = text.partition("=")
    if not sign or not first.strip() or not second.strip() or "=" in second:
        raise InvalidMessage(f"{text[:60]!r} is not spelt twice", remedy=remedy)
    return first.strip(), second.strip()


_TEXT = _one(escaped, unescaped, "as it is, on one line")
_WORD = _one(str.upper, _read_word, "one of the words, in capitals")
_UUID = _one(_write_uuid, _read_uuid, "its UUID")
SPELLINGS: Final[Mapping[str, Spelling]] = {
    "text": _TEXT,
    "choice": _WORD,
    "count band": _WORD,
    "position": _one(
        _write_position, _read_position, "35.71N 035.95E = 35 42 36.0N 035 57 00.0E NEAR ..."
    ),
    "altitude band": _one(_write_band, _read_band, "FL240-FL260 = 7315 TO 7925 M"),
    "window": _one(
        lambda stored: window_text(window_from(stored)),
        lambda text: window_document(parse_window(text)),
        "151300ZSEP15-151430ZSEP15",
    ),
    "moment": _one(_moment_text, lambda text: iso_text(parse_time(text)), "151130ZSEP15"),
    "volumes": _each(
        _write_volume,
        _read_volume,
        "CORRIDOR HALF 2 NM = 3.704 KM p > p @ FL240-FL260 = 7315 TO 7925 M @ "
        "151300ZSEP15-151430ZSEP15 NEAR ...",
    ),
    "operation": _one(_write_operation, _read_operation, "B-7731 V2 ID and its UUID"),
    "message": _UUID,
    "duration": _one(duration_text, parse_duration_s, "1 h 30 min"),
    "distance": _one(_length_twice, _read_length, "5 NM = 9.26 KM"),
    "number": _one(lambda stored: plain(float(stored)), _number_of, "plain digits"),
    "boolean": _one(lambda stored: "YES" if stored else "NO", _boolean, "YES or NO"),
    "texts": _each(escaped, unescaped, "each as it is, on one line"),
    "fingerprints": _each(escaped, unescaped, "30 digits in groups of five"),
    "values": _one(_write_values, _values, "JSON, as it was sent"),
}
"""Every kind of field with its one spelling."""
