"""What a table and an e-mail of movements share: the same words for the same fields.

Source: domain study of keepclear, 3 (forms for movements) and 5f (M14).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from keepclear.errors import InvalidInput
from keepclear.formats.property_values import advice
from keepclear.formats.reading import Reading
from keepclear.formats.times import parse_time
from keepclear.formats.typed import parse_volume
from keepclear.model.humanitarian import Cargo, Movement, MovementMode, RecordSource, Wanted

MOVEMENT_IDS: Final = uuid.UUID("2b9b1c0e-6b52-5f4e-8d6f-0e6f8f6d1a44")
"""Namespace of the ids of movements that were read: the same reference is the same movement."""
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something of a file or an e-mail that was not taken.

    Attributes:
        place: which row or line.
        text: what is wrong with it, or what it says.
        remedy: what to do.
    """

    place: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class MovementsRead:
    """What was read, and everything that was not.

    Attributes:
        movements: those that are whole.
        unread: everything else, in the order of the text.
    """

    movements: tuple[Movement, ...]
    unread: tuple[Unread, ...]


def movement_of(
    texts: Mapping[str, str],
    legs: tuple[str, ...],
    *,
    reading: Reading,
    source: RecordSource,
    source_text: str,
) -> Movement:
    """The movement that texts by their names stand for.

    Args:
        texts: by name: reference, organisation, by, route, marks, contact, cargo, wanted,
            expires, recipients.
        legs: each as a typed volume.
        reading: how it is read; its party notifies.
        source: what it was read from.
        source_text: that text, word for word.

    Raises:
        InvalidInput: a name is missing, or its text cannot be read; the name first.
    """
    if reading.party is None:
        raise InvalidInput("party: nobody is known who notifies this")
    reference = needed(texts, "reference")
    volumes = tuple(
        _at(f"leg {number}", lambda typed: parse_volume(typed, reference=reading.received_at), leg)
        for number, leg in enumerate(legs, 1)
    )
    return Movement(
        id=_id_of(reading.party, reference),
        party=reading.party,
        organisation=needed(texts, "organisation"),
        mode=_word(texts, "by", MovementMode),
        route=needed(texts, "route"),
        legs=volumes,
        marks=needed(texts, "marks"),
        contact=needed(texts, "contact"),
        cargo=_word(texts, "cargo", Cargo),
        expiry=_at(
            "expires",
            lambda typed: parse_time(typed, reference=reading.received_at),
            needed(texts, "expires"),
        ),
        wanted=_word(texts, "wanted", Wanted) if "wanted" in texts else Wanted.PASSED_TO_UNITS,
        recipients=recipients_of(texts.get("recipients", "")),
        source=source,
        source_text=source_text,
    )


def needed(texts: Mapping[str, str], name: str) -> str:
    """A text that must be there.

    Raises:
        InvalidInput: it is not.
    """
    text = texts.get(name, "").strip()
    if not text:
        raise InvalidInput(f"{name}: missing", remedy=f"Write {name}; it is never guessed.")
    return text


def recipients_of(text: str) -> tuple[str, ...]:
    """The parties a text names, between commas or semicolons."""
    names = (each.strip().upper() for each in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(each for each in names if each))


def _id_of(party: str, reference: str) -> str:
    """The id of a movement: its reference where that is one, else always the same for the two."""
    try:
        return str(uuid.UUID(reference))
    except ValueError:
        return str(uuid.uuid5(MOVEMENT_IDS, f"{party}/{reference}"))


def _word(texts: Mapping[str, str], name: str, words: type[_Word]) -> _Word:
    text = " ".join(needed(texts, name).casefold().split())
    found = next((each for each in words if each.value == text), None)
    if found is None:
        known = [each.value for each in words]
        raise InvalidInput(f"{name}: {text!r:.40} is not known", remedy=advice(text[:40], known))
    return found


_Read = TypeVar("_Read")


def _at(place: str, read: Callable[[str], _Read], text: str) -> _Read:
    try:
        return read(text)
    except InvalidInput as error:
        raise InvalidInput(f"{place}: {error.message}", remedy=error.remedy) from error
