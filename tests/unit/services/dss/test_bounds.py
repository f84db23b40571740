"""No request holds up everybody else: what would is refused with a reason, or put off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from dss_fixture import Desk, entity, volume
from keepclear.errors import AirspaceConflict, InvalidInput
from keepclear.formats.f3548 import (
    AirspaceConflictResponse,
    LatLngPoint,
    Polygon,
    PutSubscriptionParameters,
    Volume4D,
)
from keepclear.model.coordination import IntentState
from keepclear.services.dss import Later, perform, put_subscription

CAPE, LONDON = (-34.0, 18.4), (51.5, 0.0)
EARTH_WIDE = volume(radius_m=2.1e7)
OFF, ACTIVE = IntentState.NONCONFORMING, IntentState.ACTIVATED


def polygon(vertices: int) -> Volume4D:
    """A flat triangle, with more vertices along its southern edge."""
    area, step = volume(), 0.1 / vertices
    edge = [LatLngPoint(lat=35.0, lng=36.0 + step * n) for n in range(vertices - 1)]
    ring = (*edge, LatLngPoint(lat=35.01, lng=36.05))
    shape = replace(area.volume, outline_circle=UNSET, outline_polygon=Polygon(vertices=ring))
    return replace(area, volume=shape)


@pytest.mark.parametrize("wide", [EARTH_WIDE, volume(radius_m=28_300.0)])
def test_a_circle_is_held_to_the_limit_in_every_request(desk: Desk, wide: Volume4D) -> None:
    for ask in (
        lambda: desk.put("a", wide),
        lambda: desk.constrain("a", wide),
        lambda: desk.subscribe("s", wide),
        lambda: desk.found(wide),
        lambda: desk.subscriptions(wide),
    ):
        with pytest.raises(InvalidInput, match="km² are more than 2,500 km²") as refusal:
            ask()
        assert "ask for its parts" in refusal.value.remedy


def test_a_circle_of_12_km_is_taken(desk: Desk) -> None:
    desk.put("a", volume(radius_m=12_000.0))


def test_more_vertices_than_details_may_have_are_refused(desk: Desk) -> None:
    desk.put("a", polygon(10_000))
    for extents in ((polygon(10_001),), (polygon(5_000), polygon(5_001))):
        with pytest.raises(InvalidInput, match="10,001 vertices are more than 10,000"):
            desk.put("b", *extents)
    with pytest.raises(InvalidInput, match="vertices"):
        desk.found(polygon(10_001))
    with pytest.raises(InvalidInput, match="vertices"):
        desk.subscribe("s", polygon(10_001))


def test_volumes_far_apart_are_refused_where_a_crowd_lies_between(desk: Desk) -> None:
    desk.limited(most_near=2)
    for n in range(3):
        desk.put(f"{n}", volume((10.0 + n, 20.0)))
    for ask in (
        lambda: desk.put("a", volume(CAPE), volume(LONDON)),
        lambda: desk.put("a", volume(CAPE), volume(LONDON), state=OFF, implicit=True),
        lambda: desk.constrain("a", volume(CAPE), volume(LONDON)),
    ):
        with pytest.raises(InvalidInput, match=r"reach [\d,]+ km, past more than 2 things"):
            ask()
    desk.put("near", volume(CAPE), volume((-34.5, 18.4)))


def test_a_flight_that_leaves_its_plan_is_not_refused_for_what_is_filed_around_it(
    desk: Desk,
) -> None:
    desk.limited(most_near=2, most_subscriptions=1)
    planned = desk.put("a", implicit=True).operational_intent_reference
    for n in range(3):
        desk.put(f"{n}", volume((10.0 + n, 20.0)))
    off = desk.put(
        "a", volume(CAPE), volume(LONDON), replacing=planned, state=OFF, implicit=True
    ).operational_intent_reference
    assert off.state is OFF
    with pytest.raises(InvalidInput, match="past more than 2 things"):
        desk.put("a", volume(CAPE), volume(LONDON), replacing=off, state=ACTIVE, implicit=True)


def test_an_intent_to_which_too_much_is_relevant_is_refused(desk: Desk) -> None:
    desk.limited(most_relevant=2)
    key: tuple[str, ...] = ()
    for word in "ab":
        key += (str(desk.put(word, key=key).operational_intent_reference.ovn),)
    key += (str(desk.put("c", key=key).operational_intent_reference.ovn),)
    with pytest.raises(InvalidInput, match="more than 2 things are there"):
        desk.put("d", key=key)
    assert desk.found(volume()) == {entity(word) for word in "abc"}


def test_a_key_that_lacks_hundreds_is_told_of_every_one(desk: Desk) -> None:
    many, minute = 150, timedelta(minutes=1)
    for n in range(many):
        desk.put(f"{n}", volume(starts=n * minute, ends=n * minute + timedelta(seconds=59)))
    with pytest.raises(AirspaceConflict, match="the OVNs of 150 operational intents") as refusal:
        desk.put("all", volume(ends=many * minute))
    response = refusal.value.response
    assert isinstance(response, AirspaceConflictResponse)
    named = {each.id for each in response.missing_operational_intents or ()}
    assert named == {entity(f"{n}") for n in range(many)}


def test_one_manager_does_not_pile_up_subscriptions_in_one_place(desk: Desk) -> None:
    desk.limited(most_subscriptions=2)
    made = [desk.subscribe(word).subscription for word in "ab"]
    with pytest.raises(InvalidInput, match="uss1 has 2 subscriptions in this place") as refusal:
        desk.subscribe("c")
    assert "delete those not needed" in refusal.value.remedy
    desk.subscribe("a", version=made[0].version)
    desk.subscribe("c", caller="uss2")
    elsewhere = desk.subscribe("c2", volume(LONDON)).subscription
    with pytest.raises(InvalidInput, match="in this place"):
        desk.subscribe("c2", version=elsewhere.version)
    desk.clock.turn(hours=25)
    desk.subscribe("d")


def test_implicit_subscriptions_are_counted_by_themselves(desk: Desk) -> None:
    desk.limited(most_subscriptions=2)
    for word in "ab":
        desk.subscribe(word)
    key: tuple[str, ...] = ()
    for word in "ab":
        made = desk.put(word, key=key, implicit=True).operational_intent_reference
        key += (str(made.ovn),)
    with pytest.raises(InvalidInput, match="in this place"):
        desk.put("c", key=key, implicit=True)
    desk.put("c", key=key)


def test_a_subscription_answers_outside_the_writer_and_misses_nobody(desk: Desk) -> None:
    desk.put("before")
    body = PutSubscriptionParameters(
        extents=volume(), uss_base_url="https://a.example", notify_for_operational_intents=True
    )
    work = put_subscription(desk.dss, "uss2", entity("s"), None, body)
    (later,) = perform(desk.dss, [work])
    assert isinstance(later, Later)
    ovn = desk.intent("before").ovn
    since = desk.put("since", key=(str(ovn),))
    with desk.store.view() as view:
        answer = later.answer(view)
    assert answer.subscription.notification_index == 0
    assert {each.id for each in answer.operational_intent_references} == {
        entity("before"),
        entity("since"),
    }
    assert [each.subscriptions[0].notification_index for each in since.subscribers] == [1]


def test_a_subscription_that_would_find_too_much_is_not_made(desk: Desk) -> None:
    desk.limited(most_results=1)
    for n in range(2):
        desk.put(f"{n}", volume(starts=timedelta(hours=n), ends=timedelta(hours=n, minutes=59)))
    with pytest.raises(InvalidInput, match="more than 1 things are there"):
        desk.subscribe("s", volume(ends=timedelta(hours=9)))
    assert desk.subscriptions(volume(ends=timedelta(hours=9))) == set()
