"""What the discovery service decides about constraints."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import UNSET

from dss_fixture import Desk, entity, told, volume
from keepclear.errors import InvalidInput, NotFound, NotOurs, VersionConflict
from keepclear.formats.f3548 import ConstraintReference, QueryConstraintReferenceParameters
from keepclear.services.dss import delete_constraint, get_constraint, query_constraints

FAR = (10.0, -60.0)


def read(desk: Desk, word: str, *, caller: str = "authority") -> ConstraintReference:
    with desk.store.view() as view:
        return get_constraint(desk.dss, view, caller, entity(word)).constraint_reference


def test_it_is_made_changed_and_removed_under_its_ovn(desk: Desk) -> None:
    first = desk.constrain("zone").constraint_reference
    assert (first.version, first.manager) == (1, "authority")
    second = desk.constrain("zone", volume(FAR), ovn=str(first.ovn)).constraint_reference
    assert second.version == 2
    assert second.ovn != first.ovn
    assert read(desk, "zone") == second
    assert read(desk, "zone", caller="uss1").ovn is UNSET
    gone = desk.do(delete_constraint(desk.dss, "authority", entity("zone"), str(second.ovn)))
    assert gone.constraint_reference == second
    with pytest.raises(NotFound):
        read(desk, "zone")


def test_a_stale_ovn_or_a_strange_hand_changes_nothing(desk: Desk) -> None:
    made = desk.constrain("zone").constraint_reference
    with pytest.raises(VersionConflict):
        desk.constrain("zone")
    with pytest.raises(VersionConflict):
        desk.constrain("zone", ovn="ThisIsNoVersionOfIt")
    with pytest.raises(InvalidInput):
        desk.constrain("zone", ovn="")
    with pytest.raises(VersionConflict):
        desk.constrain("other", ovn="ThisIsNoVersionOfIt")
    with pytest.raises(NotOurs):
        desk.constrain("zone", ovn=str(made.ovn), caller="uss1")
    with pytest.raises(NotOurs):
        desk.do(delete_constraint(desk.dss, "uss1", entity("zone"), str(made.ovn)))
    with pytest.raises(NotFound):
        desk.do(delete_constraint(desk.dss, "uss1", entity("other"), str(made.ovn)))
    assert read(desk, "zone") == made


def test_those_who_asked_for_constraints_are_told_and_nobody_else(desk: Desk) -> None:
    desk.subscribe("s", for_constraints=True)
    desk.subscribe("deaf")
    made = desk.constrain("zone")
    assert told(made) == {entity("s"): 1}
    ovn = str(made.constraint_reference.ovn)
    changed = desk.constrain("zone", ovn=ovn)
    assert told(changed) == {entity("s"): 2}
    assert told(desk.put("a")) == {entity("s"): 3, entity("deaf"): 1}


def test_a_question_finds_what_meets_it(desk: Desk) -> None:
    desk.constrain("zone")
    desk.constrain("far", volume(FAR))

    def found(starts: timedelta | None) -> set[str]:
        where = volume(starts=starts, ends=None)
        body = QueryConstraintReferenceParameters(area_of_interest=where)
        with desk.store.view() as view:
            answer = query_constraints(desk.dss, view, "uss1", body)
        return {each.id for each in answer.constraint_references}

    assert found(None) == {entity("zone")}
    assert found(timedelta(minutes=59)) == {entity("zone")}
    assert found(timedelta(minutes=61)) == set()
