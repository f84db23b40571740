"""A SQLite store in a folder, as the tests of its faults open it; nothing here is under test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from contract.store.parts import IDENTITY, CountedEntropy, TestKey, TurnedClock
from keepclear.store.sqlite import SqliteStore, make_store, open_store

NAME = "store.sqlite"


def opened(
    folder: Path, *, clock: TurnedClock | None = None, seed: str = "", most_waiting: int = 1_024
) -> SqliteStore:
    """The store of a folder, made first where there is none."""
    path = folder / NAME
    if not path.exists():
        make_store(path, IDENTITY)
    return open_store(
        path,
        signer=TestKey(),
        entropy=CountedEntropy(seed),
        clock=clock or TurnedClock(),
        most_waiting=most_waiting,
    )


@contextmanager
def raw(folder: Path) -> Iterator[sqlite3.Connection]:
    """The store's tables as a thief would see them, while it is closed."""
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        yield connection
