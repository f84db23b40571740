"""A store or its ledger is missing, damaged, or cannot be written."""

from __future__ import annotations

from keepclear.errors.invalid import InvalidInput
from keepclear.errors.node import NodeFault


class StoreMissing(InvalidInput):
    """There is no node in the folder."""

    code = "store-missing"
    default_remedy = "Name the node's folder with --node, or make a node with `keepclear init`."


class StoreLocked(NodeFault):
    """Another process has the store; two never write to one."""

    code = "store-locked"
    default_remedy = "Stop the other process, or let the command talk to it."


class StoreReadOnly(NodeFault):
    """The store may not be written."""

    code = "store-read-only"
    default_remedy = "Give the node's user the right to write to its folder and files."


class StoreFull(NodeFault):
    """The disk is full; what was answered before is safe, this was not stored."""

    code = "store-full"
    default_remedy = "Free room on the node's disk, then file again; nothing was half stored."


class StoreCorrupt(NodeFault):
    """The store's bytes are damaged."""

    code = "store-corrupt"
    default_remedy = "Stop the node, keep a copy of its folder, and run `keepclear restore`."


class StoreTooNew(NodeFault):
    """A newer keepclear wrote the store; this one would not understand all of it."""

    code = "store-too-new"
    default_remedy = "Run the newer keepclear; stores are never taken back to an older form."


class StoreFailed(NodeFault):
    """The disk answers with errors."""

    code = "store-failed"
    default_remedy = "Look at the disk and the system's log; then run `keepclear doctor`."


class LedgerBroken(NodeFault):
    """The ledger does not verify: something was rewritten, removed or damaged."""

    code = "ledger-broken"
    default_remedy = "Keep the store as it is, tell the other parties, compare heads with theirs."
