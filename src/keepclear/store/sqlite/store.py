"""A node's store in one SQLite file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from keepclear.model.node import NodeIdentity
from keepclear.ports.store import Committed, Unit
from keepclear.store.sqlite.backing_up import write_copy
from keepclear.store.sqlite.examining import Figures, figures_of
from keepclear.store.sqlite.locking import StoreLock
from keepclear.store.sqlite.reading import SqliteReader
from keepclear.store.sqlite.view import SqliteView
from keepclear.store.sqlite.writing import Writer

T = TypeVar("T")


class SqliteStore:
    """One node's store, opened alone by this process; fits the `Store` port."""

    def __init__(self, reader: SqliteReader, writer: Writer, lock: StoreLock) -> None:
        self._reader = reader
        self._writer = writer
        self._lock = lock

    @property
    def identity(self) -> NodeIdentity:
        """What was fixed when it was made."""
        return self._reader.identity

    @property
    def epoch(self) -> int:
        """How often the node was restored from a backup."""
        return self._reader.epoch

    def view(self) -> AbstractContextManager[SqliteView]:
        """One moment of the store, for reading; any number at once, from any thread.

        Raises:
            NodeFault: the store cannot be read; each subclass says why and what to do.
        """
        return self._reader.view()

    def write(self, work: Callable[[Unit], T]) -> T:
        """Do some work in the one writer and wait until it is durable.

        Raises:
            NodeFault: nothing was stored; each subclass says why and what to do.
        """
        return self._writer.write(work)

    def on_change(self, listener: Callable[[Committed], None]) -> None:
        """Have what was committed told, in order, in the writer's thread, before `write` returns.

        A listener that raises stops the store from taking more: an airspace that is not seen
        whole must not be filed into.
        """
        self._writer.on_change(listener)

    def backup(self, path: str) -> None:
        """Write a whole, consistent copy of the store while it is in use.

        Raises:
            InvalidInput: there is a file of that name.
            NodeFault: the copy could not be written; nothing is left of it.
        """
        write_copy(self._reader.path, Path(path))

    def quick_check(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file's structure; empty where nothing is."""
        return self._reader.quick_check()

    def figures(self) -> Figures:
        """How much room the store takes, and how much there is."""
        return figures_of(self._reader.path)

    def close(self) -> None:
        """Finish what was taken, take nothing more, and let the store go."""
        # What still waits is told to listeners, who read.
        self._writer.finish()
        self._reader.close()
        self._writer.close()
        self._lock.release()
