"""The writer under pressure: groups, a full queue, a commit that fails, what is forced to disk."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from contract.store.parts import (
    IDENTITY,
    CountedEntropy,
    TestKey,
    TurnedClock,
    ended,
    file,
    note,
    plan,
    pruned_note,
    put,
    verified,
)
from fault.store.opening import NAME, opened
from keepclear.errors import KeyFault, NodeBusy, NodeFault
from keepclear.ports.store import StoredOperation, Unit
from keepclear.store.sqlite import SqliteStore, make_store, open_store
from keepclear.store.sqlite.connecting import writing_connection

Outcome = Future[StoredOperation]


@contextmanager
def held(store: SqliteStore, pool: ThreadPoolExecutor) -> Iterator[None]:
    """The writer is at work on something else until the block ends."""
    gate, working = Event(), Event()

    def hold(_: Unit) -> None:
        working.set()
        gate.wait(20)

    holding = pool.submit(store.write, hold)
    assert working.wait(10)
    try:
        yield
    finally:
        gate.set()
    holding.result(10)


def fill(store: SqliteStore, pool: ThreadPoolExecutor, waiting: int) -> list[Outcome]:
    """So many works in the queue, and not one more: the one beyond was refused."""
    outcomes = [pool.submit(file, store, plan(f"B-{n}")) for n in range(waiting + 1)]
    (busy,) = (done.exception(10) for done in _until_done(outcomes, 1))
    assert isinstance(busy, NodeBusy)
    assert f"{waiting} works" in busy.message
    return [each for each in outcomes if not each.done()]


def _until_done(outcomes: list[Outcome], count: int) -> list[Outcome]:
    done = Event()
    for each in outcomes:
        each.add_done_callback(lambda _: done.set())
    assert done.wait(10)
    found = [each for each in outcomes if each.done()]
    assert len(found) == count
    return found


def test_works_that_wait_together_share_one_commit_and_one_head(tmp_path: Path) -> None:
    store = opened(tmp_path, most_waiting=12)
    told: list[int] = []
    store.on_change(lambda done: told.append(len(done.changes)))
    with ThreadPoolExecutor(14) as pool:
        with held(store, pool):
            outcomes = fill(store, pool, 12)
        stored = [each.result(10) for each in outcomes]
    with store.view() as view:
        assert len(view.heads()) == 1
        assert view.ledger_size() == len(stored) == 12
    assert told == [12]
    store.close()


def test_a_store_that_has_too_much_to_do_says_so_and_does_the_rest(tmp_path: Path) -> None:
    store = opened(tmp_path, most_waiting=2)
    with ThreadPoolExecutor(4) as pool:
        with held(store, pool):
            outcomes = fill(store, pool, 2)
        assert len([each.result(10) for each in outcomes]) == 2
    file(store, plan("B-next"))
    store.close()


class FailingKey(TestKey):
    """A key that signs only while it is there."""

    there = True

    def sign(self, message: bytes) -> bytes:
        if not self.there:
            raise KeyFault("the key is gone")
        return super().sign(message)


def test_without_its_signature_nothing_of_a_group_is_stored(tmp_path: Path) -> None:
    key = FailingKey()
    make_store(tmp_path / NAME, IDENTITY)
    store = open_store(
        tmp_path / NAME,
        signer=key,
        entropy=CountedEntropy(),
        clock=TurnedClock(),
        most_waiting=6,
    )
    file(store, plan("B-first"))
    with ThreadPoolExecutor(8) as pool:
        with held(store, pool):
            outcomes = fill(store, pool, 6)
            key.there = False
        errors = [each.exception(10) for each in outcomes]
    assert [type(error) for error in errors] == [KeyFault] * 6
    assert len(set(map(id, errors))) == 6
    with store.view() as view:
        assert (view.ledger_size(), view.sequence) == (1, 1)
    key.there = True
    file(store, plan("B-0"))
    with store.view() as view:
        assert view.ledger_size() == 2
        assert verified(view).holds
    store.close()


def test_every_commit_is_forced_to_the_disk(tmp_path: Path) -> None:
    opened(tmp_path).close()
    connection = writing_connection(tmp_path / NAME)
    settings = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "journal_mode", "foreign_keys", "secure_delete")
    }
    connection.close()
    assert settings == {
        "synchronous": 2,
        "journal_mode": "wal",
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_what_was_pruned_is_nowhere_in_the_files(tmp_path: Path) -> None:
    store = opened(tmp_path)
    secret = "Zugspitze-4711" * 500
    one = plan(source_text=secret)
    file(store, one)
    file(store, ended(plan()))
    assert _found_in_files(tmp_path, b"Zugspitze-4711")

    def work(unit: Unit) -> None:
        assert unit.prune(0)
        unit.append(pruned_note(0))

    store.write(work)
    assert not _found_in_files(tmp_path, b"Zugspitze-4711")
    store.close()


def _found_in_files(folder: Path, text: bytes) -> bool:
    return any(text in file.read_bytes() for file in folder.glob(f"{NAME}*"))


def test_a_work_that_catches_its_own_errors_still_stores_the_rest(tmp_path: Path) -> None:
    store = opened(tmp_path)

    def work(unit: Unit) -> None:
        put(unit, plan("B-1"))
        with pytest.raises(NodeFault, match="another work"):
            store.write(lambda inner: inner.append(note()))

    store.write(work)
    with store.view() as view:
        assert view.ledger_size() == 1
    store.close()


def test_a_closed_store_leaves_one_file_and_its_lock(tmp_path: Path) -> None:
    store = opened(tmp_path)
    file(store, plan())
    with store.view() as view:
        assert view.ledger_size() == 1
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store.lock", NAME]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


class MuddledKey(TestKey):
    """A key with a fault in its programming."""

    def sign(self, message: bytes) -> bytes:
        raise ZeroDivisionError(len(message))


def test_a_fault_of_ours_reaches_every_caller_and_hangs_nobody(tmp_path: Path) -> None:
    make_store(tmp_path / NAME, IDENTITY)
    store = open_store(
        tmp_path / NAME, signer=MuddledKey(), entropy=CountedEntropy(), clock=TurnedClock()
    )
    for _ in range(2):
        with pytest.raises(NodeFault, match="ZeroDivisionError"):
            file(store, plan())
    with store.view() as view:
        assert view.ledger_size() == 0
    store.close()
