"""An answer of the discovery service that is lost: whom it named is asked for once more.

The USS here does nothing by itself: a test takes the part of its threads, and of its restart.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from keepclear import compose
from keepclear.errors import NotFound, PeerSilent, PeerTrouble
from keepclear.formats.documents.published import PublishedConstraint
from keepclear.formats.f3548 import OperationalIntent, PutSubscriptionParameters
from keepclear.formats.f3548.volumes import volume_of
from keepclear.model.coordination import IntentState
from keepclear.model.operation import Operation, OperationState
from keepclear.model.window import Window
from keepclear.model.zone import Zone
from keepclear.services.declaring import declare
from keepclear.services.expected import NEW
from keepclear.services.filing import change_state, file_operation
from keepclear.services.uss import Uss
from keepclear.services.uss.constraints import publish_zone, withdraw_zone
from keepclear.services.uss.following import Follower
from keepclear.services.uss.publishing import publish, withdraw
from keepclear.services.uss.unanswered import LATE
from keepclear.services.uss.wanted import Result
from uss.test_duties import later
from uss.test_following import ROLE, after_start, filed, zone_at
from uss.world import World, new_id, new_place, planned, volume, wanted


class Killed(BaseException):
    """The process ends here; nothing catches it."""


def silence() -> BaseException:
    return PeerSilent("the answer was lost")


LOST = pytest.mark.parametrize("how", [silence, Killed], ids=["silence", "a kill"])


class Deaf:
    """A discovery service that does what it is asked, and whose answer never comes.

    Args:
        dss: the service.
        losing: what is asked whose answer is lost.
        how: what happens instead of the answer.
        after: so many answers come.
    """

    def __init__(
        self, dss: Any, losing: str, how: Callable[[], BaseException], *, after: int = 0
    ) -> None:
        self._dss, self._losing, self._how, self._left = dss, losing, how, after

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._dss, name)

        def answered(*given: Any) -> Any:
            answer = asked(*given)
            if name == self._losing:
                self._left -= 1
                if self._left < 0:
                    raise self._how()
            return answer

        return answered


def deaf(uss: Uss, losing: str, how: Callable[[], BaseException], *, after: int = 0) -> Uss:
    return replace(uss, dss=Deaf(uss.dss, losing, how, after=after))


def restarted(uss: Uss) -> Uss:
    """The same USS as its store has it, after what it does by itself when it starts."""
    after = after_start(uss)
    follower = Follower(after)
    while follower.round() == 0.0:
        pass
    follower.round()
    return after


def told(uss: Uss, entity_id: str, subscription: str) -> dict[str, Any]:
    """The last that is to be posted of one thing because of a subscription; with its index."""
    last: dict[str, Any] = {}
    with uss.node.store.view() as view:
        bodies = [msgspec.json.decode(each.body) for each in view.waiting(limit=10_000)]
    for body in bodies:
        if entity_id in (body.get("operational_intent_id"), body.get("constraint_id")):
            for each in body["subscriptions"]:
                if each["subscription_id"] == subscription:
                    last = {**body, "index": each["notification_index"]}
    return last


def number_of(airspace: World, subscription: str) -> int:
    """How often the discovery service named a subscription."""
    return int(airspace.as_stranger.dss.subscription(subscription).notification_index or 0)


def subscribed(airspace: World, place: float) -> str:
    """A subscription of the stranger's to all that happens where `filed` files at a place."""
    body = PutSubscriptionParameters(
        extents=volume(place, 30.0, high_m=1_000.0),
        uss_base_url=airspace.stranger.base_url,
        notify_for_operational_intents=True,
        notify_for_constraints=True,
    )
    return airspace.as_stranger.dss.put_subscription(new_id(), None, body).subscription.id


def there_as_shown(uss: Uss, operation: Operation) -> OperationalIntent:
    """What is published, once it is seen to be what the service has."""
    published = uss.own.intent(operation.id)
    assert published is not None
    assert published.intent is not None
    there = uss.dss.intent(operation.id)
    assert there.version == published.intent.reference.version
    assert there.ovn == published.intent.reference.ovn
    assert not published.is_tried
    return published.intent


