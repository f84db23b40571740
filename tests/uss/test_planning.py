"""Plan, change, activate and end, with two USSs of ours over one discovery service."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keepclear import compose
from keepclear.errors import NotFound
from keepclear.model.coordination import IntentState
from keepclear.services.uss.wanted import Result, Wanted
from uss.world import World, ended, new_place, planned, told_since, until, volume, wanted

S = IntentState


def test_a_plan_in_free_airspace_is_published_and_shown_to_others(airspace: World) -> None:
    asked = wanted(volume(new_place()), priority=3)
    outcome = planned(airspace.guest, asked)
    assert outcome.result is Result.DONE
    reference = airspace.home.dss.intent(asked.id)
    told = airspace.home.peers.intent(reference.uss_base_url, asked.id)
    assert told.reference.version == reference.version == 1
    assert told.details.volumes == asked.volumes
    assert told.details.priority == 3
    assert reference.manager == "guest"


def test_equal_priorities_do_not_meet_and_what_was_refused_is_nowhere(airspace: World) -> None:
    place = new_place()
    planned(airspace.home, wanted(volume(place)))
    asked = wanted(volume(place, 10.004))
    outcome = planned(airspace.guest, asked)
    assert outcome.result is Result.REFUSED
    assert "SCD0035" in outcome.why
    assert outcome.published is None
    assert airspace.guest.own.intent(asked.id) is None
    with pytest.raises(NotFound):
        airspace.home.dss.intent(asked.id)


def test_neighbours_that_do_not_meet_are_planned_with_each_others_ovn(airspace: World) -> None:
    place = new_place()
    planned(airspace.home, wanted(volume(place)))
    assert planned(airspace.guest, wanted(volume(place, 10.0051))).result is Result.DONE


def test_the_higher_priority_may_meet_and_both_operators_are_told(airspace: World) -> None:
    place, began = new_place(), compose.clock().now()
    lower = wanted(volume(place))
    planned(airspace.home, lower)
    higher = wanted(volume(place), priority=7)
    outcome = planned(airspace.guest, higher)
    assert (outcome.result, outcome.conflicts) == (Result.DONE, 1)
    assert "SCD0090" in told_since(airspace.guest, began, higher.id)
    assert until(airspace, lambda: "SCD0095" in told_since(airspace.home, began, lower.id))


def test_the_lower_priority_yields_when_it_plans_changes_or_activates(airspace: World) -> None:
    place = new_place()
    asked = wanted(volume(place, 10.02))
    assert planned(airspace.home, asked).result is Result.DONE
    planned(airspace.guest, wanted(volume(place), priority=7))
    moved = replace(asked, volumes=(volume(place),))
    assert "SCD0020" in planned(airspace.home, moved).why
    assert "SCD0015" in planned(airspace.home, wanted(volume(place))).why
    assert planned(airspace.home, replace(asked, state=S.ACTIVATED)).result is Result.DONE
    assert planned(airspace.home, replace(moved, state=S.ACTIVATED)).result is Result.REFUSED


def test_what_is_in_use_may_change_although_it_meets_what_it_met_before(airspace: World) -> None:
    place = new_place()
    asked = wanted(volume(place), state=S.ACTIVATED)
    assert planned(airspace.home, asked).result is Result.DONE
    other = wanted(volume(place), state=S.ACTIVATED, priority=7)
    assert planned(airspace.guest, other).result is Result.DONE
    moved = replace(asked, volumes=(volume(place, 10.001),))
    assert planned(airspace.home, moved).result is Result.DONE


def test_a_new_intent_may_be_activated_at_once_in_two_versions(airspace: World) -> None:
    asked = wanted(volume(new_place()), state=S.ACTIVATED)
    outcome = planned(airspace.guest, asked)
    assert outcome.published is not None
    assert outcome.published.intent is not None
    assert outcome.published.intent.reference.version == 2
    assert outcome.published.intent.reference.state is S.ACTIVATED


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (wanted(volume(1.0, start_s=31 * 86_400, end_s=31 * 86_400 + 600)), "days ahead"),
        (wanted(volume(1.0, start_s=-600, end_s=-10)), "in the past"),
        (wanted(volume(1.0, start_s=86_400, end_s=87_000), state=S.ACTIVATED), "in use now"),
        (wanted(volume(1.0), state=S.CONTINGENT), "cannot become"),
        (wanted(), "no volumes"),
        (wanted(volume(1.0), off_nominal_volumes=(volume(1.0),)), "off-nominal volumes"),
    ],
    ids=["too far ahead", "past", "not yet", "from nothing", "nowhere", "nominal and not"],
)
def test_what_cannot_be_an_intent_is_refused_before_anybody_is_asked(
    airspace: World, asked: Wanted, why: str
) -> None:
    outcome = planned(airspace.guest, asked)
    assert outcome.result is Result.REFUSED
    assert why in outcome.why


def test_an_intent_in_use_goes_off_nominal_and_back_and_contingent_only_ends(
    airspace: World,
) -> None:
    place = new_place()
    asked = wanted(volume(place), state=S.ACTIVATED)
    planned(airspace.guest, asked)
    away = (volume(place, 10.002),)
    off = replace(asked, state=S.NONCONFORMING, off_nominal_volumes=away)
    assert planned(airspace.guest, off).result is Result.DONE
    told = airspace.home.peers.intent(airspace.guest.settings.base_url, asked.id)
    assert told.details.off_nominal_volumes == away
    assert planned(airspace.guest, asked).result is Result.DONE
    lost = replace(asked, state=S.CONTINGENT, volumes=(), off_nominal_volumes=away)
    assert planned(airspace.guest, lost).result is Result.DONE
    assert "cannot become" in planned(airspace.guest, asked).why
    assert ended(airspace.guest, asked.id).result is Result.DONE
    with pytest.raises(NotFound):
        airspace.home.dss.intent(asked.id)


def test_off_nominal_volumes_bind_others_too(airspace: World) -> None:
    place = new_place()
    asked = wanted(volume(place), state=S.ACTIVATED)
    planned(airspace.guest, asked)
    away = replace(asked, state=S.NONCONFORMING, off_nominal_volumes=(volume(place, 10.02),))
    planned(airspace.guest, away)
    assert planned(airspace.home, wanted(volume(place, 10.02))).result is Result.REFUSED


def test_a_hypothetical_plan_says_what_would_come_and_changes_nothing(airspace: World) -> None:
    asked = wanted(volume(new_place()))
    outcome = planned(airspace.guest, asked, is_hypothetical=True)
    assert (outcome.result, outcome.published) == (Result.DONE, None)
    with pytest.raises(NotFound):
        airspace.home.dss.intent(asked.id)
