"""A node's folder: which file is where, open to its owner alone, written whole or not at all."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from keepclear.errors import KeyFault, NodeFault, StoreFailed, StoreFull, StoreReadOnly

OWNER_FILE = 0o600
OWNER_FOLDER = 0o700
MOST_BYTES = 1_000_000
"""None of the folder's small files is larger."""


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """Where a node's files are.

    Attributes:
        path: the folder itself.
    """

    path: Path

    @property
    def config(self) -> Path:
        """The settings."""
        return self.path / "keepclear.toml"

    @property
    def store(self) -> Path:
        """The store; SQLite keeps two files beside it."""
        return self.path / "store.sqlite"

    @property
    def lock(self) -> Path:
        """Held by the one process that has the store."""
        return self.path / "store.lock"

    @property
    def dss(self) -> Path:
        """The store of the F3548 discovery service; SQLite keeps two files beside it."""
        return self.path / "dss.sqlite"

    @property
    def serving(self) -> Path:
        """Who serves, and where; there only while somebody does."""
        return self.path / "serving.json"

    @property
    def token(self) -> Path:
        """What lets a program on this machine in."""
        return self.path / "token"

    @property
    def keys(self) -> Path:
        """The folder of keys."""
        return self.path / "keys"

    @property
    def root_key(self) -> Path:
        """The party's root key; it may be kept elsewhere."""
        return self.keys / "root.key"

    @property
    def root_public_key(self) -> Path:
        """The public half of the party's root, in hex; enough for everything but certifying."""
        return self.keys / "root.pub"

    @property
    def node_key(self) -> Path:
        """The node's own key."""
        return self.keys / "node.key"

    @property
    def certificate(self) -> Path:
        """What the party root says of the node's key."""
        return self.keys / "node.cert.json"

    @property
    def tls(self) -> Path:
        """The TLS key and certificate that other nodes know this one by."""
        return self.keys / "tls.pem"

    @property
    def backups(self) -> Path:
        """Where backups go that name no other place."""
        return self.path / "backups"

    @property
    def log(self) -> Path:
        """The current log file."""
        return self.path / "logs" / "keepclear.log"

    @property
    def exchanges(self) -> Path:
        """The folder of what a USS logs as its standard wants it, a file for each day."""
        return self.path / "exchanges"

    @property
    def unfinished(self) -> Path:
        """There only while a node is being made or restored."""
        return self.path / ".unfinished"

    @property
    def is_node(self) -> bool:
        """Whether there is a node, and a whole one."""
        return self.store.is_file() and not self.unfinished.exists()


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, whole and on the disk, or leave it as it was.

    Raises:
        StoreFull, StoreReadOnly, StoreFailed: why it could not be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_FILE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise disk_fault(error, path) from None


def read_private(path: Path) -> bytes:
    """Read one of a node's small files.

    Raises:
        KeyFault: it is not there, cannot be read, or is far too large.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise KeyFault(f"{path} cannot be read ({error.strerror})") from None
    if len(data) > MOST_BYTES:
        raise KeyFault(f"{path} is far too large for what it should be")
    return data


def make_folder(path: Path) -> None:
    """Make a folder that only its owner enters; one that is there is left as it is.

    Raises:
        StoreFull, StoreReadOnly, StoreFailed: why it could not be made.
    """
    try:
        path.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise disk_fault(error, path) from None


def sync_folder(path: Path) -> None:
    """Have the folder's list of names on the disk; a renamed file is there after a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_fault(error: OSError, path: Path) -> NodeFault:
    """Say what the operating system means, in this product's errors."""
    text = f"{path} cannot be written ({error.strerror or error})"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull(text)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
        return StoreReadOnly(text)
    return StoreFailed(text)
