"""A node goes on only with keys that are its own; an old certificate is said, not fatal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from keepclear.compose.folder import NodeFolder
from keepclear.compose.keys import (
    CERTIFIED_FOR,
    NodeKeys,
    make_keys,
    read_keys,
    require_keys_of,
    token_of,
    validity_fault,
)
from keepclear.compose.machine import SystemEntropy
from keepclear.errors import KeyFault
from keepclear.identity.keys import PartyRoot
from keepclear.model.node import NodeIdentity, NodeKind
from keepclear.model.operation import Mode

MADE = datetime(2026, 3, 14, 5, tzinfo=UTC)
BLUE = NodeIdentity(
    "3fa85f64-5717-4562-b3fc-2c963f66afa6", "BLUE", Mode.EXERCISE, NodeKind.INTEGRATED, MADE
)


@pytest.fixture
def folder(tmp_path: Path) -> NodeFolder:
    return NodeFolder(tmp_path)


@pytest.fixture
def keys(folder: NodeFolder) -> NodeKeys:
    return make_keys(folder, BLUE, SystemEntropy(), None)


def test_keys_are_read_as_they_were_made(folder: NodeFolder, keys: NodeKeys) -> None:
    read = read_keys(folder)
    assert read.certificate == keys.certificate
    assert read.root_public_key == keys.root_public_key
    require_keys_of(read, BLUE)


def test_a_given_root_is_not_copied(folder: NodeFolder) -> None:
    root = PartyRoot.from_seed(bytes(range(32)))
    keys = make_keys(folder, BLUE, SystemEntropy(), root)
    assert keys.root_public_key == root.public_key
    assert not folder.root_key.exists()


def test_no_key_is_ever_made_twice(folder: NodeFolder, keys: NodeKeys) -> None:
    again = make_keys(folder, BLUE, SystemEntropy(), None)
    assert again.node.key_id != keys.node.key_id
    assert again.root_public_key != keys.root_public_key


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("name", ["node.key", "node.cert.json", "root.pub"])
@pytest.mark.parametrize("data", [None, b"", b"nonsense"], ids=["missing", "empty", "nonsense"])
def test_a_missing_or_damaged_file_is_a_key_fault(
    folder: NodeFolder, name: str, data: bytes | None
) -> None:
    (folder.keys / name).unlink()
    if data is not None:
        (folder.keys / name).write_bytes(data)
    with pytest.raises(KeyFault):
        read_keys(folder)


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("name", ["node.key", "node.cert.json", "root.pub"])
def test_a_file_of_another_nodes_keys_is_a_key_fault(
    folder: NodeFolder, tmp_path: Path, name: str
) -> None:
    other = NodeFolder(tmp_path / "other")
    other.path.mkdir()
    make_keys(other, BLUE, SystemEntropy(), None)
    (folder.keys / name).write_bytes((other.keys / name).read_bytes())
    with pytest.raises(KeyFault):
        read_keys(folder)


@pytest.mark.parametrize(
    "identity",
    [
        NodeIdentity(BLUE.id, "AMBER", BLUE.mode, BLUE.kind, MADE),
        NodeIdentity(BLUE.id, "BLUE", Mode.REAL, BLUE.kind, MADE),
        NodeIdentity("3fa85f64-5717-4562-b3fc-2c963f66afa7", "BLUE", BLUE.mode, BLUE.kind, MADE),
    ],
    ids=["party", "mode", "node"],
)
def test_keys_certified_for_something_else_are_refused(
    keys: NodeKeys, identity: NodeIdentity
) -> None:
    with pytest.raises(KeyFault, match="certified for"):
        require_keys_of(keys, identity)


def test_a_certificate_says_when_it_is_not_valid(keys: NodeKeys) -> None:
    assert validity_fault(keys, MADE) == ""
    assert validity_fault(keys, MADE + CERTIFIED_FOR - timedelta(days=1)) == ""
    assert "was valid until" in validity_fault(keys, MADE + CERTIFIED_FOR + timedelta(days=1))
    assert "is valid from" in validity_fault(keys, MADE - timedelta(days=1))


def test_a_removed_token_is_made_anew(folder: NodeFolder) -> None:
    first = token_of(folder, SystemEntropy())
    assert token_of(folder, SystemEntropy()) == first
    folder.token.unlink()
    assert token_of(folder, SystemEntropy()) != first
