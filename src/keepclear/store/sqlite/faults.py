"""From what SQLite and the system say to what a person can act on.

Source: https://www.sqlite.org/rescode.html (the low byte of an extended code is the
primary one).
"""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keepclear.errors import (
    NodeFault,
    StoreCorrupt,
    StoreFailed,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
)

_KINDS: dict[int, type[NodeFault]] = {
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_CANTOPEN: StoreReadOnly,
    sqlite3.SQLITE_PERM: StoreReadOnly,
    sqlite3.SQLITE_CORRUPT: StoreCorrupt,
    sqlite3.SQLITE_NOTADB: StoreCorrupt,
    sqlite3.SQLITE_BUSY: StoreLocked,
    sqlite3.SQLITE_LOCKED: StoreLocked,
    sqlite3.SQLITE_PROTOCOL: StoreLocked,
}
_SYSTEM_KINDS: dict[int | None, type[NodeFault]] = {
    errno.ENOSPC: StoreFull,
    errno.EDQUOT: StoreFull,
    errno.EFBIG: StoreFull,
    errno.EACCES: StoreReadOnly,
    errno.EPERM: StoreReadOnly,
    errno.EROFS: StoreReadOnly,
}
_WHAT: dict[type[NodeFault], str] = {
    StoreFull: "there is no room left to store anything in",
    StoreReadOnly: "nothing can be opened or written at",
    StoreCorrupt: "the bytes are damaged in",
    StoreLocked: "another process holds",
    StoreFailed: "reading or writing failed at",
}
_NO_ROOM_BYTES = 65_536
"""With less than this left, an unnamed write error is taken for a full disk."""
_ROOM_ERRORS = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
_ENDING = (
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
    sqlite3.SQLITE_IOERR_CORRUPTFS,
)


@contextmanager
def faults_named(path: Path) -> Iterator[None]:
    """Turn whatever SQLite raises inside into the fault it means; other errors pass."""
    try:
        yield
    except sqlite3.Error as error:
        raise fault_of(error, path) from error


@contextmanager
def file_faults_named(path: Path) -> Iterator[None]:
    """The same, for what the system says about files too."""
    try:
        with faults_named(path):
            yield
    except OSError as error:
        kind = _SYSTEM_KINDS.get(error.errno, StoreFailed)
        raise kind(f"{_WHAT[kind]} {path} ({error.strerror or error})") from error


def fault_of(error: sqlite3.Error, path: Path, *, as_large_as: Path | None = None) -> NodeFault:
    """The fault that an error of SQLite means.

    Args:
        error: what was raised.
        path: the store or copy it is about.
        as_large_as: what a copy is made of: a copy that failed has no size any more.
    """
    code = _code(error)
    kind = _KINDS.get(code & 0xFF, StoreFailed)
    if code in _ROOM_ERRORS and _no_room(path, as_large_as or path):
        kind = StoreFull
    return kind(f"{_WHAT[kind]} {path} ({error})")


def ends_writing(error: BaseException) -> bool:
    """Tell whether nothing more may be written until the store was opened anew.

    That is so for damaged bytes, and after the disk failed to keep what it was given: the
    system may then have let go of it, and a later success would prove nothing.
    """
    if isinstance(error, StoreCorrupt):
        return True
    return isinstance(error, sqlite3.Error) and (
        _code(error) in _ENDING or _KINDS.get(_code(error) & 0xFF) is StoreCorrupt
    )


def _code(error: sqlite3.Error) -> int:
    # Errors that Python's own layer raises carry no code.
    return getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR


def _no_room(path: Path, measured: Path) -> bool:
    """Tell whether the disk, or the size a file may have, is used up."""
    try:
        disk = os.statvfs(path.parent)
        files = [measured, Path(f"{measured}-wal")]
        largest_bytes = max((each.stat().st_size for each in files if each.exists()), default=0)
    except OSError:
        return False
    if disk.f_bavail * disk.f_frsize < _NO_ROOM_BYTES:
        return True
    limit_bytes, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return limit_bytes not in {-1, resource.RLIM_INFINITY} and (
        largest_bytes + _NO_ROOM_BYTES > limit_bytes
    )
