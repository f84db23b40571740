"""What SQLite and the system say becomes what a person can act on; nothing else leaks out."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from contract.store.parts import file, note, plan, verified
from fault.store.opening import opened, raw
from keepclear.errors import (
    NodeFault,
    StoreCorrupt,
    StoreFailed,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
)
from keepclear.ports.store import Unit
from keepclear.store.sqlite.faults import (
    ends_writing,
    fault_of,
    faults_named,
    file_faults_named,
)


def sqlite_error(code: int | None) -> sqlite3.Error:
    error = sqlite3.OperationalError("as SQLite says it")
    if code is not None:
        error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StoreReadOnly),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, StoreReadOnly),
        (sqlite3.SQLITE_PERM, StoreReadOnly),
        (sqlite3.SQLITE_CORRUPT_INDEX, StoreCorrupt),
        (sqlite3.SQLITE_NOTADB, StoreCorrupt),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreLocked),
        (sqlite3.SQLITE_LOCKED, StoreLocked),
        (sqlite3.SQLITE_IOERR_READ, StoreFailed),
        (sqlite3.SQLITE_IOERR_WRITE, StoreFailed),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreFailed),
        (sqlite3.SQLITE_ERROR, StoreFailed),
        (None, StoreFailed),
    ],
)
def test_each_error_of_sqlite_is_named(
    tmp_path: Path, code: int | None, kind: type[NodeFault]
) -> None:
    store = tmp_path / "store.sqlite"
    fault = fault_of(sqlite_error(code), store)
    assert type(fault) is kind
    assert str(store) in fault.message
    assert "as SQLite says it" in fault.message
    with pytest.raises(kind), faults_named(store):
        raise sqlite_error(code)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StoreFull),
        (errno.EDQUOT, StoreFull),
        (errno.EACCES, StoreReadOnly),
        (errno.EROFS, StoreReadOnly),
        (errno.EIO, StoreFailed),
    ],
)
def test_each_error_of_the_system_is_named(number: int, kind: type[NodeFault]) -> None:
    with pytest.raises(kind, match="the store"), file_faults_named(Path("the store")):
        raise OSError(number, "as the system says it")


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), file_faults_named(Path("the store")):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        (sqlite3.SQLITE_CORRUPT_INDEX, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_IOERR_FSYNC, True),
        (sqlite3.SQLITE_IOERR_DIR_FSYNC, True),
        (sqlite3.SQLITE_IOERR_WRITE, False),
        (sqlite3.SQLITE_FULL, False),
        (sqlite3.SQLITE_BUSY, False),
    ],
)
def test_writing_ends_with_damage_and_with_a_disk_that_keeps_nothing(code: int, ends: bool) -> None:
    assert ends_writing(sqlite_error(code)) is ends


def test_after_the_disk_failed_to_keep_something_nothing_more_is_written(tmp_path: Path) -> None:
    def work(unit: Unit) -> None:
        unit.append(note())
        raise sqlite_error(sqlite3.SQLITE_IOERR_FSYNC)

    with closing(opened(tmp_path)) as store:
        filed = file(store, plan())
        with pytest.raises(StoreFailed):
            store.write(work)
        with pytest.raises(StoreFailed, match="as SQLite says it"):
            file(store, plan("B-2"))
        with store.view() as view:
            assert view.operation(filed.operation.id) == filed
            assert view.ledger_size() == 1
    with closing(opened(tmp_path, seed="again")) as store:
        file(store, plan("B-2"))


def test_somebody_elses_lock_is_named_and_writing_goes_on_after_it(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.write(lambda unit: unit._connection.execute("PRAGMA busy_timeout = 10"))  # type: ignore[attr-defined]
        with raw(tmp_path) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreLocked, match="another process"):
                file(store, plan())
            with store.view() as view:
                assert view.ledger_size() == 0
            other.execute("ROLLBACK")
        file(store, plan())
        with store.view() as view:
            assert verified(view).holds


def test_a_work_that_breaks_the_stores_own_rules_is_undone(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        with pytest.raises(StoreFailed):
            store.write(lambda unit: unit._connection.execute("INSERT INTO cell VALUES (1)"))  # type: ignore[attr-defined]
        file(store, plan())
