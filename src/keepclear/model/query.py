"""A question what somebody is or does, and what was declared in answer (M16, M17).

Source: domain study of keepclear, 0 (finding 8), 5b (query and declare purpose), 5h drill 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.model.call import LineEnd
from keepclear.model.window import require_utc


class Ownership(StrEnum):
    """Whose it is, as a party declares."""

    OURS = "ours"
    NOT_OURS = "not ours"
    UNKNOWN = "unknown"
    WILL_NOT_SAY = "will not say"


class QueryState(StrEnum):
    """Where a question is."""

    OPEN = "open"
    ANSWERED = "answered"
    NO_ANSWER = "no answer"
    WITHDRAWN = "withdrawn"
    """Cancelled or withdrawn by whoever asked, unanswered."""
    UNASKED = "unasked"
    """Declared without a question."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One declaration, as said.

    Attributes:
        message: the id of its message (M17).
        party: who declared.
        at: when, by the clock of its origin.
        ownership: what it says of whose it is; None where it says nothing of that.
        words: as said.
        scope: what it speaks of.
    """

    message: str
    party: str
    at: datetime
    ownership: Ownership | None
    words: str = ""
    scope: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))


@dataclass(frozen=True, slots=True)
class Query:
    """A question with everything declared to it.

    Attributes:
        id: the id of the question's message (M16); where there was none, of the first
            declaration's.
        line: which line.
        asked_by: who asked; None where nobody did.
        asked_at: when; None where nobody did.
        question: as asked.
        facts: what was observed, as told.
        answer_by: by when an answer is due; None where no clock runs.
        lapsed_at: when the clock ended without an answer; None where it did not.
        withdrawn_at: when whoever asked cancelled or withdrew it; None where nobody did.
        messages: the messages it was asked in: the first, and those that superseded it.
        statements: what was declared, in the order in which it came.
        notes: notes of the watch log that say a declaration is contradicted.
    """

    id: str
    line: str
    asked_by: LineEnd | None = None
    asked_at: datetime | None = None
    question: str = ""
    facts: str = ""
    answer_by: datetime | None = None
    lapsed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    messages: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("asked_at", "answer_by", "lapsed_at", "withdrawn_at"):
            at = getattr(self, name)
            object.__setattr__(self, name, None if at is None else require_utc(at))

    def names(self, message: str) -> bool:
        """Tell whether a message is one of its questions or declarations."""
        return message in self.messages or any(each.message == message for each in self.statements)

    @property
    def state(self) -> QueryState:
        """Where it is; a late answer answers it, and the lapse stays on record."""
        if self.asked_at is None:
            return QueryState.UNASKED
        if self.statements:
            return QueryState.ANSWERED
        if self.withdrawn_at is not None:
            return QueryState.WITHDRAWN
        return QueryState.OPEN if self.lapsed_at is None else QueryState.NO_ANSWER
