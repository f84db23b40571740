"""A whole copy of a store while it is in use, checked before it gets its name.

Source: https://www.sqlite.org/backup.html (the copy is made in steps; a read transaction
held meanwhile keeps it of one moment, and keeps writers from starting it over).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from keepclear.errors import InvalidInput, StoreCorrupt
from keepclear.store.sqlite.connecting import reading_connection
from keepclear.store.sqlite.faults import (
    ends_writing,
    fault_of,
    faults_named,
    file_faults_named,
)

_PAGES_A_STEP = 2_048


def write_copy(source: Path, target: Path) -> None:
    """Copy a store, of one moment, into a new file; it appears whole or not at all.

    Raises:
        InvalidInput: there is a file of that name.
        NodeFault: the store cannot be read, or the copy not be written; nothing is left.
        StoreCorrupt: what was copied is damaged.
    """
    with (
        new_file(target) as unfinished,
        faults_named(source),
        closing(reading_connection(source)) as reading,
        closing(_opened(unfinished)) as copy,
    ):
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        _copy(reading, copy, source, target)
        _require_whole(copy, source)


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A file to be written, which gets its name, forced to the disk, once all is done.

    Raises:
        InvalidInput: there is a file of that name.
        NodeFault: the folder does not take it.
    """
    if target.exists():
        raise InvalidInput(
            f"there is already a file {target}", remedy="Give another name; nothing is replaced."
        )
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with file_faults_named(target):
            unfinished.unlink(missing_ok=True)
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            yield unfinished
            _force(unfinished)
            unfinished.rename(target)
            _force(target.parent)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)


def _copy(
    reading: sqlite3.Connection, copy: sqlite3.Connection, source: Path, target: Path
) -> None:
    try:
        reading.backup(copy, pages=_PAGES_A_STEP)
        # A copy is one file; who opens it as a store gives it its log again.
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        if ends_writing(error):
            raise
        raise fault_of(error, target, as_large_as=source) from error


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)


def _require_whole(copy: sqlite3.Connection, source: Path) -> None:
    faults = [text for (text,) in copy.execute("PRAGMA integrity_check(3)") if text != "ok"]
    if faults:
        raise StoreCorrupt(f"the bytes are damaged in {source}: {'; '.join(faults)}")


def _force(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
