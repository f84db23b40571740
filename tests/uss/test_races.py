"""Two things at once: what one of them saw before the other was done decides about nothing.

Each test has the second thing happen at the one moment that matters, inside the first.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import msgspec
import pytest

from keepclear.errors import NotFound
from keepclear.formats.f3548 import (
    ImplicitSubscriptionParameters,
    OperationalIntent,
    PutOperationalIntentDetailsParameters,
    PutOperationalIntentReferenceParameters,
    SubscriptionState,
    Volume4D,
)
from keepclear.model.coordination import IntentState
from keepclear.model.operation import OperationState
from keepclear.ports.uss_store import Learnt, LearntSort
from keepclear.services.filing import change_state
from keepclear.services.uss import Uss, hearing
from keepclear.services.uss.following import Follower
from keepclear.services.uss.hearing import Hearing
from keepclear.services.uss.learning import surroundings
from keepclear.services.uss.publishing import publish
from keepclear.services.uss.taking import take_intent
from keepclear.services.uss.wanted import Result
from uss.meanwhile import DONE, STRANGER, STUCK_S, AsItWas, Meanwhile, crowd, while_put
from uss.publishing import strange_intent, tells
from uss.stranger import Heard, Reply, not_found
from uss.test_following import ROLE, filed
from uss.test_unanswered import Deaf, silence
from uss.world import World, ended, new_id, new_place, planned, told_since, volume, wanted


def tell(uss: Uss, intent: OperationalIntent | None, *, about: str = "") -> None:
    """Have the stranger tell a USS of an intent of its own, or that it is gone."""
    told = PutOperationalIntentDetailsParameters(
        operational_intent_id=about or (intent.reference.id if intent else ""),
        operational_intent=intent or msgspec.UNSET,
        subscriptions=(SubscriptionState(subscription_id=new_id(), notification_index=1),),
    )
    take_intent(uss, STRANGER, told)


def in_version(intent: OperationalIntent, version: int) -> OperationalIntent:
    reference = msgspec.structs.replace(intent.reference, version=version, ovn=new_id())
    return msgspec.structs.replace(intent, reference=reference)


def learnt_of(uss: Uss, entity_id: str) -> Learnt | None:
    with uss.node.store.view() as view:
        return view.learnt(LearntSort.INTENT, entity_id)


def asking(uss: Uss, meanwhile: Callable[[], object]) -> Uss:
    """The same USS; something happens while a manager's details are on their way."""
    return replace(uss, peers=Meanwhile(uss.peers, "intent", meanwhile))


def test_an_answer_that_was_under_way_is_not_kept_over_what_was_told_since(
    airspace: World, lone: Uss
) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    newer = in_version(intent, 2)
    surroundings(asking(lone, lambda: tell(lone, newer)), new_id(), (volume(place),))
    learnt = learnt_of(lone, intent.reference.id)
    assert learnt is not None
    assert (learnt.version, learnt.is_told) == (2, True)


def test_an_answer_that_was_under_way_brings_nothing_back_that_is_gone_since(
    airspace: World, lone: Uss
) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    gone = asking(lone, lambda: tell(lone, None, about=intent.reference.id))
    surroundings(gone, new_id(), (volume(place),))
    assert learnt_of(lone, intent.reference.id) is None


def test_the_older_of_two_answers_is_not_kept_over_the_newer(airspace: World, lone: Uss) -> None:
    place = new_place()
    states = (IntentState.ACCEPTED, IntentState.ACTIVATED)
    second = strange_intent(airspace, volume(place), states=states)
    first = in_version(second, 1)

    def newer_is_learnt() -> None:
        tells(airspace, second)
        surroundings(lone, new_id(), (volume(place),))

    tells(airspace, first)
    early = AsItWas(lone.dss, first.reference)
    asked = replace(asking(lone, newer_is_learnt), dss=early)
    surroundings(asked, new_id(), (volume(place),))
    learnt = learnt_of(lone, second.reference.id)
    assert learnt is not None
    assert learnt.version == 2


def test_what_is_told_late_does_not_replace_what_was_learnt_by_asking_since(
    airspace: World, lone: Uss
) -> None:
    place = new_place()
    states = (IntentState.ACCEPTED, IntentState.ACTIVATED)
    second = strange_intent(airspace, volume(place), states=states)
    surroundings(lone, new_id(), (volume(place),))
    tell(lone, in_version(second, 1))
    learnt = learnt_of(lone, second.reference.id)
    assert learnt is not None
    assert learnt.version == 2


def test_an_operator_hears_of_a_conflict_that_is_told_while_its_intent_is_being_put(
    airspace: World, lone: Uss
) -> None:
    place, began = new_place(), lone.now()
    operation = filed(lone, place)
    above = strange_intent(airspace, volume(new_place()), priority=9)
    shape = volume(place, 30.0, high_m=1_000.0)
    details = msgspec.structs.replace(above.details, volumes=(shape,))
    above = msgspec.structs.replace(above, details=details, reference=_spanning(above, shape))
    publish(while_put(lone, lambda: tell(lone, above)), operation.id, role=ROLE)
    assert told_since(lone, began, operation.id).count("SCD0095") == 1


