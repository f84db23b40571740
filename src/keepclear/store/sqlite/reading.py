"""Reading a store: any number of moments at once, beside the one writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from keepclear.errors import NodeStopping
from keepclear.model.node import NodeIdentity
from keepclear.store.sqlite.connecting import reading_connection
from keepclear.store.sqlite.faults import ends_writing, faults_named
from keepclear.store.sqlite.view import SqliteView

_MOST_IDLE = 8


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
        self._unchanging = unchanging
        self._idle: list[sqlite3.Connection] = []
        self._gate = Lock()
        self._closed = False

    @contextmanager
    def view(self) -> Iterator[SqliteView]:
        """One moment of the store, for one thread; any number of them at once.

        Raises:
            NodeFault: the store cannot be read; each subclass says why and what to do.
        """
        with faults_named(self.path):
            connection = self._take()
            try:
                connection.execute("BEGIN")
                yield SqliteView(connection)
            finally:
                self._give_back(connection)

    def quick_check(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file's structure; empty where nothing is."""
        with faults_named(self.path):
            connection = self._take()
            try:
                rows = connection.execute("PRAGMA quick_check").fetchall()
            except sqlite3.DatabaseError as error:
                if not ends_writing(error):
                    raise
                rows = [(str(error),)]
            finally:
                self._give_back(connection)
        return tuple(text for (text,) in rows if text != "ok")

    def close(self) -> None:
        """Let the store go; moments still being read end when their readers do."""
        with self._gate:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._gate:
            if self._closed:
                raise NodeStopping("the store is closed")
            if self._idle:
                return self._idle.pop()
        return reading_connection(self.path, unchanging=self._unchanging)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        kept = False
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            with self._gate:
                kept = not self._closed and len(self._idle) < _MOST_IDLE
                if kept:
                    self._idle.append(connection)
        finally:
            if not kept:
                connection.close()
