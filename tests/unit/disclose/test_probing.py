"""Whatever is asked, however often: no edge becomes surer than the grid.

The proof is that hidden operations between the same nodes are answered alike, word for word.
An adversary who cannot tell two of them apart errs by half of what lies between them, at least,
for one of the two; nodes stand two grids apart.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.disclose.coarse import coarse_operation
from keepclear.geometry.geodesy import geodesic_m
from keepclear.model.answer import Verdict
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.model.volume import Circle, Position, Volume
from keepclear.model.window import Window
from samples import NM, NOON, band, circle, operation, window
from unit.disclose.hidden import LATTICE, LIMITS, answered, operations, shifted, volumes

L1, L2 = DisclosureLevel.L1, DisclosureLevel.L2
STEP_DEG = LATTICE.pitch_m / 110_500.0


@settings(max_examples=60)
@given(
    operations(),
    st.lists(volumes, min_size=1, max_size=4),
    st.sampled_from([L1, L2]),
    st.floats(-1.0, 1.0),
    st.floats(-1.0, 1.0),
    st.floats(-1.0, 1.0),
)
def test_operations_between_the_same_nodes_are_answered_word_for_word_alike(
    hidden: Operation,
    asked: list[Volume],
    level: DisclosureLevel,
    north: float,
    up: float,
    later: float,
) -> None:
    other = shifted(
        hidden,
        north_deg=north * STEP_DEG / 2.0,
        up_m=up * LATTICE.pitch_height_m / 2.0,
        later_s=later * LATTICE.pitch_time_s / 2.0,
    )
    if coarse_operation(hidden, LATTICE) != coarse_operation(other, LATTICE):
        other = coarse_twin(hidden)
    for each in asked:
        question = operation("B-1", volumes=(each,))
        one = answered(question, hidden, level=level, suggests=True)
        assert one == answered(question, other, level=level, suggests=True)


def coarse_twin(hidden: Operation) -> Operation:
    """An operation between the same nodes whose times are as far from the true ones as may be."""
    found = []
    for each in hidden.volumes:
        around = LATTICE.around(hidden.window_of(each))
        second = timedelta(seconds=1)
        inside = Window(around.start + second, around.end - second)
        if LATTICE.around(inside) != around:
            inside = hidden.window_of(each)
        found.append(Volume(each.footprint, each.band, inside))
    return operation(hidden.designator, party=hidden.party, volumes=tuple(found))


@given(operations())
def test_a_coarse_operation_says_nothing_that_its_twin_does_not(hidden: Operation) -> None:
    assert (
        coarse_operation(coarse_twin(hidden), LATTICE).volumes
        == coarse_operation(hidden, LATTICE).volumes
    )


def edge_found(hidden: Operation, questions: int) -> float:
    """An adversary's best guess of the northern edge, by halving, free of any budget.

    It knows that the rule keeps 3 NM and how the lattice widens; it asks as finely as it likes.
    """
    low_deg, high_deg = 35.0, 37.0
    for _ in range(questions):
        middle_deg = (low_deg + high_deg) / 2.0
        asked = operation("B-1", circle(middle_deg, 36.0, LIMITS.least_extent_m / 2.0))
        if answered(asked, hidden).verdict is Verdict.NO_CONFLICT_FOUND:
            high_deg = middle_deg
        else:
            low_deg = middle_deg
    return low_deg


def test_halving_without_end_leaves_the_edge_unsure_by_the_grid() -> None:
    node = LATTICE.node(Position(35.5, 36.0))
    reach_deg = 0.49 * STEP_DEG
    south, north = (
        operation("A-1", Circle(Position(node.latitude_deg + side * reach_deg, 36.0), 9e3),
                  party="AMBER")
        for side in (-1.0, 1.0)
    )  # fmt: skip
    guesses = [edge_found(each, 40) for each in (south, north)]
    assert guesses[0] == guesses[1]
    apart_m = geodesic_m(
        *(each.volumes[0].footprint.centre for each in (south, north))  # type: ignore[union-attr]
    )
    assert apart_m / 2.0 > 0.97 * LIMITS.grid_m


def height_found(hidden: Operation) -> float:
    low_m, high_m = 2_000.0, 9_000.0
    for _ in range(40):
        middle_m = (low_m + high_m) / 2.0
        asked = operation("B-1", circle(), band(middle_m, middle_m + LIMITS.least_height_m))
        if answered(asked, hidden).verdict is Verdict.NO_CONFLICT_FOUND:
            high_m = middle_m
        else:
            low_m = middle_m
    return low_m


def test_neither_heights_nor_times_become_surer_than_their_grid() -> None:
    pitch_m = LATTICE.pitch_height_m
    low, high = (
        operation("A-1", circle(), band(1_000.0, 10 * pitch_m + inside * pitch_m), party="AMBER")
        for inside in (0.01, 0.99)
    )
    assert height_found(low) == height_found(high)
    assert 0.98 * pitch_m / 2.0 > 0.97 * LIMITS.grid_height_m

    one, other = (
        operation("A-1", circle(), at=window(0.0, 30.0 + inside), party="AMBER")
        for inside in (1.0, 29.0)
    )
    later = [operation("B-1", circle(), at=window(float(m), 15.0)) for m in range(20, 80)]
    assert [answered(each, one) for each in later] == [answered(each, other) for each in later]


def test_questions_at_random_tell_nothing_finer_either() -> None:
    rng = np.random.default_rng(5)
    hidden = operation("A-1", circle(35.2, 36.2, 12e3), party="AMBER")
    node = LATTICE.node(Position(35.2, 36.2))
    twin = operation("A-1", Circle(node, 11.5e3), party="AMBER")
    assert coarse_operation(hidden, LATTICE) == coarse_operation(twin, LATTICE)
    for _ in range(150):
        at = NOON + timedelta(minutes=rng.uniform(-120.0, 120.0))
        asked = operation(
            "B-1",
            circle(rng.uniform(34.8, 35.6), rng.uniform(35.8, 36.6), rng.uniform(1.0, 8.0) * NM),
            band(low := rng.uniform(0.0, 4_000.0), low + rng.uniform(160.0, 2_000.0)),
            Window(at, at + timedelta(minutes=rng.uniform(15.0, 90.0))),
        )
        for level in (L1, L2):
            one = answered(asked, hidden, level=level)
            assert one == answered(asked, twin, level=level)
