"""Zones, lines, airfields and coverage: declared, changed, taken back, never overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keepclear.errors import (
    InvalidFootprint,
    NotFound,
    NotOurs,
    StateForbids,
    VersionMismatch,
    VersionMissing,
)
from keepclear.formats.documents.airspace import stored_zone
from keepclear.model.node import Subject
from keepclear.model.volume import Polygon, Position
from keepclear.model.zone import (
    Airfield,
    Boundary,
    BoundaryRule,
    Side,
    Zone,
    ZoneKind,
)
from keepclear.services.declaring import cancel, declare, state_coverage
from keepclear.services.expected import NEW
from node_fixture import RunningNode, exercise_node
from samples import band, circle, coverage

ZONE = Zone("Z-1", "Range", ZoneKind.HAZARD, circle(), band(0.0, 3_000.0))
LINE = Boundary(
    "L-1",
    "River",
    (Position(34.0, 36.0), Position(36.0, 36.0)),
    (BoundaryRule("BLUE", Side.LEFT),),
)
FIELD = Airfield("F-1", "Field", Position(35.0, 36.0), 30.0, "BLUE", 9_260.0, band(0.0, 1_500.0))
COVERAGE_ID = "6f3b3c54-0000-4000-8000-000000000001"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        yield running


@pytest.mark.parametrize("thing", [ZONE, LINE, FIELD], ids=["zone", "boundary", "airfield"])
def test_a_declaration_is_stored_and_judges_from_then_on(
    running: RunningNode, thing: Zone | Boundary | Airfield
) -> None:
    declared = declare(running.node, thing, expected=NEW, actor="planner")
    assert (declared.created, declared.declaration.version) == (True, 1)
    frame = running.node.picture.standing().frame
    assert len(frame.zones) + len(frame.boundaries) + len(frame.airfields) == 1


def test_a_zone_that_names_no_party_is_ours(running: RunningNode) -> None:
    declared = declare(running.node, ZONE, expected=NEW)
    assert declared.declaration.party == "BLUE"
    assert stored_zone(declared.declaration.body).declared_by == "BLUE"


def test_the_same_declaration_again_changes_nothing(running: RunningNode) -> None:
    first = declare(running.node, ZONE, expected=NEW)
    again = declare(running.node, ZONE, expected=NEW)
    assert (again.declaration, again.created) == (first.declaration, False)


def test_a_change_names_the_version_it_changes(running: RunningNode) -> None:
    declare(running.node, ZONE, expected=NEW)
    larger = replace(ZONE, footprint=circle(radius_m=2e3))
    with pytest.raises(VersionMissing):
        declare(running.node, larger, expected=None)
    with pytest.raises(VersionMismatch):
        declare(running.node, larger, expected=NEW)
    assert declare(running.node, larger, expected=1).declaration.version == 2


def test_a_zone_ends_by_cancellation_and_stays_known(running: RunningNode) -> None:
    declare(running.node, ZONE, expected=NEW)
    cancelled = cancel(running.node, Subject.ZONE, "Z-1", expected=1, actor="planner")
    assert not cancelled.declaration.live
    assert cancel(running.node, Subject.ZONE, "Z-1", expected=1).declaration.version == 2
    with running.node.store.view() as view:
        assert not view.declarations(Subject.ZONE)
        assert len(view.declarations(Subject.ZONE, live=False)) == 1
        kinds = [entry.kind for entry in view.entries_about(Subject.ZONE, "Z-1")]
    assert kinds == ["zone declared", "zone cancelled"]
    assert declare(running.node, ZONE, expected=NEW).declaration.version == 3


def test_another_partys_zone_is_not_ours_to_change(running: RunningNode) -> None:
    running.declare_as("AMBER", replace(ZONE, declared_by="AMBER"))
    with pytest.raises(NotOurs):
        declare(running.node, replace(ZONE, declared_by="BLUE"), expected=1)
    with pytest.raises(NotOurs):
        declare(running.node, replace(ZONE, declared_by="AMBER"), expected=1)
    with pytest.raises(NotOurs):
        cancel(running.node, Subject.ZONE, "Z-1", expected=1)


def test_a_shape_that_is_none_is_refused(running: RunningNode) -> None:
    bow = Polygon(((Position(35, 36), Position(36, 37), Position(35, 37), Position(36, 36)),))
    with pytest.raises(InvalidFootprint):
        declare(running.node, replace(ZONE, footprint=bow), expected=NEW)
    with pytest.raises(InvalidFootprint):
        state_coverage(running.node, COVERAGE_ID, coverage(area=bow), expected=NEW)


def test_what_never_was_cannot_be_cancelled(running: RunningNode) -> None:
    with pytest.raises(NotFound):
        cancel(running.node, Subject.ZONE, "Z-9", expected=1)
    with pytest.raises(StateForbids):
        cancel(running.node, Subject.AGREEMENT, "TEST/1", expected=1)


def test_a_coverage_statement_keeps_its_id_and_its_party(running: RunningNode) -> None:
    state_coverage(running.node, COVERAGE_ID, coverage("HUM"), expected=NEW)
    with pytest.raises(NotOurs):
        state_coverage(running.node, COVERAGE_ID, coverage("CIVIL"), expected=1)
    changed = state_coverage(running.node, COVERAGE_ID, coverage("HUM", notice_count=0), expected=1)
    assert changed.declaration.version == 2
    assert len(running.node.picture.standing().frame.coverages_of("HUM")) == 1
    cancel(running.node, Subject.COVERAGE, COVERAGE_ID, expected=2)
    assert not running.node.picture.standing().frame.coverages_of("HUM")
