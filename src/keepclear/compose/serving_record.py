"""Who serves a node, and where: what one process leaves for others on the same machine."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from datetime import datetime

import msgspec

from keepclear.compose.folder import NodeFolder, write_private


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """A process that serves a node.

    Attributes:
        pid: its number.
        address: where it answers; "127.0.0.1" where it answers on every address.
        port: likewise.
        started_at: when it began.
        peers_port: the port for other nodes; 0 where there is none.
    """

    pid: int
    address: str
    port: int
    started_at: datetime
    peers_port: int = 0


def note_serving(folder: NodeFolder, serving: Serving) -> None:
    """Leave word; `forget_serving` takes it away."""
    write_private(folder.serving, msgspec.json.encode(serving))


def forget_serving(folder: NodeFolder, pid: int) -> None:
    """Take away the word that this process left; another's stays."""
    noted = noted_serving(folder)
    if noted is not None and noted.pid == pid:
        with suppress(OSError):
            folder.serving.unlink()


def noted_serving(folder: NodeFolder) -> Serving | None:
    """What was left, whether or not it still holds; None for nothing readable."""
    try:
        return msgspec.json.decode(folder.serving.read_bytes(), type=Serving)
    except (OSError, msgspec.DecodeError):
        return None


def running(folder: NodeFolder) -> Serving | None:
    """Who serves now; None where nobody does, whatever an ended process left behind.

    The lock decides: only a living process holds it, and no other may be sent the token.
    """
    noted = noted_serving(folder)
    return noted if noted is not None and noted.pid == holder_of(folder) else None


def holder_of(folder: NodeFolder) -> int | None:
    """The process that has the store; None where none has, 0 where it does not say which."""
    if not is_held(folder):
        return None
    try:
        return int(folder.lock.read_text().strip())
    except (OSError, ValueError):
        return 0


def is_held(folder: NodeFolder) -> bool:
    """Whether some process, this one included, has the store."""
    try:
        descriptor = os.open(folder.lock, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
