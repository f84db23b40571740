"""What the discovery service decides about operational intents."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec import UNSET

from dss_fixture import SC, START, Desk, entity, told, volume
from keepclear.errors import (
    AirspaceConflict,
    InvalidInput,
    NotFound,
    NotOurs,
    NotPermitted,
    UssIsDown,
    VersionConflict,
)
from keepclear.formats.f3548 import AirspaceConflictResponse, time_of
from keepclear.formats.f3548.ids import NO_SUBSCRIPTION_ID
from keepclear.model.coordination import IntentState, UssState

FAR = (10.0, -60.0)


def missing(error: AirspaceConflict) -> set[str]:
    response = error.response
    assert isinstance(response, AirspaceConflictResponse)
    intents = {each.id for each in response.missing_operational_intents or ()}
    return intents | {each.id for each in response.missing_constraints or ()}


def test_a_new_intent_is_in_version_1_with_an_ovn_and_its_times(desk: Desk) -> None:
    made = desk.put("a").operational_intent_reference
    assert (made.id, made.manager, made.version) == (entity("a"), "uss1", 1)
    assert 16 <= len(str(made.ovn)) <= 128
    assert made.time_start == time_of(START)
    assert made.time_end == time_of(START + timedelta(hours=1))
    assert made.subscription_id == NO_SUBSCRIPTION_ID
    assert made.uss_availability is UssState.UNKNOWN
    assert desk.intent("a") == made


def test_version_and_ovn_move_together_even_where_nothing_changes(desk: Desk) -> None:
    first = desk.put("a").operational_intent_reference
    second = desk.put("a", replacing=first).operational_intent_reference
    assert second.version == 2
    assert second.ovn != first.ovn


def test_a_manager_may_ask_for_the_end_of_an_ovn_but_never_for_an_old_one(desk: Desk) -> None:
    at_ms = int(START.timestamp()) * 1_000
    first, second = (str(UUID(int=(at_ms << 80) | (7 << 76) | (2 << 62) | rest)) for rest in (1, 2))
    made = desk.put("a", suffix=first).operational_intent_reference
    assert made.ovn == f"{entity('a')}_{first}"
    changed = desk.put("a", replacing=made, suffix=second).operational_intent_reference
    assert changed.ovn == f"{entity('a')}_{second}"
    for again in (first, second):
        with pytest.raises(VersionConflict, match="not later"):
            desk.put("a", replacing=changed, suffix=again)


def test_only_the_manager_reads_the_ovn(desk: Desk) -> None:
    desk.put("a")
    assert desk.intent("a", caller="uss2").ovn is UNSET
    assert desk.intent("a").ovn is not UNSET


def test_an_intent_that_exists_is_not_made_again(desk: Desk) -> None:
    desk.put("a")
    with pytest.raises(VersionConflict):
        desk.put("a")
    with pytest.raises(VersionConflict):
        desk.put("a", caller="uss2")


def test_an_intent_that_is_not_there_is_not_changed_or_removed(desk: Desk) -> None:
    with pytest.raises(VersionConflict):
        desk.put("a", replacing="ThisIsNoVersionOfIt")
    with pytest.raises(NotFound):
        desk.delete("a", "ThisIsNoVersionOfIt")
    with pytest.raises(NotFound):
        desk.intent("a")


def test_a_stale_ovn_neither_changes_nor_removes(desk: Desk) -> None:
    first = desk.put("a").operational_intent_reference
    second = desk.put("a", replacing=first).operational_intent_reference
    for stale in (first.ovn, "ThisIsNoVersionOfIt"):
        with pytest.raises(VersionConflict):
            desk.delete("a", stale)
    with pytest.raises(VersionConflict):
        desk.put("a", replacing=first)
    assert desk.intent("a") == second


def test_an_empty_ovn_names_no_version(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="OVN at the end of the path is empty"):
        desk.put("a", replacing="")
    desk.put("a")
    with pytest.raises(InvalidInput, match="OVN at the end of the path is empty"):
        desk.put("a", replacing="")
    with pytest.raises(InvalidInput, match="OVN at the end of the path is empty"):
        desk.delete("a", "")


def test_nobody_changes_or_removes_what_another_manages(desk: Desk) -> None:
    made = desk.put("a").operational_intent_reference
    with pytest.raises(NotOurs):
        desk.put("a", caller="uss2", replacing=made)
    with pytest.raises(NotOurs):
        desk.put("a", caller="uss2", replacing="ThisIsNoVersionOfIt")
    with pytest.raises(NotOurs):
        desk.delete("a", made.ovn, caller="uss2")


def test_a_removed_intent_comes_back_once_more_and_is_gone(desk: Desk) -> None:
    made = desk.put("a").operational_intent_reference
    assert desk.delete("a", made.ovn).operational_intent_reference == made
    with pytest.raises(NotFound):
        desk.intent("a")
    assert desk.found(volume()) == set()


def test_the_key_must_hold_the_ovn_of_everything_near(desk: Desk) -> None:
    first = desk.put("a").operational_intent_reference
    with pytest.raises(AirspaceConflict) as refusal:
        desk.put("b", caller="uss2")
    assert missing(refusal.value) == {entity("a")}
    desk.put("b", caller="uss2", key=(str(first.ovn), "AnOvnOfNothingNear"))


def test_the_answer_to_a_poor_key_does_not_give_away_ovns_of_others(desk: Desk) -> None:
    mine = desk.put("mine", caller="uss2").operational_intent_reference
    other = desk.put("a", key=(str(mine.ovn),)).operational_intent_reference
    with pytest.raises(AirspaceConflict) as refusal:
        desk.put("b", caller="uss2")
    response = refusal.value.response
    assert isinstance(response, AirspaceConflictResponse)
    ovns = {each.id: each.ovn for each in response.missing_operational_intents or ()}
    assert ovns == {entity("a"): UNSET, entity("mine"): mine.ovn}
    assert str(other.ovn) not in str(response)


def test_a_refused_intent_leaves_nothing_behind(desk: Desk) -> None:
    desk.put("a", implicit=True)
    with pytest.raises(AirspaceConflict):
        desk.put("b", implicit=True)
    with pytest.raises(NotFound):
        desk.intent("b")
    assert len(desk.subscriptions(volume())) == 1


def test_ones_own_intents_must_be_known_too_but_not_the_one_that_changes(desk: Desk) -> None:
    first = desk.put("a").operational_intent_reference
    with pytest.raises(AirspaceConflict):
        desk.put("b")
    desk.put("a", replacing=first)


@pytest.mark.parametrize(
    "elsewhere",
    [
        volume(FAR),
        volume(low_m=121.0, high_m=200.0),
        volume(starts=timedelta(hours=2), ends=timedelta(hours=3)),
    ],
)
def test_what_is_elsewhere_need_not_be_known(desk: Desk, elsewhere: object) -> None:
    desk.put("a")
    desk.put("b", elsewhere)  # type: ignore[arg-type]  # a volume


def test_a_stale_ovn_in_the_key_does_not_count(desk: Desk) -> None:
    first = desk.put("a").operational_intent_reference
    desk.put("a", replacing=first)
    with pytest.raises(AirspaceConflict):
        desk.put("b", key=(str(first.ovn),))


def test_an_off_nominal_intent_needs_no_key(desk: Desk) -> None:
    made = desk.put("b", implicit=True).operational_intent_reference
    desk.put("a", key=(str(made.ovn),))
    for state in (IntentState.NONCONFORMING, IntentState.CONTINGENT):
        made = desk.put(
            "b", replacing=made, state=state, subscription=made.subscription_id
        ).operational_intent_reference
        assert made.state is state
    with pytest.raises(AirspaceConflict):
        desk.put(
            "b",
            replacing=made,
            state=IntentState.ACTIVATED,
            subscription=made.subscription_id,
        )


def test_an_accepted_intent_of_a_service_that_is_down_need_not_be_known(desk: Desk) -> None:
    made = desk.put("a", implicit=True).operational_intent_reference
    desk.declare("uss1", UssState.DOWN)
    desk.put("b", caller="uss2")
    desk.declare("uss1", UssState.NORMAL)
    active = desk.put(
        "a",
        replacing=made,
        key=(str(desk.intent("b", caller="uss2").ovn),),
        state=IntentState.ACTIVATED,
        subscription=made.subscription_id,
    )
    desk.declare("uss1", UssState.DOWN)
    with pytest.raises(AirspaceConflict) as refusal:
        desk.put("c", caller="uss2", key=(str(desk.intent("b", caller="uss2").ovn),))
    assert missing(refusal.value) == {active.operational_intent_reference.id}


def test_constraints_must_be_known_by_whom_is_told_of_them_alone(desk: Desk) -> None:
    closed = desk.constrain("zone").constraint_reference
    deaf = desk.put("a", implicit=True).operational_intent_reference
    with pytest.raises(AirspaceConflict) as refusal:
        desk.put("b", key=(str(deaf.ovn),), implicit=True, for_constraints=True)
    assert missing(refusal.value) == {closed.id}
    key = (str(deaf.ovn), str(closed.ovn))
    desk.put("b", key=key, implicit=True, for_constraints=True)


def test_a_new_intent_is_accepted_and_nothing_else(desk: Desk) -> None:
    for state in (IntentState.ACTIVATED, IntentState.NONCONFORMING, IntentState.CONTINGENT):
        with pytest.raises(InvalidInput):
            desk.put("a", state=state, implicit=True)


def test_off_nominal_states_need_the_role_for_them(desk: Desk) -> None:
    made = desk.put("a", implicit=True).operational_intent_reference
    for state in (IntentState.NONCONFORMING, IntentState.CONTINGENT):
        with pytest.raises(NotPermitted):
            desk.put(
                "a",
                replacing=made,
                state=state,
                subscription=made.subscription_id,
                scopes=SC,
            )


def test_a_service_that_is_down_may_not_plan_activate_or_remove(desk: Desk) -> None:
    made = desk.put("a", implicit=True).operational_intent_reference
    desk.declare("uss1", UssState.DOWN)
    with pytest.raises(UssIsDown):
        desk.put("b", volume(FAR))
    with pytest.raises(UssIsDown):
        desk.put("a", replacing=made, subscription=made.subscription_id)
    with pytest.raises(UssIsDown):
        desk.delete("a", made.ovn)
    desk.put(
        "a", replacing=made, state=IntentState.NONCONFORMING, subscription=made.subscription_id
    )


def test_a_reference_shows_what_is_held_of_its_manager_now(desk: Desk) -> None:
    desk.put("a")
    desk.declare("uss1", UssState.DOWN)
    assert desk.intent("a", caller="uss2").uss_availability is UssState.DOWN


def test_subscribers_are_told_once_each_with_a_number_that_only_grows(desk: Desk) -> None:
    desk.subscribe("s", caller="uss2", url="https://two.example.com")
    desk.subscribe("t", caller="uss2", url="https://two.example.com")
    desk.subscribe("far", volume(FAR), caller="uss2")
    desk.subscribe("deaf", caller="uss2", for_intents=False, for_constraints=True)
    made = desk.put("a")
    assert [each.uss_base_url for each in made.subscribers] == ["https://two.example.com"]
    assert told(made) == {entity("s"): 1, entity("t"): 1}
    changed = desk.put("a", replacing=made.operational_intent_reference)
    assert told(changed) == {entity("s"): 2, entity("t"): 2}
    gone = desk.delete("a", changed.operational_intent_reference.ovn)
    assert told(gone) == {entity("s"): 3, entity("t"): 3}


def test_an_intent_that_moves_away_is_told_where_it_was_and_where_it_is(desk: Desk) -> None:
    desk.subscribe("here")
    desk.subscribe("there", volume(FAR))
    made = desk.put("a").operational_intent_reference
    assert set(told(desk.put("a", volume(FAR), replacing=made))) == {
        entity("here"),
        entity("there"),
    }


def test_a_subscription_above_or_that_is_over_is_not_told(desk: Desk) -> None:
    desk.subscribe("above", volume(low_m=121.0, high_m=300.0))
    desk.subscribe("over", volume(ends=timedelta(minutes=1)))
    desk.clock.turn(minutes=2)
    assert told(desk.put("a")) == {}


def test_a_question_finds_also_what_has_lately_ended(desk: Desk) -> None:
    desk.put("a")
    desk.clock.turn(hours=2)
    assert desk.found(volume()) == {entity("a")}
    assert desk.found(volume(starts=timedelta(hours=2), ends=None)) == set()
    assert desk.found(volume(starts=None, ends=None)) == {entity("a")}


def test_more_than_an_answer_may_hold_is_refused_and_never_cut(desk: Desk) -> None:
    first = desk.put("a").operational_intent_reference
    desk.put("b", key=(str(first.ovn),))
    desk.limited(most_results=1, most_relevant=1)
    for ask in (lambda: desk.found(volume()), lambda: desk.put("c"), lambda: desk.subscribe("s")):
        with pytest.raises(InvalidInput, match="more than 1 things"):
            ask()
