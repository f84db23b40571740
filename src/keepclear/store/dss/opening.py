"""Making a discovery service's store, and opening it alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from keepclear.errors import NodeFault, StoreCorrupt, StoreMissing
from keepclear.store.dss.store import SqliteDssStore
from keepclear.store.dss.view import SqliteDssView
from keepclear.store.dss.writing import SequenceKeeping
from keepclear.store.sqlite.backing_up import new_file
from keepclear.store.sqlite.columns import demanded_key_of, microseconds_of, uuid_text
from keepclear.store.sqlite.connecting import (
    reading_connection,
    require_store,
    writing_connection,
)
from keepclear.store.sqlite.faults import faults_named, file_faults_named
from keepclear.store.sqlite.group_commit import MOST_WAITING, GroupWriter
from keepclear.store.sqlite.locking import StoreLock
from keepclear.store.sqlite.migrating import (
    Migration,
    bring_up_to_date,
    create,
    require_known_form,
    shipped_migrations,
)

APPLICATION_ID = 0x6B636473
"""Stands in the file's header and says what it is: "kcds"."""
_SHIPPED = "keepclear.store.dss.migrations"


def make_dss_store(
    path: Path, *, pool: str, made_at: datetime, lock_path: Path | None = None
) -> None:
    """Make an empty store; it appears whole or not at all.

    Args:
        path: the file to be; its folder exists.
        pool: the id of the airspace representation, fixed from now on; a UUID.
        made_at: when it is made.
        lock_path: the lock's file; beside the store, ".lock" in place of its ending, where not
            given.

    Raises:
        InvalidInput: there is a file of that name, or the id is no UUID.
        NodeFault: the folder does not take it, or another process holds the lock.
    """
    pool = uuid_text(demanded_key_of(pool))
    lock = StoreLock(lock_path or path.with_suffix(".lock"))
    try:
        with (
            new_file(path) as unfinished,
            faults_named(path),
            closing(
                writing_connection(unfinished, new=True, application_id=APPLICATION_ID)
            ) as connection,
        ):
            create(connection, _migrations(), application_id=APPLICATION_ID)
            connection.execute(
                "INSERT INTO dss (only_row, pool, made_at, sequence) VALUES (1, ?, ?, 0)",
                (pool, microseconds_of(made_at)),
            )
    finally:
        lock.release()


def open_dss_store(
    path: Path, *, lock_path: Path | None = None, most_waiting: int = MOST_WAITING
) -> SqliteDssStore:
    """Open a store alone, bringing an older form up to date; what a crash left is mended.

    Args:
        path: the store's file.
        lock_path: the lock's file, as it was named when the store was made.
        most_waiting: so many works wait at most before the store says that it is busy.

    Raises:
        StoreMissing: there is no such file.
        StoreLocked: another process has it.
        StoreTooNew, StoreCorrupt: it is not what this keepclear can go on with.
        NodeFault: the disk does not do what was asked of it.
    """
    with file_faults_named(path):
        there = path.is_file()
    if not there:
        raise StoreMissing(f"there is no store of a discovery service at {path}")
    lock = StoreLock(lock_path or path.with_suffix(".lock"))
    try:
        with faults_named(path):
            return _opened(path, lock, most_waiting)
    except BaseException:
        lock.release()
        raise


@contextmanager
def dss_store_read(path: Path) -> Iterator[SqliteDssView]:
    """One moment of a store for reading while the block runs, also while it is in use.

    Raises:
        StoreTooNew, StoreCorrupt: it is not what this keepclear understands.
        NodeFault: it cannot be read.
    """
    with faults_named(path), closing(reading_connection(path)) as connection:
        require_store(connection, path, application_id=APPLICATION_ID)
        require_known_form(connection, path, _migrations())
        connection.execute("BEGIN")
        yield SqliteDssView(connection)


def faults_of_dss_store(path: Path) -> tuple[str, ...]:
    """What is wrong with the bytes of a store, looked at from outside, also while it is in use."""
    try:
        with faults_named(path), closing(reading_connection(path)) as connection:
            require_store(connection, path, application_id=APPLICATION_ID)
            rows = connection.execute("PRAGMA quick_check").fetchall()
    except NodeFault as error:
        return (error.message,)
    return tuple(text for (text,) in rows if text != "ok")


def _opened(path: Path, lock: StoreLock, most_waiting: int) -> SqliteDssStore:
    connection = writing_connection(path, application_id=APPLICATION_ID)
    try:
        bring_up_to_date(connection, path, _migrations())
        # Nothing in it is private once it is removed, and writing zeros over it takes time.
        connection.execute("PRAGMA secure_delete = OFF").fetchone()
        pool = _pool(connection, path)
        keeping = SequenceKeeping(connection)
        writer = GroupWriter(connection, path, keeping, most_waiting=most_waiting)
    except BaseException:
        connection.close()
        raise
    return SqliteDssStore(path, pool, writer, lock)


def _pool(connection: sqlite3.Connection, path: Path) -> str:
    row = connection.execute("SELECT pool FROM dss").fetchone()
    if row is None:
        raise StoreCorrupt(f"{path} does not say whose store it is")
    return str(row[0])


def _migrations() -> tuple[Migration, ...]:
    return shipped_migrations(files(_SHIPPED))
