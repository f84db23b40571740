"""A discovery service's store in one SQLite file, beside the node's: a writer, and readers."""

from __future__ import annotations

from keepclear.store.dss.opening import make_dss_store, open_dss_store
from keepclear.store.dss.store import SqliteDssStore

__all__ = ["SqliteDssStore", "make_dss_store", "open_dss_store"]
