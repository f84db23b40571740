"""A bounded pool of threads: stores and engines are never asked on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from keepclear.errors import NodeBusy, NodeStopping

P = ParamSpec("P")
A = TypeVar("A")
T = TypeVar("T")

THREADS = 8
MOST_UNDER_WAY = 256
"""So many works may be under way or wait; one more is told to come again."""


class Workers:
    """Threads for whatever may take longer than a blink; one of them for lanes.

    Args:
        name: what its threads are called.
        threads: how many, beside the one for lanes.
        most: so many works may be under way or wait; None for `MOST_UNDER_WAY`.
    """

    def __init__(
        self, name: str = "api", *, threads: int = THREADS, most: int | None = None
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"keepclear-{name}")
        self._lane = ThreadPoolExecutor(1, thread_name_prefix=f"keepclear-{name}-lane")
        self._most = MOST_UNDER_WAY if most is None else most
        self._under_way = 0
        self._is_closed = False

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work in a thread; call it on the event loop alone.

        Raises:
            NodeBusy: too much is waiting already; nothing was begun.
            NodeStopping: the pool is closed.
        """
        with self.room():
            return await asyncio.get_running_loop().run_in_executor(
                self._pool, lambda: work(*args, **kwargs)
            )

    @contextmanager
    def room(self) -> Iterator[None]:
        """Count as one work more for as long as the block runs; on the event loop alone.

        Raises:
            NodeBusy: too much is waiting already.
            NodeStopping: the pool is closed.
        """
        if self._is_closed:
            raise NodeStopping("the node is stopping")
        if self._under_way >= self._most:
            raise NodeBusy(f"{self._most} requests are under way already")
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def in_lane(self, work: Callable[[A], T], items: A) -> Future[T]:
        """Do a work after the others of all lanes, in their one thread.

        Raises:
            NodeStopping: the threads are closed.
        """
        if self._is_closed:
            raise NodeStopping("the node is stopping")
        return self._lane.submit(work, items)

    def close(self) -> None:
        """Take nothing more, and return once what is under way is done."""
        self._is_closed = True
        self._pool.shutdown(wait=True)
        self._lane.shutdown(wait=True)
