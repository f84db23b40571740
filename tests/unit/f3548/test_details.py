"""Whose details are believed, which volumes meet, and how a volume is written for others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from keepclear.errors import InvalidAltitude, InvalidFootprint
from keepclear.f3548.details import faults_of_constraint, faults_of_intent
from keepclear.f3548.intersections import Meeting, intersecting
from keepclear.f3548.outlines import outlined
from keepclear.formats.f3548 import (
    NO_SUBSCRIPTION_ID,
    Constraint,
    ConstraintDetails,
    ConstraintReference,
    OperationalIntent,
    OperationalIntentDetails,
    OperationalIntentReference,
    area_of,
    time_of,
    volume4d_of,
    volume_of,
)
from keepclear.geometry.geodesy import destination
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coordination import IntentState, UssState
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.model.window import Window

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOME = Position(47.0, 8.0)
HOUR = timedelta(hours=1)
DISC = Circle(HOME, 100.0)
FIRST_HOUR = Window(NOON, NOON + HOUR)


def volume(
    footprint: Footprint = DISC,
    heights_m: tuple[float, float] = (0.0, 100.0),
    window: Window = FIRST_HOUR,
    reference: AltitudeReference = AltitudeReference.HAE,
) -> Volume:
    low, high = (Altitude(height, reference) for height in heights_m)
    return Volume(footprint, AltitudeBand(low, high), window)


EXTENT = volume4d_of(volume())
KNOWN = OperationalIntentReference(
    id="2f8343be-6482-4d1b-a474-16847e01af1e",
    manager="uss2",
    uss_availability=UssState.UNKNOWN,
    version=3,
    state=IntentState.ACCEPTED,
    ovn="Available from USS",
    time_start=time_of(NOON),
    time_end=time_of(NOON + HOUR),
    uss_base_url="https://uss2.example/utm",
    subscription_id=NO_SUBSCRIPTION_ID,
)
TOLD = OperationalIntent(
    reference=replace(KNOWN, ovn="9d158f59-80b7-4c11"),
    details=OperationalIntentDetails(volumes=(EXTENT,), priority=5),
)


def test_details_that_fit_the_reference_are_believed() -> None:
    assert faults_of_intent(TOLD, KNOWN) == ()
    moved = replace(TOLD.reference, subscription_id=KNOWN.id, uss_availability=UssState.DOWN)
    assert faults_of_intent(replace(TOLD, reference=moved), KNOWN) == ()
    assert faults_of_intent(TOLD, replace(KNOWN, ovn=TOLD.reference.ovn)) == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "3f8343be-6482-4d1b-a474-16847e01af1e"}, "it is about 3f83"),
        ({"manager": "uss3"}, "manager is 'uss3'"),
        ({"version": 2}, "version is 2"),
        ({"uss_base_url": "https://other.example"}, "uss_base_url is"),
        ({"ovn": UNSET}, "ovn is missing"),
        ({"ovn": ""}, "ovn is missing"),
        ({"state": IntentState.ACTIVATED}, "state is Activated"),
        ({"time_end": time_of(NOON + 2 * HOUR)}, "time_end is"),
        ({"time_start": time_of(NOON - HOUR)}, "time_start is"),
    ],
)
def test_a_reference_that_differs_from_the_discovery_services_is_a_fault(
    change: dict[str, object], fault: str
) -> None:
    told = replace(TOLD, reference=replace(TOLD.reference, **change))
    (found,) = faults_of_intent(told, KNOWN)
    assert found.startswith(fault)


def test_a_version_number_that_the_discovery_service_knows_otherwise_is_a_fault() -> None:
    known = replace(KNOWN, ovn="0123456789abcdef")
    assert faults_of_intent(TOLD, known) == ("ovn differs from the discovery service's",)


@pytest.mark.parametrize(
    ("state", "nominal", "off_nominal", "believed"),
    [
        (IntentState.ACCEPTED, (), (), False),
        (IntentState.ACCEPTED, (EXTENT,), (EXTENT,), False),
        (IntentState.ACTIVATED, (EXTENT,), (), True),
        (IntentState.NONCONFORMING, (EXTENT,), (EXTENT,), True),
        (IntentState.NONCONFORMING, (), (EXTENT,), True),
        (IntentState.NONCONFORMING, (EXTENT,), (), False),
        (IntentState.CONTINGENT, (), (EXTENT,), True),
        (IntentState.CONTINGENT, (), (), False),
    ],
)
def test_each_state_has_the_volumes_that_belong_to_it(
    state: IntentState, nominal: tuple[()], off_nominal: tuple[()], believed: bool
) -> None:
    known = replace(KNOWN, state=state)
    told = OperationalIntent(
        reference=replace(TOLD.reference, state=state),
        details=OperationalIntentDetails(volumes=nominal, off_nominal_volumes=off_nominal),
    )
    assert (faults_of_intent(told, known) == ()) is believed


def test_a_volume_must_be_whole_sound_and_within_the_references_times() -> None:
    crossed = Polygon((tuple(Position(47.0 + y, 8.0 + x) for y, x in
                             ((0, 0), (0.1, 0.1), (0, 0.1), (0.1, 0))),))  # fmt: skip
    bad = (
        replace(EXTENT, time_end=UNSET),
        replace(EXTENT, volume=replace(EXTENT.volume, altitude_upper=UNSET)),
        volume4d_of(volume(crossed)),
        volume4d_of(volume(window=Window(NOON, NOON + 2 * HOUR))),
    )
    told = replace(TOLD, details=OperationalIntentDetails(volumes=(EXTENT, *bad)))
    found = faults_of_intent(told, KNOWN)
    assert [each.split(":")[0] for each in found] == [f"volume {n}" for n in (1, 2, 3, 4)]
    assert "not simple" in found[2]
    assert "beyond the reference's times" in found[3]


def test_more_vertices_than_the_standard_allows_are_a_fault() -> None:
    ring = tuple(destination(HOME, i * 360.0 / 1_001, 9_000.0) for i in range(1_001))
    extent = volume4d_of(volume(Polygon((ring,))))
    many = replace(TOLD, details=OperationalIntentDetails(volumes=(extent,) * 9 + (EXTENT,) * 991))
    assert faults_of_intent(many, KNOWN) == ()
    many = replace(TOLD, details=OperationalIntentDetails(volumes=(extent,) * 10))
    assert faults_of_intent(many, KNOWN) == ("it has 10,010 vertices, more than 10,000",)
    known = ConstraintReference(
        id=KNOWN.id,
        manager="authority",
        uss_availability=UssState.UNKNOWN,
        version=1,
        time_start=KNOWN.time_start,
        time_end=KNOWN.time_end,
        uss_base_url=KNOWN.uss_base_url,
    )
    reference = replace(known, ovn="9d158f59-80b7-4c11")
    for volumes, faults in (((EXTENT,), 0), ((extent,), 1)):
        told = Constraint(reference=reference, details=ConstraintDetails(volumes=volumes))
        assert len(faults_of_constraint(told, known)) == faults


def test_volumes_meet_from_an_overlap_of_a_centimetre_in_any_direction() -> None:
    mine = volume()
    beside = [Circle(destination(HOME, 40.0, 200.0 + gap_m), 100.0) for gap_m in (-0.011, 0.05)]
    above = [(100.0 + gap_m, 200.0) for gap_m in (-0.011, 0.05)]
    theirs = [
        *(volume(circle) for circle in beside),
        *(volume(heights_m=heights_m) for heights_m in above),
        volume(window=Window(NOON + HOUR, NOON + 2 * HOUR)),
        volume(window=Window(NOON + HOUR + timedelta(seconds=1), NOON + 2 * HOUR)),
    ]
    assert intersecting([mine], theirs) == (Meeting(0, 0), Meeting(0, 2), Meeting(0, 4))
    assert intersecting(theirs, [mine]) == (Meeting(0, 0), Meeting(2, 0), Meeting(4, 0))


def test_polygons_whose_hulls_overlap_need_not_meet() -> None:
    corners = ((0, 0), (0, 0.1), (0.02, 0.1), (0.02, 0.02), (0.1, 0.02), (0.1, 0))
    ell = Polygon((tuple(Position(47.0 + y, 8.0 + x) for y, x in corners),))
    nook = volume(Circle(Position(47.08, 8.08), 2_000.0))
    assert intersecting([volume(ell)], [nook]) == ()
    assert intersecting([volume(ell)], [volume(Circle(Position(47.03, 8.03), 2_000.0))])
    assert intersecting([], [nook]) == intersecting([nook], []) == ()


def test_intersections_are_found_across_the_pole() -> None:
    pole = volume(Circle(Position(90.0, 0.0), 200.0))
    assert intersecting([pole], [volume(Circle(Position(89.999, 180.0), 50.0))])


def test_only_heights_above_the_ellipsoid_are_compared() -> None:
    with pytest.raises(InvalidAltitude, match="not the ellipsoid"):
        intersecting([volume(reference=AltitudeReference.QNH)], [volume()])


@settings(max_examples=40)
@given(
    st.sampled_from([(47.0, 8.0), (0.0, 179.99), (89.9, 20.0), (-80.0, -180.0)]),
    st.lists(st.tuples(st.floats(0.0, 360.0), st.floats(50.0, 60_000.0)), min_size=1, max_size=6),
    st.floats(1.0, 20_000.0),
    st.floats(0.0, 360.0),
)
def test_a_corridors_outline_holds_the_corridor(
    start: tuple[float, float], legs: list[tuple[float, float]], width_m: float, bearing_deg: float
) -> None:
    line = [Position(*start)]
    for turn_deg, length_m in legs:
        line.append(destination(line[-1], turn_deg, length_m))
    corridor = Corridor(tuple(line), width_m)
    told = outlined(volume(corridor))
    assert told.losses
    written = volume_of(told.extent)
    for place in line:
        edge = volume(Circle(destination(place, bearing_deg, 0.9999 * width_m), 0.001))
        assert intersecting([written], [edge])


def test_circles_and_plain_polygons_are_written_exactly_and_holes_are_filled() -> None:
    ring = tuple(destination(HOME, turn, 5_000.0) for turn in (0.0, 120.0, 240.0))
    hole = tuple(destination(HOME, turn, 500.0) for turn in (0.0, 120.0, 240.0))
    for exact in (Circle(HOME, 12.5), Polygon((ring,))):
        told = outlined(volume(exact))
        assert (volume_of(told.extent), told.losses) == (volume(exact), ())
    told = outlined(volume(Polygon((ring, hole))))
    assert (area_of(told.extent).footprint, len(told.losses)) == (Polygon((ring,)), 1)


def test_a_corridor_across_a_continent_is_refused() -> None:
    with pytest.raises(InvalidFootprint, match="too long"):
        outlined(volume(Corridor((Position(40.0, -30.0), Position(40.0, 30.0)), 5_000.0)))
