"""Opening a store: alone, only one's own, only what is understood; and reading beside it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from contract.store.parts import (
    IDENTITY,
    CountedEntropy,
    TestKey,
    TurnedClock,
    file,
    plan,
    verified,
)
from fault.killing import TESTS
from fault.store.opening import NAME, opened, raw
from keepclear.errors import (
    InvalidInput,
    LedgerBroken,
    NodeFault,
    StoreCorrupt,
    StoreLocked,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
)
from keepclear.store.sqlite import make_store, open_for_reading, open_store
from keepclear.store.sqlite.locking import StoreLock

NOBODY = 65_534


@contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """Whoever runs the tests, rights count: root becomes nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may look into, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield folder
        folder.chmod(0o700)


def test_a_store_is_not_made_over_another(tmp_path: Path) -> None:
    store = opened(tmp_path)
    file(store, plan())
    store.close()
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(InvalidInput, match="already a file"):
        make_store(tmp_path / NAME, IDENTITY)
    assert (tmp_path / NAME).read_bytes() == before


def test_making_a_store_where_there_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NodeFault):
        make_store(tmp_path / "nowhere" / NAME, IDENTITY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_what_is_not_there_is_not_opened(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / NAME
    with pytest.raises(StoreMissing):
        opened_at(path)
    with pytest.raises(StoreMissing):
        open_for_reading(path)
    assert list(tmp_path.iterdir()) == []


def opened_at(path: Path) -> None:
    open_store(path, signer=TestKey(), entropy=CountedEntropy(), clock=TurnedClock()).close()


@pytest.mark.parametrize("content", [b"", b"no store at all" * 1_000])
def test_what_is_no_store_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    for opening in (opened_at, open_for_reading):
        with pytest.raises(StoreCorrupt, match=NAME):
            opening(path)


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(StoreCorrupt, match="not a node's store"):
        opened_at(path)
    assert path.read_bytes() == before


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with raw(tmp_path) as tables:
        tables.execute("PRAGMA user_version = 999")
    for opening in (opened_at, open_for_reading):
        with pytest.raises(StoreTooNew, match="form 999"):
            opening(tmp_path / NAME)


def test_a_store_that_forgot_whose_it_is_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with raw(tmp_path) as tables:
        tables.execute("UPDATE node SET mode = 'PLAY'")
    with pytest.raises(StoreCorrupt, match="whose store"):
        opened(tmp_path)
    with raw(tmp_path) as tables:
        tables.execute("DELETE FROM node")
    with pytest.raises(StoreCorrupt, match="whose store"):
        opened(tmp_path)


def test_a_refused_opening_lets_the_lock_go(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with raw(tmp_path) as tables:
        tables.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreTooNew):
        opened(tmp_path)
    StoreLock(tmp_path / "store.lock").release()


def test_a_store_is_opened_once(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(StoreLocked, match=f"process {os.getpid()} "):
        opened(tmp_path)
    file(store, plan())
    store.close()
    opened(tmp_path).close()


def test_another_process_that_has_the_store_is_named(tmp_path: Path) -> None:
    opened(tmp_path).close()
    child = subprocess.Popen(
        [sys.executable, "-m", "fault.store.crash_child", str(tmp_path), "other"],
        cwd=TESTS,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    with child.stdout as told:
        number, operation_id, *_ = told.readline().decode().split()
        with pytest.raises(StoreLocked, match=f"process {child.pid} "):
            opened(tmp_path)
        reader = open_for_reading(tmp_path / NAME)
        with reader.view() as view:
            stored = view.operation(operation_id)
            report = verified(view)
        reader.close()
        child.send_signal(signal.SIGKILL)
    child.wait()
    assert stored is not None
    assert stored.number == int(number)
    assert report.holds
    opened(tmp_path).close()


def test_a_lock_without_a_name_in_it_still_locks(tmp_path: Path) -> None:
    lock = StoreLock(tmp_path / "store.lock")
    (tmp_path / "store.lock").write_text("")
    with pytest.raises(StoreLocked, match="not known"):
        opened_with_lock(tmp_path)
    lock.release()
    lock.release()


def opened_with_lock(folder: Path) -> None:
    make_store(folder / NAME, IDENTITY)


def test_a_store_is_read_while_a_node_runs_on_it_and_after(tmp_path: Path) -> None:
    store = opened(tmp_path)
    filed = file(store, plan())
    reader = open_for_reading(tmp_path / NAME)
    assert (reader.identity, reader.epoch) == (IDENTITY, 0)
    with reader.view() as view:
        assert view.operation(filed.operation.id) == filed
    second = file(store, plan("B-2"))
    with reader.view() as view:
        assert view.sequence == second.change
    reader.close()
    store.close()
    with closing(open_for_reading(tmp_path / NAME)) as reader, reader.view() as view:
        assert view.sequence == second.change
    assert not list(tmp_path.glob("opened*"))


def test_who_only_reads_cannot_write(tmp_path: Path) -> None:
    store = opened(tmp_path)
    file(store, plan())
    with pytest.raises(StoreReadOnly), store.view() as view:
        view._connection.execute("DELETE FROM operation")
    store.close()


def test_a_folder_that_may_not_be_written_is_named_at_once(open_folder: Path) -> None:
    opened(open_folder).close()
    with unprivileged(open_folder):
        (open_folder / "store.lock").unlink()
        open_folder.chmod(0o555)
        with pytest.raises(StoreReadOnly, match=r"store\.lock"):
            opened(open_folder)
        with pytest.raises(StoreReadOnly):
            make_store(open_folder / "other.sqlite", IDENTITY)


def test_a_file_that_may_not_be_written_is_named_at_once(open_folder: Path) -> None:
    opened(open_folder).close()
    (open_folder / NAME).chmod(0o444)
    with unprivileged(open_folder), pytest.raises(StoreReadOnly, match=NAME):
        opened(open_folder)


def test_a_store_on_a_medium_that_cannot_be_written_is_read(open_folder: Path) -> None:
    store = opened(open_folder)
    filed = file(store, plan())
    store.close()
    with unprivileged(open_folder):
        open_folder.chmod(0o555)
        with closing(open_for_reading(open_folder / NAME)) as reader, reader.view() as view:
            assert view.operation(filed.operation.id) == filed


def test_a_file_that_may_not_be_read_is_named(open_folder: Path) -> None:
    opened(open_folder).close()
    (open_folder / NAME).chmod(0)
    with unprivileged(open_folder), pytest.raises(StoreReadOnly, match=NAME):
        open_for_reading(open_folder / NAME)


def test_an_unsigned_tail_is_not_built_upon(tmp_path: Path) -> None:
    store = opened(tmp_path)
    file(store, plan())
    store.close()
    with raw(tmp_path) as tables:
        tables.execute("DELETE FROM ledger_head")
    with pytest.raises(LedgerBroken, match="1 entries, its last signed head is over 0"):
        opened(tmp_path)
