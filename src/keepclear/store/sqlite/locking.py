"""One process to a store: a lock that ends with the process, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from keepclear.errors import StoreLocked
from keepclear.store.sqlite.faults import file_faults_named


class StoreLock:
    """The lock on a store, held from making this until `release`.

    Raises:
        StoreLocked: another process has it; the message names it.
        StoreReadOnly: the lock's file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        with file_faults_named(path):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                _take(self._file, path)
            except BaseException:
                os.close(self._file)
                raise

    def release(self) -> None:
        """Let another process have the store; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _take(file: int, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(file, 20, 0).decode(errors="replace").strip()
        raise StoreLocked(
            f"process {holder or '(not known)'} has the store, and its lock {path}"
        ) from None
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
