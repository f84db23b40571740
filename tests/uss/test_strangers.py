"""Plan beside a USS that is honest, dead, slow or lying: what is not known stops planning."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import msgspec
import pytest

from keepclear.errors import NotFound, PeerSilent
from keepclear.formats.f3548 import (
    OperationalIntent,
    SetUssAvailabilityStatusParameters,
    UssAvailabilityState,
)
from keepclear.model.coordination import IntentState
from keepclear.services.uss.wanted import Result
from uss.publishing import INTENTS, strange_intent, tells
from uss.stranger import Reply
from uss.world import World, new_id, new_place, planned, volume, wanted

S = IntentState


def test_beside_an_honest_one_planning_goes_ahead_and_it_is_told(airspace: World) -> None:
    place = new_place()
    strange_intent(airspace, volume(place))
    asked = wanted(volume(place, 10.0051))
    assert planned(airspace.guest, asked).result is Result.DONE
    told = airspace.stranger.awaited(INTENTS, asked.id)
    assert [each.body["operational_intent_id"] for each in told] == [asked.id]
    assert told[0].body["operational_intent"]["reference"]["ovn"]
    assert [each["notification_index"] for each in told[0].body["subscriptions"]] == [2]


def test_its_details_are_asked_once_for_each_version(airspace: World) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    for lng in (10.0051, 9.9949):
        planned(airspace.guest, wanted(volume(place, lng)))
    path = f"{INTENTS}/{intent.reference.id}"
    assert len([each for each in airspace.stranger.heard if each.path == path]) == 1


LIES: dict[str, dict[str, Any]] = {
    "another id": {"reference__id": new_id()},
    "another version": {"reference__version": 7},
    "no OVN": {"reference__ovn": ""},
    "another manager": {"reference__manager": "somebody"},
    "a state that is none": {"reference__state": "Flying"},
    "a priority that is none": {"details__priority": 1.2},
    "no volumes": {"details__volumes": []},
    "off-nominal volumes while it is nominal": {"details__off_nominal_volumes": "volumes"},
    "volumes of another day": {"reference__time_end": "time_start"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_one_stops_planning_there_and_nothing_is_published(
    airspace: World, lie: str
) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    lies = dict(LIES[lie])
    for name, value in lies.items():
        if value == "volumes":
            lies[name] = msgspec.to_builtins(intent.details.volumes)
        if value == "time_start":
            lies[name] = msgspec.to_builtins(intent.reference.time_start)
    tells(airspace, intent, **lies)
    asked = wanted(volume(place, 10.0051))
    outcome = planned(airspace.guest, asked)
    assert outcome.result is Result.REFUSED
    assert intent.reference.id in outcome.why
    with pytest.raises(NotFound):
        airspace.home.dss.intent(asked.id)


@pytest.mark.parametrize("status", [401, 404, 500, 301])
def test_one_that_does_not_tell_stops_planning_there(airspace: World, status: int) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    airspace.stranger.answer = lambda _: Reply(status, b"no")
    outcome = planned(airspace.guest, wanted(volume(place, 10.0051)))
    assert outcome.result is Result.REFUSED
    assert intent.reference.id in outcome.why


def test_a_slow_one_holds_up_nothing_but_plans_beside_it(airspace: World) -> None:
    place, elsewhere, planned_elsewhere = new_place(), new_place(), Event()
    strange_intent(airspace, volume(place))

    peers: Any = Slow(airspace.guest.peers, planned_elsewhere)
    slow = replace(airspace.guest, peers=peers)
    with ThreadPoolExecutor(6) as people:
        beside = [people.submit(planned, slow, wanted(volume(place, 10.0051))) for _ in range(5)]
        try:
            assert planned(slow, wanted(volume(elsewhere))).result is Result.DONE
        finally:
            planned_elsewhere.set()
        assert {each.result().result for each in beside} == {Result.REFUSED}


class Slow:
    """Other USSs, none of which tells of an intent before something else has happened."""

    def __init__(self, peers: Any, until: Event) -> None:
        self._peers, self._until = peers, until

    def __getattr__(self, name: str) -> Any:
        return getattr(self._peers, name)

    def intent(self, *_: str) -> OperationalIntent:
        self._until.wait(60.0)
        raise PeerSilent("it takes its time")


def test_the_accepted_intent_of_one_that_is_down_binds_nobody(airspace: World) -> None:
    place = new_place()
    strange_intent(airspace, volume(place))
    airspace.stranger.answer = lambda _: Reply(500)
    with declared_down(airspace):
        assert planned(airspace.guest, wanted(volume(place))).result is Result.DONE


@pytest.mark.parametrize("last", [S.ACTIVATED, S.NONCONFORMING, S.CONTINGENT])
def test_what_one_that_is_down_has_in_use_binds_everybody(
    airspace: World, last: IntentState
) -> None:
    place = new_place()
    strange_intent(airspace, volume(place), states=(S.ACCEPTED, last))
    airspace.stranger.answer = lambda _: Reply(500)
    with declared_down(airspace):
        outcome = planned(airspace.guest, wanted(volume(place), priority=100))
    assert outcome.result is Result.REFUSED


class declared_down:  # noqa: N801  (reads as what it does)
    """The stranger, declared down by an arbiter for as long as the block runs."""

    def __init__(self, airspace: World) -> None:
        self._dss = airspace.as_stranger.dss

    def __enter__(self) -> None:
        self._say(UssAvailabilityState.DOWN)

    def __exit__(self, *_: object) -> None:
        self._say(UssAvailabilityState.NORMAL)

    def _say(self, state: UssAvailabilityState) -> None:
        known = self._dss.availability("stranger")
        self._dss.put_availability(
            "stranger",
            SetUssAvailabilityStatusParameters(old_version=known.version, availability=state),
        )
