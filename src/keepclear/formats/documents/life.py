"""The life of a message as the store keeps it: facts, clocks and history, JSON bytes."""

from __future__ import annotations

import msgspec

from keepclear.errors import InvalidMessage
from keepclear.model.message_life import Life

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Life)


def life_bytes(life: Life) -> bytes:
    """A life as the store keeps it."""
    return _ENCODER.encode(life)


def stored_life(data: bytes) -> Life:
    """The life that `life_bytes` wrote.

    Raises:
        InvalidMessage: it is damaged.
    """
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidMessage(
            f"the stored life of a message cannot be read: {error}",
            remedy="Run `keepclear doctor`; the ledger holds every step of it.",
        ) from None
