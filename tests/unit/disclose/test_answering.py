"""Answers at a level err towards danger, and tell no more than the level."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.deconflict.conflict import Comparison, conflict_id
from keepclear.deconflict.resolution import changed
from keepclear.disclose.overlapping import PADDING_S
from keepclear.geometry.geodesy import destination
from keepclear.model import volume
from keepclear.model.agreement import SeparationRule
from keepclear.model.answer import Suggestion, SuggestionKind, Verdict
from keepclear.model.operation import DisclosureLevel, Operation, OperationState, Uncertainty
from keepclear.model.volume_question import Hint, Reason
from samples import NM, agreement, band, circle, operation, window
from unit.disclose.hidden import (
    GEOID,
    LATTICE,
    START,
    answered,
    operations,
    true_verdict,
    volumes,
)

L0, L1, L2, L3 = list(DisclosureLevel)[:4]
ASKED = operation("B-1", circle(radius_m=5 * NM))
NEAR = operation("A-1", circle(longitude_deg=36.1), party="AMBER")
FAR = operation("A-2", circle(latitude_deg=39.0), party="AMBER")


@settings(max_examples=150)
@given(operations("BLUE", "B-1"), operations(), st.sampled_from([L1, L2, L3]))
def test_no_answer_is_safer_than_the_truth(
    asked: Operation, hidden: Operation, level: DisclosureLevel
) -> None:
    told = answered(asked, hidden, level=level).verdict
    assert told.weight >= true_verdict(asked, hidden).weight


@settings(max_examples=80)
@given(operations("BLUE", "B-1"), operations())
def test_what_a_lower_level_does_not_find_no_higher_one_finds(
    asked: Operation, hidden: Operation
) -> None:
    weights = [answered(asked, hidden, level=each).verdict.weight for each in (L1, L2, L3)]
    assert weights == sorted(weights, reverse=True)
    told = [answered(asked, hidden, level=each).conflicts for each in (L1, L2)]
    assert [each.id for each in told[0]] == [each.id for each in told[1]]


@given(operations("BLUE", "B-1"), operations())
def test_with_a_part_of_the_set_at_l0_nothing_is_ever_excluded(
    asked: Operation, hidden: Operation
) -> None:
    assert answered(asked, hidden, level=L0).verdict is Verdict.CANNOT_SAY
    assert answered(asked, hidden, level=L0).conflicts == ()


def test_an_operation_at_l0_far_away_and_one_close_by_are_answered_alike() -> None:
    assert answered(ASKED, NEAR, level=L0) == answered(ASKED, FAR, level=L0)


def test_l1_tells_verdict_id_rule_and_a_band_of_time_and_no_more() -> None:
    answer = answered(ASKED, NEAR)
    assert answer.verdict is Verdict.CONFLICT
    (told,) = answer.conflicts
    assert told.id == conflict_id("TEST", "R1", ASKED.id, NEAR.id)
    assert told.rule_id == "R1"
    for at in (told.start, told.end):
        assert at.timestamp() % LATTICE.pitch_time_s == 0.0
    assert (told.overlap, told.category, told.contact_role) == ((), "", "")
    assert (told.operation, told.designator) == ("", "")
    assert answer.amounts == ()


def test_l3_names_the_operation() -> None:
    (told,) = answered(ASKED, NEAR, level=L3).conflicts
    assert (told.operation, told.designator) == (NEAR.id, "A-1")


def test_a_reason_forbids_no_conflict_found_and_hides_no_conflict() -> None:
    assert answered(ASKED, FAR).verdict is Verdict.NO_CONFLICT_FOUND
    doubted = answered(ASKED, FAR, reasons=(Reason.COVERAGE,))
    assert (doubted.verdict, doubted.reasons) == (Verdict.CANNOT_SAY, (Reason.COVERAGE,))
    assert answered(ASKED, NEAR, reasons=(Reason.COVERAGE,)).verdict is Verdict.CONFLICT


def test_what_ended_takes_no_part() -> None:
    over = operation("A-1", circle(), party="AMBER", state=OperationState.ENDED)
    assert answered(ASKED, over).verdict is Verdict.NO_CONFLICT_FOUND


def test_beyond_the_lattice_nothing_is_excluded() -> None:
    polar = operation("A-1", circle(latitude_deg=88.0), party="AMBER")
    answer = answered(ASKED, polar)
    assert (answer.verdict, answer.reasons) == (Verdict.CANNOT_SAY, (Reason.FROM_AFAR,))


def test_declared_uncertainty_stays_cannot_say() -> None:
    vague = operation(
        "A-1",
        circle(latitude_deg=35.3),
        party="AMBER",
        uncertainty=Uncertainty(lateral_m=20_000.0),
    )
    assert true_verdict(ASKED, vague) is Verdict.CANNOT_SAY
    assert answered(ASKED, vague).verdict.weight >= Verdict.CANNOT_SAY.weight


def test_hints_come_with_steps_only_where_asked_and_steps_are_the_lattice_s() -> None:
    short = answered(ASKED, NEAR)
    long = answered(ASKED, NEAR, suggests=True)
    assert short.hints == long.hints
    assert {Hint.LATER, Hint.HIGHER} <= set(short.hints)
    for each in long.amounts:
        assert each.time_s % LATTICE.pitch_time_s == 0.0
        assert round(each.vertical_m / LATTICE.pitch_height_m, 6).is_integer()
        assert round(each.lateral_m / LATTICE.pitch_m, 6).is_integer()


def test_what_is_suggested_helps() -> None:
    for each in answered(ASKED, NEAR, suggests=True).amounts:
        kind = (
            SuggestionKind.TIME
            if each.time_s
            else SuggestionKind.ALTITUDE
            if each.vertical_m
            else SuggestionKind.LATERAL
        )
        change = Suggestion(
            kind,
            found=True,
            time_s=each.time_s,
            vertical_m=each.vertical_m,
            lateral_m=each.lateral_m,
            bearing_deg=each.bearing_deg,
        )
        assert answered(changed(ASKED, change), NEAR).verdict is Verdict.NO_CONFLICT_FOUND


def test_nothing_is_moved_to_begin_in_the_past() -> None:
    soon = operation("B-1", circle(radius_m=5 * NM), at=window(-350.0, 60.0))
    hidden = operation("A-1", circle(), at=window(-350.0, 60.0), party="AMBER")
    assert soon.window.start - START < timedelta(seconds=LATTICE.pitch_time_s)
    assert Hint.EARLIER not in answered(soon, hidden).hints


nearby = st.tuples(st.floats(0.0, 360.0), st.floats(0.0, 0.95), st.floats(500.0, 30_000.0))


def disc_holding(point: volume.Position, near: tuple[float, float, float]) -> volume.Circle:
    """A circle with a point inside."""
    bearing_deg, share, radius_m = near
    return volume.Circle(destination(point, bearing_deg, share * radius_m), radius_m)


@settings(max_examples=100)
@given(
    st.builds(volume.Position, st.floats(-80.0, 80.0), st.floats(-180.0, 180.0)),
    nearby,
    nearby,
    st.tuples(st.floats(0.0, 2_000.0), st.floats(2_000.0, 5_000.0)),
    st.tuples(st.floats(0.0, 2_000.0), st.floats(2_000.0, 5_000.0)),
    st.tuples(st.floats(-200.0, 0.0), st.floats(1.0, 200.0)),
    st.tuples(st.floats(-200.0, 0.0), st.floats(1.0, 200.0)),
)
def test_the_told_part_holds_what_overlaps_with_a_quarter_of_an_hour_more(
    point: volume.Position,
    ours: tuple[float, float, float],
    theirs: tuple[float, float, float],
    our_m: tuple[float, float],
    their_m: tuple[float, float],
    our_min: tuple[float, float],
    their_min: tuple[float, float],
) -> None:
    asked, hidden = (
        operation(
            name,
            disc_holding(point, near),
            band(*heights_m),
            window(minutes[0], minutes[1] - minutes[0]),
            party=party,
        )
        for name, party, near, heights_m, minutes in (
            ("B-1", "BLUE", ours, our_m, our_min),
            ("A-1", "AMBER", theirs, their_m, their_min),
        )
    )
    everywhere = agreement(area=volume.Circle(point, 100_000.0))
    (told,) = answered(asked, hidden, level=L2, agreed=everywhere).conflicts
    (box,) = told.overlap
    padding = timedelta(seconds=PADDING_S)
    assert box.window.start <= max(asked.window.start, hidden.window.start) - padding
    assert box.window.end >= min(asked.window.end, hidden.window.end) + padding
    assert box.band.lower.value_m <= max(our_m[0], their_m[0])
    assert box.band.upper.value_m >= min(our_m[1], their_m[1])
    spot = operation("B-2", volume.Circle(point, 1.0), box.band, box.window)
    drawn = operation("A-2", box.footprint, box.band, box.window, party="AMBER")
    inside = agreement(SeparationRule("R0", 0.0, 0.0), area=volume.Circle(point, 100_000.0))
    assert Comparison([drawn], inside, geoid=GEOID).conflicts_of(spot)


@given(volumes, volumes)
def test_the_told_part_is_drawn_between_nodes(one: volume.Volume, other: volume.Volume) -> None:
    asked = operation("B-1", volumes=(one,))
    hidden = operation("A-1", volumes=(other,), party="AMBER")
    for told in answered(asked, hidden, level=L2).conflicts:
        for box in told.overlap:
            for at in (box.window.start, box.window.end):
                assert at.timestamp() % LATTICE.pitch_time_s == 0.0
            for each in (box.band.lower, box.band.upper):
                steps = each.value_m / LATTICE.pitch_height_m
                assert np.isclose(steps, round(steps)) or abs(each.value_m) in (1e3, 1e5)


@pytest.mark.parametrize("level", [L1, L2])
def test_the_order_of_what_is_told_follows_no_name(level: DisclosureLevel) -> None:
    one = operation("A-1", circle(), party="AMBER")
    other = operation("A-2", circle(), party="AMBER")
    told = answered(ASKED, one, other, level=level).conflicts
    assert [each.id for each in told] == sorted(each.id for each in told)
