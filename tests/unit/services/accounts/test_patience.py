"""Wrong passwords make an account wait, longer each time and never for good."""

from __future__ import annotations

from keepclear.services.accounts.patience import (
    FIRST_WAIT_S,
    FORGOTTEN_AFTER_S,
    FREE_TRIES,
    LONGEST_WAIT_S,
    Patience,
)


class Seconds:
    def __init__(self) -> None:
        self.at_s = 1_000.0

    def __call__(self) -> float:
        return self.at_s


def wrong(patience: Patience, count: int, name: str = "hugo") -> None:
    for _ in range(count):
        assert patience.begin(name, is_known=True) == 0.0


def test_a_few_wrong_ones_cost_nothing() -> None:
    patience = Patience(Seconds())
    wrong(patience, FREE_TRIES)
    assert patience.begin("hugo", is_known=True) == FIRST_WAIT_S
    assert patience.begin("anna", is_known=True) == 0.0


def test_each_further_one_doubles_the_wait_up_to_a_limit() -> None:
    seconds = Seconds()
    patience = Patience(seconds)
    wrong(patience, FREE_TRIES)
    waits = []
    for _ in range(8):
        wait_s = patience.begin("hugo", is_known=True)
        waits.append(wait_s)
        seconds.at_s += wait_s
        wrong(patience, 1)
    assert waits == [15.0, 30.0, 60.0, 120.0, 240.0, 300.0, 300.0, 300.0]
    assert max(waits) == LONGEST_WAIT_S


def test_tries_while_it_waits_make_it_no_longer() -> None:
    seconds = Seconds()
    patience = Patience(seconds)
    wrong(patience, FREE_TRIES)
    for _ in range(1_000):
        assert patience.begin("hugo", is_known=True) == FIRST_WAIT_S
    seconds.at_s += FIRST_WAIT_S
    wrong(patience, 1)


def test_how_long_the_next_one_waits_is_told_without_trying() -> None:
    seconds = Seconds()
    patience = Patience(seconds)
    assert patience.waits_s("hugo") == 0.0
    wrong(patience, FREE_TRIES)
    assert (patience.waits_s("hugo"), patience.waits_s("anna")) == (FIRST_WAIT_S, 0.0)
    seconds.at_s += FIRST_WAIT_S
    assert (patience.waits_s("hugo"), patience.wrong_in_a_row("hugo")) == (0.0, FREE_TRIES)


def test_the_right_one_forgets_what_was_wrong() -> None:
    patience = Patience(Seconds())
    wrong(patience, FREE_TRIES)
    patience.right("hugo")
    wrong(patience, FREE_TRIES)


def test_after_an_hour_without_a_try_it_begins_anew() -> None:
    seconds = Seconds()
    patience = Patience(seconds)
    wrong(patience, FREE_TRIES)
    seconds.at_s += FORGOTTEN_AFTER_S + 1.0
    wrong(patience, FREE_TRIES)


def test_names_that_nobody_has_fill_no_memory() -> None:
    patience = Patience(Seconds())
    for number in range(10_000):
        patience.begin(f"nobody {number}", is_known=False)
    assert len(patience._tries) <= 256
