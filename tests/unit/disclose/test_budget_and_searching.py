"""A sweep is stopped, planning is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.disclose.asking import extent_m, is_too_small, large_enough
from keepclear.disclose.budget import Budget, after_s, charged, cost_of, full, refilled
from keepclear.disclose.searching import Asked, asked_about, is_search, remembered
from keepclear.model.operation import Operation
from keepclear.model.volume import Polygon, Position, Volume
from samples import NM, NOON, band, circle, operation, square, window
from unit.disclose.hidden import LIMITS

SMALL = LIMITS.least_extent_m / 2.0


class Asker:
    """Asks one question after the other, as an answering node judges them."""

    def __init__(self) -> None:
        self.budget = full(LIMITS, NOON)
        self.recent: tuple[Asked, ...] = ()

    def ask(self, asked: Operation, at: datetime) -> str:
        """What stands against the question; empty where it is answered."""
        cost = cost_of(LIMITS, len(asked.volumes), suggests=False)
        self.budget, is_enough = charged(self.budget, LIMITS, at, cost=cost)
        if not is_enough:
            return "budget"
        about = asked_about(asked.volumes, at, f"{asked.id}/{asked.volumes}")
        before = remembered(self.recent, at)
        self.recent = (*before, *about)
        return "search" if is_search(before, about, LIMITS) else ""


def sweep(pitch_deg: float) -> list[Operation]:
    """500 small questions in a grid around one place."""
    return [
        operation(f"B-{i}-{j}", circle(35.0 + i * pitch_deg, 36.0 + j * pitch_deg, SMALL))
        for i in range(20)
        for j in range(25)
    ]


@pytest.mark.parametrize("every_s", [1.0, 10.0, 60.0])
@pytest.mark.parametrize("pitch_deg", [0.002, 0.01, 0.02])
def test_a_sweep_of_500_small_questions_is_stopped(pitch_deg: float, every_s: float) -> None:
    asker = Asker()
    told = [
        asker.ask(each, NOON + timedelta(seconds=every_s * number))
        for number, each in enumerate(sweep(pitch_deg))
    ]
    assert told.count("") < 250
    assert told[-1] != "" or told[-2] != ""


def test_halving_at_one_edge_is_a_search_soon() -> None:
    asker = Asker()
    low_deg, high_deg = 35.0, 35.5
    told = []
    for number in range(30):
        middle_deg = (low_deg + high_deg) / 2.0
        at = NOON + timedelta(minutes=10.0 * number)
        told.append(asker.ask(operation(f"B-{number}", circle(middle_deg, 36.0, SMALL)), at))
        low_deg = middle_deg
    assert "search" in told[: LIMITS.questions_near + 6]
    assert set(told[LIMITS.questions_near + 6 :]) == {"search"}


@given(st.integers(0, 2**32))
def test_a_day_of_planning_is_not_stopped(seed: int) -> None:
    rng = np.random.default_rng(seed)
    asker, at = Asker(), NOON
    for number in range(60):
        latitude_deg, longitude_deg = rng.uniform(32.0, 40.0), rng.uniform(32.0, 40.0)
        begins = rng.uniform(60.0, 1_200.0)
        for attempt in range(int(rng.integers(1, 5))):
            at += timedelta(minutes=rng.uniform(2.0, 10.0))
            asked = operation(
                f"B-{number}",
                circle(latitude_deg, longitude_deg, rng.uniform(1.0, 20.0) * NM),
                at=window(begins + 30.0 * attempt, 60.0),
            )
            assert asker.ask(asked, at) == ""


def test_the_same_question_again_and_again_is_no_search() -> None:
    asker = Asker()
    asked = operation("B-1", circle())
    for number in range(35):
        assert asker.ask(asked, NOON + timedelta(minutes=5.0 * number)) == ""


def test_a_search_hidden_in_many_volumes_of_few_questions_is_paid_and_found() -> None:
    asker = Asker()
    told = []
    for number in range(40):
        some = tuple(
            Volume(circle(35.0 + 0.001 * i, 36.0 + 0.0005 * number, SMALL), band(0.0, 500.0),
                   window())
            for i in range(100)
        )  # fmt: skip
        told.append(asker.ask(operation(f"B-{number}", volumes=some), NOON))
    assert told.count("") <= 8


@given(
    st.lists(st.tuples(st.floats(0.0, 7_200.0), st.floats(0.5, 10.0)), max_size=60),
    st.floats(0.0, 40.0),
)
def test_a_budget_never_gives_more_than_a_bucket_and_what_flowed_in(
    asked: list[tuple[float, float]], begun_with: float
) -> None:
    budget, at, spent = Budget(begun_with, NOON), NOON, 0.0
    for wait_s, cost in asked:
        at += timedelta(seconds=wait_s)
        budget, is_enough = charged(budget, LIMITS, at, cost=cost)
        spent += cost if is_enough else 0.0
        assert 0.0 <= budget.left <= LIMITS.questions
    passed_s = (at - NOON).total_seconds()
    assert spent <= begun_with + passed_s * LIMITS.questions / LIMITS.window_s + 1e-6


def test_a_clock_that_steps_back_gives_nothing() -> None:
    budget = Budget(3.0, NOON)
    assert refilled(budget, LIMITS, NOON - timedelta(hours=5)).left == 3.0
    assert refilled(budget, LIMITS, NOON - timedelta(hours=5)).at == NOON


def test_an_empty_bucket_says_when_to_ask_again() -> None:
    assert after_s(Budget(0.0, NOON), LIMITS) == pytest.approx(90.0)
    assert after_s(Budget(5.0, NOON), LIMITS) == 0.0


def test_amounts_and_many_volumes_cost_more() -> None:
    assert cost_of(LIMITS, 1, suggests=False) == 1.0
    assert cost_of(LIMITS, 1, suggests=True) == 3.0
    assert cost_of(LIMITS, 41, suggests=False) == 3.0


@given(st.floats(1.0, 5_000.0), st.floats(1.0, 900.0), st.floats(0.5, 120.0))
def test_own_volumes_are_made_large_enough_and_hold_what_they_held(
    radius_m: float, thick_m: float, minutes: float
) -> None:
    small = Volume(circle(radius_m=radius_m), band(1_000.0, 1_000.0 + thick_m),
                   window(0.0, minutes))  # fmt: skip
    (made,) = large_enough([small], LIMITS)
    assert not is_too_small([made], LIMITS)
    assert made.window.covers(small.window)
    assert made.band.lower.value_m <= 1_000.0
    assert made.band.upper.value_m >= 1_000.0 + thick_m
    assert extent_m(made.footprint) >= extent_m(small.footprint)


def test_a_sliver_is_too_small_and_becomes_a_corridor_along_its_rim() -> None:
    sliver = Polygon((tuple(Position(35.0 + y, 36.0 + x) for y, x in ((0, 0), (0, 1), (1e-3, 1))),))
    asked = Volume(sliver, band(0.0, 1_000.0), window())
    assert is_too_small([asked], LIMITS)
    (made,) = large_enough([asked], LIMITS)
    assert not is_too_small([made], LIMITS)
    assert not is_too_small([Volume(square(35.0, 36.0, 1.0), band(0.0, 1e3), window())], LIMITS)
