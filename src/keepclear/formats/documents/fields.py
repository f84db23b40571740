"""The sorts of field a document has, and what each asks of a value beyond its type.

Types are checked as they are decoded; a rule is checked only on what others send. What this
node stored itself is read back by its types alone, or an old entry could become unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from msgspec import Meta

from keepclear.errors import InvalidOperation, InvalidWindow
from keepclear.formats.property_values import MOST_WHOLE, UNPORTABLE, instant, quoted

Rule: TypeAlias = Callable[[Any], object]
"""Raises InvalidInput where a value breaks it; what it returns is of no use."""

LONGEST_TOLERANCE_S = 86_400.0
LOWEST_ELEVATION_M = -1_000.0
HIGHEST_ELEVATION_M = 10_000.0

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def require_text(text: str) -> None:
    """Refuse characters that no other program could be given.

    Raises:
        InvalidOperation: it holds a control character or half a character; take it out.
    """
    if found := UNPORTABLE.search(text):
        raise InvalidOperation(
            f"the text holds the control character U+{ord(found[0]):04X}",
            remedy="Take the character out; only tabs and line ends may stand in text.",
        )


def require_line(text: str) -> None:
    """Refuse a text that is not one line without spaces around it; it may be empty.

    Raises:
        InvalidOperation: it is not; write it on one line.
    """
    require_text(text)
    if text != text.strip() or any(mark in text for mark in "\t\n\r"):
        raise InvalidOperation(
            f"{quoted(text)} has spaces around it or a line end in it",
            remedy="Write it on one line, without spaces before or after.",
        )


def require_name(text: str) -> None:
    """Refuse what names nothing, and what is not one line.

    Raises:
        InvalidOperation: it is empty, or not one line without spaces around it.
    """
    if not text:
        raise InvalidOperation("it is empty", remedy="Write a name; it is never guessed.")
    require_line(text)


def require_moment(text: str) -> None:
    """Refuse a time that is not ISO 8601 with a zone, in a year from 1900 to 2199.

    Raises:
        InvalidWindow: it is not; the remedy shows one that is.
    """
    instant(text, "the time")


def require_uuid(text: str) -> None:
    """Refuse an id that is not a UUID in its usual form, 8-4-4-4-12.

    Raises:
        InvalidOperation: it is not.
    """
    if not _UUID.fullmatch(text):
        raise InvalidOperation(
            f"{quoted(text)} is not a UUID", remedy="Give the id that the node or the path states."
        )


def require_elevation(elevation_m: float) -> None:
    """Refuse an elevation that no airfield has.

    Raises:
        InvalidOperation: not within -1,000 m to 10,000 m.
    """
    if not LOWEST_ELEVATION_M <= elevation_m <= HIGHEST_ELEVATION_M:
        raise InvalidOperation(
            f"an elevation of {elevation_m} m is not between -1,000 m and 10,000 m",
            remedy="Write metres above mean sea level.",
        )


def require_tolerance(tolerance_s: float) -> None:
    """Refuse a tolerance below zero or above a day.

    Raises:
        InvalidOperation: it is.
    """
    if not 0.0 <= tolerance_s <= LONGEST_TOLERANCE_S:
        raise InvalidOperation(
            f"a tolerance of {tolerance_s} s is not within a day",
            remedy="Write seconds from 0 to 86400; change the window instead for more.",
        )


def require_whole(number: int) -> None:
    """Refuse a whole number that not every program keeps exactly.

    Raises:
        InvalidOperation: it is beyond 2^53 - 1.

    Source:
        RFC 7493, section 2.2.
    """
    if abs(number) > MOST_WHOLE:
        raise InvalidOperation(
            "the whole number is beyond 2^53 - 1", remedy="Write a smaller number."
        )


def require_count(number: int) -> None:
    """Refuse a count below one.

    Raises:
        InvalidOperation: it is, or it is too large to be kept exactly.
    """
    require_whole(number)
    if number < 1:
        raise InvalidOperation(f"{number} is below 1", remedy="Count from 1, or leave it out.")


def require_notices(number: int) -> None:
    """Refuse a number of notices below zero.

    Raises:
        InvalidOperation: it is, or it is too large to be kept exactly.
    """
    require_whole(number)
    if number < 0:
        raise InvalidOperation(f"{number} is below 0", remedy="Count from 0, or leave it out.")


def require_some(items: Sequence[object]) -> None:
    """Refuse an empty list.

    Raises:
        InvalidOperation: it is empty.
    """
    if not items:
        raise InvalidOperation("the list is empty", remedy="Give at least one.")


def require_distinct(items: Sequence[object]) -> None:
    """Refuse a list in which something stands twice.

    Raises:
        InvalidOperation: it names what does.
    """
    seen: set[object] = set()
    for item in items:
        if item in seen:
            raise InvalidOperation(f"{quoted(item)} stands twice", remedy="Name each once.")
        seen.add(item)


def moment(text: str) -> datetime:
    """The moment an ISO 8601 time with a zone names, in UTC.

    Raises:
        InvalidWindow: no such time, or no zone.
    """
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at if at.tzinfo is UTC else at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidWindow(f"{quoted(text)} is not a time with a zone")


Text: TypeAlias = Annotated[str, Meta(extra={"rule": require_text})]
"""Text word for word; may be empty."""
Line: TypeAlias = Annotated[str, Meta(extra={"rule": require_line})]
"""One line; may be empty."""
Name: TypeAlias = Annotated[
    str, Meta(extra={"rule": require_name}, extra_json_schema={"minLength": 1})
]
"""One line; never empty."""
Moment: TypeAlias = Annotated[
    str, Meta(extra={"rule": require_moment}, extra_json_schema={"format": "date-time"})
]
"""ISO 8601 with a zone; written in UTC with Z."""
Uuid: TypeAlias = Annotated[
    str, Meta(extra={"rule": require_uuid}, extra_json_schema={"format": "uuid"})
]
"""A UUID in its usual form."""
Whole: TypeAlias = Annotated[
    int,
    Meta(
        extra={"rule": require_whole},
        extra_json_schema={"minimum": -MOST_WHOLE, "maximum": MOST_WHOLE},
    ),
]
"""A whole number that every program keeps exactly."""
Names: TypeAlias = Annotated[
    tuple[Name, ...],
    Meta(extra={"rule": require_distinct}, extra_json_schema={"uniqueItems": True}),
]
"""Names, each once; may be empty."""
