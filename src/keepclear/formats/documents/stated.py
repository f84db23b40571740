"""Who has the word: the document, or the one who took it in."""

from __future__ import annotations

from typing import TypeVar

from msgspec import UnsetType

from keepclear.errors import InvalidOperation

Stated = TypeVar("Stated")


def first_stated(name: str, *candidates: Stated | UnsetType | None) -> Stated:
    """The first candidate that is stated at all; an empty text is a statement.

    Args:
        name: the field it is for, named where nobody states it.
        candidates: those with the better right first.

    Raises:
        InvalidOperation: none is stated; add the field.
    """
    for candidate in candidates:
        if candidate is not None and not isinstance(candidate, UnsetType):
            return candidate
    raise InvalidOperation(f"{name}: missing", remedy=f'Add "{name}"; it is never guessed.')


def agreed_id(own: str | UnsetType, given: str | None, *, is_uuid: bool) -> str:
    """The id of a document that may state it, sent under one.

    Args:
        own: what the document states.
        given: under which it was sent; None where only the document can say.
        is_uuid: the id is a UUID, in which capitals mean nothing.

    Raises:
        InvalidOperation: neither states it, or both do and differ.
    """
    stated = first_stated("id", given, own)
    if isinstance(own, UnsetType) or given is None:
        return stated
    if own == given or (is_uuid and own.lower() == given.lower()):
        return stated
    raise InvalidOperation(
        f"id: {own} is not {given}, under which the document was sent",
        remedy="Leave the id out, or send the document under its own id.",
    )
