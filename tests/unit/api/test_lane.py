"""The lane: what waits goes together, each gets its own outcome, a stop leaves nobody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from threading import Event

import pytest

from keepclear.api.lane import MOST_TOGETHER, Lane
from keepclear.api.workers import MOST_UNDER_WAY, Workers
from keepclear.errors import NodeBusy, NodeStopping, NotFound

Outcome = int | BaseException


def doubled(numbers: Sequence[int]) -> list[int | Exception]:
    return [NotFound(f"no {n}") if n < 0 else 2 * n for n in numbers]


def run_all(
    numbers: Sequence[int], work: Callable[[Sequence[int]], Sequence[int | Exception]] = doubled
) -> tuple[list[Outcome], list[int]]:
    """The outcome of each number, and how many went together each time."""
    sizes: list[int] = []

    def counted(group: Sequence[int]) -> Sequence[int | Exception]:
        sizes.append(len(group))
        return work(group)

    async def ask() -> list[Outcome]:
        workers = Workers()
        lane = Lane(workers, counted)
        try:
            return await asyncio.gather(*map(lane.run, numbers), return_exceptions=True)
        finally:
            workers.close()

    return asyncio.run(ask()), sizes


def test_whoever_comes_alone_goes_alone() -> None:
    assert run_all([7]) == ([14], [1])


def test_what_arrives_together_goes_together_in_order() -> None:
    assert run_all([1, 2, 3]) == ([2, 4, 6], [3])


def test_a_group_has_its_limit_and_the_rest_follows() -> None:
    numbers = list(range(MOST_TOGETHER + 5))
    assert run_all(numbers) == ([2 * n for n in numbers], [MOST_TOGETHER, 5])


def test_an_error_goes_to_the_one_it_concerns() -> None:
    outcomes, _ = run_all([1, -2, 3])
    assert (outcomes[0], outcomes[2]) == (2, 6)
    assert isinstance(outcomes[1], NotFound)


def test_a_fault_of_the_whole_group_reaches_each_as_an_error_of_its_own() -> None:
    def broken(_: Sequence[int]) -> Sequence[int | Exception]:
        raise ZeroDivisionError

    outcomes, _ = run_all([1, 2], broken)
    assert all(isinstance(each, RuntimeError) for each in outcomes)
    assert outcomes[0] is not outcomes[1]


def test_what_comes_while_a_group_is_at_work_is_the_next_group() -> None:
    started, go_on = Event(), Event()
    sizes: list[int] = []

    def held(group: Sequence[int]) -> list[int | Exception]:
        sizes.append(len(group))
        started.set()
        assert go_on.wait(20)
        return list(group)

    async def ask() -> list[int]:
        workers = Workers()
        lane: Lane[int, int] = Lane(workers, held)
        first = asyncio.ensure_future(lane.run(1))
        await workers.run(started.wait, 20)
        later = [asyncio.ensure_future(lane.run(n)) for n in (2, 3, 4)]
        await workers.run(go_on.set)
        outcomes = await asyncio.gather(first, *later)
        workers.close()
        return outcomes

    assert asyncio.run(ask()) == [1, 2, 3, 4]
    assert sizes == [1, 3]


def test_more_than_the_node_takes_is_told_to_come_again() -> None:
    outcomes, _ = run_all([1] * (MOST_UNDER_WAY + 3))
    assert sum(isinstance(each, NodeBusy) for each in outcomes) == 3


def test_a_node_that_stops_leaves_nobody_waiting() -> None:
    async def ask() -> None:
        workers = Workers()
        lane = Lane(workers, doubled)
        waiting = asyncio.ensure_future(lane.run(1))
        await asyncio.sleep(0)
        workers.close()
        with pytest.raises(NodeStopping):
            await waiting
        with pytest.raises(NodeStopping):
            await lane.run(2)

    asyncio.run(ask())
