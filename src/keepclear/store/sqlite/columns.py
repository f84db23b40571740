"""How values of the model stand in columns, and back.

Moments are microseconds since 1970 in UTC, exact both ways; UUIDs that are keys are 16
bytes; cells are 64-bit little-endian integers in a row.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from keepclear.errors import InvalidInput

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
LARGEST = 2**63 - 1
"""The largest integer a column holds."""
_MOST_AT_ONCE = 500
"""So many values stand in one IN (...)."""


def microseconds_of(at: datetime) -> int:
    """The moment as a column holds it."""
    return (at - _EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """The moment a column holds, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def key_of(text: str) -> bytes | None:
    """The bytes of a UUID; None where the text is no UUID, so that nothing is found."""
    try:
        return uuid.UUID(text).bytes
    except ValueError:
        return None


def demanded_key_of(text: str) -> bytes:
    """The bytes of a UUID.

    Raises:
        InvalidInput: the text is no UUID.
    """
    key = key_of(text)
    if key is None:
        raise InvalidInput(f"the id {text!r} is not a UUID", remedy="Give a UUID.")
    return key


def uuid_text(key: bytes) -> str:
    """The plain spelling of a UUID that stands as bytes."""
    digits = key.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def cell_bytes(cells: Sequence[int]) -> bytes:
    """Cells as one column holds them."""
    return struct.pack(f"<{len(cells)}q", *cells)


def cells_in(column: bytes) -> tuple[int, ...]:
    """The cells one column holds."""
    return struct.unpack(f"<{len(column) // 8}q", column)


def storable(text: str) -> bool:
    """Tell whether a text can stand in a column at all; half a character cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def within_column(number: int) -> int:
    """The number, or the nearest that a column can hold: what lies beyond is not there."""
    return max(-LARGEST, min(number, LARGEST))


def in_parts(values: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """Values in parts short enough for one question, each with its placeholders."""
    for start in range(0, len(values), _MOST_AT_ONCE):
        part = values[start : start + _MOST_AT_ONCE]
        yield placeholders(len(part)), part


def placeholders(count: int) -> str:
    """So many question marks, for an IN (...)."""
    return ",".join("?" * count)
