"""Tell others of changes, and take what others tell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from keepclear import compose
from keepclear.formats.f3548 import OperationalIntent
from keepclear.model.coordination import IntentState
from keepclear.model.node import Subject
from keepclear.model.operation import OperationState
from keepclear.ports.uss_store import LearntSort, Waiting
from keepclear.services.filing import change_state
from keepclear.services.line.alarms import AlarmLevel, alarms
from keepclear.services.uss.notifying import AGAIN_S, next_attempt
from keepclear.services.uss.wanted import Result
from uss.publishing import INTENTS, strange_intent
from uss.stranger import Heard, Reply
from uss.world import World, ended, new_id, new_place, planned, told_since, until, volume, wanted

SC = "utm.strategic_coordination"
CMSA = "utm.conformance_monitoring_sa"


def test_every_change_is_told_in_its_order_and_the_end_without_the_intent(airspace: World) -> None:
    place = new_place()
    strange_intent(airspace, volume(place))
    asked = wanted(volume(place, 10.0051), state=IntentState.ACTIVATED)
    planned(airspace.guest, asked)
    ended(airspace.guest, asked.id)
    told = [each.body for each in airspace.stranger.awaited(INTENTS, asked.id, 3)]
    versions = [
        each.get("operational_intent", {}).get("reference", {}).get("version") for each in told
    ]
    assert versions == [1, 2, None]
    indices = [each["subscriptions"][0]["notification_index"] for each in told]
    assert indices == sorted(set(indices))


def _version_in(told: dict[str, Any]) -> int | None:
    intent = told.get("operational_intent")
    return None if intent is None else intent["reference"]["version"]


def test_one_that_fails_is_told_again_until_it_listens(airspace: World) -> None:
    place = new_place()
    strange_intent(airspace, volume(place))
    honest, tries = airspace.stranger.answer, []
    asked = wanted(volume(place, 10.0051))

    def answer(heard: Heard) -> Reply:
        if heard.method != "POST":
            return honest(heard)
        if heard.body["operational_intent_id"] != asked.id:
            return Reply(204)
        tries.append(heard)
        return Reply(500 if len(tries) == 1 else 204)

    airspace.stranger.answer = answer
    assert planned(airspace.guest, asked).result is Result.DONE
    assert until(airspace, lambda: len(tries) == 2)
    assert tries[0].body == tries[1].body
    assert until(airspace, lambda: not _waiting(airspace, asked.id))


def test_one_that_refuses_for_good_is_not_told_again(airspace: World) -> None:
    place = new_place()
    strange_intent(airspace, volume(place))
    honest = airspace.stranger.answer
    airspace.stranger.answer = lambda heard: (
        Reply(400, b'{"message": "no"}') if heard.method == "POST" else honest(heard)
    )
    asked = wanted(volume(place, 10.0051))
    planned(airspace.guest, asked)
    airspace.stranger.awaited(INTENTS, asked.id)
    assert until(airspace, lambda: not _waiting(airspace, asked.id))


def test_attempts_grow_apart_and_end() -> None:
    now = compose.clock().now()
    waiting = Waiting(1, "http://x", INTENTS, b"", now, now + timedelta(days=1))
    waits = []
    while (again := next_attempt(waiting, waiting.due)) is not None:
        waits.append((again.due - waiting.due).total_seconds())
        waiting = again
    assert waits == list(AGAIN_S)
    late = Waiting(1, "http://x", INTENTS, b"", now, now + timedelta(seconds=0.5))
    assert next_attempt(late, now) is None


def test_what_is_told_is_learnt_and_forgotten_with_its_end(airspace: World) -> None:
    intent = strange_intent(airspace, volume(new_place()))
    assert tell(airspace, intent) == 204
    with airspace.guest.node.store.view() as view:
        learnt = view.learnt(LearntSort.INTENT, intent.reference.id)
    assert learnt is not None
    assert (learnt.manager, learnt.is_told) == ("stranger", True)
    assert tell(airspace, None, about=intent.reference.id) == 204
    with airspace.guest.node.store.view() as view:
        assert view.learnt(LearntSort.INTENT, intent.reference.id) is None


def test_what_is_told_need_not_be_asked_for(airspace: World) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    tell(airspace, intent)
    airspace.stranger.answer = lambda _: Reply(500)
    assert planned(airspace.guest, wanted(volume(place, 10.0051))).result is Result.DONE


def test_an_operator_hears_of_a_conflict_that_another_causes(airspace: World) -> None:
    place, began = new_place(), compose.clock().now()
    asked = wanted(volume(place, 10.004))
    planned(airspace.guest, asked)
    intent = strange_intent_above(airspace, place)
    assert tell(airspace, intent) == 204
    told = told_since(airspace.guest, began, asked.id)
    assert [each for each in told if each.startswith("SCD")] == ["SCD0095"]


def test_what_an_operator_must_look_at_stands_among_the_alarms_until_it_is_over(
    airspace: World,
) -> None:
    node, place = airspace.guest.node, new_place()
    asked = wanted(volume(place, 10.004))
    planned(airspace.guest, asked)
    assert tell(airspace, strange_intent_above(airspace, place)) == 204
    (alarm,) = [each for each in alarms(node) if each.about == asked.id]
    assert (alarm.subject, alarm.level) == (Subject.OPERATION, AlarmLevel.WARNING)
    assert alarm.what == "an intent in F3548 now meets it"
    assert alarm.due is None, "nobody set a time for it, so none ran out"
    with node.store.view() as view:
        held = view.operation(asked.id)
    assert held is not None
    change_state(node, asked.id, OperationState.ENDED, expected=held.operation.version)
    assert not [each for each in alarms(node) if each.about == asked.id]


def strange_intent_above(airspace: World, place: float) -> OperationalIntent:
    """One that meets the guest's, as its manager tells it: the service has it elsewhere."""
    above = volume(place)
    elsewhere = strange_intent(airspace, volume(new_place()), priority=9)
    details = msgspec.structs.replace(elsewhere.details, volumes=(above,))
    assert above.time_start
    assert above.time_end
    reference = msgspec.structs.replace(
        elsewhere.reference, time_start=above.time_start, time_end=above.time_end
    )
    return OperationalIntent(reference=reference, details=details)