@LOST
def test_whoever_it_left_is_told_of_a_move_whose_answer_was_lost(
    airspace: World, lone: Uss, how: Callable[[], BaseException]
) -> None:
    place = new_place()
    left = subscribed(airspace, place)
    operation = filed(lone, place)
    publish(lone, operation.id, role=ROLE)
    moved = filed_at(new_place(), operation)
    file_operation(lone.node, moved, expected=operation.version)
    with suppress(Killed):
        Follower(deaf(lone, "put_intent", how)).round()
    after = restarted(lone)
    intent = there_as_shown(after, operation)
    last = told(lone, operation.id, left)
    assert last["operational_intent"]["reference"]["version"] == intent.reference.version
    assert last["index"] == number_of(airspace, left)
    assert volume_of((intent.details.volumes or ())[0]).window == operation.volumes[0].window


def test_whoever_it_left_is_told_of_the_end_where_the_move_before_was_never_answered(
    airspace: World, lone: Uss
) -> None:
    place = new_place()
    left = subscribed(airspace, place)
    operation = filed(lone, place)
    publish(lone, operation.id, role=ROLE)
    file_operation(lone.node, filed_at(new_place(), operation), expected=operation.version)
    with pytest.raises(Killed):
        Follower(deaf(lone, "put_intent", Killed)).round()
    change_state(lone.node, operation.id, OperationState.ENDED, expected=2)
    after = restarted(lone)
    with pytest.raises(NotFound):
        lone.dss.intent(operation.id)
    last = told(lone, operation.id, left)
    assert "operational_intent" not in last
    assert last["index"] == number_of(airspace, left)
    Follower(later(after, seconds=LATE.total_seconds())).round()
    assert after.own.intent(operation.id) is None


def filed_at(place: float, operation: Operation) -> Operation:
    """The same operation somewhere else."""
    there = volume_of(volume(place, 30.0))
    return replace(operation, volumes=(replace(operation.volumes[0], footprint=there.footprint),))


@LOST
def test_whoever_must_know_hears_that_an_intent_is_gone_although_that_answer_was_lost(
    airspace: World, lone: Uss, how: Callable[[], BaseException]
) -> None:
    place = new_place()
    near = subscribed(airspace, place)
    operation = filed(lone, place)
    publish(lone, operation.id, role=ROLE)
    with suppress(Killed):
        withdraw(deaf(lone, "delete_intent", how), operation.id, role=ROLE)
    after = restarted(lone)
    assert after.own.intent(operation.id) is None
    with pytest.raises(NotFound):
        lone.dss.intent(operation.id)
    last = told(lone, operation.id, near)
    assert "operational_intent" not in last
    assert last["index"] == number_of(airspace, near)


def test_a_release_that_was_killed_unanswered_is_completed_as_its_person_said_it(
    airspace: World, lone: Uss
) -> None:
    place = new_place()
    near = subscribed(airspace, place)
    operation = filed(lone, place)
    with pytest.raises(Killed):
        publish(deaf(lone, "put_intent", Killed), operation.id, role=ROLE, priority=7, actor="Ada")
    after = restarted(lone)
    assert there_as_shown(after, operation).details.priority == 7
    published = after.own.intent(operation.id)
    assert published is not None
    assert published.released_by == "Ada, planner"
    assert told(lone, operation.id, near)["index"] == number_of(airspace, near)


def test_what_was_killed_between_accepted_and_activated_is_activated_afterwards(
    airspace: World, lone: Uss
) -> None:
    del airspace
    operation = filed(lone, new_place())
    change_state(lone.node, operation.id, OperationState.ACTIVE, expected=1)
    with pytest.raises(Killed):
        publish(deaf(lone, "query_intents", Killed, after=1), operation.id, role=ROLE)
    assert lone.dss.intent(operation.id).state is IntentState.ACCEPTED
    after = restarted(lone)
    assert there_as_shown(after, operation).reference.state is IntentState.ACTIVATED


