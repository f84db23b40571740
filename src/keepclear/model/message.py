"""A message: a formatted, signed, numbered statement on a line."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from keepclear.errors import InvalidMessage
from keepclear.model.operation import Mode, Precedence
from keepclear.model.window import Window, require_utc


class Role(StrEnum):
    """What somebody is on duty as. A role acts on a line, never a named person."""

    DUTY_OFFICER = "duty officer"
    SENIOR_WATCH = "senior watch officer"
    TOP_LEVEL = "top level"
    LIAISON = "liaison officer"
    INTERPRETER = "interpreter"
    PLANNER = "planner"
    MOVEMENT_OFFICER = "movement officer"


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says, the same on both sides.

    Attributes:
        id: a UUID, drawn by the side that writes it.
        code: which of the catalogue ("M07").
        version: 1, and one more than the message it supersedes.
        line: on which line ("AMBER-BLUE").
        sender: the party that says it.
        recipient: the party it is said to.
        from_role: as what the releasing person was on duty.
        to_role: whom it is for; any watch role may take it.
        mode: EXERCISE or REAL.
        precedence: how soon it must reach a person.
        originated_at: when it was written, by the sender's clock.
        fields: its own fields, as the catalogue says.
        no_duff: True for a real emergency told from an exercise.
        valid: from when to when it holds; None where it has no end of its own.
        speaks_of: when what it speaks of begins; None where nothing is awaited.
        supersedes: the id of the message it takes the place of; empty for none.
        refs: ids of messages it is about.
        remark: free text, at most 280 characters.
        renderings: the same in other languages, by language.
    """

    id: str
    code: str
    version: int
    line: str
    sender: str
    recipient: str
    from_role: str
    to_role: str
    mode: Mode
    precedence: Precedence
    originated_at: datetime
    fields: Mapping[str, Any] = field(default_factory=dict)
    no_duff: bool = False
    valid: Window | None = None
    speaks_of: datetime | None = None
    supersedes: str = ""
    refs: tuple[str, ...] = ()
    remark: str = ""
    renderings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "originated_at", require_utc(self.originated_at))
        object.__setattr__(self, "id", message_id(self.id))
        object.__setattr__(self, "refs", tuple(message_id(each) for each in self.refs))
        if self.supersedes:
            object.__setattr__(self, "supersedes", message_id(self.supersedes))
        if self.speaks_of is not None:
            object.__setattr__(self, "speaks_of", require_utc(self.speaks_of))
        if self.version < 1:
            raise InvalidMessage("version: versions count from 1")
        if not self.sender or not self.recipient or self.sender == self.recipient:
            raise InvalidMessage("to: a message goes from one party to another")


def message_id(text: str) -> str:
    """A message's id in its one spelling.

    Raises:
        InvalidMessage: it is no UUID; draw one.
    """
    try:
        return str(uuid.UUID(text))
    except (ValueError, AttributeError, TypeError):
        raise InvalidMessage(
            f"{text!r:.80} is not the id of a message", remedy="Give a UUID, as lists show it."
        ) from None
