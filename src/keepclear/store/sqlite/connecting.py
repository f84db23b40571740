"""Connections to a store's file: one that writes, others that read or keep its log short.

No other code of a process that has a store open may open the store's file itself: closing
it would drop SQLite's own locks (https://www.sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from keepclear.errors import StoreCorrupt

APPLICATION_ID = 0x6B636C72
"""Stands in the file's header and says whose file it is: "kclr"."""
BUSY_S = 5.0
"""How long a connection waits for a lock of another process."""
_STATEMENTS_KEPT = 256
_CHECKPOINT_PAGES = 8_000
"""So long the log may become before the writer empties it itself; see `checkpointing`."""
_WAL_KEPT_BYTES = 64 * 1024 * 1024


def writing_connection(
    path: Path, *, new: bool = False, application_id: int = APPLICATION_ID
) -> sqlite3.Connection:
    """A connection that may write, with every commit forced to the disk.

    Args:
        path: the store's file; it exists.
        new: whether it is still empty; otherwise it must be a store already.
        application_id: whose file it must be.

    Raises:
        StoreCorrupt: the file is not a store; nothing in it was touched.
    """
    connection = _connection(path, "mode=rw")
    try:
        if not new:
            require_store(connection, path, application_id=application_id)
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        for setting in (
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
            "cache_size = -32768",
            f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
            f"journal_size_limit = {_WAL_KEPT_BYTES}",
        ):
            connection.execute(f"PRAGMA {setting}")
        _require_writable(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def reading_connection(path: Path, *, unchanging: bool = False) -> sqlite3.Connection:
    """A connection that cannot write.

    Args:
        path: the store's file.
        unchanging: nothing writes to the file, not even SQLite's own notes beside it; for
            a store on a medium that cannot be written.
    """
    return _connection(path, "mode=ro&immutable=1" if unchanging else "mode=ro")


def emptying_connection(path: Path) -> sqlite3.Connection:
    """A connection that moves pages from the log into the file, and changes nothing else."""
    return _connection(path, "mode=rw")


def _require_writable(connection: sqlite3.Connection) -> None:
    """Try to write: SQLite opens a file that may not be written all the same."""
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("ROLLBACK")


def require_store(
    connection: sqlite3.Connection, path: Path, *, application_id: int = APPLICATION_ID
) -> None:
    """See that the file is a node's store, or what else the application id stands for.

    Raises:
        StoreCorrupt: it is not, or its header is damaged.
    """
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    if found != application_id:
        raise StoreCorrupt(
            f"{path} is not a node's store of this kind, or the start of it is damaged"
        )


def _connection(path: Path, access: str) -> sqlite3.Connection:
    # Which thread uses a connection is decided by whoever hands it out.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{access}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS_KEPT,
    )
