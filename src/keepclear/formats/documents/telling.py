"""Tellings, relays and members who left, as the store keeps them: written and read here alone."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput
from keepclear.formats.documents.plain import plain_document
from keepclear.model.relay import Departure, Relay
from keepclear.model.telling import MessageTelling

_Noun = TypeVar("_Noun", MessageTelling, Relay, Departure)


def telling_document(telling: MessageTelling) -> dict[str, JsonValue]:
    """A telling as plain values."""
    return plain_document(telling)


def stored_telling(body: bytes) -> MessageTelling:
    """The telling that `telling_document` wrote.

    Raises:
        InvalidInput: it is damaged.
    """
    return _stored(body, MessageTelling)


def stored_relay(body: bytes) -> Relay:
    """The relay that `plain_document` wrote.

    Raises:
        InvalidInput: it is damaged.
    """
    return _stored(body, Relay)


def stored_departure(body: bytes) -> Departure:
    """The departure that `plain_document` wrote.

    Raises:
        InvalidInput: it is damaged.
    """
    return _stored(body, Departure)


def _stored(body: bytes, kind: type[_Noun]) -> _Noun:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"a stored record cannot be read: {error}",
            remedy="Run `keepclear doctor`; the ledger holds every step of it.",
        ) from None
