"""A call on the line: its record, while it runs and for good.

Source: domain study of keepclear, 5b and 5c: roles, never persons; points, not audio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidInput
from keepclear.model.channel import ChannelKind
from keepclear.model.line_state import ContactLevel
from keepclear.model.window import require_utc


class LineEnd(StrEnum):
    """Which end of a line, as the node that keeps the record sees it."""

    OURS = "ours"
    THEIRS = "theirs"


class CallKind(StrEnum):
    """What a call is for."""

    ROUTINE_CHECK = "routine check call"
    WORKING = "working"
    URGENT = "urgent"
    PRINCIPALS = "principals"


class CallEnding(StrEnum):
    """How a call came to its end."""

    RUNNING = ""
    """It has not ended."""
    CONCLUDED = "concluded"
    CUT_OFF = "cut off"
    BROKEN_OFF = "broken off"
    NOT_ANSWERED = "not answered"


class Standing(StrEnum):
    """What the two sides made of a point."""

    AGREED = "agreed"
    NOT_AGREED = "not agreed"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing said, in the words in which it was said.

    Attributes:
        number: counts from 1 within its record; others refer to it.
        topic: what it is about, in a few words.
        side: who said it.
        said: the words as said; never corrected.
        language: in which language, as "en" or "ru"; empty where nobody said.
        translation: what the interpreter made of it; empty for none.
        standing: what the two sides made of it.
    """

    number: int
    topic: str
    side: LineEnd
    said: str
    language: str = ""
    translation: str = ""
    standing: Standing = Standing.NOTED


@dataclass(frozen=True, slots=True)
class Action:
    """Something a party will do.

    Attributes:
        number: counts from 1 within its record.
        text: what.
        party, role: who owns it; a role, never a person.
        due_at: by when; None where none was set.
        done_at: when it was done; None while it is not.
    """

    number: int
    text: str
    party: str
    role: str
    due_at: datetime | None = None
    done_at: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("due_at", "done_at"):
            at = getattr(self, name)
            object.__setattr__(self, name, None if at is None else require_utc(at))

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it should have been done and is not."""
        return self.done_at is None and self.due_at is not None and self.due_at <= now


@dataclass(frozen=True, slots=True)
class Characterisation:
    """An adjective, with whose word it is; two are never merged into one.

    Attributes:
        party: whose word it is.
        words: the word or words, as said ("constructive").
        where: said or published where; empty for in the talk itself.
    """

    party: str
    words: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who took part, by what they are on duty as.

    Attributes:
        party: for whom.
        role: a duty role or an office ("duty officer", "minister of defence").
    """

    party: str
    role: str


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Who interpreted, by role.

    Attributes:
        party: whose interpreter.
        role: as what ("interpreter", "watch linguist").
        certified: whether certified for these languages.
    """

    party: str
    role: str
    certified: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A conversation over a line, as the party that keeps the record tells it.

    Attributes:
        id: its UUID.
        line: which line.
        channel: by which means.
        kind: what it was for.
        placed_by: who called.
        started_at: when.
        ended_at: when it ended; None while it runs.
        ending: how it ended.
        level: between whom, by office.
        language: the language spoken, or several.
        interpreters: who interpreted; empty for nobody.
        participants: who took part.
        points: what was said.
        actions: what follows.
        recording: the terms of recording as agreed; empty: none were, nothing was recorded.
        characterisations: each party's own word for it.

    Raises:
        InvalidInput: it ends before it starts, an ending without a moment, or a number twice.
    """

    id: str
    line: str
    channel: ChannelKind
    kind: CallKind
    placed_by: LineEnd
    started_at: datetime
    ended_at: datetime | None = None
    ending: CallEnding = CallEnding.RUNNING
    level: ContactLevel = ContactLevel.WATCH
    language: str = ""
    interpreters: tuple[Interpreter, ...] = ()
    participants: tuple[Participant, ...] = ()
    points: tuple[Point, ...] = ()
    actions: tuple[Action, ...] = ()
    recording: str = ""
    characterisations: tuple[Characterisation, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "started_at", require_utc(self.started_at))
        if self.ended_at is not None:
            object.__setattr__(self, "ended_at", require_utc(self.ended_at))
            if self.ended_at < self.started_at:
                raise InvalidInput(
                    "the call ends before it starts", remedy="Correct ended_at or started_at."
                )
        if (self.ended_at is None) is not (self.ending is CallEnding.RUNNING):
            raise InvalidInput(
                "a call that ended says when and how",
                remedy="Give both ended_at and ending, or neither while it runs.",
            )
        require_numbers("points", [each.number for each in self.points])
        require_numbers("actions", [each.number for each in self.actions])

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None

    def duration_s(self, now: datetime) -> float:
        """How long it lasted, or has lasted at `now`; never below zero."""
        return max(((self.ended_at or now) - self.started_at).total_seconds(), 0.0)


def require_numbers(what: str, numbers: Sequence[int]) -> None:
    """Refuse numbers of which one stands twice, or is below 1.

    Raises:
        InvalidInput: it names the list; count from 1, each number once.
    """
    if len(set(numbers)) != len(numbers) or any(number < 1 for number in numbers):
        raise InvalidInput(
            f"{what}: the numbers are not each above 0 and different",
            remedy="Count from 1; others refer to a number, so it is never used twice.",
        )
