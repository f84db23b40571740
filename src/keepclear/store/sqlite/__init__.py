"""The store in one SQLite file: a single writer that commits in groups, readers beside it."""

from __future__ import annotations

from keepclear.store.sqlite.examining import Figures, figures_of
from keepclear.store.sqlite.opening import (
    make_store,
    open_for_reading,
    open_store,
    restore_store,
)
from keepclear.store.sqlite.reading import SqliteReader
from keepclear.store.sqlite.store import SqliteStore

__all__ = [
    "Figures",
    "SqliteReader",
    "SqliteStore",
    "figures_of",
    "make_store",
    "open_for_reading",
    "open_store",
    "restore_store",
]