def _spanning(intent: OperationalIntent, shape: Any) -> Any:
    return msgspec.structs.replace(
        intent.reference, time_start=shape.time_start, time_end=shape.time_end
    )


def test_a_new_intent_that_could_not_be_activated_is_nowhere_although_that_was_an_error(
    airspace: World, lone: Uss
) -> None:
    del airspace
    asked = wanted(volume(new_place()), state=IntentState.ACTIVATED, actor="Ada")
    outcome = planned(replace(lone, dss=Deaf(lone.dss, "put_intent", silence, after=1)), asked)
    assert outcome.result is Result.FAILED
    Follower(lone).round()
    with pytest.raises(NotFound):
        lone.dss.intent(asked.id)


def test_what_is_refused_between_accepted_and_activated_is_published_nowhere(
    airspace: World, lone: Uss
) -> None:
    place = new_place()
    operation = filed(lone, place)
    change_state(lone.node, operation.id, OperationState.ACTIVE, expected=1)
    states = (IntentState.ACCEPTED, IntentState.ACTIVATED)
    beyond = strange_intent(airspace, volume(new_place()), priority=9, states=states)
    busy = while_put(lone, lambda: goes_astray(airspace, beyond, volume(place, 30.0, high_m=900.0)))
    told = publish(busy, operation.id, role=ROLE).outcome
    around = lone.dss.intent(beyond.reference.id), told
    assert (told.result, told.published) == (Result.REFUSED, None), around
    assert lone.own.intent(operation.id) is None


def goes_astray(airspace: World, intent: OperationalIntent, where: Volume4D) -> None:
    """Have the stranger's intent be somewhere that nobody coordinated with anybody."""
    url = airspace.stranger.base_url
    body = PutOperationalIntentReferenceParameters(
        extents=(where,),
        state=IntentState.NONCONFORMING,
        uss_base_url=url,
        new_subscription=ImplicitSubscriptionParameters(uss_base_url=url),
    )
    ovn = intent.reference.ovn or ""
    put = airspace.as_stranger.dss.put_intent(intent.reference.id, ovn, body)
    details = msgspec.structs.replace(
        intent.details, off_nominal_volumes=(where,), volumes=(where,)
    )
    reference = put.operational_intent_reference
    tells(airspace, OperationalIntent(reference=reference, details=details))


def test_neighbours_of_ours_that_are_put_at_once_both_come_to_be(
    airspace: World, lone: Uss
) -> None:
    del airspace
    place, seen = new_place(), Event()
    first, second = filed(lone, place), filed(lone, place + 0.008)
    told: list[Result] = []
    beside = replace(lone, dss=Meanwhile(lone.dss, "query_constraints", seen.set))
    other = Thread(target=lambda: told.append(publish(beside, second.id, role=ROLE).outcome.result))

    def planned_beside() -> None:
        other.start()
        assert seen.wait(STUCK_S)
        other.join(0.5)

    assert publish(while_put(lone, planned_beside), first.id, role=ROLE).outcome.result is DONE
    other.join()
    assert told == [DONE]


def test_what_is_gone_since_the_service_named_it_stops_nobody(airspace: World, lone: Uss) -> None:
    place = new_place()
    strange, ours = strange_intent(airspace, volume(place)), wanted(volume(place, 10.0051))
    assert planned(lone, ours).result is DONE
    reference = lone.dss.intent(ours.id)
    assert ended(lone, ours.id).result is DONE
    airspace.as_stranger.dss.delete_intent(strange.reference.id, strange.reference.ovn or "")
    airspace.stranger.answer = not_found
    lone.node.store.write(lambda unit: unit.drop_learnt(LearntSort.INTENT, strange.reference.id))
    early = AsItWas(lone.dss, strange.reference, reference)
    asked = wanted(volume(place, 10.002))
    assert planned(replace(lone, dss=early), asked).result is DONE


def test_however_many_intents_of_one_manager_are_near_it_is_asked_for_them_all(
    airspace: World,
) -> None:
    place, count = new_place(), 20
    bodies = crowd(airspace, volume(place), count)
    eighth, numbers = Event(), itertools.count(1)

    def answer(heard: Heard) -> Reply:
        if heard.method == "POST":
            return Reply(204)
        if next(numbers) == 8:
            eighth.set()
        eighth.wait(0.3)
        return Reply(200, bodies[heard.path])

    airspace.stranger.answer = answer
    assert planned(airspace.guest, wanted(volume(place, 10.0051))).result is DONE


def test_what_was_heard_of_too_long_ago_to_be_known_counts_as_heard_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hearing, "MOST_KEPT", 2)
    heard, before = Hearing(), 0
    for entity_id in ("a", "b", "c"):
        before = heard.mark()
        heard.note(LearntSort.INTENT, entity_id)
    assert heard.since(before) == [(LearntSort.INTENT, "c")]
    assert heard.is_since(0, LearntSort.INTENT, "a")
    assert not heard.is_since(before, LearntSort.INTENT, "b")
    assert not heard.is_since(before, LearntSort.CONSTRAINT, "c")
