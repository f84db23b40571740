"""Constraints: who may publish which, and what planning beside one means."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from keepclear import compose
from keepclear.errors import InvalidInput, NotFound, NotOurs, NotPermitted
from keepclear.formats.documents.published import PublishedConstraint
from keepclear.formats.f3548 import Constraint, PutConstraintDetailsParameters, SubscriptionState
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.volume import Circle, Footprint, Polygon, Position
from keepclear.model.window import Window
from keepclear.model.zone import Zone, ZoneKind
from keepclear.services.declaring import declare
from keepclear.services.expected import NEW
from keepclear.services.uss import Uss
from keepclear.services.uss.constraints import publish_zone
from keepclear.services.uss.reporting import log_set
from keepclear.services.uss.taking import Sender, take_constraint
from keepclear.services.uss.wanted import Result
from uss.world import (
    World,
    days_since,
    new_id,
    new_place,
    planned,
    told_since,
    until,
    volume,
    wanted,
)

SC = "utm.strategic_coordination"
ROLE = "planner"


def zone_at(place: float, footprint: Footprint | None = None) -> Zone:
    heights = (Altitude(each, AltitudeReference.HAE) for each in (0.0, 500.0))
    area = footprint or Circle(Position(place, 10.0), 1_000.0)
    return Zone(f"Z-{new_id()[:8]}", "Fire", ZoneKind.HAZARD, area, AltitudeBand(*heights))


def published_at(uss: Uss, place: float) -> PublishedConstraint:
    zone = zone_at(place)
    declare(uss.node, zone, expected=NEW)
    return publish_zone(uss, zone.id, span(hours=1.0), role=ROLE)


def span(*, hours: float, after: timedelta = timedelta(0)) -> Window:
    starts = compose.clock().now() + after
    return Window(starts, starts + timedelta(hours=hours))


def ring(radius_deg: float, corners: int) -> Polygon:
    turns = [math.tau * each / corners for each in range(corners)]
    outer = (Position(radius_deg * math.sin(a), 10.0 + radius_deg * math.cos(a)) for a in turns)
    return Polygon((tuple(outer),))


@pytest.mark.parametrize(
    ("footprint", "when", "why"),
    [
        (None, None, "binds always"),
        (None, span(hours=30.0), "24 h at most"),
        (None, span(hours=1.0, after=timedelta(days=57)), "56 days"),
        (None, span(hours=1.0, after=timedelta(hours=-2)), "has ended"),
        (ring(0.6, 16), span(hours=12.0), "10,000"),
        (ring(0.2, 1_001), span(hours=12.0), "1,000 vertices"),
    ],
    ids=["no span", "too long", "too far ahead", "over", "too large", "too many corners"],
)
def test_a_constraint_keeps_to_the_standards_limits(
    airspace: World, footprint: Footprint | None, when: Window | None, why: str
) -> None:
    zone = zone_at(new_place(), footprint)
    declare(airspace.guest.node, zone, expected=NEW)
    with pytest.raises(InvalidInput, match=why):
        publish_zone(airspace.guest, zone.id, when, role=ROLE)
    assert all(each.zone != zone.id for each in airspace.guest.own.constraints())


def test_only_who_has_the_role_publishes_and_only_zones_that_are_there(airspace: World) -> None:
    guest = airspace.guest
    zone = zone_at(new_place())
    declare(guest.node, zone, expected=NEW)
    humble = replace(guest, settings=replace(guest.settings, scopes=frozenset({SC})))
    with pytest.raises(NotPermitted):
        publish_zone(humble, zone.id, span(hours=1.0), role=ROLE)
    with pytest.raises(NotFound):
        publish_zone(guest, "Z-NOWHERE", span(hours=1.0), role=ROLE)


def test_whoever_plans_into_a_constraint_is_told_and_not_refused(airspace: World) -> None:
    place, began = new_place(), compose.clock().now()
    published = published_at(airspace.guest, place)
    asked = wanted(volume(place))
    assert planned(airspace.home, asked).result is Result.DONE
    assert "CSTP0005" in told_since(airspace.home, began, asked.id)
    logs = log_set(airspace.guest, days_since(began))
    providers = logs.constraint_provider_associations or ()
    assert [each.constraint_provider_id for each in providers if each.constraint_id == published.id]


def test_whose_intent_a_new_constraint_meets_is_told(airspace: World) -> None:
    place, began = new_place(), compose.clock().now()
    asked = wanted(volume(place))
    planned(airspace.home, asked)
    published_at(airspace.guest, place)
    assert until(airspace, lambda: "CSTP0010" in told_since(airspace.home, began, asked.id))


def test_a_uss_without_that_role_looks_at_no_constraints(airspace: World) -> None:
    place, began = new_place(), compose.clock().now()
    published_at(airspace.guest, place)
    home = airspace.home
    blind = replace(home, settings=replace(home.settings, scopes=frozenset({SC})))
    asked = wanted(volume(place))
    assert planned(blind, asked).result is Result.DONE
    assert "CSTP0005" not in told_since(home, began, asked.id)


def test_a_constraint_is_told_of_by_its_manager_alone(
    airspace: World,
) -> None:
    guest, home = airspace.guest, airspace.home
    published = published_at(guest, new_place())
    shown = home.peers.constraint(guest.settings.base_url, published.id)
    with pytest.raises(NotOurs, match="managed by"):
        take_constraint(home, Sender("somebody", "somebody"), telling(shown))
    with pytest.raises(NotOurs, match="is ours"):
        take_constraint(guest, Sender("guest", "guest"), telling(shown))
    other = telling(shown, constraint_id=new_id())
    with pytest.raises(InvalidInput, match="its reference about"):
        take_constraint(home, Sender("guest", "guest"), other)


def telling(shown: Constraint, *, constraint_id: str = "") -> PutConstraintDetailsParameters:
    return PutConstraintDetailsParameters(
        constraint_id=constraint_id or shown.reference.id,
        constraint=shown,
        subscriptions=(SubscriptionState(subscription_id=new_id(), notification_index=1),),
    )