def test_a_sender_tells_of_its_own_alone_and_of_nothing_older(airspace: World) -> None:
    intent = strange_intent(
        airspace, volume(new_place()), states=(IntentState.ACCEPTED, IntentState.ACTIVATED)
    )
    assert tell(airspace, intent, sub="somebody") == 403
    assert tell(airspace, intent) == 204
    assert tell(airspace, intent) == 204
    older = msgspec.structs.replace(intent.reference, version=1)
    assert tell(airspace, msgspec.structs.replace(intent, reference=older)) == 409
    other = msgspec.structs.replace(intent.details, priority=5)
    assert tell(airspace, msgspec.structs.replace(intent, details=other)) == 409
    assert tell(airspace, None, about=intent.reference.id, sub="somebody") == 403


def test_nobody_tells_us_of_our_own(airspace: World) -> None:
    asked = wanted(volume(new_place()))
    planned(airspace.guest, asked)
    assert tell(airspace, None, about=asked.id) == 403


@pytest.mark.parametrize("lie", [{"ovn": ""}, {"id": new_id()}, {"state": "Flying"}])
def test_what_is_not_valid_is_not_taken(airspace: World, lie: dict[str, Any]) -> None:
    intent = strange_intent(airspace, volume(new_place()))
    document: Any = msgspec.to_builtins(intent)
    document["reference"].update(lie)
    body = {
        "operational_intent_id": intent.reference.id,
        "operational_intent": document,
        "subscriptions": [{"subscription_id": new_id(), "notification_index": 1}],
    }
    told = airspace.ask(airspace.guest, "POST", INTENTS, body, scope=SC, sub="stranger")
    assert told.status_code == 400


def test_telemetry_is_told_while_an_intent_is_off_nominal_and_there_is_some(
    airspace: World,
) -> None:
    from dataclasses import replace

    from keepclear.formats.f3548 import VehicleTelemetry, time_of
    from keepclear.services.uss.showing import take_telemetry

    place = new_place()
    asked = wanted(volume(place), state=IntentState.ACTIVATED)
    path = f"{INTENTS}/{asked.id}/telemetry"

    def status() -> int:
        return airspace.ask(airspace.guest, "GET", path, scope=CMSA).status_code

    assert status() == 404
    planned(airspace.guest, asked)
    assert status() == 409
    away = replace(
        asked, state=IntentState.NONCONFORMING, off_nominal_volumes=(volume(place, 10.002),)
    )
    planned(airspace.guest, away)
    assert status() == 412
    seen = time_of(compose.clock().now())
    take_telemetry(airspace.guest, asked.id, VehicleTelemetry(time_measured=seen))
    assert status() == 200


def tell(
    airspace: World,
    intent: OperationalIntent | None,
    *,
    about: str = "",
    sub: str = "stranger",
) -> int:
    """Tell the guest of an intent, or that it is gone; the status it answers."""
    body: dict[str, Any] = {
        "operational_intent_id": about or (intent.reference.id if intent else ""),
        "subscriptions": [{"subscription_id": new_id(), "notification_index": 1}],
    }
    if intent is not None:
        body["operational_intent"] = msgspec.to_builtins(intent)
    return airspace.ask(airspace.guest, "POST", INTENTS, body, scope=SC, sub=sub).status_code


def _waiting(airspace: World, intent_id: str) -> int:
    """How many notifications of one intent wait; the world is shared, and others' wait longer."""
    with airspace.guest.node.store.view() as view:
        bodies = [msgspec.json.decode(each.body) for each in view.waiting(limit=10_000)]
    return sum(each.get("operational_intent_id") == intent_id for each in bodies)
