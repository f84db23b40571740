from __future__ import annotations

import importlib.resources
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from keepclear.errors import DataMissing
from keepclear.exercise import generating
from keepclear.exercise.generating import AGREEMENT_FILE, build_exercise, exercise_now
from keepclear.formats.agreement.reading import check_agreement, read_agreement
from keepclear.formats.reading import derived_id
from keepclear.model.altitude import AltitudeReference
from keepclear.model.coverage import Completeness
from keepclear.model.operation import Mode, OperationClass
from keepclear.model.volume import Circle, Corridor, Polygon
from keepclear.model.zone import ZoneKind

DAY = date(2026, 3, 1)
EXERCISE = build_exercise(DAY)
AGREEMENT = read_agreement(EXERCISE.agreement_toml.encode(), name=AGREEMENT_FILE)
SETS = (EXERCISE.blue, EXERCISE.amber, EXERCISE.others)
OPERATIONS = tuple(operation for plans in SETS for operation in plans.operations)
PLACES = {
    **{zone.id: zone.name for zone in AGREEMENT.zones},
    **{boundary.id: boundary.name for boundary in AGREEMENT.boundaries},
    **{field.id: field.name for field in AGREEMENT.airfields},
}
EXPECTED = [text for each in EXERCISE.expectations for text in each.expect]


def test_the_same_day_gives_the_same_exercise() -> None:
    assert build_exercise(DAY) == EXERCISE


def test_another_day_moves_every_time_by_as_much() -> None:
    later = build_exercise(date(2028, 2, 29))
    shift = date(2028, 2, 29) - DAY
    assert later.now - EXERCISE.now == shift
    for ours, theirs in zip(EXERCISE.blue.operations, later.blue.operations, strict=True):
        assert theirs.window.start - ours.window.start == shift
        assert theirs.received_at - ours.received_at == shift
    moved = read_agreement(later.agreement_toml.encode(), name=AGREEMENT_FILE)
    assert moved.valid.start - AGREEMENT.valid.start == shift
    for ours_zone, theirs_zone in zip(AGREEMENT.zones, moved.zones, strict=True):
        for one, other in zip(ours_zone.windows, theirs_zone.windows, strict=True):
            assert other.start - one.start == shift


def test_the_agreement_file_can_be_run_as_it_stands() -> None:
    text = importlib.resources.files("keepclear.exercise").joinpath(AGREEMENT_FILE).read_bytes()
    assert check_agreement(text, name=AGREEMENT_FILE) == ()
    assert read_agreement(text, name=AGREEMENT_FILE).mode is Mode.EXERCISE


def test_the_exercise_speaks_of_five_in_the_morning_and_holds_about_sixty_operations() -> None:
    assert exercise_now(DAY) == EXERCISE.now == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert 55 <= len(OPERATIONS) <= 70
    assert all(operation.window.start > EXERCISE.now for operation in OPERATIONS)
    assert all(operation.received_at < EXERCISE.now for operation in OPERATIONS)


def test_exercise_stands_in_every_name_and_mode() -> None:
    assert all(operation.mode is Mode.EXERCISE for operation in OPERATIONS)
    assert all("EXERCISE" in operation.contact for operation in OPERATIONS if operation.contact)
    assert "EXERCISE" in AGREEMENT.title
    for party in AGREEMENT.parties:
        assert "EXERCISE" in party.name
        assert all("EXERCISE" in member.name for member in party.members)
    assert all("EXERCISE" in name for name in PLACES.values())


def test_each_operation_has_the_id_that_party_and_designator_give() -> None:
    for operation in OPERATIONS:
        assert operation.id == derived_id(operation.party, operation.designator)
    assert len({operation.id for operation in OPERATIONS}) == len(OPERATIONS)


def test_every_party_member_zone_and_line_that_is_named_is_agreed() -> None:
    parties = {party.id: {member.id for member in party.members} for party in AGREEMENT.parties}
    entered = {zone.id for zone in AGREEMENT.zones} | {field.id for field in AGREEMENT.airfields}
    lines = {boundary.id for boundary in AGREEMENT.boundaries}
    for operation in OPERATIONS:
        assert operation.party in parties
        assert operation.member in parties[operation.party] | {""}
        assert set(operation.entries) <= entered
        assert set(operation.crossings) <= lines


