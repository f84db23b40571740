"""The store's form, brought up to date by numbered SQL files: forward only, each whole.

`user_version` in the file says how far it is. Before anything changes, a copy of the whole
store is written beside it. The ledger's tables may be read but never changed: SQLite
itself is told to refuse that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from keepclear.errors import StoreTooNew
from keepclear.store.sqlite.backing_up import write_copy
from keepclear.store.sqlite.connecting import APPLICATION_ID

_SHIPPED = "keepclear.store.sqlite.migrations"
_LEDGER = "ledger_"
_CHANGING = frozenset(
    {
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_ALTER_TABLE,
    }
)


class Migration(NamedTuple):
    """One step: the version it leads to, and its SQL."""

    version: int
    sql: str


def shipped_migrations(folder: Traversable | None = None) -> tuple[Migration, ...]:
    """All steps, ascending from 1 without a gap: those that ship, or those in a folder."""
    return _shipped() if folder is None else _read(folder)


@cache
def _shipped() -> tuple[Migration, ...]:
    """Read once: they are part of the program, as its modules are."""
    return _read(files(_SHIPPED))


def _read(folder: Traversable) -> tuple[Migration, ...]:
    found = [
        Migration(int(file.name.partition("_")[0]), file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    ]
    return tuple(sorted(found))


def create(
    connection: sqlite3.Connection,
    migrations: Sequence[Migration],
    *,
    application_id: int = APPLICATION_ID,
) -> None:
    """Give an empty file the newest form."""
    connection.execute(f"PRAGMA application_id = {application_id}")
    for migration in migrations:
        _apply(connection, migration)


def bring_up_to_date(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]
) -> Path | None:
    """Bring a store to the newest form.

    Returns:
        Where the copy of the store as it was is kept; None where nothing was to be done.

    Raises:
        StoreTooNew: a newer keepclear wrote it.
        NodeFault: the copy could not be written, or a step failed; the store is as it was.
    """
    require_known_form(connection, path, migrations)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    missing = [migration for migration in migrations if migration.version > version]
    if not missing:
        return None
    kept = _free_name(path, version)
    write_copy(path, kept)
    connection.set_authorizer(_spare_the_ledger)
    try:
        for migration in missing:
            _apply(connection, migration)
    finally:
        connection.set_authorizer(None)
    return kept


def require_known_form(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]
) -> None:
    """See that this keepclear understands the store.

    Raises:
        StoreTooNew: a newer one wrote it.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    newest = migrations[-1].version
    if version > newest:
        raise StoreTooNew(f"{path} has form {version}; this keepclear knows up to {newest}")


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _statements(migration.sql):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {migration.version}")
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(sql: str) -> Iterator[str]:
    """One statement at a time: a script run as one would commit half-way."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _spare_the_ledger(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    table = second if action == sqlite3.SQLITE_ALTER_TABLE else first
    if action in _CHANGING and (table or "").startswith(_LEDGER):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _free_name(path: Path, version: int) -> Path:
    stem, number = f"{path.stem}-form-{version:04d}", 1
    kept = path.with_name(f"{stem}{path.suffix}")
    while kept.exists():
        number += 1
        kept = path.with_name(f"{stem}-{number}{path.suffix}")
    return kept
