"""Several files become one set: each operation once, the right version, one mode."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidFile, ModeMismatch
from keepclear.formats.csv_plans import write_csv
from keepclear.formats.geojson import write_geojson
from keepclear.formats.kml import write_kml
from keepclear.formats.kmz import write_kmz
from keepclear.formats.reading import derived_id
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import Mode, Operation, OperationClass, Source, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Circle, Position, Volume
from keepclear.model.window import Window
from keepclear.model.zone import Zone, ZoneKind
from keepclear.services.reading_plans import (
    PlanSource,
    content_of,
    read_plans,
    reader_of,
    without_duplicates,
)

NOW = datetime(2026, 3, 14, 5, tzinfo=UTC)
CIRCLE = Circle(Position(35.4, 35.95), 5_556.0)
BAND = AltitudeBand(
    Altitude(914.4, AltitudeReference.QNH), Altitude(1_828.8, AltitudeReference.QNH)
)
WINDOW = Window(NOW + timedelta(hours=1), NOW + timedelta(hours=2))
COVERAGE = Coverage("BLUE", CIRCLE, WINDOW, NOW, ((OperationClass.MANNED, Completeness.COMPLETE),))
ZONE = Zone("Z-1", "range", ZoneKind.HAZARD, CIRCLE, BAND)


def operation(
    designator: str = "B-1", *, file: str = "a.geojson", party: str = "BLUE"
) -> Operation:
    return Operation(
        id=derived_id("BLUE", designator),
        party=party,
        designator=designator,
        operation_class=OperationClass.MANNED,
        volumes=(Volume(CIRCLE, BAND, WINDOW),),
        mode=Mode.EXERCISE,
        source=Source(SourceKind.FILE, file, "feature 1"),
        received_at=NOW,
    )


B1 = operation()
CHANGED = replace(B1, tolerance_s=600.0, source=Source(SourceKind.FILE, "b.geojson", "feature 7"))


def merged(*operations: Operation, skip_invalid: bool = False) -> PlanSet:
    return without_duplicates(PlanSet(operations), skip_invalid=skip_invalid)


def test_the_same_content_from_two_files_is_taken_once() -> None:
    again = replace(
        B1,
        source=Source(SourceKind.FILE, "b.kml", "placemark 2"),
        received_at=NOW + timedelta(hours=1),
        source_text="B-1 3 NM around Latakia",
    )
    assert merged(B1, again).operations == (B1,)


def test_the_higher_version_stands_whichever_file_comes_first() -> None:
    newer = replace(CHANGED, version=2)
    assert merged(B1, newer).operations == merged(newer, B1).operations == (newer,)


def test_two_contents_of_one_version_are_refused_and_both_files_named() -> None:
    with pytest.raises(InvalidFile) as refusal:
        merged(B1, CHANGED)
    assert refusal.value.file == "b.geojson"
    assert "a.geojson" in refusal.value.message
    assert "owner" in refusal.value.remedy


def test_a_quarrel_about_a_superseded_version_is_no_quarrel() -> None:
    newest = replace(CHANGED, version=2)
    assert merged(B1, CHANGED, newest).operations == (newest,)


def test_with_skip_invalid_neither_of_two_contents_is_taken_and_the_quarrel_is_kept() -> None:
    other = operation("B-2")
    plans = merged(B1, CHANGED, other, skip_invalid=True)
    assert plans.operations == (other,)
    assert [rejected.file for rejected in plans.rejected] == ["b.geojson"]


def test_an_id_used_by_two_parties_is_refused_even_with_a_higher_version() -> None:
    impostor = replace(operation(party="AMBER"), version=9)
    with pytest.raises(InvalidFile, match="AMBER"):
        merged(B1, impostor)


def test_a_coverage_statement_read_twice_stands_once() -> None:
    later = replace(COVERAGE, as_of=NOW + timedelta(minutes=5))
    plans = without_duplicates(PlanSet(coverages=(COVERAGE, later, COVERAGE)))
    assert plans.coverages == (COVERAGE, later)


def test_two_different_zones_of_one_id_are_refused() -> None:
    assert without_duplicates(PlanSet(zones=(ZONE, ZONE))).zones == (ZONE,)
    with pytest.raises(InvalidFile, match="Z-1"):
        without_duplicates(PlanSet(zones=(ZONE, replace(ZONE, name="other"))))


readings = st.lists(
    st.builds(
        lambda name, version, tolerance_s: replace(
            operation(name), version=version, tolerance_s=tolerance_s
        ),
        st.sampled_from(["B-1", "B-2", "B-3"]),
        st.integers(1, 3),
        st.sampled_from([0.0, 60.0]),
    ),
    max_size=8,
)


@given(readings, st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(given_: list[Operation], chance: object) -> None:
    shuffled = list(given_)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    first = merged(*given_, skip_invalid=True)
    second = merged(*shuffled, skip_invalid=True)
    assert {content_of(o) for o in first.operations} == {content_of(o) for o in second.operations}
    assert len(first.rejected) == len(second.rejected)


@given(readings)
def test_each_operation_is_taken_or_rejected_and_never_twice(given_: list[Operation]) -> None:
    plans = merged(*given_, skip_invalid=True)
    ids = [operation.id for operation in plans.operations]
    assert len(ids) == len(set(ids))
    assert len(ids) + len(plans.rejected) == len({operation.id for operation in given_})


@given(readings)
def test_merging_a_merged_set_changes_nothing(given_: list[Operation]) -> None:
    plans = merged(*given_, skip_invalid=True)
    assert without_duplicates(plans, skip_invalid=True) == plans


WRITTEN = {
    "plans.geojson": write_geojson(PlanSet((B1,)), mode=Mode.EXERCISE).data,
    "plans.kml": write_kml(PlanSet((B1,)), mode=Mode.EXERCISE).data,
    "plans.kmz": write_kmz(PlanSet((B1,)), mode=Mode.EXERCISE).data,
    "plans.csv": write_csv(PlanSet((B1,)), mode=Mode.EXERCISE).data,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_without_a_telling_name_is_known_by_its_first_bytes(name: str) -> None:
    data = WRITTEN[name]
    assert reader_of(PlanSource("pipe", data)) is reader_of(PlanSource(name, data))


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_gives_the_operation_back(name: str) -> None:
    plans = read_plans([PlanSource(name, WRITTEN[name])], received_at=NOW)
    (found,) = plans.operations
    assert (found.designator, found.party, found.id) == (B1.designator, B1.party, B1.id)


@pytest.mark.parametrize("data", [b"", b"\x00\x01,\x02", b"no plans here\n", b"\x89PNG\r\n"])
def test_bytes_of_no_known_format_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidFile, match="format"):
        reader_of(PlanSource("pipe", data))


def test_files_of_both_modes_are_refused_together() -> None:
    real = replace(operation("B-2"), mode=Mode.REAL)
    sources = [
        PlanSource("exercise.geojson", WRITTEN["plans.geojson"]),
        PlanSource("real.geojson", write_geojson(PlanSet((real,)), mode=Mode.REAL).data),
    ]
    with pytest.raises(ModeMismatch, match=r"real\.geojson"):
        read_plans(sources, received_at=NOW)


def test_no_files_are_an_empty_set() -> None:
    assert read_plans([], received_at=NOW) == PlanSet()


def test_a_coverage_statement_alone_states_its_mode_too() -> None:
    """An exercise's "nothing planned" must never count in a real check."""
    statement = PlanSet(coverages=(replace(COVERAGE, notice_count=0),))
    exercise = PlanSource("e.geojson", write_geojson(statement, mode=Mode.EXERCISE).data)
    real = PlanSource("r.csv", write_csv(statement, mode=Mode.REAL).data)
    assert read_plans([exercise], received_at=NOW).mode is Mode.EXERCISE
    assert read_plans([real], received_at=NOW).mode is Mode.REAL
    with pytest.raises(ModeMismatch):
        read_plans([exercise, real], received_at=NOW)
