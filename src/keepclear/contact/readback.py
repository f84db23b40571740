"""Readback, field by field, by machine: what was heard beside what was sent.

Both nodes run the same comparison: the receiver's before it answers, the sender's on what
comes back. A position that was spoken wrongly is caught by its number, or by the place it lies
at: a right-looking wrong digit moves it kilometres.

Source: domain study of keepclear, 0.3 (a slip of 9 km), 5d (6) and 5i; design 5 (positions).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue import type_of
from keepclear.contact.catalogue.kinds import Field, FieldKind
from keepclear.contact.catalogue.values import position_of, read_value
from keepclear.errors import InvalidInput
from keepclear.formats.coordinates import parse_position
from keepclear.geometry.geodesy import bearing_and_distance, geodesic_m
from keepclear.model.volume import Position

NEAR_M: Final = 1.0
"""Positions no farther apart are the same."""
_SAME: Final = 1e-9
_FOLDED: Final = (
    FieldKind.TEXT,
    FieldKind.TEXTS,
    FieldKind.CHOICE,
    FieldKind.COUNT_BAND,
    FieldKind.OPERATION,
)
_WINDS: Final = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)


class Difference(NamedTuple):
    """A field that was not heard as it was sent.

    Attributes:
        key, label: which field.
        sent: its value as sent.
        heard: as heard; None where it was not said.
        reason: in what it differs.
    """

    key: str
    label: str
    sent: JsonValue
    heard: JsonValue
    reason: str


class Readback(NamedTuple):
    """What came of a comparison.

    Attributes:
        differences: field by field; empty where all was heard as sent.
    """

    differences: tuple[Difference, ...]

    @property
    def matches(self) -> bool:
        """Whether every field was heard as it was sent."""
        return not self.differences


class KnownPlace(Protocol):
    """A place people know."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def position(self) -> Position:
        """Where it is."""
        ...


def fields_read_back(code: str, fields: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a message that are read back, in the order of its form."""
    return tuple(
        field
        for field in type_of(code).fields
        if field.read_back and fields.get(field.key) is not None
    )


def compare(
    code: str, sent: Mapping[str, Any], heard: Mapping[str, Any], now: datetime
) -> Readback:
    """Compare what was heard with what was sent.

    Args:
        code: the message's type.
        sent: its fields.
        heard: what the receiver said back, as typed or as values.
        now: the present moment, for times that were said without a month.
    """
    due = fields_read_back(code, sent)
    told = (_difference(field, sent[field.key], heard.get(field.key), now) for field in due)
    known = {field.key for field in due}
    extra = [
        Difference(key, key, None, value, "the message holds no such field to read back")
        for key, value in heard.items()
        if key not in known
    ]
    return Readback((*(each for each in told if each is not None), *extra))


def position_phrase(position: Position, place: KnownPlace | None) -> str:
    """Where a position lies, to be said aloud: "12 km north-east of Latakia"; may be empty."""
    if place is None:
        return ""
    bearing_deg, away_m = bearing_and_distance(place.position, position)
    if away_m < 1_000.0:
        return f"within 1 km of {place.name}"
    return f"{away_m / 1_000.0:,.0f} km {_WINDS[round(bearing_deg / 45.0) % 8]} of {place.name}"


def compare_spoken(position_text: str, field: Mapping[str, Any]) -> float:
    """How far a spoken position is from a position field, in metres.

    Raises:
        InvalidCoordinates: the spoken text is no position.
        InvalidInput: the field holds none.
    """
    return geodesic_m(parse_position(position_text), position_of(field))


def _difference(field: Field, sent: Any, given: Any, now: datetime) -> Difference | None:
    if given is None:
        return Difference(field.key, field.label, sent, None, "not read back")
    try:
        heard = read_value(field, given, now)
    except InvalidInput as error:
        return Difference(field.key, field.label, sent, given, error.message)
    reason = _reason(field, sent, heard)
    return Difference(field.key, field.label, sent, heard, reason) if reason else None


def values_differ(field: Field, sent: Any, heard: Any) -> str:
    """In what two stored values of a field differ; empty where they say the same."""
    return _reason(field, sent, heard)


def _reason(field: Field, sent: Any, heard: Any) -> str:
    if field.kind is FieldKind.POSITION:
        away_m = geodesic_m(position_of(sent), position_of(heard))
        return "" if away_m <= NEAR_M else f"{away_m:,.0f} m away"
    is_folded = field.kind in _FOLDED
    return "" if _same(sent, heard, is_folded=is_folded) else "differs"


def _same(sent: Any, heard: Any, *, is_folded: bool) -> bool:
    if isinstance(sent, Mapping) and isinstance(heard, Mapping):
        return _same_objects(sent, heard, is_folded=is_folded)
    if isinstance(sent, list | tuple) and isinstance(heard, list | tuple):
        pairs = zip(sent, heard, strict=False)
        return len(sent) == len(heard) and all(
            _same(one, other, is_folded=is_folded) for one, other in pairs
        )
    if isinstance(sent, bool) or isinstance(heard, bool):
        return sent is heard
    if isinstance(sent, int | float) and isinstance(heard, int | float):
        return math.isclose(sent, heard, rel_tol=_SAME, abs_tol=_SAME)
    if is_folded and isinstance(sent, str) and isinstance(heard, str):
        return folded(sent) == folded(heard)
    return bool(sent == heard)


def _same_objects(sent: Mapping[str, Any], heard: Mapping[str, Any], *, is_folded: bool) -> bool:
    if "latitude_deg" in sent and "latitude_deg" in heard:
        return geodesic_m(position_of(sent), position_of(heard)) <= NEAR_M
    keys = (sent.keys() | heard.keys()) - {"source_text"}
    return all(_same(sent.get(key), heard.get(key), is_folded=is_folded) for key in keys)


def folded(text: str) -> str:
    """A text without what voices do not carry: capitals, and how many spaces there are."""
    return " ".join(text.split()).casefold()
