"""Bytes to records of the F3548 interface and back."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from keepclear.errors import InvalidInput

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder()


def decode(kind: type[T], body: bytes) -> T:
    """Read a record.

    Raises:
        InvalidInput: it is not JSON, or not that record; the message names the place.
    """
    try:
        record: T = _decoder(cast("Hashable", kind)).decode(body)
    except msgspec.ValidationError as fault:
        raise InvalidInput(f"the body is not valid: {fault}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError) as fault:
        raise InvalidInput(f"the body is not JSON: {fault}") from None
    return record


def encode(record: object) -> bytes:
    """Write a record; what is UNSET is left out."""
    return _ENCODER.encode(record)


@cache
def _decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cast("Any", kind))
