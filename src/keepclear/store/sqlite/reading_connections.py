"""Connections that read a store, handed out to one thread at a time and used again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from keepclear.errors import NodeStopping
from keepclear.store.sqlite.connecting import reading_connection
from keepclear.store.sqlite.faults import ends_writing, faults_named

_MOST_IDLE = 8


class ReadingConnections:
    """What a store is read through, beside its one writer; keeps nobody from writing.

    Args:
        path: the store's file.
        unchanging: nothing writes to the file, not even SQLite's own notes beside it.
    """

    def __init__(self, path: Path, *, unchanging: bool = False) -> None:
        self._path = path
        self._unchanging = unchanging
        self._idle: list[sqlite3.Connection] = []
        self._gate = Lock()
        self._closed = False

    @contextmanager
    def moment(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one moment of the store, for one thread.

        Raises:
            NodeFault: the store cannot be read; each subclass says why and what to do.
        """
        with faults_named(self._path):
            connection = self._take()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection)

    def quick_check(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file's structure; empty where nothing is."""
        with faults_named(self._path):
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
        return reading_connection(self._path, unchanging=self._unchanging)

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