def test_what_may_still_be_under_way_is_looked_for_a_while_before_it_is_given_up(
    airspace: World, lone: Uss
) -> None:
    del airspace
    asked = wanted(volume(new_place()), actor="Ada")
    assert planned(replace(lone, dss=Unreached(lone.dss)), asked).result is Result.FAILED
    Follower(lone).round()
    assert lone.own.intent(asked.id) is not None
    Follower(later(lone, seconds=LATE.total_seconds())).round()
    assert lone.own.intent(asked.id) is None


class Unreached(Deaf):
    """A discovery service that is not reached when something is put there."""

    def __init__(self, dss: Any) -> None:
        super().__init__(dss, "", silence)

    def put_intent(self, *_: Any) -> Any:
        raise silence()


def test_what_a_restored_service_lost_is_put_there_anew(airspace: World, lone: Uss) -> None:
    del airspace
    operation = filed(lone, new_place())
    publish(lone, operation.id, role=ROLE)
    lone.dss.delete_intent(operation.id, lone.dss.intent(operation.id).ovn or "")
    there_as_shown(restarted(lone), operation)


def test_the_priority_that_a_person_said_stays_when_the_operation_changes(
    airspace: World, lone: Uss
) -> None:
    del airspace
    operation = filed(lone, new_place())
    publish(lone, operation.id, role=ROLE, priority=5)
    change_state(lone.node, operation.id, OperationState.ACTIVE, expected=1)
    intent = there_as_shown(restarted(lone), operation)
    assert (intent.reference.state, intent.details.priority) == (IntentState.ACTIVATED, 5)


def test_a_constraint_that_was_never_answered_is_taken_back(airspace: World, lone: Uss) -> None:
    del airspace
    zone = zone_at(new_place())
    declare(lone.node, zone, expected=NEW)
    with pytest.raises(Killed):
        publish_zone(deaf(lone, "put_constraint", Killed), zone.id, a_span(), role=ROLE)
    (tried,) = [each for each in lone.own.constraints() if each.zone == zone.id]
    assert lone.dss.constraint(tried.id).version == 1
    assert restarted(lone).own.constraint(tried.id) is None
    with pytest.raises(NotFound):
        lone.dss.constraint(tried.id)


@LOST
def test_whoever_must_know_of_a_constraint_hears_of_its_end_although_that_answer_was_lost(
    airspace: World, lone: Uss, how: Callable[[], BaseException]
) -> None:
    place = new_place()
    near = subscribed(airspace, place)
    zone, published = zone_published(lone, place)
    with suppress(Killed, PeerTrouble):
        withdraw_zone(deaf(lone, "delete_constraint", how), zone.id, role=ROLE)
    assert restarted(lone).own.constraint(published.id) is None
    last = told(lone, published.id, near)
    assert "constraint" not in last
    assert last["index"] == number_of(airspace, near)


@LOST
def test_a_changed_constraint_whose_answer_was_lost_is_told_to_all(
    airspace: World, lone: Uss, how: Callable[[], BaseException]
) -> None:
    place = new_place()
    near = subscribed(airspace, place)
    zone, published = zone_published(lone, place)
    declare(lone.node, replace(zone, footprint=zone_at(new_place()).footprint), expected=1)
    with suppress(Killed):
        Follower(deaf(lone, "put_constraint", how)).round()
    after = restarted(lone).own.constraint(published.id)
    assert after is not None
    assert after.constraint is not None
    assert after.constraint.reference.version == lone.dss.constraint(published.id).version
    last = told(lone, published.id, near)
    assert last["index"] == number_of(airspace, near)


def zone_published(uss: Uss, place: float) -> tuple[Zone, PublishedConstraint]:
    zone = zone_at(place)
    declare(uss.node, zone, expected=NEW)
    return zone, publish_zone(uss, zone.id, a_span(), role=ROLE)


def a_span() -> Window:
    now = compose.clock().now()
    return Window(now, now + timedelta(hours=2))
