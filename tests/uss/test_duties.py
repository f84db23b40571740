"""What a USS owes others whatever it plans: to hear of them, to tell them, to keep a true log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from keepclear import compose
from keepclear.formats.f3548 import (
    ImplicitSubscriptionParameters,
    SetUssAvailabilityStatusParameters,
    UssAvailabilityState,
    VehicleTelemetry,
    time_of,
)
from keepclear.formats.f3548 import PutOperationalIntentReferenceParameters as PutIntent
from keepclear.formats.f3548.ids import NO_SUBSCRIPTION_ID
from keepclear.model.coordination import IntentState
from keepclear.ports.uss_store import LearntSort
from keepclear.services.uss import Uss
from keepclear.services.uss.learnt import forget_old
from keepclear.services.uss.reporting import log_set
from keepclear.services.uss.showing import take_telemetry
from keepclear.services.uss.wanted import Result
from uss.publishing import INTENTS, strange_intent
from uss.stranger import Reply
from uss.world import World, days_since, new_id, new_place, planned, volume, wanted

S = IntentState
SC = "utm.strategic_coordination"


def test_while_an_intent_lasts_its_uss_is_named_to_whoever_changes_something_near(
    airspace: World,
) -> None:
    guest, place = airspace.guest, new_place()
    away = (volume(place, 10.002),)
    accepted = wanted(volume(place))
    steps = (
        accepted,
        replace(accepted, state=S.ACTIVATED),
        replace(accepted, state=S.NONCONFORMING, off_nominal_volumes=away),
        replace(accepted, state=S.CONTINGENT, volumes=(), off_nominal_volumes=away),
    )
    for step in steps:
        assert planned(guest, step).result is Result.DONE
        assert guest.dss.intent(accepted.id).subscription_id != NO_SUBSCRIPTION_ID
        assert guest.settings.base_url in named_by_a_change_near(airspace, place)


def named_by_a_change_near(airspace: World, place: float) -> set[str]:
    """Whom the discovery service names to the stranger when it plans beside a place."""
    dss = airspace.as_stranger.dss
    beside = volume(place, 10.0051)
    key = [ovn_told_of(airspace, each.id) for each in dss.query_intents(beside)]
    body = PutIntent(
        extents=(beside,), key=tuple(key), state=S.ACCEPTED,
        uss_base_url=airspace.stranger.base_url,
        new_subscription=ImplicitSubscriptionParameters(uss_base_url=airspace.stranger.base_url),
    )  # fmt: skip
    made = dss.put_intent(new_id(), None, body)
    dss.delete_intent(made.operational_intent_reference.id, _text(made))
    return {each.uss_base_url for each in made.subscribers}


def ovn_told_of(airspace: World, entity_id: str) -> str:
    told = airspace.as_stranger.peers.intent(airspace.guest.settings.base_url, entity_id)
    return told.reference.ovn or ""


def _text(made: Any) -> str:
    return str(made.operational_intent_reference.ovn)


def test_where_equals_may_meet_the_other_is_told_at_every_step(airspace: World) -> None:
    guest, place = airspace.guest, new_place()
    lenient = replace(guest, settings=replace(guest.settings, equal_priority_may_conflict=True))
    strange_intent(airspace, volume(place))
    accepted = wanted(volume(place))
    assert planned(guest, accepted).result is Result.REFUSED
    activated = replace(accepted, state=S.ACTIVATED)
    moved = (volume(place, 10.001),)
    steps = (accepted, replace(accepted, volumes=moved), activated,
             replace(activated, volumes=moved))  # fmt: skip
    for count, step in enumerate(steps, start=1):
        outcome = planned(lenient, step)
        assert (outcome.result, outcome.conflicts) == (Result.DONE, 1)
        told = airspace.stranger.awaited(INTENTS, accepted.id, count)
        assert told[-1].body["operational_intent"]["reference"]["version"] == count


def test_what_was_planned_first_is_not_activated_once_a_higher_priority_lies_over_it(
    airspace: World,
) -> None:
    place = new_place()
    lower = wanted(volume(place), priority=1)
    assert planned(airspace.guest, lower).result is Result.DONE
    assert planned(airspace.home, wanted(volume(place), priority=2)).result is Result.DONE
    outcome = planned(airspace.guest, replace(lower, state=S.ACTIVATED))
    assert outcome.result is Result.REFUSED
    assert "SCD0025" in outcome.why
    assert airspace.home.dss.intent(lower.id).state is S.ACCEPTED


def test_an_intent_that_may_not_meet_its_equal_is_left_as_it_was(airspace: World) -> None:
    guest, place = airspace.guest, new_place()
    planned(airspace.home, wanted(volume(place), state=S.ACTIVATED))
    asked, into = wanted(volume(place, 10.0051)), (volume(place, 10.004),)
    assert planned(guest, asked).result is Result.DONE
    assert "SCD0040" in planned(guest, replace(asked, volumes=into)).why
    assert "SCD0045" in planned(guest, replace(asked, volumes=into, state=S.ACTIVATED)).why
    activated = replace(asked, state=S.ACTIVATED)
    assert planned(guest, activated).result is Result.DONE
    assert "SCD0050" in planned(guest, replace(activated, volumes=into)).why
    shown = airspace.home.peers.intent(guest.settings.base_url, asked.id)
    assert shown.details.volumes == asked.volumes
    assert shown.reference.version == airspace.home.dss.intent(asked.id).version == 2


def test_a_planned_intent_of_one_that_is_down_keeps_its_priority_while_its_details_are_told(
    airspace: World,
) -> None:
    guest, place = airspace.guest, new_place()
    strange_intent(airspace, volume(place), priority=5)
    say_of_stranger(airspace, UssAvailabilityState.DOWN)
    try:
        lower = planned(guest, wanted(volume(place), priority=4))
        higher = planned(guest, wanted(volume(place), priority=6))
    finally:
        say_of_stranger(airspace, UssAvailabilityState.NORMAL)
    assert lower.result is Result.REFUSED
    assert "SCD0015" in lower.why
    assert higher.result is Result.DONE


def say_of_stranger(airspace: World, state: UssAvailabilityState) -> None:
    """Have an arbiter say what is held of the stranger."""
    dss = airspace.as_stranger.dss
    version = dss.availability("stranger").version
    said = SetUssAvailabilityStatusParameters(old_version=version, availability=state)
    dss.put_availability("stranger", said)


def test_a_uss_without_that_role_declares_nothing_off_nominal(airspace: World) -> None:
    guest, place = airspace.guest, new_place()
    humble = replace(guest, settings=replace(guest.settings, scopes=frozenset({SC})))
    asked = wanted(volume(place), state=S.ACTIVATED)
    assert planned(humble, asked).result is Result.DONE
    away = replace(asked, state=S.NONCONFORMING, off_nominal_volumes=(volume(place),))
    outcome = planned(humble, away)
    assert outcome.result is Result.REFUSED
    assert "may not declare" in outcome.why
    assert guest.dss.intent(asked.id).state is S.ACTIVATED


def test_what_others_told_is_gone_a_day_after_its_end(airspace: World) -> None:
    guest, place = airspace.guest, new_place()
    intent = strange_intent(airspace, volume(place, end_s=600.0))
    assert planned(guest, wanted(volume(place, 10.0051))).result is Result.DONE
    assert holds(guest, intent.reference.id)
    forget_old(later(guest, hours=24.1))
    assert holds(guest, intent.reference.id)
    forget_old(later(guest, hours=24.2))
    assert not holds(guest, intent.reference.id)


def holds(uss: Uss, entity_id: str) -> bool:
    with uss.node.store.view() as view:
        return view.learnt(LearntSort.INTENT, entity_id) is not None


def later(uss: Uss, **by: float) -> Uss:
    """The same USS, whose clock is ahead."""
    ahead = Ahead(uss.node.clock, timedelta(**by))
    return replace(uss, node=replace(uss.node, clock=ahead))


class Ahead:
    """A clock that is ahead of another by so much."""

    def __init__(self, clock: Any, by: timedelta) -> None:
        self._clock = clock
        self._by = by

    def now(self) -> datetime:
        moment: datetime = self._clock.now() + self._by
        return moment

    def turn(self, **by: float) -> None:
        self._by += timedelta(**by)


def test_the_log_says_in_utc_when_each_thing_happened_and_what_never_came(
    airspace: World,
) -> None:
    guest, place, began = airspace.guest, new_place(), compose.clock().now()
    silent = strange_intent(airspace, volume(place))
    airspace.stranger.answer = lambda _: Reply(200, drip=True)
    assert planned(guest, wanted(volume(place, 10.0051))).result is Result.REFUSED
    flown = wanted(volume(new_place()), state=S.ACTIVATED)
    assert planned(guest, flown).result is Result.DONE
    take_telemetry(guest, flown.id, VehicleTelemetry(time_measured=time_of(began)))
    airspace.ask(guest, "GET", f"{INTENTS}/{flown.id}", scope=SC)
    logs = msgspec.to_builtins(log_set(guest, days_since(began)))
    ends = compose.clock().now()
    asked = [each for each in logs["messages"] if each["url"].endswith(silent.reference.id)]
    assert [("response_code" in each, bool(each["problem"])) for each in asked] == [(False, True)]
    served = [each for each in logs["messages"] if each["recorder_role"] == "Server"]
    assert any(each["url"].endswith(flown.id) for each in served)
    for each in (asked[0], served[-1]):
        assert each["request_time"]["value"].endswith("Z")
        assert began <= moment_of(each["request_time"]) <= ends
    positions = logs["operational_intent_positions"]
    (seen,) = [each for each in positions if each["operational_intent_id"] == flown.id]
    received = seen["positions"][0]["time_received"]
    assert began <= moment_of(received) <= ends


def moment_of(time: Any) -> datetime:
    return datetime.fromisoformat(time["value"])
