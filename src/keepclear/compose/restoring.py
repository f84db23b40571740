"""Take a backup into use: in a new folder, or in place of a stopped node's store."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from keepclear import compose
from keepclear.canonical import JsonValue
from keepclear.compose.certified import note_certificate
from keepclear.compose.folder import (
    NodeFolder,
    disk_fault,
    make_folder,
    read_private,
    write_private,
)
from keepclear.compose.keys import (
    NodeKeys,
    read_keys,
    require_keys_of,
    store_keys,
    token_of,
)
from keepclear.compose.making import begun
from keepclear.compose.opening import note_event, open_node
from keepclear.config import config_text
from keepclear.errors import InvalidInput, KeepclearError, KeyFault
from keepclear.identity.keys import SEED_BYTES, NodeKey, PartyRoot
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import NodeIdentity
from keepclear.store.sqlite import open_for_reading, restore_store
from keepclear.store.sqlite.locking import StoreLock

_ASIDE = "before-restore-"
_STORE_FILES = ("store.sqlite", "store.sqlite-wal", "store.sqlite-shm")


class Restored(NamedTuple):
    """What a backup became.

    Attributes:
        identity: whose node it is.
        epoch: the epoch its ledger is in from now on.
        entries: how many entries the backup held.
        kept: the folder that holds the store it took the place of; None where there was none.
    """

    identity: NodeIdentity
    epoch: int
    entries: int
    kept: Path | None


def restore_node(
    folder: NodeFolder, backup: Path, *, keys: Path | None = None, root: PartyRoot | None = None
) -> Restored:
    """Take a backup into use, in a new epoch, and have its ledger say so.

    Args:
        folder: a new or empty folder, or that of a stopped node, whose store is kept aside.
        backup: a file that `keepclear backup` wrote; it stays as it is.
        keys: a folder that holds a copy of the node's `keys`; not needed where they are there.
        root: the party's root, to certify a new key where the node's own is lost.

    Raises:
        InvalidInput: the backup is another node's, or the folder holds something else.
        KeyFault: there are no keys to go on with.
        StoreLocked: the node runs.
        NodeFault: the backup or the disk; what was there is there again.
    """
    identity = identity_of(backup)
    if folder.keys.is_dir() and not folder.unfinished.exists():
        return _in_place(folder, backup, identity, keys, root)
    with begun(folder):
        _take_keys(folder, identity, keys, root)
        write_private(folder.config, config_text().encode())
        token_of(folder, compose.entropy())
        make_folder(folder.backups)
        return _taken(folder, backup, identity, after_epoch=0, kept=None)


def identity_of(backup: Path) -> NodeIdentity:
    """Whose store a backup is.

    Raises:
        StoreMissing, StoreCorrupt, StoreTooNew: it cannot be used.
    """
    with closing(open_for_reading(backup)) as reader:
        return reader.identity


def _in_place(
    folder: NodeFolder,
    backup: Path,
    identity: NodeIdentity,
    keys: Path | None,
    root: PartyRoot | None,
) -> Restored:
    epoch = max((_epoch_of(path, identity) for path in _stores_of(folder)), default=0)
    now = compose.clock().now()
    _require_keys(folder, identity, keys, root, now)
    kept = _set_aside(folder, now)
    try:
        return _taken(folder, backup, identity, after_epoch=epoch, kept=kept)
    except BaseException:
        for name in _STORE_FILES:
            (folder.path / name).unlink(missing_ok=True)
        _bring_back(folder, kept)
        raise


def _stores_of(folder: NodeFolder) -> list[Path]:
    """Its store, and those that earlier restores set aside; a broken-off one left only those."""
    found = [folder.store, *folder.path.glob(f"{_ASIDE}*/{folder.store.name}")]
    return [path for path in found if path.is_file()]


def _epoch_of(store: Path, identity: NodeIdentity) -> int:
    """The epoch of a store that is replaced; 0 where it is too damaged to tell."""
    try:
        with closing(open_for_reading(store)) as reader:
            held, epoch = reader.identity, reader.epoch
    except KeepclearError:
        return 0
    if held.id != identity.id:
        raise InvalidInput(
            f"the backup is of node {identity.id}, the folder that of node {held.id}",
            remedy="Name the node's own folder, or a new one, with --node.",
        )
    return epoch


def _require_keys(
    folder: NodeFolder,
    identity: NodeIdentity,
    keys: Path | None,
    root: PartyRoot | None,
    now: datetime,
) -> None:
    """See that the folder has the node's keys; those given replace others, which are kept."""
    try:
        require_keys_of(read_keys(folder), identity)
    except KeyFault:
        if keys is None and root is None:
            raise
        folder.keys.rename(folder.path / f"keys-{_ASIDE}{now:%Y%m%dT%H%M%SZ}")
        _take_keys(folder, identity, keys, root)


def _taken(
    folder: NodeFolder,
    backup: Path,
    identity: NodeIdentity,
    *,
    after_epoch: int,
    kept: Path | None,
) -> Restored:
    restore_store(backup, folder.store, after_epoch=after_epoch, lock_path=folder.lock)
    with open_node(folder, finished=False) as (node, store, keys):
        with store.view() as view:
            entries = view.ledger_size()
        with backup.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
        body: JsonValue = {"backup_sha256": digest, "entries": entries, "epoch": store.epoch}
        note_event(node, EntryKind.RESTORED, body)
        note_certificate(node, keys)
        return Restored(identity, store.epoch, entries, kept)


def _set_aside(folder: NodeFolder, now: datetime) -> Path:
    """Move the store away, while nobody has it."""
    kept = folder.path / f"{_ASIDE}{now:%Y%m%dT%H%M%SZ}"
    lock = StoreLock(folder.lock)
    try:
        make_folder(kept)
        for name in _STORE_FILES:
            with suppress(FileNotFoundError):
                (folder.path / name).rename(kept / name)
    except OSError as error:
        _bring_back(folder, kept)
        raise disk_fault(error, kept) from None
    finally:
        lock.release()
    return kept


def _bring_back(folder: NodeFolder, kept: Path) -> None:
    for name in _STORE_FILES:
        with suppress(FileNotFoundError):
            (kept / name).rename(folder.path / name)
    with suppress(OSError):
        kept.rmdir()


def _take_keys(
    folder: NodeFolder, identity: NodeIdentity, keys: Path | None, root: PartyRoot | None
) -> NodeKeys:
    if keys is not None:
        given = _Copy(keys)
        require_keys_of(read_keys(given), identity)
        make_folder(folder.keys)
        names = ["node.key", "node.cert.json", "root.pub"]
        if given.tls.exists():  # other nodes know this one by it; older nodes have none yet
            names.append(given.tls.name)
        for name in names:
            write_private(folder.keys / name, read_private(keys / name))
        return read_keys(folder)
    if root is None:
        raise KeyFault(
            "a backup holds no keys, and none were given",
            remedy="Give your safe copy of the folder `keys` with --keys, or the party's root "
            "key with --root to have a new key made and certified.",
        )
    node = NodeKey.from_seed(compose.entropy().new_bytes(SEED_BYTES))
    return store_keys(folder, identity, node, root, compose.clock().now())


class _Copy(NodeFolder):
    """A folder of keys that stands by itself."""

    __slots__ = ()

    @property
    def keys(self) -> Path:
        """The folder itself."""
        return self.path
