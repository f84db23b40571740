"""Pairs of operations under an agreement: the answers, and properties they must have."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from keepclear.deconflict.conflict import Comparison, conflict_id
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.altitude import AltitudeReference
from keepclear.model.answer import Conflict, Verdict, worst
from keepclear.model.operation import Operation, OperationClass, Uncertainty
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.model.zone import Zone, ZoneKind
from samples import FT, NM, LevelGeoid, agreement, band, circle, operation, rule, square, window

STD, QNH, AGL, HAE = (AltitudeReference(name) for name in ("STD", "QNH", "AGL", "HAE"))
GLOBE = Circle(Position(0.0, 0.0), 2_000_000.0)


def conflicts(
    ours: Operation, *theirs: Operation, under: Agreement | None = None
) -> tuple[Conflict, ...]:
    comparison = Comparison(theirs, under or agreement(), geoid=LevelGeoid().undulation_m)
    return comparison.conflicts_of(ours)


def verdict(ours: Operation, *theirs: Operation, under: Agreement | None = None) -> Verdict:
    return worst([conflict.verdict for conflict in conflicts(ours, *theirs, under=under)])


def amber(name: str = "A-1", *args: Any, **changes: Any) -> Operation:
    return operation(name, *args, party="AMBER", **changes)


def test_operations_at_one_place_height_and_time_conflict() -> None:
    (found,) = conflicts(operation("B-1"), amber())
    assert found.verdict is Verdict.CONFLICT
    assert found.rule_id == "R1"
    assert found.separations.lateral_m == 0.0
    assert found.our_closest == found.their_closest
    assert "footprints meet" in found.reason


@pytest.mark.parametrize(
    ("feet", "expected"),
    [(999.0, Verdict.CONFLICT), (1_000.0, Verdict.NO_CONFLICT_FOUND)],
)
def test_exactly_a_thousand_feet_apart_is_never_a_conflict(feet: float, expected: Verdict) -> None:
    under = agreement(rule(vertical_m=1_000 * FT))
    higher = band(2_000.0 + feet * FT, 4_000.0)
    assert verdict(operation("B-1"), amber("A-1", altitudes=higher), under=under) is expected


def test_three_miles_apart_to_the_centimetre_is_no_conflict() -> None:
    east = Geodesic.WGS84.Direct(35.0, 36.0, 90.0, 2_000.0 + 3 * NM)
    for change_m, expected in ((0.0, Verdict.NO_CONFLICT_FOUND), (-0.05, Verdict.CONFLICT)):
        other = Circle(Position(east["lat2"], east["lon2"]), 1_000.0 - change_m)
        assert verdict(operation("B-1"), amber("A-1", other)) is expected


def test_a_tolerance_can_make_a_conflict() -> None:
    later = window(start_min=65.0)
    assert verdict(operation("B-1"), amber("A-1", at=later)) is Verdict.NO_CONFLICT_FOUND
    tolerant = amber("A-1", at=later, tolerance_s=600.0)
    assert verdict(operation("B-1"), tolerant) is Verdict.CONFLICT


def test_a_minimum_in_time_is_asked_for_between_windows() -> None:
    under = agreement(rule(min_time_s=900.0))
    soon, late = amber("A-1", at=window(70.0)), amber("A-2", at=window(75.0))
    assert verdict(operation("B-1"), soon, under=under) is Verdict.CONFLICT
    assert verdict(operation("B-1"), late, under=under) is Verdict.NO_CONFLICT_FOUND


def test_max_inside_never_separates_planned_volumes() -> None:
    under = agreement(rule(max_inside_s=180.0))
    brief = amber("A-1", at=window(0.0, 1.0))
    assert verdict(operation("B-1"), brief, under=under) is Verdict.CONFLICT


def test_references_that_straddle_are_cannot_say() -> None:
    """FL200 may lie anywhere within some hundred metres of 20,000 ft on QNH."""
    ours = operation("B-1", altitudes=band(18_000 * FT, 19_000 * FT, QNH))
    theirs = amber("A-1", altitudes=band(22_500 * FT, 23_000 * FT, STD))
    (found,) = conflicts(ours, theirs)
    assert found.verdict is Verdict.CANNOT_SAY
    assert found.separations.vertical_low_m < 3_000 * FT < found.separations.vertical_high_m
    assert "different surfaces" in found.reason


def test_references_far_enough_apart_whatever_the_air_are_no_conflict() -> None:
    ours = operation("B-1", altitudes=band(0.0, 3_000 * FT, QNH))
    theirs = amber("A-1", altitudes=band(30_000 * FT, 31_000 * FT, STD))
    assert verdict(ours, theirs) is Verdict.NO_CONFLICT_FOUND


def test_above_ground_against_sea_level_needs_the_ground() -> None:
    ours = operation("B-1", altitudes=band(5_000.0, 5_500.0, HAE))
    low = amber("A-1", altitudes=band(0.0, 120.0, AGL))
    known = amber("A-1", altitudes=band(0.0, 120.0, AGL, 300.0))
    assert verdict(ours, low) is Verdict.CANNOT_SAY
    assert verdict(ours, known) is Verdict.NO_CONFLICT_FOUND


def test_same_reference_compares_directly_wherever_the_ground_lies() -> None:
    one = operation("B-1", altitudes=band(0.0, 100.0, AGL, 100.0))
    other = amber("A-1", altitudes=band(0.0, 100.0, AGL, 2_900.0))
    assert verdict(one, other) is Verdict.CONFLICT


def test_lateral_uncertainty_makes_cannot_say_of_a_narrow_miss() -> None:
    other = circle(35.0, 36.0 + 0.085)  # 7.76 km between centres: a gap of 5.76 km
    assert verdict(operation("B-1"), amber("A-1", other)) is Verdict.NO_CONFLICT_FOUND
    vague = amber("A-1", other, uncertainty=Uncertainty(500.0, 0.0))
    assert verdict(operation("B-1"), vague) is Verdict.CANNOT_SAY


def test_volumes_are_compared_one_by_one_never_as_a_union() -> None:
    """Two legs at two times: the other passes each place while nobody is there."""
    here, there = circle(35.0, 36.0), circle(35.0, 37.0)
    levels = band(1_000.0, 2_000.0)
    ours = operation(
        "B-1", volumes=(Volume(here, levels, window(0, 30)), Volume(there, levels, window(60, 30)))
    )
    theirs = amber(
        "A-1", volumes=(Volume(there, levels, window(0, 30)), Volume(here, levels, window(60, 30)))
    )
    assert verdict(ours, theirs) is Verdict.NO_CONFLICT_FOUND


def test_an_operation_inside_the_hole_of_another_keeps_its_distance_to_the_rim() -> None:
    outer, hole = square(34.0, 35.0, 2.0).rings[0], square(34.5, 35.5, 1.0).rings[0]
    ring = amber("A-1", Polygon((outer, hole)))
    assert verdict(operation("B-1"), ring) is Verdict.NO_CONFLICT_FOUND
    near_rim = operation("B-2", circle(34.53, 36.0))
    assert verdict(near_rim, ring) is Verdict.CONFLICT


def test_only_meeting_counts_outside_the_agreements_area() -> None:
    under = agreement(area=square(50.0, 10.0, 2.0))
    close = amber("A-1", circle(35.0, 36.03))
    meeting = amber("A-2", circle(35.0, 36.01))
    (found,) = conflicts(operation("B-1"), close, meeting, under=under)
    assert found.theirs.designator == "A-2"
    assert found.rule_id == "meeting"


def test_a_rule_of_classes_leaves_other_pairs_to_mere_meeting() -> None:
    under = agreement(rule(classes=(OperationClass.MANNED, OperationClass.UNMANNED)))
    close = circle(35.0, 36.03)
    assert verdict(operation("B-1"), amber("A-1", close), under=under) is (
        Verdict.NO_CONFLICT_FOUND
    )
    drone = amber("A-1", close, operation_class=OperationClass.UNMANNED)
    assert verdict(operation("B-1"), drone, under=under) is Verdict.CONFLICT


def zone_agreement(replaces: tuple[str, ...]) -> Agreement:
    zone = Zone("AWY", "airway", ZoneKind.CORRIDOR, square(34.5, 35.5, 1.0), band(0.0, 10_000.0))
    narrow = SeparationRule("Z1", 1_000.0, 300.0, zone="AWY", replaces=replaces)
    return agreement(rule(), narrow, zones=(zone,))


def test_a_zone_rule_replaces_only_for_volumes_wholly_inside() -> None:
    ours = operation("B-1", circle(35.0, 36.0))
    inside, outside = amber("A-1", circle(35.0, 36.05)), amber("A-2", circle(35.49, 36.0, 2_000.0))
    under = zone_agreement(("R1",))
    assert verdict(ours, inside, under=under) is Verdict.NO_CONFLICT_FOUND
    astride = operation("B-2", circle(35.47, 36.0, 5_000.0))
    assert {c.rule_id for c in conflicts(astride, outside, under=under)} == {"R1", "Z1"}


def test_both_sides_give_a_conflict_the_same_name() -> None:
    ours, theirs = operation("B-1"), amber()
    (here,), (there,) = conflicts(ours, theirs), conflicts(theirs, ours)
    assert here.id == there.id == conflict_id("TEST", "R1", theirs.id, ours.id)


def test_an_operation_is_never_in_conflict_with_itself() -> None:
    assert conflicts(operation("B-1"), operation("B-1")) == ()


# -- properties ---------------------------------------------------------------------------

degrees = st.floats(-0.12, 0.12)
places = st.tuples(degrees, degrees)


@st.composite
def shapes(draw: st.DrawFn) -> list[tuple[float, float]]:
    return draw(st.lists(places, min_size=1, max_size=3, unique=True))


def footprint_at(origin: Position, shape: list[tuple[float, float]], size_m: float) -> Footprint:
    """A shape given by bearings and distances, so that it can be laid anywhere on earth."""
    points = []
    for y, x in shape:
        end = Geodesic.WGS84.Direct(
            origin.latitude_deg, origin.longitude_deg, (x + 0.12) * 1_500.0, 1e5 * (abs(y) + 1e-3)
        )
        points.append(Position(end["lat2"], (end["lon2"] + 180.0) % 360.0 - 180.0))
    points = list(dict.fromkeys(points))
    if len(points) == 1:
        return Circle(points[0], size_m)
    return Corridor(tuple(points), size_m)


sizes = st.floats(10.0, 4_000.0)
lowers = st.floats(0.0, 3_000.0)
minimum = st.sampled_from([0.0, 500.0, 5_556.0])
WEIGHT = {v: v.weight for v in Verdict}
WORLD = agreement(area=GLOBE)


@given(shapes(), sizes, shapes(), sizes, lowers, lowers, minimum)
def test_conflict_is_symmetric(
    one: list[tuple[float, float]],
    one_m: float,
    other: list[tuple[float, float]],
    other_m: float,
    low_m: float,
    other_low_m: float,
    lateral_m: float,
) -> None:
    origin = Position(35.0, 36.0)
    ours = operation("B-1", footprint_at(origin, one, one_m), band(low_m, low_m + 300.0))
    theirs = amber(
        "A-1", footprint_at(origin, other, other_m), band(other_low_m, other_low_m + 300.0)
    )
    under = agreement(rule(lateral_m=lateral_m))
    assert verdict(ours, theirs, under=under) is verdict(theirs, ours, under=under)


@given(shapes(), sizes, shapes(), sizes, minimum, st.floats(0.0, 5_000.0))
def test_asking_for_more_separation_never_mends_a_conflict(
    one: list[tuple[float, float]],
    one_m: float,
    other: list[tuple[float, float]],
    other_m: float,
    lateral_m: float,
    more_m: float,
) -> None:
    origin = Position(35.0, 36.0)
    ours = operation("B-1", footprint_at(origin, one, one_m))
    theirs = amber("A-1", footprint_at(origin, other, other_m))
    less = verdict(ours, theirs, under=agreement(rule(lateral_m=lateral_m)))
    more = verdict(ours, theirs, under=agreement(rule(lateral_m=lateral_m + more_m)))
    assert WEIGHT[more] >= WEIGHT[less]


@given(
    places,
    sizes,
    places,
    sizes,
    st.sampled_from([(0.0, 0.0), (60.0, 179.95), (-45.0, -179.99), (89.99, 0.0), (-89.95, 30.0)]),
)
def test_the_answer_is_the_same_all_over_the_globe(
    one: tuple[float, float],
    one_m: float,
    other: tuple[float, float],
    other_m: float,
    elsewhere: tuple[float, float],
) -> None:
    """Two circles laid out from one place keep their gap but for the ellipsoid's shape."""

    def gap_at(origin: Position) -> tuple[Verdict, float]:
        here = footprint_at(origin, [one], one_m)
        there = footprint_at(origin, [other], other_m)
        found = conflicts(
            operation("B-1", here),
            amber("A-1", there),
            under=replace(WORLD, area=Circle(origin, 2_000_000.0)),
        )
        gap = Geodesic.WGS84.Inverse(
            here.centre.latitude_deg,  # type: ignore[union-attr]
            here.centre.longitude_deg,  # type: ignore[union-attr]
            there.centre.latitude_deg,  # type: ignore[union-attr]
            there.centre.longitude_deg,  # type: ignore[union-attr]
        )["s12"]
        return worst([c.verdict for c in found]), gap - one_m - other_m

    for origin in (Position(35.0, 36.0), Position(*elsewhere)):
        answer, gap_m = gap_at(origin)
        assert (answer is Verdict.CONFLICT) == (gap_m < 3 * NM - 0.01)


