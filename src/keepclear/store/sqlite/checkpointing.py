"""Moves what was committed from the log into the store's file, beside the writer.

A commit is durable once it is in the log. Now and then the log has to be emptied into the
file, which takes tens of milliseconds; done here, in a thread with a connection of its own,
nobody who files waits for it. The writer's connection does it too at its own limit, finds
little left to move, and so lets the log begin anew.

Source: SQLite, "Write-Ahead Logging" 2.1 (automatic checkpoint) and 4 (performance
considerations); PRAGMA wal_checkpoint.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from keepclear.store.sqlite.connecting import BUSY_S, emptying_connection

_WORTH_IT = 100
"""So many works are moved together: some thousand pages of the log."""


class Checkpointing:
    """A thread that empties the log when told that enough is in it.

    Attributes:
        at_work: held while it moves pages; who takes it keeps it from beginning.
    """

    def __init__(self, path: Path) -> None:
        self.at_work = Lock()
        self._path = path
        self._works = 0
        self._due = Event()
        self._stopping = False
        self._thread = Thread(target=self._run, name="store log", daemon=True)
        self._thread.start()

    def committed(self, works: int) -> None:
        """Be told of so many works more in the log; from the writer's thread alone."""
        self._works += works
        if self._works >= _WORTH_IT:
            self._works = 0
            self._due.set()

    def empty_now(self, connection: sqlite3.Connection) -> None:
        """Empty the log through the writer's connection, unless somebody reads meanwhile."""
        with suppress(sqlite3.Error), self.at_work:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1_000)}")

    def stop(self) -> None:
        """Begin nothing more, and return once nothing is under way."""
        self._stopping = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while self._due.wait() and not self._stopping:
            self._due.clear()
            # Whatever goes wrong here goes wrong for the writer too, which says so.
            with suppress(sqlite3.Error), self.at_work:
                connection = connection or emptying_connection(self._path)
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if connection is not None:
            connection.close()
