"""What an intent depends on: subscriptions that come, grow, shrink and go with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dss_fixture import START, Desk, entity, told, volume
from keepclear.errors import InvalidInput, NotFound, NotOurs
from keepclear.formats.f3548 import Subscription, time_of
from keepclear.formats.f3548.ids import NO_SUBSCRIPTION_ID
from keepclear.model.coordination import IntentState

LATER = volume(starts=timedelta(hours=2), ends=timedelta(hours=3))


def hours(subscription: Subscription) -> tuple[float, float]:
    """From and to when a subscription reaches, in hours after the start of the test."""
    assert subscription.time_start
    assert subscription.time_end
    return (
        (subscription.time_start.value - START) / timedelta(hours=1),
        (subscription.time_end.value - START) / timedelta(hours=1),
    )


def is_gone(desk: Desk, subscription_id: str) -> bool:
    try:
        desk.subscription(subscription_id)
    except NotFound:
        return True
    return False


def test_an_implicit_subscription_reaches_as_far_as_its_intent_and_is_told_of_it(
    desk: Desk,
) -> None:
    made = desk.put("a", implicit=True)
    its_id = made.operational_intent_reference.subscription_id
    subscription = desk.subscription(its_id)
    assert subscription.implicit_subscription
    assert subscription.notify_for_operational_intents
    assert not subscription.notify_for_constraints
    assert subscription.dependent_operational_intents == (entity("a"),)
    assert hours(subscription) == (0.0, 1.0)
    assert told(made) == {its_id: 1}


def test_an_implicit_subscription_goes_with_its_last_intent(desk: Desk) -> None:
    first = desk.put("a", implicit=True).operational_intent_reference
    second = desk.put("b", LATER, subscription=first.subscription_id).operational_intent_reference
    desk.delete("a", first.ovn)
    assert desk.subscription(first.subscription_id).dependent_operational_intents == (entity("b"),)
    desk.delete("b", second.ovn)
    assert is_gone(desk, first.subscription_id)


def test_an_implicit_subscription_grows_and_shrinks_with_what_depends_on_it(desk: Desk) -> None:
    first = desk.put("a", implicit=True).operational_intent_reference
    desk.put("b", LATER, subscription=first.subscription_id)
    assert hours(desk.subscription(first.subscription_id)) == (0.0, 3.0)
    desk.delete("a", first.ovn)
    assert hours(desk.subscription(first.subscription_id)) == (2.0, 3.0)


def test_a_changed_intent_may_take_its_implicit_subscription_with_it(desk: Desk) -> None:
    first = desk.put("a", implicit=True).operational_intent_reference
    moved = desk.put("a", LATER, replacing=first, subscription=first.subscription_id)
    assert moved.operational_intent_reference.subscription_id == first.subscription_id
    assert hours(desk.subscription(first.subscription_id)) == (2.0, 3.0)


@pytest.mark.parametrize("what", ["another", "given", "none"])
def test_an_implicit_subscription_that_is_replaced_goes(desk: Desk, what: str) -> None:
    desk.subscribe("s")
    first = desk.put("a", implicit=True).operational_intent_reference
    given = entity("s") if what == "given" else None
    changed = desk.put("a", replacing=first, implicit=what == "another", subscription=given)
    assert is_gone(desk, first.subscription_id)
    assert first.subscription_id not in told(changed)
    now = changed.operational_intent_reference.subscription_id
    expected = {"given": entity("s"), "none": NO_SUBSCRIPTION_ID}.get(what, now)
    assert now == expected
    assert desk.intent("a").subscription_id == now


def test_a_given_subscription_stays_when_the_intent_goes(desk: Desk) -> None:
    desk.subscribe("s")
    made = desk.put("a", subscription=entity("s")).operational_intent_reference
    assert made.subscription_id == entity("s")
    desk.delete("a", made.ovn)
    assert desk.subscription(entity("s")).dependent_operational_intents == ()


@pytest.mark.parametrize(
    "intent",
    [
        volume(ends=timedelta(hours=1, seconds=1)),
        volume(high_m=501.0),
        volume(low_m=-1.0),
        volume(radius_m=2_100.0),
        volume((35.1, 36.0)),
    ],
)
def test_a_given_subscription_must_cover_the_intent(desk: Desk, intent: object) -> None:
    desk.subscribe("s")
    with pytest.raises(InvalidInput, match="does not cover"):
        desk.put("a", intent, subscription=entity("s"))  # type: ignore[arg-type]  # a volume


def test_what_lies_in_the_past_needs_no_cover(desk: Desk) -> None:
    desk.clock.turn(minutes=30)
    where = volume(
        radius_m=2_000.0, high_m=500.0, starts=timedelta(minutes=30), ends=timedelta(hours=2)
    )
    desk.subscribe("s", where)
    desk.put("a", volume(), subscription=entity("s"))


def test_a_subscription_that_is_unknown_over_foreign_or_deaf_serves_nobody(desk: Desk) -> None:
    desk.subscribe("over", volume(radius_m=2_000.0, high_m=500.0, ends=timedelta(minutes=1)))
    desk.subscribe("foreign", caller="uss2")
    desk.subscribe("deaf", for_intents=False, for_constraints=True)
    desk.clock.turn(minutes=2)
    for word in ("unknown", "over", "deaf"):
        with pytest.raises(InvalidInput):
            desk.put("a", volume(), subscription=entity(word))
    with pytest.raises(NotOurs):
        desk.put("a", volume(), subscription=entity("foreign"))
    with pytest.raises(InvalidInput):
        desk.put("a", volume(), subscription=NO_SUBSCRIPTION_ID)


def test_one_subscription_at_most_and_one_where_the_state_asks_for_it(desk: Desk) -> None:
    desk.subscribe("s")
    with pytest.raises(InvalidInput, match="stand together"):
        desk.put("a", subscription=entity("s"), implicit=True)
    made = desk.put("a").operational_intent_reference
    for state in (IntentState.ACTIVATED, IntentState.NONCONFORMING, IntentState.CONTINGENT):
        with pytest.raises(InvalidInput, match="needs a subscription"):
            desk.put("a", replacing=made, state=state)


def test_an_implicit_subscription_whose_end_has_passed_grows_with_its_intent(desk: Desk) -> None:
    first = desk.put("a", implicit=True).operational_intent_reference
    desk.clock.turn(hours=1, minutes=1)
    assert is_gone(desk, first.subscription_id)
    longer = volume(ends=timedelta(hours=2))
    desk.put("a", longer, replacing=first, subscription=first.subscription_id)
    assert hours(desk.subscription(first.subscription_id)) == (0.0, 2.0)


def test_an_implicit_subscription_that_its_manager_changed_is_his_own(desk: Desk) -> None:
    made = desk.put("a", implicit=True).operational_intent_reference
    before = desk.subscription(made.subscription_id)
    wide = volume(radius_m=2_000.0, high_m=500.0)
    body = desk.subscribe_id(made.subscription_id, wide, version=before.version).subscription
    assert not body.implicit_subscription
    assert body.notification_index == 1
    desk.delete("a", made.ovn)
    assert desk.subscription(made.subscription_id).time_end == time_of(START + timedelta(hours=1))


def test_a_body_may_name_its_subscription_in_capitals(desk: Desk) -> None:
    desk.subscribe("s")
    made = desk.put("a", subscription=entity("s").upper()).operational_intent_reference
    assert made.subscription_id == entity("s")
