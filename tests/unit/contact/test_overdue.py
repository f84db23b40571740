"""What should have happened by now is told, and nothing before its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.overdue import (
    Overdue,
    consultation_due,
    consultation_overdue,
    overdue_actions,
    posture_due,
)
from keepclear.model.call import Action
from keepclear.model.consultation import Consultation, ConsultationKind, HeldSession
from keepclear.model.posture import Posture, Review

OPENED = datetime(2026, 3, 14, tzinfo=UTC)
NEXT = OPENED + timedelta(days=7)
SERIES = Consultation(
    "one", "AMBER-BLUE", "BLUE", ConsultationKind.WORKING_GROUP, "safety", OPENED, next_at=NEXT
)
POSTURE = Posture("one", "AMBER-BLUE", "AMBER", OPENED, "defensive", review_at=NEXT)


def days(count: float) -> datetime:
    return OPENED + timedelta(days=count)


def test_a_dated_series_waits_for_its_date() -> None:
    assert consultation_overdue(SERIES, days(6.9)) is None
    assert consultation_overdue(SERIES, NEXT) is Overdue.SESSION_NOT_HELD


def test_a_series_nobody_dated_is_overdue_at_once() -> None:
    undated = replace(SERIES, next_at=None)
    assert consultation_overdue(undated, OPENED) is Overdue.NO_NEXT_DATE


def test_a_session_on_the_evening_before_meets_the_date() -> None:
    held = replace(SERIES, sessions=(HeldSession(days(6.5)),))
    assert consultation_overdue(held, days(6.5)) is Overdue.NO_NEXT_DATE
    early = replace(SERIES, sessions=(HeldSession(days(3)),))
    assert consultation_overdue(early, days(6.5)) is None
    assert consultation_overdue(early, NEXT) is Overdue.SESSION_NOT_HELD


def test_a_concluded_series_is_never_overdue() -> None:
    done = replace(SERIES, concluded_at=days(1))
    assert consultation_due(done) is None
    assert consultation_overdue(done, days(4_000)) is None


@given(
    st.one_of(st.none(), st.integers(0, 60)),
    st.lists(st.integers(0, 60), max_size=4),
    st.integers(0, 90),
)
def test_overdue_begins_exactly_at_its_due_moment(
    next_day: int | None, held: list[int], now_day: int
) -> None:
    series = replace(
        SERIES,
        next_at=None if next_day is None else days(next_day),
        sessions=tuple(HeldSession(days(each)) for each in held),
    )
    due = consultation_due(series)
    assert due is not None
    assert (consultation_overdue(series, days(now_day)) is not None) == (days(now_day) >= due)


def test_a_posture_is_due_until_somebody_looked_again() -> None:
    assert posture_due(POSTURE) == NEXT
    early = replace(POSTURE, reviews=(Review(days(2), "planner", "as said"),))
    assert posture_due(early) == NEXT
    looked = replace(POSTURE, reviews=(Review(days(8), "planner", "as said"),))
    assert posture_due(looked) is None
    assert posture_due(replace(POSTURE, review_at=None)) is None


def test_an_action_is_overdue_until_it_is_done() -> None:
    action = Action(1, "send the terms", "BLUE", "liaison officer", due_at=NEXT)
    assert overdue_actions((action,), days(6)) == ()
    assert overdue_actions((action,), NEXT) == (1,)
    assert overdue_actions((replace(action, done_at=days(9)),), days(10)) == ()