@given(shapes(), sizes, shapes(), sizes, st.data())
def test_never_no_conflict_found_where_a_sampled_oracle_finds_contact(
    one: list[tuple[float, float]],
    one_m: float,
    other: list[tuple[float, float]],
    other_m: float,
    data: st.DataObject,
) -> None:
    """Points sampled of each footprint; any two closer than the rule must be told."""
    origin = data.draw(st.sampled_from([Position(35.0, 36.0), Position(-20.0, 179.98)]))
    here, there = footprint_at(origin, one, one_m), footprint_at(origin, other, other_m)
    under = replace(WORLD, area=Circle(origin, 2_000_000.0))
    if verdict(operation("B-1", here), amber("A-1", there), under=under) is Verdict.CONFLICT:
        return
    for a in points_of(here):
        for b in points_of(there):
            apart = Geodesic.WGS84.Inverse(
                a.latitude_deg, a.longitude_deg, b.latitude_deg, b.longitude_deg
            )["s12"]
            assert apart - one_m - other_m >= 3 * NM - 0.02


def points_of(footprint: Footprint) -> list[Position]:
    from keepclear.geometry.geodesy import normal_of, position_of
    from keepclear.model.volume import positions_of

    core = positions_of(footprint)
    points = list(core)
    for a, b in pairwise(core):
        p, q = normal_of(a), normal_of(b)
        points += [position_of(p + t * (q - p)) for t in (0.2, 0.4, 0.6, 0.8)]
    return points
