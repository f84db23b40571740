"""The parts of paths: what each may be, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from keepclear.errors import InvalidInput
from keepclear.model.account import NAME, account_name
from keepclear.model.handover import WatchSide, read_side

MOST_CHARACTERS = 200
"""The longest id in a path."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_COUNT = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)


class Part(NamedTuple):
    """One part of a path.

    Attributes:
        description: what it names.
        schema: what it may be, as JSON Schema.
        read: its text as services take it; raises InvalidInput where it cannot be one.
    """

    description: str
    schema: Mapping[str, Any]
    read: Callable[[str], str]


def read_uuid(text: str) -> str:
    """A UUID in small letters.

    Raises:
        InvalidInput: it is none in the usual form, 8-4-4-4-12.
    """
    if not _UUID.fullmatch(text.lower()):
        raise InvalidInput(
            f"{text!r:.80} is not a UUID",
            remedy="Write it as 8-4-4-4-12 hexadecimal digits, as lists show it.",
        )
    return text.lower()


def read_name(text: str) -> str:
    """An id that is a name on one line.

    Raises:
        InvalidInput: it is not; name the thing as the lists do.
    """
    if not text.isprintable() or text != text.strip() or not 0 < len(text) <= MOST_CHARACTERS:
        raise InvalidInput(
            f"{text!r:.80} is not a name on one line", remedy="Name it as the lists do."
        )
    return text


def read_count(text: str) -> str:
    """A whole number from 0.

    Raises:
        InvalidInput: it is none.
    """
    if not _COUNT.fullmatch(text):
        raise InvalidInput(f"{text!r:.80} is not a whole number", remedy="Write plain digits.")
    return text


CARDS = ("call", "contact", "lost-line", "challenge")
"""The cards that are printed."""


def read_card(text: str) -> str:
    """The name of a card.

    Raises:
        InvalidInput: there is none of that name.
    """
    if text not in CARDS:
        raise InvalidInput(f"there is no card {text!r:.40}", remedy=f"Name one of {CARDS}.")
    return text


def _uuid(description: str) -> Part:
    pattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
    return Part(description, {"type": "string", "pattern": pattern}, read_uuid)


def _name(description: str) -> Part:
    pattern = r"^[^/\s]([^/\t\n\r]*[^/\s])?$"
    schema = {"type": "string", "pattern": pattern, "maxLength": MOST_CHARACTERS}
    return Part(description, schema, read_name)


def _count(description: str) -> Part:
    return Part(description, {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}, read_count)


PARTS: Mapping[str, Part] = {
    "operation_id": _uuid("The operation's UUID."),
    "draft_id": _uuid("A UUID, the id that the operation will have."),
    "coverage_id": _uuid("The statement's UUID."),
    "import_id": _uuid("A UUID drawn by the caller; only names the import."),
    "call_id": _uuid("The call's UUID."),
    "consultation_id": _uuid("The series' UUID."),
    "readout_id": _uuid("The readout's UUID."),
    "request_id": _uuid("The request's UUID."),
    "posture_id": _uuid("The posture's UUID."),
    "question_id": _uuid("A UUID drawn by the caller; the same question again changes nothing."),
    "query_id": _uuid("The UUID of the message that asked, or declared first."),
    "note_id": _uuid("The note's UUID."),
    "text_id": _uuid("The copy's UUID, drawn by whoever enters it."),
    "card": Part("Which card.", {"type": "string", "enum": [*CARDS]}, read_card),
    "message_id": _uuid("The message's UUID, the same on both sides."),
    "act_id": _uuid("A UUID drawn by the caller; the same act again changes nothing."),
    "alarm_id": _name("The alarm's id, as the list shows it."),
    "line_id": _name("The line's id, such as AMBER-BLUE."),
    "check_id": _uuid("The check's UUID."),
    "contact_id": _uuid("The contact's UUID."),
    "thing_id": _name("Its id."),
    "account": Part("The name of an account.", {"type": "string", "pattern": NAME}, account_name),
    "handover_id": _uuid("The handover's UUID, drawn by the caller."),
    "side": Part("Who signs.", {"type": "string", "enum": [*WatchSide]}, read_side),
    # Own units, allies, humanitarian movements and sites
    "unit_id": _uuid("The unit's UUID."),
    "step_id": _uuid("A UUID drawn by the caller; the same again changes nothing."),
    "receipt_id": _uuid("A UUID drawn by the caller; of the M28 too, where one is sent."),
    "member": _name("A member's id, as the agreement names it."),
    "movement_id": _uuid("The movement's UUID."),
    "site_id": _uuid("The site's UUID."),
    "warning_id": _uuid("The warning's UUID."),
    "export_id": _uuid("A UUID drawn by the caller; it names and marks the export."),
    "party": _name("A party's id, such as AMBER."),
    "agreement_id": _name("The agreement's id."),
    "agreement_version": _count("The agreement's version, counted from 1."),
    "number": _count("The entry's number, counted from 0."),
    "format": _name("The format of the file."),
}
"""Every part that a path has anywhere, by name."""
