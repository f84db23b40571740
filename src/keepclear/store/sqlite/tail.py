"""Where the ledger and the sequence of changes end, as the running transaction has them.

The writer keeps this in memory so that appending reads nothing. It must be what the
tables say at every commit: after a failed one it is read anew.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from keepclear.errors import LedgerBroken
from keepclear.ledger.leaves import SALT_BYTES
from keepclear.ledger.tree import Frontier, frontier_at
from keepclear.model.node import Change
from keepclear.ports.store import Committed, OperationChange
from keepclear.ports.world import Entropy
from keepclear.store.sqlite.tree_rows import tree_node


class Mark(NamedTuple):
    """A place to return to."""

    frontier: Frontier
    sequence: int
    number: int
    nodes: int
    changes: int
    operations: int


class Tail:
    """The ends of both sequences, and what this transaction has added to them.

    Attributes:
        frontier: the ledger's tree.
        sequence: the last change.
        number: the store's last number for an operation; none is ever given twice.
        nodes: subtrees above leaves, completed and not yet in their table, by (level, place).
        changes: changes of this transaction, in order.
        operations: what it stored of operations, in order.
        pruned: whether a payload was removed in it.
    """

    def __init__(self, frontier: Frontier, sequence: int, number: int, entropy: Entropy) -> None:
        self._entropy = entropy
        self.frontier = frontier
        self.sequence = sequence
        self.number = number
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.changes: list[Change] = []
        self.operations: list[OperationChange] = []
        self.pruned = False

    def new_salt(self) -> bytes:
        """A salt for the next entry."""
        return self._entropy.new_bytes(SALT_BYTES)

    def new_number(self) -> int:
        """The number of the next operation that the store did not hold before."""
        self.number += 1
        return self.number

    def appended(self, leaf: bytes) -> None:
        """Grow the ledger's tree by a leaf."""
        self.frontier, completed = self.frontier.appended(leaf)
        for level, place, node_hash in completed[1:]:
            self.nodes[level, place] = node_hash

    def changed(self, change: Change) -> None:
        """Add a change."""
        self.sequence = change.sequence
        self.changes.append(change)

    def mark(self) -> Mark:
        """Where things stand, to return to."""
        return Mark(
            self.frontier,
            self.sequence,
            self.number,
            len(self.nodes),
            len(self.changes),
            len(self.operations),
        )

    def return_to(self, mark: Mark) -> None:
        """Forget what was added since."""
        self.frontier = mark.frontier
        self.sequence = mark.sequence
        self.number = mark.number
        self.nodes = dict(list(self.nodes.items())[: mark.nodes])
        del self.changes[mark.changes :]
        del self.operations[mark.operations :]

    def committed(self) -> Committed:
        """What the transaction changed; what follows belongs to the next one."""
        last = {each.number: each for each in self.operations}
        done = Committed(self.changes, tuple(last.values()))
        self.changes, self.operations, self.nodes, self.pruned = [], [], {}, False
        return done


def read_tail(connection: sqlite3.Connection, entropy: Entropy) -> Tail:
    """The ends as the tables have them.

    Raises:
        LedgerBroken: entries, subtrees and the last signed head contradict each other.
    """
    (sequence,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM change").fetchone()
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'operation'").fetchone()
    (last,) = connection.execute("SELECT coalesce(max(number), -1) FROM ledger_entry").fetchone()
    frontier = frontier_at(last + 1, lambda level, place: tree_node(connection, level, place))
    head = connection.execute(
        "SELECT size, root FROM ledger_head ORDER BY size DESC LIMIT 1"
    ).fetchone()
    signed_size, signed_root = head or (0, Frontier().root())
    if signed_size != frontier.size:
        raise LedgerBroken(
            f"the ledger has {frontier.size} entries, its last signed head is over {signed_size}"
        )
    if signed_root != frontier.root():
        raise LedgerBroken(
            f"the ledger's {frontier.size} entries do not give the root of the last signed head"
        )
    return Tail(frontier, sequence, row[0] if row else 0, entropy)
