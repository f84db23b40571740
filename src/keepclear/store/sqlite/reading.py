"""Reading a store: any number of moments at once, beside the one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keepclear.model.node import NodeIdentity
from keepclear.store.sqlite.reading_connections import ReadingConnections
from keepclear.store.sqlite.view import SqliteView


class SqliteReader:
    """A store as far as it can be read; it needs no lock and keeps nobody from writing.

    Attributes:
        identity: what was fixed when the store was made.
        epoch: how often the node was restored from a backup.
        path: the store's file.
    """

    def __init__(
        self, path: Path, identity: NodeIdentity, epoch: int, *, unchanging: bool = False
    ) -> None:
        self.path = path
        self.identity = identity
        self.epoch = epoch
        self._connections = ReadingConnections(path, unchanging=unchanging)

    @contextmanager
    def view(self) -> Iterator[SqliteView]:
        """One moment of the store, for one thread; any number of them at once.

        Raises:
            NodeFault: the store cannot be read; each subclass says why and what to do.
        """
        with self._connections.moment() as connection:
            yield SqliteView(connection)

    def quick_check(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file's structure; empty where nothing is."""
        return self._connections.quick_check()

    def close(self) -> None:
        """Let the store go; moments still being read end when their readers do."""
        self._connections.close()
