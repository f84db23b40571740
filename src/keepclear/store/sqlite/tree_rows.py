"""The rows that make proofs quick: hashes of perfect subtrees, and signed heads."""

from __future__ import annotations

import sqlite3

from keepclear.errors import LedgerBroken
from keepclear.ledger.heads import SignedHead
from keepclear.store.sqlite.columns import LARGEST, microseconds_of, within_column

_INSERT_HEAD = (
    "INSERT INTO ledger_head (size, root, at, epoch, key_id, signature) VALUES (?, ?, ?, ?, ?, ?)"
)


def tree_node(connection: sqlite3.Connection, level: int, place: int) -> bytes:
    """The hash of a perfect subtree; level 0 holds the leaves.

    Raises:
        LedgerBroken: it should be there and is not.
    """
    row = None
    if level == 0 and 0 <= place <= LARGEST:
        row = connection.execute(
            "SELECT leaf FROM ledger_entry WHERE number = ?", (place,)
        ).fetchone()
    elif level > 0 and 0 <= place <= LARGEST:
        row = connection.execute(
            "SELECT hash FROM ledger_node WHERE level = ? AND place = ?",
            (within_column(level), place),
        ).fetchone()
    if row is None:
        raise LedgerBroken(f"the ledger lacks the hash at level {level}, place {place}")
    found: bytes = row[0]
    return found


def keep_nodes(connection: sqlite3.Connection, nodes: dict[tuple[int, int], bytes]) -> None:
    """Store completed subtrees, by (level, place)."""
    connection.executemany(
        "INSERT INTO ledger_node (level, place, hash) VALUES (?, ?, ?)",
        [(level, place, node_hash) for (level, place), node_hash in nodes.items()],
    )


def keep_head(connection: sqlite3.Connection, signed: SignedHead) -> None:
    """Store a signed head."""
    head = signed.head
    connection.execute(
        _INSERT_HEAD,
        (
            head.size,
            head.root,
            microseconds_of(head.at),
            head.epoch,
            signed.key_id,
            signed.signature,
        ),
    )
