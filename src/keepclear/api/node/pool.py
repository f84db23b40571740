"""A few threads for one kind of request, so that no kind takes the threads of another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from keepclear.errors import NodeBusy, NodeStopping

P = ParamSpec("P")
T = TypeVar("T")


class Pool:
    """Threads with a limit on what waits for them.

    Args:
        name: what its threads are called.
        threads: how many.
        most: so many works may be under way or wait.
    """

    def __init__(self, name: str, *, threads: int, most: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"keepclear-peers-{name}")
        self._most = most
        self._under_way = 0
        self._is_closed = False

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work in a thread; call it on the event loop alone.

        Raises:
            NodeBusy: too much waits already; nothing was begun.
            NodeStopping: the pool is closed.
        """
        if self._is_closed:
            raise NodeStopping("the node is stopping")
        if self._under_way >= self._most:
            raise NodeBusy(f"{self._most} deliveries are under way already")
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._pool, lambda: work(*args, **kwargs)
            )
        finally:
            self._under_way -= 1

    def close(self) -> None:
        """Take nothing more, and return once what is under way is done."""
        self._is_closed = True
        self._pool.shutdown(wait=True)
