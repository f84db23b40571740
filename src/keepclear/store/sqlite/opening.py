"""Making a store, opening it alone, opening it to read, and taking a backup into use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from keepclear.errors import InvalidInput, StoreCorrupt, StoreMissing, StoreReadOnly
from keepclear.model.node import NodeIdentity, NodeKind
from keepclear.model.operation import Mode
from keepclear.ports.signing import Signer
from keepclear.ports.world import Clock, Entropy
from keepclear.store.sqlite.backing_up import new_file, write_copy
from keepclear.store.sqlite.columns import microseconds_of, moment_of
from keepclear.store.sqlite.connecting import (
    reading_connection,
    require_store,
    writing_connection,
)
from keepclear.store.sqlite.faults import fault_of, faults_named, file_faults_named
from keepclear.store.sqlite.group_commit import MOST_WAITING
from keepclear.store.sqlite.locking import StoreLock
from keepclear.store.sqlite.migrating import (
    Migration,
    bring_up_to_date,
    create,
    require_known_form,
    shipped_migrations,
)
from keepclear.store.sqlite.reading import SqliteReader
from keepclear.store.sqlite.store import SqliteStore
from keepclear.store.sqlite.writing import Signing, Writer

_LOCK_NAME = "store.lock"


def make_store(path: Path, identity: NodeIdentity, *, lock_path: Path | None = None) -> None:
    """Make an empty store; it appears whole or not at all.

    Args:
        path: the file to be; its folder exists.
        identity: what is fixed from now on.
        lock_path: the lock's file; "store.lock" beside the store where not given.

    Raises:
        InvalidInput: there is a file of that name; nothing of it was touched.
        NodeFault: the folder does not take it, or another process holds the lock.
    """
    with (
        _locked(path, lock_path),
        new_file(path) as unfinished,
        faults_named(path),
        closing(writing_connection(unfinished, new=True)) as connection,
    ):
        create(connection, shipped_migrations())
        _keep_identity(connection, identity)


def open_store(
    path: Path,
    *,
    signer: Signer,
    entropy: Entropy,
    clock: Clock,
    lock_path: Path | None = None,
    most_waiting: int = MOST_WAITING,
) -> SqliteStore:
    """Open a store alone, bringing an older form up to date; what a crash left is mended.

    Args:
        path: the store's file.
        signer: signs the ledger's heads.
        entropy: where salts come from.
        clock: says when a head was signed.
        lock_path: the lock's file; "store.lock" beside the store where not given.
        most_waiting: so many works wait at most before the store says that it is busy.

    Raises:
        StoreMissing: there is no such file.
        StoreLocked: another process has it.
        StoreTooNew, StoreCorrupt, LedgerBroken: it is not what this keepclear can go on with.
        NodeFault: the disk does not do what was asked of it.
    """
    _require_file(path)
    lock = StoreLock(lock_path or path.with_name(_LOCK_NAME))
    try:
        with faults_named(path):
            connection = _current(path, shipped_migrations())
            try:
                identity, epoch = _identity(connection, path)
                signing = Signing(identity.id, epoch, signer, clock, entropy)
                writer = Writer(connection, path, signing, most_waiting=most_waiting)
            except BaseException:
                connection.close()
                raise
    except BaseException:
        lock.release()
        raise
    return SqliteStore(SqliteReader(path, identity, epoch), writer, lock)


def open_for_reading(path: Path) -> SqliteReader:
    """Open a store to read only, also while a node runs on it.

    A store on a medium that cannot be written is read too, if it was closed properly.

    Raises:
        StoreMissing: there is no such file.
        StoreTooNew, StoreCorrupt: it is not what this keepclear understands.
        NodeFault: it cannot be read.
    """
    _require_file(path)
    with faults_named(path):
        unchanging = not _readable(path) and not _has_log(path)
        with closing(reading_connection(path, unchanging=unchanging)) as connection:
            require_store(connection, path)
            require_known_form(connection, path, shipped_migrations())
            identity, epoch = _identity(connection, path)
    return SqliteReader(path, identity, epoch, unchanging=unchanging)


def restore_store(
    backup: Path, path: Path, *, after_epoch: int = 0, lock_path: Path | None = None
) -> NodeIdentity:
    """Take a backup into use as a store, in a new epoch of its ledger.

    The new epoch lets other parties tell a restored ledger, which may be shorter, from one
    that was tampered with.

    Args:
        backup: a file that `backup` wrote; it stays as it is.
        path: the store's file to be.
        after_epoch: the epoch of the store it takes the place of, where that is known; the
            new one is higher than this and than the backup's.
        lock_path: the lock's file; "store.lock" beside the store where not given.

    Returns:
        Whose store it is.

    Raises:
        StoreMissing: there is no backup of that name.
        InvalidInput: there is already a store; move it away first.
        StoreTooNew, StoreCorrupt: the backup cannot be used.
        NodeFault: the folder does not take it, or another process holds the lock.
    """
    with closing(open_for_reading(backup)) as kept:
        identity, epoch = kept.identity, max(kept.epoch, after_epoch) + 1
    with _locked(path, lock_path), new_file(path) as unfinished:
        unfinished.unlink()
        write_copy(backup, unfinished)
        with faults_named(path), closing(writing_connection(unfinished)) as connection:
            connection.execute("UPDATE node SET epoch = ?", (epoch,))
    return identity


@contextmanager
def _locked(path: Path, lock_path: Path | None) -> Iterator[None]:
    lock = StoreLock(lock_path or path.with_name(_LOCK_NAME))
    try:
        yield
    finally:
        lock.release()


def _require_file(path: Path) -> None:
    with file_faults_named(path):
        there = path.is_file()
    if not there:
        raise StoreMissing(f"there is no store at {path}")


def _current(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    connection = writing_connection(path)
    try:
        bring_up_to_date(connection, path, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


def _readable(path: Path) -> bool:
    """Tell whether SQLite can make the notes it needs for reading beside a writer."""
    try:
        with closing(reading_connection(path)) as connection:
            connection.execute("PRAGMA user_version").fetchone()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        if not isinstance(fault_of(error, path), StoreReadOnly):
            raise
        return False
    return True


def _has_log(path: Path) -> bool:
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _keep_identity(connection: sqlite3.Connection, identity: NodeIdentity) -> None:
    connection.execute(
        "INSERT INTO node (only_row, id, party, mode, kind, made_at, epoch)"
        " VALUES (1, ?, ?, ?, ?, ?, 0)",
        (
            identity.id,
            identity.party,
            identity.mode.value,
            identity.kind.value,
            microseconds_of(identity.made_at),
        ),
    )


def _identity(connection: sqlite3.Connection, path: Path) -> tuple[NodeIdentity, int]:
    row = connection.execute("SELECT id, party, mode, kind, made_at, epoch FROM node").fetchone()
    if row is None:
        raise StoreCorrupt(f"{path} does not say whose store it is")
    node_id, party, mode, kind, made_at, epoch = row
    try:
        identity = NodeIdentity(node_id, party, Mode(mode), NodeKind(kind), moment_of(made_at))
    except (InvalidInput, ValueError) as error:
        raise StoreCorrupt(f"{path} does not say whose store it is: {error}") from error
    return identity, epoch
