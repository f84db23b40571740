"""A lane: what arrives while the last group is being worked at goes together as the next.

Works of one kind then share what each would pay for alone, and threads do not take each
other's turn in the interpreter. Whoever arrives alone goes at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Generic, TypeAlias, TypeVar

from keepclear.api.workers import Workers
from keepclear.errors import NodeStopping

A = TypeVar("A")
R = TypeVar("R")
_Group: TypeAlias = Sequence[tuple[A, asyncio.Future[R]]]
_Outcomes: TypeAlias = Sequence[R | Exception]

MOST_TOGETHER = 32
"""So many go in one group at most, so that the first of them does not wait for long."""


class Lane(Generic[A, R]):
    """One lane; belongs to the event loop that it is first used on.

    Args:
        workers: whose one thread for lanes does the work.
        work: what becomes of each item of a group, in their order; an error stands for an item
            that failed.
    """

    def __init__(self, workers: Workers, work: Callable[[Sequence[A]], _Outcomes[R]]) -> None:
        self._workers = workers
        self._work = work
        self._waiting: list[tuple[A, asyncio.Future[R]]] = []
        self._is_busy = False

    async def run(self, item: A) -> R:
        """Have an item worked at, together with whatever waits beside it.

        Raises:
            NodeBusy: too much is waiting already; nothing was begun.
            NodeStopping: the node takes nothing more.
        """
        with self._workers.room():
            loop = asyncio.get_running_loop()
            place: asyncio.Future[R] = loop.create_future()
            self._waiting.append((item, place))
            if not self._is_busy:
                self._is_busy = True
                # Not before everything that has arrived by now has been read.
                loop.call_soon(self._begin, loop)
            return await place

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        group, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
        self._is_busy = bool(group)
        if not group:
            return
        try:
            done = self._workers.in_lane(self._work, [item for item, _ in group])
        except NodeStopping as error:
            _hand_out(group, [NodeStopping(error.message) for _ in group])
            self._begin(loop)
            return
        done.add_done_callback(partial(self._tell, loop, group))

    def _tell(
        self, loop: asyncio.AbstractEventLoop, group: _Group[A, R], done: Future[_Outcomes[R]]
    ) -> None:
        # A loop that is closed has nobody left to be told.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._finish, loop, group, done)

    def _finish(
        self, loop: asyncio.AbstractEventLoop, group: _Group[A, R], done: Future[_Outcomes[R]]
    ) -> None:
        error = done.exception()
        if error is None:
            _hand_out(group, done.result())
        else:
            _hand_out(group, [_fault_of(error) for _ in group])
        self._begin(loop)


def _hand_out(group: _Group[A, R], outcomes: _Outcomes[R]) -> None:
    for (_, place), outcome in zip(group, outcomes, strict=True):
        if place.done():
            continue  # whoever asked has gone
        if isinstance(outcome, Exception):
            place.set_exception(outcome)
        else:
            place.set_result(outcome)


def _fault_of(error: BaseException) -> RuntimeError:
    """One for each caller: a shared one would mix their tracebacks."""
    fault = RuntimeError(f"a group in the lane failed: {error!r}")
    fault.__cause__ = error
    return fault
