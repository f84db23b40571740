"""What is published stays true: to the operation, to the zone, to what was lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import msgspec
import pytest

from keepclear import compose
from keepclear.errors import NotFound, NotPermitted, PeerSilent, StateForbids
from keepclear.formats.f3548 import Volume4D
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coordination import IntentState
from keepclear.model.node import Subject
from keepclear.model.operation import (
    Operation,
    OperationClass,
    OperationState,
    Source,
    SourceKind,
    Uncertainty,
)
from keepclear.model.volume import Corridor, Position, Volume
from keepclear.model.window import Window
from keepclear.model.zone import Zone, ZoneKind
from keepclear.services.declaring import cancel, declare
from keepclear.services.expected import NEW
from keepclear.services.filing import change_state, file_operation
from keepclear.services.uss import OwnPublished, Uss
from keepclear.services.uss.constraints import publish_zone, withdraw_zone
from keepclear.services.uss.following import Follower
from keepclear.services.uss.publishing import RECOVERY_RULE, publish, withdraw
from keepclear.services.uss.wanted import Result
from uss.test_duties import later
from uss.world import World, new_id, new_place, planned, told_since, until, volume, wanted

ROLE = "planner"


def filed(uss: Uss, place: float, **changed: Any) -> Operation:
    """An own operation in a corridor, heights by QNH, filed."""
    now = compose.clock().now()
    line = (Position(place, 30.0), Position(place + 0.02, 30.02))
    band = AltitudeBand(
        Altitude(100.0, AltitudeReference.QNH), Altitude(300.0, AltitudeReference.QNH)
    )
    window = Window(now - timedelta(minutes=1), now + timedelta(minutes=30))
    operation = Operation(
        id=new_id(),
        party=uss.node.identity.party,
        designator="C-1",
        operation_class=OperationClass.UNMANNED,
        volumes=(Volume(Corridor(line, 200.0), band, window),),
        mode=uss.node.identity.mode,
        source=Source(SourceKind.TYPED),
        received_at=now,
    )
    return file_operation(uss.node, replace(operation, **changed), expected=NEW).stored.operation


def test_a_person_releases_one_operation_and_is_told_what_is_written_otherwise(
    airspace: World,
) -> None:
    uss = airspace.guest
    operation = filed(uss, new_place(), uncertainty=Uncertainty(50.0, 10.0))
    with pytest.raises(NotFound):
        withdraw(uss, operation.id, role=ROLE)
    done = publish(uss, operation.id, role=ROLE, actor="Ada")
    assert done.outcome.result is Result.DONE
    assert any("corridor" in each for each in done.losses)
    assert any("W84" in each for each in done.losses)
    published = uss.own.intent(operation.id)
    assert published is not None
    assert published.released_by == "Ada, planner"
    low, high = _heights(published.intent.details.volumes[0])  # type: ignore[union-attr, index]
    assert high - low >= 200.0 + 2 * 10.0
    assert withdraw(uss, operation.id, role=ROLE).result is Result.DONE
    with pytest.raises(NotFound):
        uss.dss.intent(operation.id)


def test_a_name_is_no_role_and_what_ended_is_not_published(airspace: World) -> None:
    uss = airspace.guest
    operation = filed(uss, new_place())
    with pytest.raises(NotPermitted):
        publish(uss, operation.id, role="Ada")
    change_state(uss.node, operation.id, OperationState.ENDED, expected=operation.version)
    with pytest.raises(StateForbids):
        publish(uss, operation.id, role=ROLE)


def test_the_intent_follows_its_operation_to_its_end(airspace: World) -> None:
    uss, began = airspace.guest, compose.clock().now()
    operation = filed(uss, new_place())
    publish(uss, operation.id, role=ROLE)
    change_state(uss.node, operation.id, OperationState.ACTIVE, expected=1)
    assert until(airspace, lambda: _state(uss, operation.id) is IntentState.ACTIVATED)
    change_state(
        uss.node,
        operation.id,
        OperationState.NONCONFORMING,
        expected=2,
        volumes=operation.volumes,
    )
    assert until(airspace, lambda: _state(uss, operation.id) is IntentState.NONCONFORMING)
    change_state(uss.node, operation.id, OperationState.ENDED, expected=3)
    assert until(airspace, lambda: uss.own.intent(operation.id) is None)
    with pytest.raises(NotFound):
        uss.dss.intent(operation.id)
    assert told_since(uss, began, operation.id).count("GEN0405") >= 4


def test_a_flight_off_its_plan_for_a_minute_counts_as_lost_in_f3548_and_nowhere_else(
    airspace: World, lone: Uss
) -> None:
    operation, began = off_plan(lone, new_place()), lone.now()
    Follower(later(lone, seconds=20.0)).round()
    assert _state(lone, operation.id) is IntentState.NONCONFORMING
    Follower(after_start(later(lone, seconds=61.0))).round()
    reference = airspace.home.dss.intent(operation.id)
    assert reference.state is IntentState.CONTINGENT
    with lone.node.store.view() as view:
        held = view.operation(operation.id)
        entry = list(view.entries_about(Subject.INTENT, operation.id))[-1]
        notices = view.operator_notices(began, began + timedelta(minutes=5))
    assert held is not None
    assert held.operation.state is OperationState.NONCONFORMING
    assert b"off its plan for 60 s" in (entry.payload or b"")
    assert notices[-1].text.endswith("now Contingent at the discovery service: " + RECOVERY_RULE)


def test_a_flight_that_came_back_within_the_minute_is_not_lost_later(
    airspace: World, lone: Uss
) -> None:
    operation = off_plan(lone, new_place())
    change_state(lone.node, operation.id, OperationState.ACTIVE, expected=3)
    Follower(lone).round()
    Follower(later(lone, seconds=61.0)).round()
    assert airspace.home.dss.intent(operation.id).state is IntentState.ACTIVATED


def off_plan(uss: Uss, place: float) -> Operation:
    """An own operation, published, in flight and off its plan."""
    operation = filed(uss, place)
    publish(uss, operation.id, role=ROLE)
    change_state(uss.node, operation.id, OperationState.ACTIVE, expected=1)
    Follower(uss).round()
    change_state(
        uss.node, operation.id, OperationState.NONCONFORMING, expected=2, volumes=operation.volumes
    )
    Follower(uss).round()
    assert _state(uss, operation.id) is IntentState.NONCONFORMING
    return operation


def after_start(uss: Uss) -> Uss:
    """The same USS, with what its store holds and nothing else."""
    with uss.node.store.view() as view:
        return replace(uss, own=OwnPublished(view))


def test_a_change_that_is_refused_leaves_the_intent_and_says_why(airspace: World) -> None:
    uss, place = airspace.guest, new_place()
    operation = filed(uss, place)
    publish(uss, operation.id, role=ROLE)
    other = new_place()
    planned(airspace.home, wanted(volume(other, 30.0, high_m=1_000.0)))
    line = (Position(other, 30.0), Position(other + 0.02, 30.02))
    moved = replace(operation.volumes[0], footprint=Corridor(line, 200.0))
    file_operation(uss.node, replace(operation, volumes=(moved,)), expected=operation.version)
    note = until(airspace, lambda: getattr(uss.own.intent(operation.id), "note", ""))
    assert "SCD0040" in note
    assert uss.dss.intent(operation.id).version == 1


def test_what_was_asked_for_and_never_answered_is_taken_back(airspace: World) -> None:
    uss = airspace.guest
    asked = wanted(volume(new_place()), actor="Ada")
    lossy = replace(uss, dss=Lossy(uss.dss))
    began = compose.clock().now()
    assert planned(lossy, asked).result is Result.FAILED
    assert "GEN0400" in told_since(uss, began, asked.id)
    assert uss.dss.intent(asked.id).version == 1
    Follower(uss).round()
    with pytest.raises(NotFound):
        uss.dss.intent(asked.id)
    assert uss.own.intent(asked.id) is None


def test_a_change_whose_answer_was_lost_is_made_again_with_the_version_there(
    airspace: World,
) -> None:
    uss = airspace.guest
    operation = filed(uss, new_place())
    publish(uss, operation.id, role=ROLE)
    lossy = replace(uss, dss=Lossy(uss.dss))
    assert publish(lossy, operation.id, role=ROLE).outcome.result is Result.FAILED
    assert uss.dss.intent(operation.id).version == 2
    assert publish(uss, operation.id, role=ROLE).outcome.result is Result.DONE
    shown = uss.peers.intent(uss.settings.base_url, operation.id)
    assert shown.reference.version == uss.dss.intent(operation.id).version == 3


def test_after_a_start_what_the_service_has_otherwise_is_published_anew(
    airspace: World,
) -> None:
    uss = airspace.guest
    operation = filed(uss, new_place())
    publish(uss, operation.id, role=ROLE)
    before = uss.own.intent(operation.id)
    assert before is not None
    publish(uss, operation.id, role=ROLE)
    uss.own.put_intent(before)
    follower = Follower(uss)
    assert until(airspace, lambda: follower.round() and _is_same(uss, operation.id))


def test_a_zone_is_published_followed_and_taken_back(airspace: World) -> None:
    uss, place = airspace.guest, new_place()
    now = compose.clock().now()
    zone = declared(uss, place)
    span = Window(now, now + timedelta(hours=2))
    published = publish_zone(uss, zone.id, span, role=ROLE)
    shown = airspace.home.peers.constraint(uss.settings.base_url, published.id)
    assert shown.details.volumes
    asked = wanted(volume(place, 30.0))
    assert planned(airspace.home, asked).result is Result.DONE
    declare(uss.node, replace(zone, name="Fire, larger"), expected=1)
    assert until(airspace, lambda: uss.dss.constraint(published.id).version == 2)
    cancel(uss.node, Subject.ZONE, zone.id, expected=2)
    assert until(airspace, lambda: uss.own.constraint(published.id) is None)
    with pytest.raises(NotFound):
        uss.dss.constraint(published.id)
    with pytest.raises(NotFound):
        withdraw_zone(uss, zone.id, role=ROLE)


def test_a_zone_is_not_taken_back_because_somebody_looked_while_it_was_being_published(
    lone: Uss,
) -> None:
    zone, follower = declared(lone, new_place()), Follower(lone)
    while follower.round() == 0.0:
        pass
    looking = Thread(target=follower.round)

    def look() -> None:
        looking.start()
        looking.join(10.0)

    now = compose.clock().now()
    busy = replace(lone, dss=Watched(lone.dss, look))
    published = publish_zone(busy, zone.id, Window(now, now + timedelta(hours=2)), role=ROLE)
    looking.join()
    assert lone.own.constraint(published.id) == published
    assert lone.dss.constraint(published.id).version == 1


def test_a_zone_that_two_people_publish_at_once_is_published_once(lone: Uss) -> None:
    zone = declared(lone, new_place())
    now = compose.clock().now()
    span = Window(now, now + timedelta(hours=2))
    with ThreadPoolExecutor(2) as people:
        both = [people.submit(publish_zone, lone, zone.id, span, role=ROLE) for _ in range(2)]
        first, second = (each.result() for each in both)
    assert first.id == second.id
    assert [each.id for each in lone.own.constraints() if each.zone == zone.id] == [first.id]


class Watched:
    """A discovery service that answers once something else has happened."""

    def __init__(self, dss: Any, meanwhile: Callable[[], None]) -> None:
        self._dss, self._meanwhile = dss, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dss, name)

    def put_constraint(self, *given: Any) -> Any:
        answer = self._dss.put_constraint(*given)
        self._meanwhile()
        return answer


def declared(uss: Uss, place: float) -> Zone:
    zone = zone_at(place)
    declare(uss.node, zone, expected=NEW)
    return zone


def zone_at(place: float) -> Zone:
    """A hazard without windows of its own."""
    line = (Position(place, 30.0), Position(place + 0.02, 30.02))
    band = AltitudeBand(
        Altitude(0.0, AltitudeReference.HAE), Altitude(500.0, AltitudeReference.HAE)
    )
    zone_id = f"Z-{new_id()[:8]}"
    return Zone(zone_id, "Fire", ZoneKind.HAZARD, Corridor(line, 500.0), band)


class Lossy:
    """A discovery service whose answers to changes are lost on the way, the changes being made."""

    def __init__(self, dss: Any) -> None:
        self._dss = dss

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dss, name)

    def put_intent(self, *given: Any) -> Any:
        self._dss.put_intent(*given)
        raise PeerSilent("the answer was lost")


def _heights(extent: Volume4D) -> tuple[float, float]:
    document: Any = msgspec.to_builtins(extent)
    volume_ = document["volume"]
    return volume_["altitude_lower"]["value"], volume_["altitude_upper"]["value"]


def _state(uss: Uss, entity_id: str) -> IntentState | None:
    published = uss.own.intent(entity_id)
    intent = None if published is None else published.intent
    return None if intent is None else intent.reference.state


def _is_same(uss: Uss, entity_id: str) -> bool:
    published = uss.own.intent(entity_id)
    if published is None or published.intent is None:
        return False
    return published.intent.reference.version == uss.dss.intent(entity_id).version > 2
