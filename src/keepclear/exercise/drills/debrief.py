"""What came of a drill: what was expected, when it was done, and one word for each step.

Nothing here looks at a node; `records` measures, this judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Word(StrEnum):
    """What is said of one step."""

    AS_IT_SHOULD_BE = "as it should be"
    LATE = "late"
    NOT_DONE = "not done"
    DONE_WRONGLY = "done wrongly"


class Manner(StrEnum):
    """Who was at the trainee's console."""

    BY_HAND = "by hand"
    PLAYED = "played right by the script"
    PLAYED_WRONG = "played with its usual mistake by the script"


class Seen(NamedTuple):
    """Something that the trainee did, as the node's own records have it.

    Attributes:
        at: when.
        since: from when on it was expected; None for the moment the step began.
        wrong: why it is not as it should be; empty where it is.
    """

    at: datetime
    since: datetime | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step of a drill, measured.

    Attributes:
        expected: what was to be done.
        within_s: how long it might take, by the agreement or by the drill.
        clock: where that time comes from.
        after_s: how long it took; None where it was not done.
        wrong: why what was done is not as it should be; empty where it is.
    """

    expected: str
    within_s: float
    clock: str
    after_s: float | None = None
    wrong: str = ""

    @property
    def word(self) -> Word:
        """What is said of it."""
        return word_of(self.within_s, self.after_s, wrong=bool(self.wrong))


@dataclass(frozen=True, slots=True)
class Debrief:
    """A drill, looked back on.

    Attributes:
        drill: its name, as it is called.
        title: in words.
        briefing: what it was about.
        source: where that comes from.
        lesson: what to take away.
        party: the trainee's.
        begun_at, ended_at: by the clock of the exercise.
        manner: who was at the console.
        outcomes: of each step that began, in their order.
        steps: how many steps the drill has.
        trouble: what stopped it early or went amiss in the script; empty where nothing did.
    """

    drill: str
    title: str
    briefing: str
    source: str
    lesson: str
    party: str
    begun_at: datetime
    ended_at: datetime
    manner: Manner
    outcomes: tuple[Outcome, ...]
    steps: int
    trouble: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every step was reached."""
        return len(self.outcomes) == self.steps

    @property
    def is_as_it_should_be(self) -> bool:
        """Whether every step was reached and is as it should be, and nothing stopped it."""
        words = {each.word for each in self.outcomes}
        return self.is_whole and words == {Word.AS_IT_SHOULD_BE} and not self.trouble

    @property
    def summary(self) -> str:
        """How it went, in a sentence."""
        good = sum(each.word is Word.AS_IT_SHOULD_BE for each in self.outcomes)
        left = self.steps - len(self.outcomes)
        more = f"; {left} not reached" if left else ""
        return f"{good} of {self.steps} steps as they should be{more}"


def word_of(within_s: float, after_s: float | None, *, wrong: bool) -> Word:
    """What is said of a step: a thing done wrongly is that, however fast it was.

    Args:
        within_s: how long it might take.
        after_s: how long it took; None where it was not done.
        wrong: whether something is wrong with what was done.
    """
    if after_s is None:
        return Word.DONE_WRONGLY if wrong else Word.NOT_DONE
    if wrong:
        return Word.DONE_WRONGLY
    return Word.AS_IT_SHOULD_BE if after_s <= within_s else Word.LATE


def time_words(seconds: float) -> str:
    """A length of time as people say it: 45 s, 12 min 30 s, 2 h 5 min, 3 d 2 h."""
    whole = max(0, int(seconds))
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    found = []
    for unit, length_s in units:
        count, whole = divmod(whole, length_s)
        if count:
            found.append(f"{count} {unit}")
    return " ".join(found[:2]) or "0 s"
