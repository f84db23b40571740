"""Automated tests fly this USS: every plan is answered, and what is accepted is an operation."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from keepclear.model.operation import OperationState
from uss.world import World, new_id, new_place, volume

PLAN = "interuss.flight_planning.plan"
DIRECT = "interuss.flight_planning.direct_automated_test"
PATH = "/flight_planning/v1"


def upsert(
    airspace: World,
    plan_id: str,
    place: float,
    *,
    usage: str = "Planned",
    uas: str = "Nominal",
    style: str = "IfAllowed",
    lng: float = 10.0,
    reference: str = "W84",
    priority: int = 0,
    request_id: str = "",
) -> dict[str, Any]:
    area: Any = msgspec.to_builtins(volume(place, lng))
    for height in ("altitude_lower", "altitude_upper"):
        area["volume"][height]["reference"] = reference
    body = {
        "flight_plan": {
            "basic_information": {"usage_state": usage, "uas_state": uas, "area": [area]},
            "astm_f3548_21": {"priority": priority},
        },
        "execution_style": style,
        "request_id": request_id or new_id(),
    }
    told = airspace.ask(airspace.guest, "PUT", f"{PATH}/flight_plans/{plan_id}", body, scope=PLAN)
    assert told.status_code == 200, told.text
    answer: dict[str, Any] = told.json()
    return answer


def result(answer: dict[str, Any]) -> tuple[str, str]:
    return answer["planning_result"], answer["flight_plan_status"]


def test_a_flight_is_planned_used_lost_and_closed_as_an_operation_of_the_node(
    airspace: World,
) -> None:
    plan_id, place = new_id(), new_place()
    assert result(upsert(airspace, plan_id, place)) == ("Completed", "Planned")
    assert _state(airspace, plan_id) is OperationState.PLANNED
    told = upsert(airspace, plan_id, place, usage="InUse")
    assert result(told) == ("Completed", "OkToFly")
    assert _state(airspace, plan_id) is OperationState.ACTIVE
    told = upsert(airspace, plan_id, place, usage="InUse", lng=10.001)
    assert result(told) == ("Completed", "OkToFly")
    told = upsert(airspace, plan_id, place, usage="InUse", uas="OffNominal", lng=10.002)
    assert result(told) == ("Completed", "OffNominal")
    assert _state(airspace, plan_id) is OperationState.NONCONFORMING
    told = upsert(airspace, plan_id, place, usage="InUse", uas="Contingent", lng=10.003)
    assert result(told) == ("Completed", "OffNominal")
    told = airspace.ask(
        airspace.guest, "DELETE", f"{PATH}/flight_plans/{plan_id}", scope=PLAN
    ).json()
    assert result(told) == ("Completed", "Closed")
    assert _state(airspace, plan_id) is OperationState.ENDED
    assert result(upsert(airspace, plan_id, place)) == ("Rejected", "NotPlanned")


def test_the_same_request_again_is_answered_as_before_and_does_nothing(airspace: World) -> None:
    plan_id, place, request_id = new_id(), new_place(), new_id()
    for _ in range(2):
        told = upsert(airspace, plan_id, place, request_id=request_id)
        assert result(told) == ("Completed", "Planned")
    assert airspace.guest.dss.intent(plan_id).version == 1


def test_a_plan_that_is_refused_is_not_filed(airspace: World) -> None:
    place, plan_id = new_place(), new_id()
    upsert(airspace, new_id(), place)
    told = upsert(airspace, plan_id, place)
    assert result(told) == ("Rejected", "NotPlanned")
    assert told["notes"]
    assert _state(airspace, plan_id) is None


def test_a_hypothetical_plan_is_not_filed(airspace: World) -> None:
    plan_id = new_id()
    told = upsert(airspace, plan_id, new_place(), style="Hypothetical")
    assert result(told) == ("Completed", "NotPlanned")
    assert _state(airspace, plan_id) is None


def test_heights_above_the_ground_are_not_supported_where_nothing_is_known_of_it(
    airspace: World,
) -> None:
    told = upsert(airspace, new_id(), new_place(), reference="SFC")
    assert result(told) == ("NotSupported", "NotPlanned")


@pytest.mark.parametrize(("usage", "uas"), [("Planned", "OffNominal"), ("Planned", "Contingent")])
def test_a_flight_that_does_not_fly_cannot_be_off_nominal(
    airspace: World, usage: str, uas: str
) -> None:
    told = upsert(airspace, new_id(), new_place(), usage=usage, uas=uas)
    assert result(told) == ("Rejected", "NotPlanned")


def test_an_area_is_emptied_of_our_flights_alone(airspace: World) -> None:
    place, plan_id = new_place(), new_id()
    upsert(airspace, plan_id, place)
    other = new_id()
    upsert(airspace, other, new_place())
    body = {"request_id": new_id(), "extent": msgspec.to_builtins(volume(place))}
    told = airspace.ask(airspace.guest, "POST", f"{PATH}/clear_area_requests", body, scope=DIRECT)
    assert told.json() == {"outcome": {"success": True}}
    assert _state(airspace, plan_id) is OperationState.ENDED
    assert _state(airspace, other) is OperationState.PLANNED


def test_tests_hear_what_operators_were_told(airspace: World) -> None:
    place = new_place()
    upsert(airspace, new_id(), place)
    upsert(airspace, new_id(), place, priority=5)
    path = f"{PATH}/user_notifications"
    told = airspace.ask(airspace.guest, "GET", f"{path}?after=2026-01-01T00:00:00Z", scope=PLAN)
    assert [each["conflicts"] for each in told.json()["user_notifications"]][-1] == "Single"
    assert airspace.ask(airspace.guest, "GET", path, scope=PLAN).status_code == 400


def test_an_unknown_flight_is_not_found(airspace: World) -> None:
    path = f"{PATH}/flight_plans/{new_id()}"
    assert airspace.ask(airspace.guest, "DELETE", path, scope=PLAN).status_code == 404


def _state(airspace: World, plan_id: str) -> OperationState | None:
    with airspace.guest.node.store.view() as view:
        stored = view.operation(plan_id)
    return None if stored is None else stored.operation.state
