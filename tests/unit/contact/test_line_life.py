"""The derived state of a line: what declarations and silence make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.line_facts import LineFacts, rank_of
from keepclear.contact.line_life import changes_after, derive, is_kept_alive
from keepclear.model.agreement import CheckPlan
from keepclear.model.channel import CHANNELS, ChannelOrder
from keepclear.model.line_standing import ChannelFacts
from keepclear.model.line_state import (
    CauseCode,
    DeclaredState,
    LineAct,
    LineDeclaration,
    LineState,
    ObservedState,
    Scope,
)

MADE = datetime(2026, 3, 10, 7, tzinfo=UTC)
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
MORNING = datetime(2026, 3, 14, 6, 0, 5, tzinfo=UTC)


def network(**known: Any) -> ChannelFacts:
    settings = {"asked_at": MORNING, "answered_at": MORNING, "reached_at": MORNING}
    return ChannelFacts(CHANNELS[0], cause=CauseCode.ANSWERED, **(settings | known))


def facts(*channels: ChannelFacts, **changes: Any) -> LineFacts:
    settings: dict[str, Any] = {
        "us": "BLUE",
        "them": "AMBER",
        "opened_at": MADE,
        "agreed_until": NOW + timedelta(days=30),
        "plan": CheckPlan(),
        "channels": channels or (network(),),
        "contact_at": MORNING,
    }
    return LineFacts(**(settings | changes))


def suspended(party: str = "AMBER", at: datetime = MORNING, **changes: Any) -> LineDeclaration:
    settings: dict[str, Any] = {
        "id": f"{party}{at:%H%M}",
        "party": party,
        "act": LineAct.SUSPEND,
        "scope": Scope.ALL,
        "residue": "FLASH is taken",
        "effective_at": at,
        "declared_at": at,
    }
    return LineDeclaration(**(settings | changes))


def state(of: LineFacts, now: datetime = NOW) -> LineState:
    return derive(of, now).state


def test_a_line_whose_last_due_check_was_answered_both_ways_is_up() -> None:
    status = derive(facts(), NOW)
    assert (status.state, status.reasons) == (LineState.UP, ())
    assert status.next_due == NOW.replace(hour=13)


def test_a_check_answered_minutes_before_its_due_time_counts_for_it() -> None:
    early = MORNING.replace(hour=5, minute=57)
    of = facts(network(answered_at=early, reached_at=early), contact_at=early)
    assert state(of) is LineState.UP


def test_an_uneven_pattern_is_not_a_lapse_every_night() -> None:
    plan = CheckPlan((time(9), time(16)))
    last = datetime(2026, 3, 13, 16, 0, 10, tzinfo=UTC)
    of = facts(
        network(asked_at=last, answered_at=last, reached_at=last), plan=plan, contact_at=last
    )
    assert state(of, datetime(2026, 3, 14, 8, 59, tzinfo=UTC)) is LineState.UP
    assert state(of, datetime(2026, 3, 14, 9, 14, tzinfo=UTC)) is LineState.UP
    assert state(of, datetime(2026, 3, 14, 9, 16, tzinfo=UTC)) is LineState.DEGRADED


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"skew_s": 2.5}, "the clocks differ by 2.5 s"),
        ({"overdue": 1}, "FLASH or IMMEDIATE messages wait for longer than agreed: 1"),
        (
            {"has_linguist": False},
            "no certified linguist on watch, and no language in common",
        ),
        ({"channels": (network(round_trip_s=11.0),)}, "slow: a check took 11 s there and back"),
        (
            {"channels": (network(reached_at=MORNING - timedelta(days=1)),)},
            "one way only: their check did not come",
        ),
        ({"channels": (network(answered_at=None),)}, "one way only: our check was never answered"),
    ],
)
def test_what_degrades_a_line_is_said(changed: dict[str, Any], reason: str) -> None:
    status = derive(facts(**changed), NOW)
    assert status.state is LineState.DEGRADED
    assert reason in status.reasons


def test_a_skew_of_thirty_seconds_is_a_caution_besides() -> None:
    assert any("clock doubtful" in each for each in derive(facts(skew_s=-31.0), NOW).cautions)


def test_two_due_checks_without_an_answer_lapse_the_line_with_a_cause() -> None:
    last = MORNING - timedelta(days=1) + timedelta(hours=7)  # 13:00 the day before
    of = facts(
        network(asked_at=last, answered_at=last, reached_at=last),
        contact_at=last + timedelta(hours=1),
    )
    now = NOW.replace(hour=13, minute=16)
    status = derive(of, now)
    assert status.state is LineState.LAPSED
    assert status.since == NOW.replace(hour=13, minute=15)
    assert status.cause is CauseCode.UNKNOWN
    assert status.reasons[0] == "no answer, cause unknown"


def test_a_cause_that_a_person_gave_is_the_cause_of_the_lapse() -> None:
    last = MORNING - timedelta(days=3)
    one = network(asked_at=MORNING, answered_at=last, reached_at=last)
    of = facts(replace(one, cause=CauseCode.STAFFING), contact_at=last)
    assert derive(of, NOW).cause is CauseCode.STAFFING


def test_a_day_without_contact_both_ways_is_a_lapse_even_of_a_plan_without_checks() -> None:
    of = facts(plan=CheckPlan(times_z=()), contact_at=NOW - timedelta(hours=24))
    assert state(of) is LineState.LAPSED
    assert state(of, NOW - timedelta(seconds=1)) is LineState.UP


def test_a_lapse_stays_until_the_line_is_restored() -> None:
    status = derive(facts(lapsed_at=MORNING - timedelta(days=2)), NOW)
    assert status.state is LineState.LAPSED
    assert "there is contact again; both sides restore the line together" in status.reasons


def test_a_declaration_stops_a_line_that_would_be_up() -> None:
    of = facts(declarations=(suspended(at=NOW - timedelta(hours=1)),))
    status = derive(of, NOW)
    assert status.state is LineState.SUSPENDED
    assert (status.declared_us, status.declared_them) == (
        DeclaredState.OPEN,
        DeclaredState.SUSPENDED,
    )
    assert status.residue == "FLASH is taken"
    assert status.channels[0].observed is ObservedState.ANSWERING


def test_a_suspended_line_that_still_answers_says_so() -> None:
    declared = suspended(at=MORNING - timedelta(hours=1))
    status = derive(facts(declarations=(declared,)), NOW)
    assert status.state is LineState.SUSPENDED_BUT_ANSWERING
    assert status.since == declared.effective_at


def test_a_suspension_counts_from_its_moment_on() -> None:
    of = facts(declarations=(suspended(at=NOW + timedelta(minutes=1)),))
    assert state(of) is LineState.UP
    assert state(of, NOW + timedelta(minutes=1)) is LineState.SUSPENDED
    assert changes_after(of, NOW) == NOW + timedelta(minutes=1)


def test_a_party_that_resumes_takes_back_its_own_suspension_alone() -> None:
    both = (suspended("AMBER"), suspended("BLUE"))
    resumed = replace(suspended("AMBER", NOW), act=LineAct.RESUME)
    assert state(facts(declarations=(*both, resumed))) in {
        LineState.SUSPENDED,
        LineState.SUSPENDED_BUT_ANSWERING,
    }


def test_one_channel_alone_may_be_suspended() -> None:
    telephone = ChannelFacts(CHANNELS[1])
    of = facts(network(), telephone, declarations=(suspended(channel="telephone"),))
    status = derive(of, NOW)
    assert status.state is LineState.UP
    assert [each.declared_them for each in status.channels] == [
        DeclaredState.OPEN,
        DeclaredState.SUSPENDED,
    ]


def test_a_restoration_under_way_is_shown_and_one_that_stands_still_is_not() -> None:
    of = facts(lapsed_at=MORNING, restoring_at=MORNING)
    assert state(of) is LineState.RESTORING
    assert state(of, MORNING + timedelta(days=1)) is LineState.LAPSED


def test_a_line_is_closed_when_its_agreement_ends_or_both_say_so() -> None:
    assert state(facts(agreed_until=NOW)) is LineState.CLOSED
    closing = [replace(suspended(party), act=LineAct.CLOSE) for party in ("AMBER", "BLUE")]
    assert state(facts(declarations=tuple(closing))) is LineState.CLOSED
    assert state(facts(declarations=(closing[0],))) is not LineState.CLOSED


def test_flash_goes_in_every_state_but_closed() -> None:
    assert {each for each in LineState if not each.takes_flash} == {LineState.CLOSED}


def test_checks_go_out_daily_on_a_line_that_is_down() -> None:
    assert not is_kept_alive(facts(), NOW)
    assert is_kept_alive(facts(lapsed_at=MORNING), NOW)
    assert derive(facts(lapsed_at=MORNING), NOW).next_due == MORNING.replace(
        day=15, hour=6, second=0
    )


def test_an_alternate_in_use_is_said() -> None:
    at = NOW.replace(hour=11)
    telephone = ChannelFacts(CHANNELS[1], at, at, at, CauseCode.ANSWERED)
    silent = replace(network(asked_at=MORNING), cause=CauseCode.UNKNOWN)
    assert silent.channel.order is ChannelOrder.PRIMARY
    status = derive(facts(silent, telephone), NOW)
    assert "network does not answer; an alternate channel is in use" in status.reasons


moments = st.datetimes(
    min_value=MADE.replace(tzinfo=None),
    max_value=NOW.replace(tzinfo=None),
    timezones=st.just(UTC),
)
some = st.none() | moments


@st.composite
def any_facts(draw: st.DrawFn) -> LineFacts:
    one = ChannelFacts(
        CHANNELS[0],
        draw(some),
        draw(some),
        draw(some),
        draw(st.none() | st.sampled_from(CauseCode)),
        draw(st.none() | st.floats(0.0, 60.0)),
    )
    said = draw(st.lists(moments, max_size=2))
    parties = draw(st.lists(st.sampled_from(["AMBER", "BLUE"]), min_size=2, max_size=2))
    return facts(
        one,
        agreed_until=draw(some | st.just(NOW + timedelta(days=9))),
        contact_at=draw(some),
        lapsed_at=draw(some),
        restoring_at=draw(some),
        overdue=draw(st.integers(0, 2)),
        skew_s=draw(st.none() | st.floats(-90.0, 90.0)),
        declarations=tuple(
            suspended(party, at, act=draw(st.sampled_from([LineAct.SUSPEND, LineAct.CLOSE])))
            for party, at in zip(parties, said, strict=False)
        ),
    )


@given(any_facts(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_silence_never_gives_a_better_state(of: LineFacts, wait_s: int, more_s: int) -> None:
    first = NOW + timedelta(seconds=wait_s)
    later = first + timedelta(seconds=more_s)
    assert rank_of(state(of, first)) <= rank_of(state(of, later))


@given(any_facts(), st.integers(0, 10**6))
def test_a_suspension_hides_nothing_that_is_observed(of: LineFacts, wait_s: int) -> None:
    now = NOW + timedelta(seconds=wait_s)
    status = derive(of, now)
    assert len(status.channels) == len(of.channels)
    if status.state in {LineState.SUSPENDED, LineState.SUSPENDED_BUT_ANSWERING}:
        bare = derive(replace(of, declarations=()), now)
        shown = set(bare.reasons) if bare.state is LineState.DEGRADED else set()
        clocks = {each for each in shown if "clock" in each or "longer than agreed" in each}
        assert clocks <= set(status.cautions)


@given(any_facts(), st.integers(0, 10**6))
def test_the_state_changes_only_at_moments_that_were_foretold(of: LineFacts, wait_s: int) -> None:
    now = NOW + timedelta(seconds=wait_s)
    change = changes_after(of, now)
    until = now + timedelta(days=40) if change is None else change - timedelta(microseconds=1)
    assert state(of, now) is state(of, until)
