"""A node's small files: its owner's alone, whole or as they were, every failure named."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from keepclear.compose.folder import (
    NodeFolder,
    disk_fault,
    make_folder,
    read_private,
    write_private,
)
from keepclear.errors import KeyFault, NodeFault, StoreFailed, StoreFull, StoreReadOnly


def test_a_private_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert (read_private(path), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


def test_a_write_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "token"
    write_private(path, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreFull):
            write_private(path, b"new")
    assert read_private(path) == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["token"]


def test_a_missing_or_swollen_file_is_a_key_fault(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="cannot be read"):
        read_private(tmp_path / "none")
    (tmp_path / "swollen").write_bytes(b"x" * 1_000_001)
    with pytest.raises(KeyFault, match="far too large"):
        read_private(tmp_path / "swollen")


def test_a_folder_is_its_owners_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    make_folder(tmp_path / "keys")


def test_a_folder_in_the_place_of_a_file_is_a_named_fault(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(NodeFault):
        make_folder(tmp_path / "keys")


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
def test_what_the_system_says_becomes_a_fault_with_a_remedy(
    number: int, kind: type[NodeFault]
) -> None:
    fault = disk_fault(OSError(number, os.strerror(number)), Path("store"))
    assert type(fault) is kind
    assert fault.remedy


def is_node(path: Path, *names: str) -> bool:
    folder = NodeFolder(path)
    for each in (folder.store, folder.unfinished):
        each.unlink(missing_ok=True)
    for name in names:
        (path / name).write_text("")
    return folder.is_node


def test_an_unfinished_node_is_none(tmp_path: Path) -> None:
    assert is_node(tmp_path, "store.sqlite")
    assert not is_node(tmp_path)
    assert not is_node(tmp_path, "store.sqlite", ".unfinished")
