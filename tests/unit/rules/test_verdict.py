from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from keepclear.model.answer import Separations, Verdict
from keepclear.rules.verdict import (
    distance_separated,
    kleene_or,
    pair_verdict,
    time_separated,
)

FT = 0.3048
truths = st.sampled_from([True, False, None])


def separations(**changes: float) -> Separations:
    settings = {
        "lateral_m": 0.0,
        "lateral_minimum_m": 5_556.0,
        "lateral_uncertainty_m": 0.0,
        "vertical_low_m": 0.0,
        "vertical_high_m": 0.0,
        "vertical_minimum_m": 1_000 * FT,
        "time_s": -60.0,
        "time_minimum_s": 0.0,
    }
    return Separations(**(settings | changes))


def test_exactly_a_thousand_feet_apart_is_no_conflict() -> None:
    apart = separations(vertical_low_m=1_000 * FT, vertical_high_m=1_000 * FT)
    assert pair_verdict(apart) is Verdict.NO_CONFLICT_FOUND


def test_nine_hundred_and_ninety_nine_feet_apart_is_a_conflict() -> None:
    apart = separations(vertical_low_m=999 * FT, vertical_high_m=999 * FT)
    assert pair_verdict(apart) is Verdict.CONFLICT


def test_one_certain_separation_suffices_however_vague_the_others_are() -> None:
    vague = separations(vertical_low_m=-math.inf, vertical_high_m=math.inf, lateral_m=5_556.0)
    assert pair_verdict(vague) is Verdict.NO_CONFLICT_FOUND


def test_an_unknown_height_difference_is_cannot_say() -> None:
    vague = separations(vertical_low_m=-math.inf, vertical_high_m=math.inf)
    assert pair_verdict(vague) is Verdict.CANNOT_SAY


def test_three_thousand_feet_with_five_hundred_of_uncertainty_is_cannot_say() -> None:
    assert distance_separated(2_900 * FT, 2_900 * FT, 3_000 * FT, 500 * FT) is None


def test_declared_contact_stays_contact_however_uncertain() -> None:
    assert distance_separated(0.0, 0.0, 0.0, 1_000.0) is False


def test_windows_that_touch_are_not_separated_in_time() -> None:
    assert not time_separated(0.0, 0.0)
    assert time_separated(0.001, 0.0)
    assert not time_separated(299.0, 300.0)
    assert time_separated(300.0, 300.0)


@given(st.lists(truths))
def test_kleene_or_is_true_iff_any_is_and_false_iff_all_are(values: list[bool | None]) -> None:
    answer = kleene_or(values)
    assert (answer is True) == (True in values)
    assert (answer is False) == all(value is False for value in values)


@given(
    st.floats(-500.0, 5_000.0),
    st.floats(0.0, 2_000.0),
    st.floats(0.0, 3_000.0),
    st.floats(0.0, 3_000.0),
    st.floats(0.0, 500.0),
)
def test_asking_for_more_never_separates(
    low_m: float, width_m: float, minimum_m: float, more_m: float, uncertainty_m: float
) -> None:
    weight = {True: 0, None: 1, False: 2}
    less = distance_separated(low_m, low_m + width_m, minimum_m, uncertainty_m)
    more = distance_separated(low_m, low_m + width_m, minimum_m + more_m, uncertainty_m)
    assert weight[more] >= weight[less]
