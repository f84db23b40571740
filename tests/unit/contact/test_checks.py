"""Due times, missed checks, and what a reply's times tell."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.check_texts import MARK, TEXTS, text_for
from keepclear.contact.checks import (
    EARLY_S,
    finding_of,
    last_due,
    missed,
    missed_at,
    next_due,
    number_of,
    result_of,
    times_of,
)
from keepclear.model.agreement import CheckPlan
from keepclear.model.line_state import CauseCode, CheckResult

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
PLAN = CheckPlan()

plans = st.lists(
    st.builds(time, st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=6, unique=True
).map(lambda times: CheckPlan(times_z=tuple(times)))
moments = st.datetimes(
    min_value=NOON.replace(month=1, tzinfo=None),
    max_value=NOON.replace(month=6, tzinfo=None),
    timezones=st.just(UTC),
)


def test_the_next_due_time_may_be_tomorrow() -> None:
    assert next_due(PLAN, NOON) == NOON.replace(hour=13)
    assert next_due(PLAN, NOON.replace(hour=13)) == NOON.replace(day=15, hour=6)
    assert next_due(PLAN, NOON, daily=True) == NOON.replace(day=15, hour=6)
    assert next_due(CheckPlan(times_z=()), NOON) is None


def test_a_due_time_is_missed_only_when_its_wait_is_over() -> None:
    since = NOON.replace(hour=6, minute=1)
    assert missed(PLAN, since, NOON.replace(hour=13, minute=14, second=59)) == 0
    assert missed(PLAN, since, NOON.replace(hour=13, minute=15)) == 1


def test_a_year_of_silence_is_counted_at_once() -> None:
    assert missed(PLAN, NOON - timedelta(days=365), NOON) == 2 * 365


@given(plans, moments, st.integers(0, 400_000))
def test_missed_checks_are_the_due_times_that_went_by(
    plan: CheckPlan, since: datetime, length_s: int
) -> None:
    now = since + timedelta(seconds=length_s)
    counted, due = 0, since + timedelta(seconds=EARLY_S)
    while (following := next_due(plan, due)) is not None:
        if following + timedelta(seconds=plan.answer_within_s) > now:
            break
        counted, due = counted + 1, following
    assert missed(plan, since, now) == counted


@given(plans, moments, st.integers(1, 5))
def test_the_moment_of_a_miss_is_the_moment_the_count_rises(
    plan: CheckPlan, since: datetime, count: int
) -> None:
    at = missed_at(plan, since, count)
    assert at is not None
    assert missed(plan, since, at) == count
    assert missed(plan, since, at - timedelta(microseconds=1)) == count - 1


@given(plans, moments)
def test_last_and_next_due_times_are_neighbours(plan: CheckPlan, at: datetime) -> None:
    last, following = last_due(plan, at), next_due(plan, at)
    assert last is not None
    assert following is not None
    assert last <= at < following
    assert number_of(plan, following) == number_of(plan, last) + 1


@given(st.floats(-600, 600), st.floats(0, 20), st.floats(0, 5))
def test_skew_and_round_trip_come_out_of_four_times(
    skew_s: float, way_s: float, there_s: float
) -> None:
    reached = NOON + timedelta(seconds=way_s + skew_s)
    times = times_of(
        asked_at=NOON,
        reached_at=reached,
        replied_at=reached + timedelta(seconds=there_s),
        answered_at=NOON + timedelta(seconds=2 * way_s + there_s),
    )
    assert abs(times.skew_s - skew_s) < 1e-4
    assert abs(times.round_trip_s - 2 * way_s) < 1e-4


def test_texts_rotate_through_three_languages_and_are_marked() -> None:
    assert {text_for(number).language for number in range(3)} == {"en", "ru", "fr"}
    assert len({text_for(number).text for number in range(len(TEXTS))}) == len(TEXTS) == 18
    assert all(MARK in each.text and MARK in each.expected for each in TEXTS)


def test_a_reply_is_compared_without_capitals_and_full_stops() -> None:
    assert result_of("It ends in a delta.", "it ends  in a Delta") is CheckResult.ANSWERED
    assert result_of("It ends in a delta.", "It ends.") is CheckResult.DIFFERS


def test_an_unanswered_check_is_told_as_a_finding_and_blames_nobody() -> None:
    for cause in CauseCode:
        told = finding_of(CheckResult.NOT_ANSWERED, cause)
        assert told.startswith("no answer")
    assert finding_of(CheckResult.NOT_ANSWERED, None) == "no answer, cause unknown"