def test_the_sets_hold_the_parties_they_are_named_for() -> None:
    assert EXERCISE.blue.parties == ("BLUE",)
    assert EXERCISE.amber.parties == ("AMBER",)
    assert EXERCISE.others.parties == ("CIVIL", "HUM")


def test_every_coverage_is_fresh_counts_its_notices_and_reaches_all_operations() -> None:
    for plans in SETS:
        for coverage in plans.coverages:
            age = EXERCISE.now - coverage.as_of
            assert timedelta() <= age < timedelta(seconds=AGREEMENT.coverage_max_age_s)
            mine = [each for each in plans.operations if each.party == coverage.party]
            assert coverage.notice_count == len(mine)
            assert all(coverage.window.covers(operation.window) for operation in OPERATIONS)


def test_one_coverage_is_partial_and_none_leaves_a_class_out() -> None:
    stated = {
        coverage.party: {coverage.of(kind) for kind in OperationClass}
        for plans in SETS
        for coverage in plans.coverages
    }
    assert [party for party, levels in stated.items() if Completeness.PARTIAL in levels] == [
        "CIVIL"
    ]
    assert all(Completeness.NONE not in levels for levels in stated.values())


def test_every_kind_of_answer_is_shown_at_least_once() -> None:
    for rule in AGREEMENT.rules:
        assert any(re.fullmatch(rf"conflict \S+ {rule.id}", text) for text in EXPECTED), rule.id
    assert {f"infringement {place}" for place in PLACES} <= set(EXPECTED)
    assert {zone.kind for zone in AGREEMENT.zones} == set(ZoneKind) - {ZoneKind.AIRFIELD_RING}
    assert {"finding too late", "finding too big", "finding too vague"} <= set(EXPECTED)
    assert {"cannot say", "none"} <= set(EXPECTED)
    assert any(re.fullmatch(r"cannot say A-\d+ R1", text) for text in EXPECTED)


def test_every_class_shape_and_altitude_reference_but_qfe_occurs() -> None:
    volumes = [volume for operation in OPERATIONS for volume in operation.volumes]
    assert {operation.operation_class for operation in OPERATIONS} == set(OperationClass)
    assert {type(volume.footprint) for volume in volumes} == {Circle, Corridor, Polygon}
    assert any(isinstance(v.footprint, Polygon) and len(v.footprint.rings) == 2 for v in volumes)
    references = {volume.band.lower.reference for volume in volumes}
    assert references == set(AltitudeReference) - {AltitudeReference.QFE}


def test_every_operation_says_what_it_shows_and_those_checked_say_what_to_expect() -> None:
    said = {(each.party, each.designator): each for each in EXERCISE.expectations}
    assert set(said) == {(each.party, each.designator) for each in OPERATIONS}
    for (party, _), expectation in said.items():
        assert expectation.shows
        assert bool(expectation.expect) == (party in {"BLUE", "HUM"})


def test_an_expectation_is_written_in_the_words_the_file_explains() -> None:
    designators = {operation.designator for operation in OPERATIONS}
    rules = {rule.id for rule in AGREEMENT.rules}
    pairs = {
        f"{word} {d} {r}" for word in ("conflict", "cannot say") for d in designators for r in rules
    }
    findings = {f"finding too {word}" for word in ("late", "big", "vague")}
    known = pairs | {f"infringement {place}" for place in PLACES} | findings
    assert set(EXPECTED) <= known | {"cannot say", "none"}


def test_air_defence_is_an_extent_times_a_status_and_a_contact() -> None:
    (area,) = [z for z in AGREEMENT.zones if z.kind is ZoneKind.AIR_DEFENCE_HAZARD]
    assert area.contact
    assert area.windows
    assert area.status == "TREAT AS ACTIVE"


def test_a_missing_file_of_the_package_is_named() -> None:
    with pytest.raises(DataMissing, match="nowhere"):
        generating._package_text("nowhere.toml")
