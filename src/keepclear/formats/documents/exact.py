"""Read back documents of which every byte counts, because somebody signed them.

What is not in the one spelling of `canonical_bytes` is refused: otherwise one statement could
go about in two forms with two hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput, InvalidMessage

Noun = TypeVar("Noun")
Record = TypeVar("Record", bound=msgspec.Struct)

HexText = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2})*$")]
"""Bytes, two small hexadecimal digits each."""

_REMEDY = "Have it sent again; if it stays so, tell the party by voice."


class Exact(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A record of a signed document: no field is unknown, none is left out."""


def read_exact(
    data: bytes,
    decoder: msgspec.json.Decoder[Record],
    build: Callable[[Record], Noun],
    write: Callable[[Noun], Mapping[str, JsonValue]],
    *,
    what: str,
) -> Noun:
    """What signed bytes stand for; whether the signature holds is not asked.

    Args:
        data: the bytes, as they came.
        decoder: of the document's record.
        build: makes the noun of the record.
        write: writes the noun as its document, as the sender must have.
        what: what the document should be, for a person.

    Raises:
        InvalidMessage: it is something else, or not in the one spelling.
    """
    try:
        noun = build(decoder.decode(data))
        is_exact = canonical_bytes(write(noun)) == data
    except (ValueError, OverflowError, RecursionError, InvalidInput) as error:
        raise InvalidMessage(f"this is no {what}: {_plain(error)}", remedy=_REMEDY) from None
    if not is_exact:
        raise InvalidMessage(f"this is no {what} in the one spelling", remedy=_REMEDY)
    return noun


def require_what(given: str, wanted: str) -> None:
    """Refuse a document that says it is something else.

    Raises:
        InvalidMessage: it does, or it is of a version that this keepclear does not know.
    """
    if given != wanted:
        raise InvalidMessage(f"it says it is {given!r:.60}, not {wanted!r}")


def _plain(error: Any) -> str:
    return str(error.message if isinstance(error, InvalidInput) else error)[:200]
