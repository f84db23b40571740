"""A discovery service's store in one SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from keepclear.ports.dss_store import DssUnit
from keepclear.store.dss.view import SqliteDssUnit, SqliteDssView
from keepclear.store.sqlite.backing_up import write_copy
from keepclear.store.sqlite.examining import Figures, figures_of
from keepclear.store.sqlite.group_commit import GroupWriter
from keepclear.store.sqlite.locking import StoreLock
from keepclear.store.sqlite.reading_connections import ReadingConnections

T = TypeVar("T")


class SqliteDssStore:
    """One discovery service's store, opened alone by this process; fits the `DssStore` port.

    Attributes:
        pool: the id of the airspace representation it holds, fixed when it was made.
    """

    def __init__(
        self, path: Path, pool: str, writer: GroupWriter[SqliteDssUnit], lock: StoreLock
    ) -> None:
        self.pool = pool
        self._path = path
        self._connections = ReadingConnections(path)
        self._writer = writer
        self._lock = lock

    @contextmanager
    def view(self) -> Iterator[SqliteDssView]:
        """One moment of the store, for reading; any number at once, from any thread.

        Raises:
            NodeFault: the store cannot be read; each subclass says why and what to do.
        """
        with self._connections.moment() as connection:
            yield SqliteDssView(connection)

    def write(self, work: Callable[[DssUnit], T]) -> T:
        """Do some work in the one writer and wait until it is durable.

        Raises:
            NodeFault: nothing was stored; each subclass says why and what to do.
        """
        return self._writer.write(work)

    def write_each(self, works: Sequence[Callable[[DssUnit], T]]) -> list[T | Exception]:
        """Do several in one group; what became of each, in their order.

        Raises:
            NodeFault: nothing of any was stored; each subclass says why and what to do.
        """
        return self._writer.write_each(works)

    def backup(self, path: str) -> None:
        """Write a whole, consistent copy of the store while it is in use.

        Raises:
            InvalidInput: there is a file of that name.
            NodeFault: the copy could not be written; nothing is left of it.
        """
        write_copy(self._path, Path(path))

    def quick_check(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file's structure; empty where nothing is."""
        return self._connections.quick_check()

    def figures(self) -> Figures:
        """How much room the store takes, and how much there is."""
        return figures_of(self._path)

    def close(self) -> None:
        """Finish what was taken, take nothing more, and let the store go."""
        self._writer.finish()
        self._connections.close()
        self._writer.close()
        self._lock.release()
