"""What a message is called whose text came without its id: a name both sides can reckon.

A line that is read aloud leaves the id out. The receiver calls the message by its place in the
stream; the sender finds that place in the name, so that an acknowledgement reaches it.

Source: RFC 9562, 5.8 (UUID version 8); keepclear's own arrangement of its bits: 60 of a hash
over line and sender, 30 of the epoch, 32 of the serial.
"""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Final, NamedTuple

from keepclear.errors import InvalidMessage

_MOST_EPOCH: Final = 2**30
_MOST_SERIAL: Final = 2**32
_LOW: Final = 62


class Place(NamedTuple):
    """A place in a stream."""

    epoch: int
    serial: int


def name_of_place(line: str, sender: str, place: Place) -> str:
    """The id of the message at a place, where its own is not known.

    Raises:
        InvalidMessage: there is no such place.
    """
    if not (0 <= place.epoch < _MOST_EPOCH and 0 < place.serial < _MOST_SERIAL):
        raise InvalidMessage(
            f"there is no place {place.epoch}/{place.serial} in a stream",
            remedy="Ask for the serial again.",
        )
    low = (place.epoch << 32) | place.serial
    return str(uuid.UUID(int=(_high(line, sender) << 64) | (0b10 << _LOW) | low))


def place_of_name(line: str, sender: str, known_id: str) -> Place | None:
    """The place that an id names; None where it is an ordinary one, or of another stream."""
    try:
        number = uuid.UUID(known_id).int
    except ValueError:
        return None
    if number >> 64 != _high(line, sender) or (number >> _LOW) & 0b11 != 0b10:
        return None
    low = number & ((1 << _LOW) - 1)
    place = Place(low >> 32, low & (_MOST_SERIAL - 1))
    return place if place.serial > 0 else None


def _high(line: str, sender: str) -> int:
    bits = int.from_bytes(sha256(f"{line}\0{sender}".encode()).digest()[:8], "big") >> 4
    return ((bits >> 12) << 16) | (0x8 << 12) | (bits & 0xFFF)
