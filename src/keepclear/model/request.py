"""Something asked of a party, with its life: considered is not accepted.

Source: domain study of keepclear, 5b ("any request would be discussed and considered") and
5d, message life 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.model.call import LineEnd
from keepclear.model.window import require_utc


class RequestState(StrEnum):
    """Where a request is in its life."""

    RECEIVED = "received"
    UNDER_CONSIDERATION = "under consideration"
    ANSWERED = "answered"
    DECLINED = "declined"
    NO_ANSWER = "no answer"


class RequestAct(StrEnum):
    """What moves a request on."""

    CONSIDER = "consider"
    ANSWER = "answer"
    DECLINE = "decline"
    LAPSE = "lapse"
    """The clock ended; only the node does this."""


@dataclass(frozen=True, slots=True)
class RequestStep:
    """One step of a request's life.

    Attributes:
        act: what was done.
        at: when.
        role: by whom on duty as what; empty for the node's clock.
        words: as said.
        until: for CONSIDER: until when; None otherwise.
    """

    act: RequestAct
    at: datetime
    role: str = ""
    words: str = ""
    until: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))
        if self.until is not None:
            object.__setattr__(self, "until", require_utc(self.until))


@dataclass(frozen=True, slots=True)
class Request:
    """Something one party asked of the other.

    Attributes:
        id: its UUID.
        line: which line.
        asked_by: OURS where we made it, THEIRS where we received it.
        asked_at: when.
        over: the id of the message or call it was made in; empty where neither is recorded.
        words: as said.
        language: in which language; empty where nobody said.
        translation: the same in our language; empty for none.
        answer_by: by when an answer is due; None where no clock runs.
        steps: its life, in order.
    """

    id: str
    line: str
    asked_by: LineEnd
    asked_at: datetime
    words: str
    over: str = ""
    language: str = ""
    translation: str = ""
    answer_by: datetime | None = None
    steps: tuple[RequestStep, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked_at", require_utc(self.asked_at))
        if self.answer_by is not None:
            object.__setattr__(self, "answer_by", require_utc(self.answer_by))
