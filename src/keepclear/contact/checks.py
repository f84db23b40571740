"""Checks of a line: when they are due, how many went by, and what a reply's times tell.

A due time counts for both directions: each side asks, and each side answers. It is met by
an answered check of that time or of any later one, for a later answer shows as much.

Source: domain study of keepclear, 5d (line life: the last *due* check; due times come from
the check plan, so that an uneven pattern is not a lapse every night).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from keepclear.model.agreement import CheckPlan
from keepclear.model.line_state import CauseCode, CheckResult

EARLY_S = 300.0
"""A check that comes so much before its due time counts for it: clocks and people differ."""
CLOCK_DEGRADES_S = 2.0
"""So far apart the clocks of two nodes may be before it is said."""
CLOCK_WARNS_S = 30.0
"""From here on the clocks are a matter for a person."""

_DAY = timedelta(days=1)


class Times(NamedTuple):
    """What the times of a check and its reply tell.

    Attributes:
        round_trip_s: how long both ways took, without the time at the other side.
        skew_s: by how much their clock is ahead of ours; exact to half of the round trip.
    """

    round_trip_s: float
    skew_s: float


def number_of(plan: CheckPlan, at: datetime) -> int:
    """How many due times there were up to a moment, counted from a day long past.

    Two moments' numbers differ by the due times between them; the number of a due time
    itself is one more than that of the one before.
    """
    utc = at.astimezone(UTC)
    return utc.toordinal() * len(plan.times_z) + sum(
        _since_midnight(each) <= utc - _midnight(utc) for each in plan.times_z
    )


def next_due(plan: CheckPlan, after: datetime, *, daily: bool = False) -> datetime | None:
    """The next due time after a moment; None where the plan has none.

    Args:
        plan: the agreement's.
        after: later than this.
        daily: only the first of each day, as the call that keeps a line alive while it is
            lapsed or suspended.
    """
    times = _times(plan, daily=daily)
    days = (_midnight(after), _midnight(after) + _DAY)
    return min((due for day in days for each in times if (due := day + each) > after), default=None)


def last_due(plan: CheckPlan, now: datetime, *, daily: bool = False) -> datetime | None:
    """The last due time that has come; None where the plan has none."""
    times = _times(plan, daily=daily)
    days = (_midnight(now) - _DAY, _midnight(now))
    return max((due for day in days for each in times if (due := day + each) <= now), default=None)


def missed(plan: CheckPlan, since: datetime, now: datetime) -> int:
    """How many due times in a row went by without an answer.

    Args:
        plan: the agreement's.
        since: when a check was last answered, or the line was opened.
        now: the moment this is asked at.
    """
    over = now - timedelta(seconds=plan.answer_within_s)
    reached = since + timedelta(seconds=EARLY_S)
    return 0 if over <= reached else number_of(plan, over) - number_of(plan, reached)


def missed_at(plan: CheckPlan, since: datetime, count: int) -> datetime | None:
    """When so many due times in a row will have gone by; None where the plan has none."""
    due: datetime | None = since + timedelta(seconds=EARLY_S)
    for _ in range(count):
        due = None if due is None else next_due(plan, due)
    return None if due is None else due + timedelta(seconds=plan.answer_within_s)


def times_of(
    *, asked_at: datetime, reached_at: datetime, replied_at: datetime, answered_at: datetime
) -> Times:
    """Round trip and skew of a check.

    Args:
        asked_at: when it was asked, by our clock.
        reached_at: when it reached them, by theirs.
        replied_at: when they replied, by theirs.
        answered_at: when the reply was here, by ours.

    Source:
        RFC 5905, section 8 (offset and round-trip delay of four timestamps).
    """
    there_s = (replied_at - reached_at).total_seconds()
    round_trip_s = (answered_at - asked_at).total_seconds() - there_s
    out_s = (reached_at - asked_at).total_seconds()
    back_s = (replied_at - answered_at).total_seconds()
    return Times(max(0.0, round_trip_s), (out_s + back_s) / 2.0)


def result_of(expected: str, heard: str) -> CheckResult:
    """What a reply shows: any answer proves the channel; another text is told, not hidden."""
    return CheckResult.ANSWERED if _plain(expected) == _plain(heard) else CheckResult.DIFFERS


def finding_of(result: CheckResult, cause: CauseCode | None) -> str:
    """What came of a check in one sentence, without a word of blame."""
    match result:
        case CheckResult.WAITING:
            return "waiting for an answer"
        case CheckResult.ANSWERED:
            return "answered"
        case CheckResult.DIFFERS:
            return "answered, with another text than was expected"
        case CheckResult.NOT_ANSWERED:
            return _UNANSWERED[cause or CauseCode.UNKNOWN]


_UNANSWERED = {
    CauseCode.ANSWERED: "no answer, cause unknown",
    CauseCode.NO_ANSWER: "no answer, cause unknown",
    CauseCode.UNKNOWN: "no answer, cause unknown",
    CauseCode.REFUSED: "no answer: the other side says it does not answer",
    CauseCode.TECHNICAL: "no answer: technical",
    CauseCode.STAFFING: "no answer: nobody was there to give it",
}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _midnight(at: datetime) -> datetime:
    utc = at.astimezone(UTC)
    return utc.replace(hour=0, minute=0, second=0, microsecond=0)


def _since_midnight(each: time) -> timedelta:
    return timedelta(hours=each.hour, minutes=each.minute, seconds=each.second)


def _times(plan: CheckPlan, *, daily: bool) -> list[timedelta]:
    every = sorted(_since_midnight(each) for each in plan.times_z)
    return every[:1] if daily else every
