"""Files of plans on a real store: all or nothing, compared with what is held, accounted for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from keepclear.errors import InvalidFile, ModeMismatch, NodeBusy
from keepclear.formats.csv_plans import write_csv
from keepclear.formats.geojson import write_geojson
from keepclear.formats.reading import derived_id
from keepclear.ledger.entries import EntryKind, record_of
from keepclear.model.answer import Verdict
from keepclear.model.coverage import Coverage
from keepclear.model.node import Subject
from keepclear.model.operation import EndReason, Mode, Operation, OperationState
from keepclear.model.plan_set import PlanSet
from keepclear.model.zone import Zone, ZoneKind
from keepclear.ports.store import Entry, OperationQuery, Unit
from keepclear.services import importing
from keepclear.services.filing import change_state
from keepclear.services.importing import ImportReport, import_plans
from keepclear.services.proving import verify_ledger
from keepclear.services.reading_plans import PlanSource
from keepclear.services.taking import settle
from node_fixture import RunningNode, exercise_node
from samples import agreement, band, circle, coverage, operation, square, window

AMBERS = (
    operation("A-1", circle(35.0, 36.0), party="AMBER"),
    operation("A-2", circle(36.0, 36.0), party="AMBER"),
)
BLUES = (operation("B-1", circle(35.0, 36.0)), operation("B-2", circle(37.5, 36.0)))
ZONE = Zone("Z-1", "range", ZoneKind.HAZARD, circle(38.0), band(0.0, 900.0), declared_by="AMBER")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        yield running


def source(*operations: Operation, name: str = "plans.geojson", **parts: Any) -> PlanSource:
    plans = PlanSet(operations, **parts)
    return PlanSource(name, write_geojson(plans, mode=Mode.EXERCISE).data)


def take(running: RunningNode, *operations: Operation, **options: Any) -> ImportReport:
    return import_plans(running.node, source(*operations), actor="watch", **options)


def held(running: RunningNode, one: Operation) -> Operation:
    with running.node.store.view() as view:
        stored = view.operation(one.id)
    assert stored is not None
    return stored.operation


def entries(running: RunningNode) -> list[Entry]:
    with running.node.store.view() as view:
        return list(view.entries())


def live(running: RunningNode) -> set[str]:
    states = frozenset(OperationState) - {OperationState.ENDED}
    with running.node.store.view() as view:
        page = view.find(OperationQuery(states=states), limit=1_000)
    return {stored.operation.designator for stored in page.items}


def statements(running: RunningNode) -> set[str]:
    with running.node.store.view() as view:
        return {each.party for each in view.declarations(Subject.COVERAGE)}


def test_everything_of_a_file_is_taken_in_and_seen_by_the_next_answer(
    running: RunningNode,
) -> None:
    report = take(running, *AMBERS, *BLUES)
    assert [each.designator for each in report.taken] == ["A-1", "A-2", "B-1", "B-2"]
    assert report.stored
    assert report.pending == 0
    assert report.answers[Verdict.CONFLICT] == 1
    assert sum(report.answers.values()) == 2
    assert running.node.picture.standing().notices["AMBER"].number == 2


def test_a_stored_operation_says_where_and_when_this_node_has_it_from(
    running: RunningNode,
) -> None:
    take(running, *AMBERS)
    stored = held(running, AMBERS[0])
    assert stored.source.name == "plans.geojson"
    assert stored.received_at == running.clock.now()


def test_the_file_itself_is_an_entry_of_the_ledger(running: RunningNode) -> None:
    file = source(*AMBERS, *BLUES)
    report = import_plans(running.node, file, actor="watch")
    last = entries(running)[-1]
    assert last.payload is not None
    told = record_of(last.payload)
    assert (told.kind, told.actor) == (EntryKind.IMPORT_TAKEN, "watch")
    assert isinstance(told.body, dict)
    assert told.body["name"] == "plans.geojson"
    assert told.body["sha256"] == report.sha256 == hashlib.sha256(file.data).hexdigest()
    assert (told.body["taken"], told.body["changed"], told.body["rejected"]) == (4, 0, 0)


def test_every_operation_has_its_own_entry_and_the_ledger_holds(running: RunningNode) -> None:
    before = len(entries(running))
    take(running, *AMBERS, *BLUES)
    kinds = [entry.kind for entry in entries(running)[before:]]
    assert kinds == ["operation filed"] * 4 + ["import taken"]
    with running.node.store.view() as view:
        assert verify_ledger(view, thorough=True).holds


def test_the_same_file_again_stores_nothing_but_that_it_came(running: RunningNode) -> None:
    take(running, *AMBERS, *BLUES)
    before = len(entries(running))
    running.clock.turn(hours=1)
    report = take(running, *AMBERS, *BLUES)
    assert (report.taken, report.changed, report.unchanged) == ((), (), 4)
    assert [entry.kind for entry in entries(running)[before:]] == ["import taken"]


def test_a_dry_run_says_the_same_and_stores_nothing(running: RunningNode) -> None:
    before = entries(running)
    dry = take(running, *AMBERS, *BLUES, dry_run=True)
    assert not dry.stored
    assert entries(running) == before
    wet = take(running, *AMBERS, *BLUES)
    assert [each.id for each in dry.taken] == [each.id for each in wet.taken]
    assert dry.sha256 == wet.sha256


def test_a_newer_release_changes_what_it_names_and_leaves_the_rest(running: RunningNode) -> None:
    take(running, *AMBERS)
    newer = replace(AMBERS[0], version=2, tolerance_s=120.0)
    report = take(running, newer)
    assert [each.designator for each in report.changed] == ["A-1"]
    assert held(running, newer).tolerance_s == 120.0
    assert live(running) == {"A-1", "A-2"}


def test_an_older_release_is_listed_and_changes_nothing(running: RunningNode) -> None:
    take(running, replace(AMBERS[0], version=5))
    report = take(running, AMBERS[0])
    assert report.left[0].name == "AMBER A-1"
    assert held(running, AMBERS[0]).version == 5


def test_two_contents_under_one_version_refuse_the_whole_file(running: RunningNode) -> None:
    take(running, *AMBERS)
    quarrel = replace(AMBERS[0], tolerance_s=9.0)
    before = entries(running)
    with pytest.raises(InvalidFile, match="same version"):
        take(running, quarrel, *BLUES)
    assert entries(running) == before
    report = take(running, quarrel, *BLUES, skip_invalid=True)
    assert len(report.rejected) == 1
    assert [each.designator for each in report.taken] == ["B-1", "B-2"]
    assert held(running, AMBERS[0]).tolerance_s == 0.0


def test_a_table_without_ids_or_versions_can_be_taken_in_again_and_again(
    running: RunningNode,
) -> None:
    shifts = (0.0, 5.0, 10.0)
    for version, shift in enumerate(shifts, start=1):
        table = (
            "party,designator,class,mode,shape,lower,upper,start,end\r\n"
            "BLUE,B-7,manned,EXERCISE,CIRCLE 35.0N 036.0E R 5 NM,FL100,FL120,"
            f"2026-03-14T12:0{int(shift) % 10}:00Z,2026-03-14T13:{int(shift):02d}:00Z\r\n"
        )
        import_plans(running.node, PlanSource("list.csv", table.encode()))
        with running.node.store.view() as view:
            stored = view.operation(derived_id("BLUE", "B-7"))
        assert stored is not None
        assert stored.operation.version == version


def test_a_whole_set_ends_what_it_no_longer_names_of_its_parties_alone(
    running: RunningNode,
) -> None:
    take(running, *AMBERS, *BLUES)
    report = take(running, AMBERS[0], whole_set=True)
    assert [each.designator for each in report.ended] == ["A-2"]
    assert held(running, AMBERS[1]).end_reason is EndReason.WITHDRAWN
    assert live(running) == {"A-1", "B-1", "B-2"}
    assert running.node.picture.standing().notices["AMBER"].number == 1


def test_a_whole_set_does_not_end_a_flight_in_the_air(running: RunningNode) -> None:
    take(running, *BLUES)
    change_state(running.node, BLUES[1].id, OperationState.ACTIVE, expected=1)
    report = take(running, BLUES[0], whole_set=True)
    assert report.ended == ()
    assert [each.name for each in report.left] == ["BLUE B-2"]
    assert live(running) == {"B-1", "B-2"}


def test_a_whole_set_that_could_not_be_read_wholly_ends_nothing(running: RunningNode) -> None:
    take(running, *AMBERS)
    quarrel = replace(AMBERS[0], tolerance_s=9.0)
    report = take(running, quarrel, whole_set=True, skip_invalid=True)
    assert report.ended == ()
    assert any("nothing was ended" in each.reason for each in report.left)
    assert live(running) == {"A-1", "A-2"}


def test_a_statement_that_nothing_is_planned_ends_everything(running: RunningNode) -> None:
    take(running, *AMBERS)
    nothing = source(coverages=(coverage(notice_count=0),))
    report = import_plans(running.node, nothing, whole_set=True)
    assert {each.designator for each in report.ended} == {"A-1", "A-2"}
    assert statements(running) == {"AMBER"}


def test_a_newer_statement_over_the_same_extent_takes_the_olders_place(
    running: RunningNode,
) -> None:
    def stated(statement: Coverage) -> ImportReport:
        return import_plans(running.node, source(coverages=(statement,)), whole_set=True)

    first = coverage(as_of=running.clock.now() - timedelta(hours=3))
    newer = replace(first, as_of=running.clock.now())
    assert stated(first).coverages == 2  # stated, and the one from before withdrawn
    assert stated(newer).coverages == 1
    assert stated(newer).unchanged == 1
    late = stated(first)
    assert late.coverages == 0
    assert "newer statement" in late.left[0].reason
    (standing,) = running.node.picture.standing().frame.coverages_of("AMBER")
    assert standing.as_of == newer.as_of


def test_without_a_whole_set_other_statements_stay(running: RunningNode) -> None:
    elsewhere = coverage(area=square(20.0, 20.0, 1.0), as_of=running.clock.now())
    import_plans(running.node, source(coverages=(elsewhere,)))
    assert len(running.node.picture.standing().frame.coverages_of("AMBER")) == 2


def test_where_features_were_left_out_no_statement_of_the_set_stands(
    running: RunningNode,
) -> None:
    assert statements(running) == {"AMBER"}
    good = source(*AMBERS, coverages=(coverage(as_of=running.clock.now()),))
    bad = good.data.replace(b'"class": "manned"', b'"class": "balloon"', 1)
    report = import_plans(running.node, PlanSource("amber.geojson", bad), skip_invalid=True)
    assert len(report.rejected) == 1
    assert [each.designator for each in report.taken] == ["A-2"]
    assert statements(running) == set()
    assert any("coverage of AMBER" in each.name for each in report.left)
    import_plans(running.node, good)
    assert statements(running) == {"AMBER"}


def test_zones_are_declared_changed_and_left_when_they_are_held(running: RunningNode) -> None:
    assert import_plans(running.node, source(*AMBERS, zones=(ZONE,))).zones == 1
    assert import_plans(running.node, source(*AMBERS, zones=(ZONE,))).zones == 0
    wider = replace(ZONE, footprint=circle(38.0, radius_m=9e3))
    assert import_plans(running.node, source(*AMBERS, zones=(wider,))).zones == 1
    assert running.node.picture.standing().frame.zones == (wider,)


def test_a_zone_of_another_party_is_not_taken_over(running: RunningNode) -> None:
    import_plans(running.node, source(zones=(ZONE,)))
    ours = source(zones=(replace(ZONE, declared_by="BLUE"),))
    with pytest.raises(InvalidFile, match="declared by AMBER"):
        import_plans(running.node, ours)
    assert running.node.picture.standing().frame.zones == (ZONE,)


def test_the_other_mode_is_refused_whether_said_or_written(running: RunningNode) -> None:
    before = entries(running)
    with pytest.raises(ModeMismatch):
        take(running, *BLUES, mode=Mode.REAL)
    real = write_csv(PlanSet((replace(BLUES[0], mode=Mode.REAL),)), mode=Mode.REAL).data
    with pytest.raises(ModeMismatch):
        import_plans(running.node, PlanSource("real.csv", real))
    nothing_planned = PlanSet(coverages=(coverage(notice_count=0),))
    statement = write_csv(nothing_planned, mode=Mode.REAL).data
    with pytest.raises(ModeMismatch):
        import_plans(running.node, PlanSource("nothing.csv", statement))
    assert entries(running) == before


def test_exchanged_coordinates_are_told_by_the_agreements_area(tmp_path: Path) -> None:
    turned, elsewhere = operation("B-1", circle(36.5, 32.0)), operation("B-2", circle(50.0, 10.0))
    with exercise_node(tmp_path, agreed=False) as running:
        assert take(running, elsewhere).taken
        running.agree(agreement(area=square(30.0, 35.0, 4.0)))
        with pytest.raises(InvalidFile, match="exchanged"):
            take(running, turned)
        assert take(running, elsewhere).unchanged == 1


def test_an_unreadable_feature_refuses_the_whole_file(running: RunningNode) -> None:
    before = entries(running)
    bad = source(*AMBERS).data.replace(b'"class": "manned"', b'"class": "balloon"', 1)
    with pytest.raises(InvalidFile, match="balloon"):
        import_plans(running.node, PlanSource("amber.geojson", bad))
    assert entries(running) == before


def test_more_of_ours_than_are_answered_at_once_are_counted_as_pending(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_ANSWERED", 1)
    report = take(running, *BLUES)
    assert (sum(report.answers.values()), report.pending) == (1, 1)


def test_what_changed_while_the_file_was_settled_is_settled_anew(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(running, *BLUES)
    meddled: list[bool] = []

    def settle_and_meddle(*given: Any) -> Any:
        settled = settle(*given)
        if not meddled:
            meddled.append(True)
            change_state(running.node, BLUES[0].id, OperationState.ACTIVE, expected=1)
        return settled

    monkeypatch.setattr(importing, "settle", settle_and_meddle)
    report = take(running, replace(BLUES[0], tolerance_s=60.0))
    changed = held(running, BLUES[0])
    assert report.changed == (changed,)
    assert (changed.state, changed.version) == (OperationState.ACTIVE, 3)


def test_a_zone_declared_while_the_file_was_settled_is_not_overwritten(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle_and_meddle(*given: Any) -> Any:
        settled = settle(*given)
        if not running.node.picture.standing().frame.zones:
            running.declare_as("GREEN", replace(ZONE, declared_by="GREEN"))
        return settled

    monkeypatch.setattr(importing, "settle", settle_and_meddle)
    with pytest.raises(InvalidFile, match="declared by GREEN"):
        import_plans(running.node, source(*AMBERS, zones=(ZONE,)))
    assert live(running) == set()


def test_a_file_whose_operations_never_stand_still_is_given_up_whole(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(running, *AMBERS)

    def settle_and_meddle(*given: Any) -> Any:
        settled = settle(*given)
        stored = held(running, AMBERS[0])
        running.take(replace(stored, version=stored.version + 1))
        return settled

    monkeypatch.setattr(importing, "settle", settle_and_meddle)
    with pytest.raises(NodeBusy):
        take(running, replace(AMBERS[0], version=50), *BLUES)
    assert live(running) == {"A-1", "A-2"}


def test_a_failure_inside_the_store_leaves_nothing_of_the_file(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = entries(running)
    real_write = running.node.store.write

    def breaking(work: Any) -> Any:
        def broken(unit: Unit) -> Any:
            work(unit)
            raise NodeBusy("at the very end")

        return real_write(broken)

    monkeypatch.setattr(running.node.store, "write", breaking)
    with pytest.raises(NodeBusy, match="very end"):
        take(running, *AMBERS, *BLUES)
    monkeypatch.undo()
    assert entries(running) == before
    assert live(running) == set()


def test_a_window_in_the_past_is_taken_like_any_other(running: RunningNode) -> None:
    past = operation("B-9", at=window(-24 * 60.0))
    assert take(running, past).taken
