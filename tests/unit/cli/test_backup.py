"""A backup is whole, holds no keys, and comes back into use in a new epoch."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main
from keepclear.errors import StoreFull

Ask = Callable[..., tuple[Any, int]]
Plan = Callable[..., str]


@pytest.fixture
def backup(node: Path, plan: Plan) -> Path:
    """A backup that holds one operation; the node files a second one later."""
    main(["op", "file", plan("B-1")])
    assert main(["backup", "kept.sqlite"]) == 0
    main(["op", "file", plan("B-2")])
    return Path("kept.sqlite")


def operations(ask: Ask, folder: Path) -> list[str]:
    page, _ = ask("op", "list", "--node", str(folder))
    return sorted(each["designator"] for each in page["items"])


def test_a_backup_is_open_to_its_owner_alone_and_holds_no_key(node: Path, backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    secret = (node / "keys" / "node.key").read_bytes().splitlines()[1]
    assert secret not in backup.read_bytes()
    assert (node / "token").read_bytes().strip() not in backup.read_bytes()


def test_without_a_name_it_goes_into_the_nodes_folder(node: Path) -> None:
    assert main(["backup"]) == 0
    assert len(list((node / "backups").glob("keepclear-*.sqlite"))) == 1


def test_a_backup_replaces_no_file(node: Path) -> None:
    Path("mine.txt").write_text("mine")
    assert main(["backup", "mine.txt"]) == ExitCode.BAD_INPUT
    assert Path("mine.txt").read_text() == "mine"


def test_a_stopped_node_goes_back_and_its_store_is_kept(
    node: Path, backup: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert operations(ask, node) == ["B-1", "B-2"]
    assert main(["restore", str(backup)]) == 0
    assert "epoch 1" in capsys.readouterr().out
    assert operations(ask, node) == ["B-1"]
    (aside,) = node.glob("before-restore-*")
    assert (aside / "store.sqlite").is_file()
    assert main(["ledger", "verify", "--signatures"]) == 0


def test_each_restore_begins_a_new_epoch(node: Path, backup: Path, ask: Ask) -> None:
    for epoch in (1, 2):
        main(["restore", str(backup)])
        assert ask("ledger", "head")[0]["epoch"] == epoch


def test_a_new_folder_needs_the_keys(
    node: Path, backup: Path, ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    assert main(["restore", str(backup), "--node", str(new)]) == ExitCode.INTERNAL_ERROR
    assert "--keys" in capsys.readouterr().err
    assert not new.exists()
    keys = ("--keys", str(node / "keys"))
    assert main(["restore", str(backup), "--node", str(new), *keys]) == 0
    assert operations(ask, new) == ["B-1"]


def test_a_lost_key_is_made_anew_by_the_root_and_old_heads_still_verify(
    node: Path, backup: Path, ask: Ask, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    root = ("--root", str(node / "keys" / "root.key"))
    assert main(["restore", str(backup), "--node", str(new), *root]) == 0
    assert main(["ledger", "verify", "--signatures", "--node", str(new)]) == 0
    before, after = (ask("ledger", "head", "--node", str(f))[0]["key_id"] for f in (node, new))
    assert before != after


def test_a_damaged_store_is_replaced_all_the_same(node: Path, backup: Path, ask: Ask) -> None:
    (node / "store.sqlite").write_bytes(b"nothing of worth" * 1_000)
    assert main(["restore", str(backup)]) == 0
    assert operations(ask, node) == ["B-1"]


def test_another_nodes_backup_is_refused(
    node: Path, backup: Path, ask: Ask, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    main(["init", "--node", str(other), "--party", "AMBER", "--mode", "EXERCISE"])
    assert main(["restore", str(backup), "--node", str(other)]) == ExitCode.BAD_INPUT
    assert operations(ask, other) == []


@pytest.mark.parametrize("data", [b"", b"no store" * 999])
def test_what_is_no_backup_leaves_the_node_as_it_was(
    node: Path, ask: Ask, plan: Plan, data: bytes
) -> None:
    main(["op", "file", plan("B-1")])
    Path("bad.sqlite").write_bytes(data)
    assert main(["restore", "bad.sqlite"]) == ExitCode.INTERNAL_ERROR
    assert operations(ask, node) == ["B-1"]


def test_a_restore_that_fails_half_way_brings_the_store_back(
    node: Path, backup: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        (node / "store.sqlite").write_bytes(b"half")
        raise StoreFull("no room")

    with monkeypatch.context() as patch:
        patch.setattr("keepclear.compose.restoring.restore_store", full)
        assert main(["restore", str(backup)]) == ExitCode.INTERNAL_ERROR
    assert operations(ask, node) == ["B-1", "B-2"]
    assert not list(node.glob("before-restore-*"))


def test_a_restore_that_was_killed_half_way_is_done_by_another(
    node: Path, backup: Path, ask: Ask
) -> None:
    aside = node / "before-restore-20260314T050000Z"
    aside.mkdir()
    shutil.move(node / "store.sqlite", aside / "store.sqlite")
    assert main(["op", "list"]) == ExitCode.BAD_INPUT
    assert main(["restore", str(backup)]) == 0
    assert operations(ask, node) == ["B-1"]
    assert ask("ledger", "head")[0]["epoch"] == 1


def test_a_node_that_is_in_use_is_not_replaced(node: Path, backup: Path) -> None:
    from keepclear.store.sqlite.locking import StoreLock

    lock = StoreLock(node / "store.lock")
    try:
        assert main(["restore", str(backup)]) == ExitCode.INTERNAL_ERROR
    finally:
        lock.release()
    assert (node / "store.sqlite").is_file()
