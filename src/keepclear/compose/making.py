"""Make a node: its keys, settings, token and store, all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from keepclear import __version__, compose
from keepclear.compose.certified import note_certificate
from keepclear.compose.folder import NodeFolder, disk_fault, make_folder, write_private
from keepclear.compose.keys import NodeKeys, make_keys, token_of
from keepclear.compose.opening import note_event, open_node
from keepclear.config import config_text
from keepclear.errors import InvalidInput, StoreReadOnly
from keepclear.formats.agreement import read_agreement
from keepclear.identity.keys import PartyRoot
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import NodeIdentity, NodeKind
from keepclear.model.operation import Mode
from keepclear.ports.world import Clock
from keepclear.services.agreeing import file_agreement
from keepclear.services.expected import NEW
from keepclear.store.sqlite import make_store


class Made(NamedTuple):
    """A new node.

    Attributes:
        identity: what is fixed from now on.
        keys: what it signs with.
        made_root: whether the party's root was made with it, and lies in its folder.
    """

    identity: NodeIdentity
    keys: NodeKeys
    made_root: bool


def make_node(
    folder: NodeFolder,
    *,
    party: str,
    mode: Mode,
    kind: NodeKind,
    agreement: bytes | None = None,
    root: PartyRoot | None = None,
    clock: Clock | None = None,
) -> Made:
    """Make a node in a folder that does not exist or is empty.

    Args:
        folder: where; what a broken-off attempt left there is removed first.
        party: whose node it is.
        mode: EXERCISE or REAL.
        kind: integrated or terminal.
        agreement: the text of an agreement to file at once.
        root: the party's root where it has one; None makes one.
        clock: in place of this machine's, for an exercise.

    Raises:
        InvalidInput: there is a node already or something else, or the agreement cannot be
            used; the folder is as it was.
        NodeFault: the disk does not take it; the folder is as it was.
    """
    now = (clock or compose.clock()).now()
    identity = NodeIdentity(compose.entropy().new_id(), party, mode, kind, now)
    with begun(folder):
        keys = make_keys(folder, identity, compose.entropy(), root)
        write_private(folder.config, config_text().encode())
        token_of(folder, compose.entropy())
        make_folder(folder.backups)
        make_store(folder.store, identity, lock_path=folder.lock)
        _first_entries(folder, keys, agreement, clock)
    return Made(identity, keys, root is None)


@contextmanager
def begun(folder: NodeFolder) -> Iterator[None]:
    """Let a node be made in the block; what fails leaves nothing behind.

    Raises:
        InvalidInput: something is there that is not ours to replace.
    """
    existed = folder.path.is_dir()
    if existed:
        _require_free(folder)
    make_folder(folder.path)
    try:
        _own(folder)
        write_private(folder.unfinished, b"a node is being made here\n")
        yield
        folder.unfinished.unlink()
    except BaseException:
        _remove_contents(folder)
        if not existed:
            folder.path.rmdir()
        raise


def _own(folder: NodeFolder) -> None:
    try:
        folder.path.chmod(0o700)
    except OSError as error:
        raise disk_fault(error, folder.path) from None


def _require_free(folder: NodeFolder) -> None:
    try:
        if folder.unfinished.exists():
            _remove_contents(folder)
        held = next(folder.path.iterdir(), None)
    except OSError as error:
        raise StoreReadOnly(f"{folder.path} cannot be looked into ({error.strerror})") from None
    if folder.store.exists():
        raise InvalidInput(
            f"there is a node in {folder.path} already",
            remedy="Use it, or name another folder with --node; nothing of it was changed.",
        )
    if held is not None:
        raise InvalidInput(
            f"{folder.path} is not empty", remedy="Name an empty or a new folder with --node."
        )


def _remove_contents(folder: NodeFolder) -> None:
    """Everything, the mark that it is unfinished last."""
    for item in folder.path.iterdir():
        if item == folder.unfinished:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
    folder.unfinished.unlink(missing_ok=True)


def _first_entries(
    folder: NodeFolder, keys: NodeKeys, agreement: bytes | None, clock: Clock | None
) -> None:
    with open_node(folder, finished=False, clock=clock) as (node, _, _):
        about = node.identity
        body = {
            "keepclear": __version__,
            "kind": about.kind.value,
            "mode": about.mode.value,
            "party": about.party,
        }
        note_event(node, EntryKind.NODE_INITIALISED, body)
        note_certificate(node, keys)
        if agreement is not None:
            told = read_agreement(agreement, name="the agreement")
            file_agreement(node, told.id, told.version, agreement, expected=NEW)
