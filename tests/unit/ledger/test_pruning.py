import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidInput
from keepclear.ledger.pruning import joined, pruned_body, pruned_runs, without

numbers = st.sets(st.integers(0, 60))


def runs_of(these: set[int]) -> list[range]:
    return joined([range(number, number + 1) for number in these])


def numbers_in(runs: list[range]) -> list[int]:
    return [number for run in runs for number in run]


def test_neighbours_are_named_as_one_run() -> None:
    assert pruned_body([7, 3, 4, 5, 4], "asked for by AMBER") == {
        "entries": [[3, 5], [7, 7]],
        "reason": "asked for by AMBER",
    }


@given(numbers.filter(bool))
def test_the_runs_name_the_numbers_that_were_given(these: set[int]) -> None:
    assert numbers_in(list(pruned_runs(pruned_body(these, "why")))) == sorted(these)


@pytest.mark.parametrize("these", [[], [-1], [-3, 4]])
def test_a_body_that_names_nothing_is_refused(these: list[int]) -> None:
    with pytest.raises(InvalidInput):
        pruned_body(these, "why")


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"entries": [[1, 2]]},
        {"entries": [1], "reason": ""},
        {"entries": [[2, 1]], "reason": ""},
        {"entries": [[-1, 1]], "reason": ""},
        {"entries": [[1, 2, 3]], "reason": ""},
        {"entries": [[1, 2.5]], "reason": ""},
        {"entries": [[1, 2]], "reason": "", "by": ""},
    ],
)
def test_any_other_body_is_refused(body: object) -> None:
    with pytest.raises(InvalidInput):
        pruned_runs(body)


@given(numbers, numbers)
def test_runs_subtract_as_sets_do(one: set[int], other: set[int]) -> None:
    assert numbers_in(without(runs_of(one), runs_of(other))) == sorted(one - other)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=8))
def test_joined_runs_hold_the_same_numbers_once(given_runs: list[tuple[int, int]]) -> None:
    runs = [range(start, start + width) for start, width in given_runs]
    assert numbers_in(joined([run for run in runs if run])) == sorted({n for r in runs for n in r})
