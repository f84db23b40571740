"""What must be known, which states follow which, and who yields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from keepclear.errors import InvalidInput, NotPermitted, UssIsDown
from keepclear.f3548.keys import Relevant, missing_from
from keepclear.f3548.ovn import RANDOM_BYTES, new_ovn
from keepclear.f3548.priorities import Met, Step, rank_of, ruling, step_of
from keepclear.f3548.states import (
    CONFORMANCE_MONITORING,
    STRATEGIC_COORDINATION,
    active_now,
    is_beyond_recovery,
    may_follow,
    needs_subscription,
    require_state_at_dss,
    require_up,
)
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coordination import IntentState, UssState
from keepclear.model.volume import Circle, Position, Volume
from keepclear.model.window import Window

ACCEPTED, ACTIVATED = IntentState.ACCEPTED, IntentState.ACTIVATED
NONCONFORMING, CONTINGENT = IntentState.NONCONFORMING, IntentState.CONTINGENT
UNKNOWN, NORMAL, DOWN = UssState
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def missing(
    *relevant: Relevant, key: tuple[str, ...] = (), target: IntentState = ACCEPTED,
    constraints: bool = False,
) -> list[str]:  # fmt: skip
    found = missing_from(key, relevant, target=target, own_id="own", constraints=constraints)
    return [each.id for each in found]


def test_a_key_needs_every_relevant_intent_own_ones_too_but_the_changed_one() -> None:
    one, other = (
        Relevant("a", "ovn-a", ACCEPTED, UNKNOWN),
        Relevant("b", "ovn-b", ACTIVATED, NORMAL),
    )
    itself = Relevant("own", "ovn-own", ACCEPTED, NORMAL)
    assert missing(one, other, itself) == ["a", "b"]
    assert missing(one, other, itself, key=("ovn-b", "of nobody")) == ["a"]


def test_off_nominal_states_need_no_key() -> None:
    one = Relevant("a", "ovn-a", ACTIVATED, NORMAL)
    assert missing(one, target=NONCONFORMING) == missing(one, target=CONTINGENT) == []
    assert missing(one, target=ACTIVATED) == ["a"]


def test_only_accepted_intents_of_a_service_that_is_down_need_not_be_known() -> None:
    relevant = [Relevant(state.value, "x", state, DOWN) for state in IntentState]
    assert missing(*relevant) == ["Activated", "Nonconforming", "Contingent"]


def test_constraints_must_be_known_by_those_who_process_them_whoever_is_down() -> None:
    constraint = Relevant("c", "ovn-c", None, DOWN)
    assert missing(constraint) == []
    assert missing(constraint, constraints=True) == ["c"]


def test_a_discovery_service_makes_only_accepted_intents() -> None:
    both = frozenset({STRATEGIC_COORDINATION, CONFORMANCE_MONITORING})
    require_state_at_dss(None, ACCEPTED, both, UNKNOWN)
    for state in (ACTIVATED, NONCONFORMING, CONTINGENT):
        with pytest.raises(InvalidInput, match="new operational intent"):
            require_state_at_dss(None, state, both, UNKNOWN)
        require_state_at_dss(ACCEPTED, state, both, UNKNOWN)


@pytest.mark.parametrize(
    ("scope", "state"),
    [(STRATEGIC_COORDINATION, NONCONFORMING), (STRATEGIC_COORDINATION, CONTINGENT),
     (CONFORMANCE_MONITORING, ACCEPTED), (CONFORMANCE_MONITORING, ACTIVATED)],
)  # fmt: skip
def test_each_state_needs_its_role_before_anything_else(scope: str, state: IntentState) -> None:
    with pytest.raises(NotPermitted, match="needs the scope"):
        require_state_at_dss(None, state, frozenset({scope}), UNKNOWN)


def test_a_service_that_is_down_declares_what_is_off_nominal_and_nothing_else() -> None:
    both = frozenset({STRATEGIC_COORDINATION, CONFORMANCE_MONITORING})
    require_state_at_dss(ACTIVATED, CONTINGENT, both, DOWN)
    for state in (ACCEPTED, ACTIVATED):
        with pytest.raises(UssIsDown, match="held to be Down"):
            require_state_at_dss(ACCEPTED, state, both, DOWN)
    with pytest.raises(UssIsDown):
        require_up(DOWN)
    require_up(UNKNOWN)


def test_states_follow_each_other_as_the_standard_has_them() -> None:
    states = (None, *IntentState)
    table = {before: {after for after in states if may_follow(before, after)} for before in states}
    assert table == {
        None: {None, ACCEPTED, ACTIVATED},
        ACCEPTED: {None, ACCEPTED, ACTIVATED, NONCONFORMING, CONTINGENT},
        ACTIVATED: {None, ACTIVATED, NONCONFORMING, CONTINGENT},
        NONCONFORMING: {None, ACTIVATED, NONCONFORMING, CONTINGENT},
        CONTINGENT: {None, CONTINGENT},
    }


def test_a_flight_off_its_plan_may_be_regained_for_a_minute() -> None:
    since = NOON
    assert not is_beyond_recovery(since, since + timedelta(seconds=59.999))
    assert is_beyond_recovery(since, since + timedelta(seconds=60.0))
    assert not is_beyond_recovery(None, since + timedelta(days=1))


def test_all_but_accepted_intents_must_hear_of_changes() -> None:
    assert [needs_subscription(state) for state in IntentState] == [False, True, True, True]


def test_an_intent_may_be_activated_while_one_of_its_volumes_lasts() -> None:
    height = Altitude(0.0, AltitudeReference.HAE)
    volume = Volume(
        Circle(Position(1.0, 2.0), 5.0),
        AltitudeBand(height, height),
        Window(NOON, NOON + timedelta(hours=1)),
    )
    moments = [NOON + timedelta(minutes=minutes) for minutes in (-1, 0, 60, 61)]
    assert [active_now([volume], at) for at in moments] == [False, True, True, False]


def test_steps_are_told_from_states() -> None:
    assert step_of(None, ACCEPTED) is Step.PLAN
    assert step_of(ACCEPTED, ACCEPTED) is Step.MODIFY
    assert step_of(None, ACTIVATED) is step_of(ACCEPTED, ACTIVATED) is Step.ACTIVATE
    assert step_of(ACTIVATED, ACTIVATED) is Step.MODIFY_ACTIVATED
    assert step_of(NONCONFORMING, ACTIVATED) is Step.MODIFY_ACTIVATED
    assert step_of(ACTIVATED, NONCONFORMING) is None


REQUIREMENTS = {
    (Step.PLAN, 1): "SCD0015", (Step.MODIFY, 1): "SCD0020",
    (Step.ACTIVATE, 1): "SCD0025", (Step.MODIFY_ACTIVATED, 1): "SCD0030",
    (Step.PLAN, 0): "SCD0035", (Step.MODIFY, 0): "SCD0040",
    (Step.ACTIVATE, 0): "SCD0045", (Step.MODIFY_ACTIVATED, 0): "SCD0050",
}  # fmt: skip


@pytest.mark.parametrize(
    ("step", "theirs", "state", "before"),
    [*product(Step, (-1, 0, 1), IntentState, (False, True))],
)
def test_the_table_of_priorities(step: Step, theirs: int, state: IntentState, before: bool) -> None:
    found = ruling(0, step, Met(theirs, state, NORMAL, before))
    in_use = step is Step.MODIFY_ACTIVATED and before and state is not ACCEPTED
    assert found.allowed == (theirs < 0 or in_use)
    assert found.requirement == REQUIREMENTS.get((step, theirs), "")
    assert found.reason


@pytest.mark.parametrize("step", Step)
def test_equals_may_meet_where_the_regulator_says_so(step: Step) -> None:
    speaks = {
        Step.PLAN: "SCD0055", Step.MODIFY: "SCD0060",
        Step.ACTIVATE: "SCD0065", Step.MODIFY_ACTIVATED: "SCD0070",
    }  # fmt: skip
    found = ruling(7, step, Met(7, ACCEPTED, UNKNOWN), equals_may_meet=True)
    assert found[:2] == (True, speaks[step])
    assert not ruling(7, step, Met(8, ACCEPTED, UNKNOWN), equals_may_meet=True).allowed


@pytest.mark.parametrize(("step", "is_known"), [*product(Step, (False, True))])
def test_what_a_service_that_is_down_has_begun_goes_before_everything(
    step: Step, is_known: bool
) -> None:
    for state, theirs in product((ACTIVATED, NONCONFORMING, CONTINGENT), (-100, 0, 100)):
        met = Met(theirs, state, DOWN, is_known=is_known)
        assert ruling(0, step, met)[:2] == (False, "SCD0010")
        assert ruling(0, step, met, equals_may_meet=True)[:2] == (False, "SCD0010")
        assert rank_of(1_000, met).value == "higher"


@pytest.mark.parametrize(("step", "theirs"), [*product(Step, (-100, 0, 100))])
def test_what_a_service_that_is_down_only_planned_yields_unless_its_details_are_held(
    step: Step, theirs: int
) -> None:
    unknown = ruling(0, step, Met(theirs, ACCEPTED, DOWN, is_known=False))
    assert unknown[:2] == (True, "SCD0005")
    assert ruling(0, step, Met(theirs, ACCEPTED, DOWN)) == ruling(
        0, step, Met(theirs, ACCEPTED, NORMAL)
    )


@pytest.mark.parametrize("state", IntentState)
def test_what_is_off_nominal_is_told_and_never_refused(state: IntentState) -> None:
    assert ruling(0, None, Met(100, state, NORMAL)).allowed


def test_version_numbers_are_opaque_and_within_the_standards_length() -> None:
    found = new_ovn(bytes(range(RANDOM_BYTES)))
    assert len(found) == 32
    assert found.replace("-", "").replace("_", "").isalnum()
    assert new_ovn(bytes(RANDOM_BYTES)) != found
    assert 16 <= len(new_ovn(bytes(12))) <= len(new_ovn(bytes(96))) <= 128
    for size in (0, 11, 97):
        with pytest.raises(InvalidInput):
            new_ovn(bytes(size))
