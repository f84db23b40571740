"""A discovery service's store in one SQLite file, beside the node's: a writer, and readers."""

from __future__ import annotations

from keepclear.store.dss.opening import (
    dss_store_read,
    faults_of_dss_store,
    make_dss_store,
    open_dss_store,
)
from keepclear.store.dss.store import SqliteDssStore

__all__ = [
    "SqliteDssStore",
    "dss_store_read",
    "faults_of_dss_store",
    "make_dss_store",
    "open_dss_store",
]
