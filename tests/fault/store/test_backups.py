"""Backups: of one moment while the node works, checked, and taken into use in a new epoch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from contract.store.parts import IDENTITY, file, note, plan, verified
from fault.store.opening import NAME, opened
from keepclear.errors import InvalidInput, NodeFault, StoreLocked, StoreMissing
from keepclear.store.sqlite import open_for_reading, restore_store


def test_a_backup_made_while_others_write_is_of_one_moment(tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    with closing(opened(tmp_path)) as store:
        store.write(lambda unit: [unit.append(note("x" * 9_000)) for _ in range(1_500)])

        def write(thread: int) -> None:
            n = 0
            while not target.exists():
                file(store, plan(f"B-{thread}-{n}"))
                n += 1

        with ThreadPoolExecutor(3) as pool:
            writing = [pool.submit(write, n) for n in range(3)]
            store.backup(str(target))
            for each in writing:
                each.result(30)
        with store.view() as view:
            size = view.ledger_size()
    with closing(open_for_reading(target)) as kept, kept.view() as view:
        assert 1_500 <= view.ledger_size() <= size
        assert view.ledger_size() == 1_500 + len(view.geometries())
        assert verified(view).holds
        assert kept.identity == IDENTITY
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*copy*")] == ["copy.sqlite"]


def test_a_backup_replaces_nothing(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        for taken in (tmp_path / NAME, tmp_path / "mine.txt"):
            taken.touch()
            before = taken.read_bytes()
            with pytest.raises(InvalidInput, match="already a file"):
                store.backup(str(taken))
            assert taken.read_bytes() == before
        with pytest.raises(NodeFault, match="nowhere"):
            store.backup(str(tmp_path / "nowhere" / "copy.sqlite"))


def test_a_restored_node_goes_on_in_a_new_epoch(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    with closing(opened(old)) as store:
        kept = file(store, plan("B-1"))
        store.backup(str(tmp_path / "copy.sqlite"))
        file(store, plan("B-lost"))
    before = (tmp_path / "copy.sqlite").read_bytes()
    assert restore_store(tmp_path / "copy.sqlite", new / NAME) == IDENTITY
    assert (tmp_path / "copy.sqlite").read_bytes() == before
    with closing(opened(new, seed="restored")) as store:
        assert store.epoch == 1
        file(store, plan("B-2"))
        with store.view() as view:
            assert view.operation(kept.operation.id) == kept
            assert [signed.head.epoch for signed in view.heads()] == [0, 1]
            assert verified(view).holds
    assert sorted(path.name for path in new.iterdir()) == ["store.lock", NAME]


def test_no_two_restores_share_an_epoch(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        file(store, plan())
        store.backup(str(tmp_path / "copy.sqlite"))
    first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
    restore_store(tmp_path / "copy.sqlite", first)
    with closing(open_for_reading(first)) as reader:
        epoch = reader.epoch
    restore_store(tmp_path / "copy.sqlite", second, after_epoch=epoch)
    with closing(open_for_reading(second)) as reader:
        assert (epoch, reader.epoch) == (1, 2)


def test_a_backup_is_not_restored_over_a_store(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.backup(str(tmp_path / "copy.sqlite"))
        with pytest.raises(StoreLocked):
            restore_store(tmp_path / "copy.sqlite", tmp_path / NAME)
    with pytest.raises(InvalidInput, match="already a file"):
        restore_store(tmp_path / "copy.sqlite", tmp_path / NAME)
    with pytest.raises(StoreMissing):
        restore_store(tmp_path / "nothing.sqlite", tmp_path / "new.sqlite")
    opened(tmp_path).close()
