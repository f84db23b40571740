"""One value of a field: read strictly, kept in one spelling.

Positions, bands, windows and moments may come as text, as people type and speak them; they are
kept as numbers, positions with their text.

Source: domain study of keepclear, 5d (validate: datum, altitude reference, time in future).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.contact.catalogue.kinds import Field, FieldKind
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.coordinates import read_position, typed_position
from keepclear.formats.documents.fields import require_moment, require_name, require_text
from keepclear.formats.documents.shapes import (
    VolumeDocument,
    altitude_from,
    band_document,
    position_document,
    volume_document,
    window_document,
    window_from,
)
from keepclear.formats.documents.strict import read_document
from keepclear.formats.property_values import advice, quoted
from keepclear.formats.quantities import parse_band, parse_duration_s
from keepclear.formats.times import iso_text, parse_time, parse_window
from keepclear.geometry.geodesy import geodesic_m
from keepclear.model.altitude import AltitudeBand
from keepclear.model.message import message_id
from keepclear.model.volume import Position

MOST_VOLUMES: Final = 200
LONGEST_ITEM: Final = 500
LONGEST_S: Final = 366 * 86_400.0
FARTHEST_M: Final = 2_000_000.0
MOST_VALUE_BYTES: Final = 200_000

_FINGERPRINT = re.compile(r"[0-9]{5}(?: [0-9]{5}){5}", re.ASCII)
_Read: TypeAlias = Callable[[Field, Any, datetime], JsonValue]


def read_value(field: Field, given: Any, now: datetime) -> JsonValue:
    """The value of a field in its one spelling.

    Args:
        field: which field.
        given: what was written or said, as JSON gives it.
        now: the present moment; a time without a month lies near it.

    Raises:
        InvalidInput: it cannot be used; the message does not name the field.
    """
    return _READERS[field.kind](field, given, now)


def position_of(stored: Any) -> Position:
    """The position of a stored position value.

    Raises:
        InvalidInput: it is none.
    """
    if not isinstance(stored, Mapping):
        raise InvalidMessage(f"{quoted(stored)} is no position", remedy=_POSITION_REMEDY)
    return Position(_number(stored.get("latitude_deg")), _number(stored.get("longitude_deg")))


_POSITION_REMEDY = 'Write for example "35.4011N 035.9487E", in one notation.'


def _text(field: Field, given: Any, now: datetime) -> str:
    del now
    if not isinstance(given, str) or not given.strip():
        raise InvalidMessage("it is empty or no text", remedy=f"Write: {field.explanation}.")
    require_text(given)
    if len(given) > field.most:
        raise InvalidMessage(
            f"{len(given):,} characters are more than {field.most:,}", remedy="Say it shorter."
        )
    return given


def _choice(field: Field, given: Any, now: datetime) -> str:
    del now
    words = {word.casefold(): word for word in field.choices}
    if not isinstance(given, str) or given.strip().casefold() not in words:
        raise InvalidMessage(
            f"{quoted(given)} is not known here", remedy=advice(str(given)[:40], field.choices)
        )
    return words[given.strip().casefold()]


def _position(field: Field, given: Any, now: datetime) -> JsonValue:
    del field, now
    if isinstance(given, str):
        return {**position_document(read_position(given).position), "text": given.strip()}
    if not isinstance(given, Mapping) or set(given) - {"latitude_deg", "longitude_deg", "text"}:
        raise InvalidMessage(f"{quoted(given)} is no position", remedy=_POSITION_REMEDY)
    position = position_of(given)
    text = given.get("text") or typed_position(position)
    if not isinstance(text, str) or len(text) > LONGEST_ITEM:
        raise InvalidMessage("the text of the position is none", remedy=_POSITION_REMEDY)
    require_name(text)
    _require_agreement(text, position)
    return {**position_document(position), "text": text}


def _require_agreement(text: str, position: Position) -> None:
    """Refuse a position whose text says another place than its numbers: a slip of 9 km."""
    try:
        said = read_position(text)
    except InvalidInput:
        return  # the name of a place, not a position
    away_m = geodesic_m(said.position, position)
    if away_m > said.rounding_m + 1.0:
        raise InvalidMessage(
            f"{quoted(text)} lies {away_m:,.0f} m from {typed_position(position)}",
            remedy="Read both aloud, and correct the one that is wrong.",
        )


def _band(field: Field, given: Any, now: datetime) -> JsonValue:
    del field, now
    if isinstance(given, str):
        return band_document(parse_band(given))
    if not isinstance(given, Mapping) or set(given) != {"lower", "upper"}:
        raise InvalidMessage(
            f"{quoted(given)} is no altitude band",
            remedy='Write for example "FL240-FL260", or lower and upper with their references.',
        )
    return band_document(AltitudeBand(altitude_from(given["lower"]), altitude_from(given["upper"])))


def _window(field: Field, given: Any, now: datetime) -> JsonValue:
    window = parse_window(given, reference=now) if isinstance(given, str) else window_from(given)
    _require_ahead(field, window.end, now)
    return window_document(window)


def _moment(field: Field, given: Any, now: datetime) -> str:
    if not isinstance(given, str):
        raise InvalidMessage(f"{quoted(given)} is no time", remedy="Write 151130ZSEP15.")
    at = parse_time(given, reference=now)
    text = iso_text(at)
    require_moment(text)
    _require_ahead(field, at, now)
    return text


def _volumes(field: Field, given: Any, now: datetime) -> JsonValue:
    if not isinstance(given, list | tuple) or not 0 < len(given) <= MOST_VOLUMES:
        raise InvalidMessage(
            f"there are not 1 to {MOST_VOLUMES} volumes", remedy="Give volumes as a list."
        )
    found = [read_document(each, VolumeDocument, VolumeDocument.built) for each in given]
    _require_ahead(field, max(volume.window.end for volume in found), now)
    return [volume_document(volume) for volume in found]


def _operation(field: Field, given: Any, now: datetime) -> JsonValue:
    del field, now
    remedy = 'Write {"id": UUID, "version": 1, "designator": "B-7731"}.'
    if not isinstance(given, Mapping) or set(given) != {"id", "version", "designator"}:
        raise InvalidMessage(f"{quoted(given)} names no operation", remedy=remedy)
    version, designator = given["version"], given["designator"]
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version < 2**31:
        raise InvalidMessage("the version is no number from 1", remedy=remedy)
    if not isinstance(designator, str) or len(designator) > LONGEST_ITEM:
        raise InvalidMessage("the designator is no short text", remedy=remedy)
    require_name(designator)
    return {"id": message_id(given["id"]), "version": version, "designator": designator}


def _message(field: Field, given: Any, now: datetime) -> str:
    del field, now
    return message_id(given)


def _duration(field: Field, given: Any, now: datetime) -> float:
    del field, now
    seconds = parse_duration_s(given) if isinstance(given, str) else _number(given)
    return _within(seconds, LONGEST_S, "a duration", 'Write seconds, or text such as "10 min".')


def _distance(field: Field, given: Any, now: datetime) -> float:
    del field, now
    return _within(_number(given), FARTHEST_M, "a distance", "Write metres as a number.")


def _plain_number(field: Field, given: Any, now: datetime) -> float:
    del field, now
    return _number(given)


def _boolean(field: Field, given: Any, now: datetime) -> bool:
    del field, now
    if not isinstance(given, bool):
        raise InvalidMessage(f"{quoted(given)} is not true or false", remedy="Write true or false.")
    return given


def _texts(field: Field, given: Any, now: datetime) -> JsonValue:
    del now
    if not isinstance(given, list | tuple) or not 0 < len(given) <= field.most:
        raise InvalidMessage(
            f"it is no list of 1 to {field.most:,} texts", remedy=f"List: {field.explanation}."
        )
    for each in given:
        if not isinstance(each, str) or not each.strip() or len(each) > LONGEST_ITEM:
            raise InvalidMessage(f"{quoted(each)} is no short text", remedy="One line each.")
        require_text(each)
    return list(given)


def _fingerprints(field: Field, given: Any, now: datetime) -> JsonValue:
    found = _texts(field, given, now)
    assert isinstance(found, list)  # noqa: S101  (as _texts makes it)
    for each in found:
        if not _FINGERPRINT.fullmatch(str(each)):
            raise InvalidMessage(
                f"{quoted(each)} is no fingerprint", remedy="Thirty digits in six groups of five."
            )
    return found


def _values(field: Field, given: Any, now: datetime) -> JsonValue:
    del field, now
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise InvalidMessage("it is no object of values", remedy="Write values by field.")
    found: dict[str, JsonValue] = dict(given)
    if len(canonical_bytes(found)) > MOST_VALUE_BYTES:
        raise InvalidMessage("the values are too long", remedy="Send fewer fields.")
    return found


def _require_ahead(field: Field, at: datetime, now: datetime) -> None:
    if field.future and at <= now:
        raise InvalidMessage(f"{iso_text(at)} is past", remedy="Give a time that is still to come.")


def _within(number: float, most: float, what: str, remedy: str) -> float:
    if not 0.0 <= number <= most:
        raise InvalidMessage(f"{what} of {number:g} is out of bounds", remedy=remedy)
    return number


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise InvalidMessage(f"{quoted(given)} is no number", remedy="Write a plain number.")
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidMessage("the number is out of all bounds", remedy="Write a plain number.")
    return number


_READERS: Final[Mapping[FieldKind, _Read]] = {
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.COUNT_BAND: _choice,
    FieldKind.POSITION: _position,
    FieldKind.BAND: _band,
    FieldKind.WINDOW: _window,
    FieldKind.MOMENT: _moment,
    FieldKind.VOLUMES: _volumes,
    FieldKind.OPERATION: _operation,
    FieldKind.MESSAGE: _message,
    FieldKind.DURATION: _duration,
    FieldKind.DISTANCE: _distance,
    FieldKind.NUMBER: _plain_number,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.TEXTS: _texts,
    FieldKind.FINGERPRINTS: _fingerprints,
    FieldKind.VALUES: _values,
}


def kept(field: Field, given: Any, now: datetime) -> JsonValue:
    """The value in its one spelling where it can be read, else as it was given."""
    try:
        return read_value(field, given, now)
    except InvalidInput:
        found: JsonValue = given
        return found
