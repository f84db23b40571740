"""A message as people read and speak it: one field a line, the mode word first and last.

Positions stand in two notations, numbers to be spoken digit by digit.

Source: domain study of keepclear, 5f (phrase discipline) and 5i; design 5 (positions, mode).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from keepclear.contact.catalogue import type_of
from keepclear.contact.catalogue.kinds import Field, FieldKind
from keepclear.contact.catalogue.values import position_of
from keepclear.errors import InvalidInput
from keepclear.formats.coordinates import position_texts
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.shapes import (
    VolumeDocument,
    altitude_from,
    window_from,
)
from keepclear.formats.documents.strict import read_stored
from keepclear.formats.quantities import band_text, duration_text, length_text
from keepclear.formats.times import dtg_or_iso, window_text
from keepclear.formats.typed import volume_text
from keepclear.model.altitude import AltitudeBand
from keepclear.model.message import Message

_LONGEST: Final = 200
_SPOKEN: Final = {
    "0": "zero",
    "1": "one",
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
    ".": "decimal",
}


def printed(message: Message) -> tuple[str, ...]:
    """A message line by line."""
    kind = type_of(message.code)
    duff = ("NO DUFF",) if message.no_duff else ()
    head = f"{message.code} {kind.name} {message.sender} to {message.recipient}"
    told = (
        f"{field.label}: {field_text(field, message.fields[field.key])}"
        for field in kind.fields
        if message.fields.get(field.key) is not None
    )
    validity = () if message.valid is None else (f"Valid: {window_text(message.valid)}",)
    remark = (f"Remark: {message.remark}",) if message.remark else ()
    return (
        message.mode.value,
        *duff,
        f"{head}, {message.precedence}, {dtg_or_iso(message.originated_at)}",
        *told,
        *validity,
        *remark,
        *duff,
        message.mode.value,
    )


def spoken(text: str) -> str:
    """A text with its digits said one by one: "35.71N" is "three five decimal seven one N"."""
    words: list[str] = []
    run = ""
    for place, mark in enumerate(text):
        is_decimal = mark == "." and text[place - 1 : place].isdigit()
        is_decimal = is_decimal and text[place + 1 : place + 2].isdigit()
        if mark in _SPOKEN and (mark != "." or is_decimal):
            words += [run, _SPOKEN[mark]]
            run = ""
        else:
            run += mark
    return " ".join(" ".join([*words, run]).split())


def field_text(field: Field, stored: Any) -> str:
    """A value as people read it; what cannot be read stands as it came."""
    write = _WRITTEN.get(field.kind, str)
    try:
        return write(stored)
    except (InvalidInput, KeyError, TypeError, ValueError):
        return str(stored)[:_LONGEST]


def _position(stored: Any) -> str:
    decimal, sexagesimal = position_texts(position_of(stored))
    return f"{decimal} = {sexagesimal} ({stored['text']})"


def _band(stored: Any) -> str:
    lower, upper = altitude_from(stored["lower"]), altitude_from(stored["upper"])
    return band_text(AltitudeBand(lower, upper))


def _volumes(stored: Any) -> str:
    volumes = [read_stored(each, VolumeDocument, VolumeDocument.built) for each in stored]
    return "; ".join(each.source_text or volume_text(each) for each in volumes)


def _operation(stored: Any) -> str:
    return f"{stored['designator']} version {stored['version']}"


def _values(stored: Any) -> str:
    return "; ".join(f"{key} {_short(each)}" for key, each in sorted(stored.items()))


def _short(stored: Any) -> str:
    if isinstance(stored, Mapping) and "text" in stored:
        return str(stored["text"])
    return str(stored)[:_LONGEST]


_WRITTEN: Final[Mapping[FieldKind, Callable[[Any], str]]] = {
    FieldKind.POSITION: _position,
    FieldKind.BAND: _band,
    FieldKind.WINDOW: lambda stored: window_text(window_from(stored)),
    FieldKind.MOMENT: lambda stored: dtg_or_iso(moment(stored)),
    FieldKind.VOLUMES: _volumes,
    FieldKind.OPERATION: _operation,
    FieldKind.DURATION: duration_text,
    FieldKind.DISTANCE: length_text,
    FieldKind.BOOLEAN: lambda stored: "yes" if stored else "no",
    FieldKind.TEXTS: "; ".join,
    FieldKind.FINGERPRINTS: "; ".join,
    FieldKind.VALUES: _values,
}
