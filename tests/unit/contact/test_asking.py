"""A request lives: considered is not accepted, silence is recorded, the end is final."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.asking import acts_of, due_of, is_late, lapsed, state_of, stepped
from keepclear.errors import StateForbids
from keepclear.model.call import LineEnd
from keepclear.model.request import Request, RequestAct, RequestState, RequestStep

ASKED = datetime(2026, 3, 14, 6, tzinfo=UTC)
FINAL = {RequestState.ANSWERED, RequestState.DECLINED}


def request(answer_in_h: float | None = 48) -> Request:
    by = None if answer_in_h is None else ASKED + timedelta(hours=answer_in_h)
    return Request("one", "AMBER-BLUE", LineEnd.THEIRS, ASKED, "stay west", answer_by=by)


def step(act: RequestAct, hours: float, until_h: float | None = None) -> RequestStep:
    until = None if until_h is None else ASKED + timedelta(hours=until_h)
    return RequestStep(act, ASKED + timedelta(hours=hours), "duty officer", "", until)


STEPS = st.lists(
    st.builds(
        step,
        st.sampled_from(RequestAct),
        st.integers(0, 200),
        st.one_of(st.none(), st.integers(0, 300)),
    ),
    max_size=8,
)


@given(STEPS, st.integers(1, 100))
def test_whatever_is_tried_the_life_stays_sound(tries: list[RequestStep], due_h: int) -> None:
    one = request(due_h)
    for tried in tries:
        before = state_of(one)
        may = acts_of(one)
        try:
            one = stepped(one, tried)
        except StateForbids:
            continue
        assert before not in FINAL
        assert tried.act in may or tried.act is RequestAct.LAPSE
        assert one.steps[-1] == tried
    if state_of(one) in FINAL | {RequestState.NO_ANSWER}:
        assert due_of(one) is None
    considered = [each for each in one.steps if each.act is RequestAct.CONSIDER]
    assert len(considered) <= 1


@given(STEPS, st.integers(1, 100), st.integers(0, 400))
def test_the_clock_ends_once_and_never_early(
    tries: list[RequestStep], due_h: int, hours: int
) -> None:
    one = request(due_h)
    for tried in tries:
        try:
            one = stepped(one, tried)
        except StateForbids:
            continue
    now, due = ASKED + timedelta(hours=hours), due_of(one)
    over = lapsed(one, now)
    assert (over is not None) == (due is not None and now >= due)
    if over is not None:
        assert state_of(over) is RequestState.NO_ANSWER
        assert lapsed(over, now + timedelta(days=365)) is None


def test_under_consideration_moves_the_clock_once() -> None:
    one = stepped(request(), step(RequestAct.CONSIDER, 1, 96))
    assert state_of(one) is RequestState.UNDER_CONSIDERATION
    assert due_of(one) == ASKED + timedelta(hours=96)
    with pytest.raises(StateForbids):
        stepped(one, step(RequestAct.CONSIDER, 2, 200))


def test_an_answer_after_the_clock_is_kept_as_late() -> None:
    over = lapsed(request(), ASKED + timedelta(hours=49))
    assert over is not None
    answered = stepped(over, step(RequestAct.ANSWER, 60))
    assert state_of(answered) is RequestState.ANSWERED
    assert is_late(answered)
    assert not is_late(stepped(request(), step(RequestAct.ANSWER, 1)))
    assert is_late(stepped(request(), step(RequestAct.DECLINE, 49)))


def test_a_request_without_a_date_waits_for_ever() -> None:
    assert lapsed(request(None), ASKED + timedelta(days=4_000)) is None


@pytest.mark.parametrize(
    "tried",
    [
        step(RequestAct.CONSIDER, 1),
        step(RequestAct.CONSIDER, 2, 1),
        step(RequestAct.ANSWER, 1, 2),
        step(RequestAct.ANSWER, -1),
    ],
    ids=["no date", "date before", "date with an answer", "before it was asked"],
)
def test_a_step_that_says_nothing_sound_is_refused(tried: RequestStep) -> None:
    with pytest.raises(StateForbids):
        stepped(request(), tried)
