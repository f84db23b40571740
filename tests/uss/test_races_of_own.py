"""What is ours while others are at it too: flights, zones, and what the node does by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import msgspec
import pytest

from keepclear import compose
from keepclear.errors import NotFound, PeerTrouble
from keepclear.formats.f3548 import (
    UpsertFlightPlanRequest,
    VehicleTelemetry,
    time_of,
)
from keepclear.model.node import Subject
from keepclear.model.operation import OperationState
from keepclear.model.window import Window
from keepclear.services.declaring import cancel, declare
from keepclear.services.filing import change_state, file_operation
from keepclear.services.uss import Uss, flight_plans
from keepclear.services.uss.constraints import publish_zone, withdraw_zone
from keepclear.services.uss.following import Follower
from keepclear.services.uss.publishing import publish
from uss.meanwhile import DONE, STUCK_S, Meanwhile, Waiting, crowd, while_put
from uss.stranger import Reply
from uss.test_duties import later
from uss.test_following import ROLE, declared, filed
from uss.test_unanswered import a_span, deaf, filed_at, silence
from uss.world import World, new_id, new_place, volume


def flight_plan(place: float, *, usage: str = "Planned", lng: float = 10.0) -> Any:
    area = msgspec.to_builtins(volume(place, lng))
    about = {"usage_state": usage, "uas_state": "Nominal", "area": [area]}
    body = {
        "flight_plan": {"basic_information": about, "astm_f3548_21": {"priority": 0}},
        "execution_style": "IfAllowed",
        "request_id": new_id(),
    }
    return msgspec.convert(body, UpsertFlightPlanRequest)


def test_a_flight_that_somebody_else_changed_while_it_was_planned_is_published_as_that(
    airspace: World, lone: Uss
) -> None:
    del airspace
    plan_id, place, other = new_id(), new_place(), new_place()
    flight_plans.upsert(lone, plan_id, flight_plan(place), actor="test")

    def changed() -> None:
        with lone.node.store.view() as view:
            stored = view.operation(plan_id)
        assert stored is not None
        file_operation(lone.node, filed_at(other, stored.operation), expected=1)

    asked = flight_plan(place, lng=10.01)
    told = flight_plans.upsert(while_put(lone, changed), plan_id, asked, actor="test")
    assert told.planning_result == "Rejected"
    Follower(lone).round()
    published = lone.own.intent(plan_id)
    assert published is not None
    assert published.intent is not None
    assert published.operation_version == 2
    (shape,) = published.intent.details.volumes or ()
    assert shape.volume.outline_polygon
    assert shape.volume.outline_polygon.vertices[0].lat == pytest.approx(other, abs=0.1)


def test_a_flight_that_somebody_else_filed_while_it_was_planned_is_not_published(
    airspace: World, lone: Uss
) -> None:
    del airspace
    plan_id, place = new_id(), new_place()
    busy = while_put(lone, lambda: filed(lone, new_place(), id=plan_id))
    told = flight_plans.upsert(busy, plan_id, flight_plan(place), actor="test")
    assert (told.planning_result, told.flight_plan_status) == ("Rejected", "NotPlanned")
    with pytest.raises(NotFound):
        lone.dss.intent(plan_id)


def test_a_flight_that_somebody_changed_while_it_was_closed_is_closed(
    airspace: World, lone: Uss
) -> None:
    del airspace
    plan_id, place = new_id(), new_place()
    flight_plans.upsert(lone, plan_id, flight_plan(place), actor="test")

    def activated() -> None:
        change_state(lone.node, plan_id, OperationState.ACTIVE, expected=1)

    busy = replace(lone, dss=Meanwhile(lone.dss, "delete_intent", activated))
    assert flight_plans.close(busy, plan_id, actor="test").planning_result == "Completed"
    with lone.node.store.view() as view:
        stored = view.operation(plan_id)
    assert stored is not None
    assert stored.operation.state is OperationState.ENDED


def test_whoever_waited_for_its_turn_publishes_the_zone_as_it_is_by_then(
    airspace: World, lone: Uss
) -> None:
    del airspace
    zone = declared(lone, new_place())
    larger = replace(zone, name="Fire, larger")
    late: Any = Waiting(lone.own, lambda: declare(lone.node, larger, expected=1))
    published = publish_zone(replace(lone, own=late), zone.id, a_span(), role=ROLE)
    assert published.zone_version == 2


def test_a_zone_that_was_cancelled_while_somebody_waited_is_not_published(
    airspace: World, lone: Uss
) -> None:
    del airspace
    zone = declared(lone, new_place())
    late: Any = Waiting(lone.own, lambda: cancel(lone.node, Subject.ZONE, zone.id, expected=1))
    with pytest.raises(NotFound):
        publish_zone(replace(lone, own=late), zone.id, a_span(), role=ROLE)


def test_whoever_takes_a_zone_back_takes_back_what_is_published_of_it_by_then(
    airspace: World, lone: Uss
) -> None:
    del airspace
    zone = declared(lone, new_place())
    publish_zone(lone, zone.id, a_span(), role=ROLE)

    def anew() -> None:
        withdraw_zone(lone, zone.id, role=ROLE)
        publish_zone(lone, zone.id, a_span(), role=ROLE)

    late: Any = Waiting(lone.own, anew)
    withdraw_zone(replace(lone, own=late), zone.id, role=ROLE)
    assert all(each.zone != zone.id for each in lone.own.constraints())


def test_a_span_whose_change_was_not_answered_is_put_back_and_told(
    airspace: World, lone: Uss
) -> None:
    del airspace
    zone = declared(lone, new_place())
    published = publish_zone(lone, zone.id, a_span(), role=ROLE)
    follower, now = Follower(lone), compose.clock().now()
    while follower.round() == 0.0:
        pass
    other = Window(now, now + timedelta(hours=5))
    with pytest.raises(PeerTrouble):
        publish_zone(deaf(lone, "put_constraint", silence), zone.id, other, role=ROLE)
    follower.round()
    there, here = lone.dss.constraint(published.id), lone.own.constraint(published.id)
    assert here is not None
    assert here.constraint is not None
    assert published.constraint is not None
    assert here.constraint.reference == there
    assert there.time_end == published.constraint.reference.time_end


def test_where_an_aircraft_was_is_not_kept_once_its_intent_is_gone(lone: Uss) -> None:
    entity_id, now = new_id(), time_of(compose.clock().now())
    lone.own.put_telemetry(entity_id, VehicleTelemetry(time_measured=now))
    assert lone.own.telemetry(entity_id) is None


def test_what_one_person_waits_for_holds_up_no_other_operation(airspace: World, lone: Uss) -> None:
    del airspace
    over, slow = filed(lone, new_place()), filed(lone, new_place())
    publish(lone, over.id, role=ROLE)
    change_state(lone.node, over.id, OperationState.ENDED, expected=1)
    following, stuck = Thread(target=Follower(lone).round), []

    def followed() -> None:
        following.start()
        following.join(STUCK_S)
        stuck.append(following.is_alive())

    publish(while_put(lone, followed), slow.id, role=ROLE)
    following.join()
    assert stuck == [False]
    with pytest.raises(NotFound):
        lone.dss.intent(over.id)


def test_what_ends_is_not_kept_waiting_by_changes_beside_those_that_are_slow(
    airspace: World, lone: Uss
) -> None:
    early, late, over = sorted(new_id() for _ in range(3))
    bodies: dict[str, bytes] = {}
    for entity_id in (early, late):
        place = new_place()
        operation = filed(lone, new_place(), id=entity_id)
        assert publish(lone, entity_id, role=ROLE).outcome.result is DONE
        bodies |= crowd(airspace, volume(place, 30.0), 1)
        file_operation(lone.node, filed_at(place, operation), expected=1)
    filed(lone, new_place(), id=over)
    publish(lone, over, role=ROLE)
    airspace.stranger.answer = lambda heard: Reply(200, bodies[heard.path])
    clock: Any = later(lone, seconds=0.0).node.clock
    order: list[str] = []

    def asked() -> None:
        clock.turn(seconds=3.0)
        if not order:
            change_state(lone.node, over, OperationState.ENDED, expected=1)
        order.append("asked")

    node = replace(lone.node, clock=clock)
    near = frozenset(path.rpartition("/")[2] for path in bodies)
    peers: Any = Meanwhile(lone.peers, "intent", asked, about=near)
    dss: Any = Meanwhile(
        lone.dss, "delete_intent", lambda: order.append("removed"), about=frozenset({over})
    )
    Follower(replace(lone, node=node, peers=peers, dss=dss)).round()
    assert order == ["asked", "removed", "asked"]


def test_one_that_cannot_be_dealt_with_keeps_no_other_from_its_end(
    airspace: World, lone: Uss
) -> None:
    del airspace
    first, second = (filed(lone, new_place(), id=each) for each in sorted((new_id(), new_id())))
    for each in (first, second):
        publish(lone, each.id, role=ROLE)
        change_state(lone.node, each.id, OperationState.ENDED, expected=1)

    def broken() -> None:
        raise RuntimeError

    faulty: Any = Meanwhile(lone.dss, "delete_intent", broken, about=frozenset({first.id}))
    follower = Follower(replace(lone, dss=faulty))
    with pytest.raises(RuntimeError):
        follower.round()
    follower.round()
    with pytest.raises(NotFound):
        lone.dss.intent(second.id)
    Follower(lone).round()
