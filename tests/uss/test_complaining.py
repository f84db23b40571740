"""What another answers wrongly it is told: once, after the fact, with the exchange and no token."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from keepclear import compose
from keepclear.compose.f3548_uss import f3548_clients
from keepclear.services.uss import Uss
from keepclear.services.uss.complaints import MOST_AT_ONCE, ONCE_IN, Complaints, Fault
from keepclear.services.uss.notifying import Teller
from keepclear.services.uss.paths import DSS_REPORTS, INTENTS, REPORTS
from keepclear.services.uss.wanted import Result
from uss.publishing import strange_intent, tells
from uss.stranger import Heard, Reply
from uss.world import World, new_id, new_place, planned, until, volume, wanted


@pytest.fixture
def guest(airspace: World) -> Uss:
    """The guest, as if nothing had been reported for an hour."""
    return replace(airspace.guest, complaints=Complaints())


def reports(airspace: World, intent_id: str) -> list[Any]:
    """What was reported of one intent; of what others did here before may still be reported."""
    found = [each.body["exchange"] for each in airspace.stranger.heard if each.path == REPORTS]
    return [each for each in found if intent_id in each["url"] or intent_id in _asked(each)]


def _asked(exchange: dict[str, Any]) -> str:
    return base64.b64decode(exchange.get("request_body") or "").decode()


LIES: dict[str, dict[str, Any]] = {
    "another id": {"reference__id": new_id()},
    "no OVN": {"reference__ovn": ""},
    "no record at all": {"reference__state": "Flying"},
}


@pytest.mark.parametrize("lie", LIES)
def test_one_that_lies_is_told_once_with_what_it_answered_and_without_the_token(
    airspace: World, guest: Uss, lie: str
) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    tells(airspace, intent, **LIES[lie])
    for lng in (10.0051, 9.9949):
        assert planned(guest, wanted(volume(place, lng))).result is Result.REFUSED
    (exchange,) = until(airspace, lambda: reports(airspace, intent.reference.id))
    assert exchange["url"].endswith(f"{INTENTS}/{intent.reference.id}")
    assert exchange["headers"] == ["Authorization: withheld"]
    assert (exchange["method"], exchange["response_code"]) == ("GET", 200)
    assert exchange["recorder_role"] == "Client"
    assert exchange["problem"]
    (field,) = LIES[lie].values()
    answered = msgspec.json.decode(base64.b64decode(exchange["response_body"]))
    assert field in answered["operational_intent"]["reference"].values()
    assert "Bearer" not in msgspec.json.encode(exchange).decode()


@pytest.mark.parametrize("status", [403, 500])
def test_one_that_answers_with_an_error_is_told(airspace: World, guest: Uss, status: int) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    airspace.stranger.answer = lambda heard: Reply(201 if heard.path == REPORTS else status, b"{}")
    planned(guest, wanted(volume(place, 10.0051)))
    (exchange,) = until(airspace, lambda: reports(airspace, intent.reference.id))
    assert exchange["response_code"] == status


def test_one_that_corrects_itself_is_told_nothing(airspace: World, guest: Uss) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    honest, asked = airspace.stranger.answer, []

    def answer(heard: Heard) -> Reply:
        if heard.method == "GET":
            asked.append(heard)
        return Reply(500) if len(asked) == 1 else honest(heard)

    airspace.stranger.answer = answer
    assert planned(guest, wanted(volume(place, 10.0051))).result is Result.REFUSED
    assert until(airspace, lambda: len(asked) == 2)
    assert until(
        airspace,
        lambda: guest.complaints.begin(intent.reference.uss_base_url, Fault.INTENT, guest.now()),
    )
    assert not reports(airspace, intent.reference.id)


def test_one_that_is_silent_is_not_reported_to_itself(airspace: World, guest: Uss) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    airspace.stranger.answer = lambda _: Reply(200, drip=True)
    assert planned(guest, wanted(volume(place, 10.0051))).result is Result.REFUSED
    assert guest.complaints.begin(intent.reference.uss_base_url, Fault.INTENT, guest.now())


def test_one_that_refuses_what_it_must_take_is_told(airspace: World, lone: Uss) -> None:
    place = new_place()
    strange_intent(airspace, volume(place))
    asked, honest = wanted(volume(place, 10.0051)), airspace.stranger.answer

    def answer(heard: Heard) -> Reply:
        if heard.path != INTENTS:
            return honest(heard)
        is_ours = heard.body["operational_intent_id"] == asked.id
        return Reply(400, b'{"message": "no"}') if is_ours else Reply(204)

    airspace.stranger.answer = answer
    uss = replace(lone, complaints=Complaints())
    assert planned(uss, asked).result is Result.DONE
    teller = Teller(uss)

    def reported() -> list[Any]:
        teller.round()
        return reports(airspace, asked.id)

    (exchange,) = until(airspace, reported)
    assert (exchange["url"], exchange["response_code"]) == (
        airspace.stranger.base_url + INTENTS,
        400,
    )
    assert base64.b64decode(exchange["request_body"])


def test_a_discovery_service_that_fails_is_told_once_it_takes_reports(
    airspace: World, lone: Uss
) -> None:
    stranger = airspace.stranger
    settings = msgspec.structs.replace(airspace.settings["guest"], dss_url=stranger.base_url)

    def answer(heard: Heard) -> Reply:
        taken = heard.path == DSS_REPORTS
        return Reply(201, msgspec.json.encode(heard.body)) if taken else Reply(500, b"{}")

    stranger.answer = answer
    with f3548_clients(settings, lone.log, lone.node.clock) as clients:
        uss = replace(lone, dss=clients.dss, complaints=Complaints())
        for _ in range(2):
            assert planned(uss, wanted(volume(new_place()))).result is Result.FAILED
        assert until(airspace, lambda: waiting_for_service(uss))
        Teller(uss).round()
        assert until(airspace, lambda: not waiting_for_service(uss))
    (heard,) = [each for each in stranger.heard if each.path == DSS_REPORTS]
    exchange = heard.body["exchange"]
    assert exchange["response_code"] == 500
    assert exchange["url"].endswith("/query")
    assert exchange["headers"] == ["Authorization: withheld"]


def waiting_for_service(uss: Uss) -> bool:
    """Whether a report is kept, as it would be after a crash too."""
    with uss.node.store.view() as view:
        return any(each.path == DSS_REPORTS for each in view.waiting())


def test_each_fault_of_each_is_told_once_an_hour_and_all_of_them_are_bounded() -> None:
    made, now = Complaints(), compose.clock().now()
    assert made.begin("a", Fault.INTENT, now)
    assert not made.begin("a", Fault.INTENT, now + ONCE_IN - timedelta(seconds=1))
    assert made.begin("a", Fault.CONSTRAINT, now)
    assert made.begin("b", Fault.INTENT, now)
    assert made.begin("a", Fault.INTENT, now + ONCE_IN)
    some = [made.begin(f"{each}", Fault.INTENT, now) for each in range(2 * MOST_AT_ONCE)]
    assert sum(some) < MOST_AT_ONCE
