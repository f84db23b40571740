"""What a node's store does around the works of a group: the ledger's ends, and one signed head."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from keepclear.errors import NodeFault
from keepclear.ledger.heads import SignedHead, TreeHead, head_bytes
from keepclear.ports.signing import Signer
from keepclear.ports.store import Committed
from keepclear.ports.world import Clock, Entropy
from keepclear.store.sqlite.group_commit import MOST_WAITING, GroupWriter, raised_by
from keepclear.store.sqlite.tail import Mark, Tail, read_tail
from keepclear.store.sqlite.tree_rows import keep_head, keep_nodes
from keepclear.store.sqlite.view import SqliteUnit

Listener = Callable[[Committed], None]


@dataclass(frozen=True, slots=True)
class Signing:
    """What a head is made of beside the ledger's tree.

    Attributes:
        node: the node's id.
        epoch: how often the node was restored from a backup.
        signer: the node's key.
        clock: the wall clock.
        entropy: where salts come from.
    """

    node: str
    epoch: int
    signer: Signer
    clock: Clock
    entropy: Entropy


class LedgerKeeping:
    """Keeps the ends of the ledger and of the changes, signs, and tells what was committed."""

    def __init__(self, connection: sqlite3.Connection, signing: Signing) -> None:
        self._connection = connection
        self._signing = signing
        self._tail: Tail = read_tail(connection, signing.entropy)
        self._signed_size = self._tail.frontier.size
        self._gate = Lock()
        self._listeners: list[Listener] = []

    def on_change(self, listener: Listener) -> None:
        """Have committed changes told before their callers are answered."""
        with self._gate:
            self._listeners.append(listener)

    def unit(self) -> SqliteUnit:
        """What one work writes with."""
        return SqliteUnit(self._connection, self._tail)

    def finish(self, unit: SqliteUnit) -> None:
        """Write the rows that the unit held back."""
        unit.write_pending()

    def end(self, unit: SqliteUnit) -> None:
        """The unit writes no more."""
        unit.end()

    def mark(self) -> Mark:
        """Where the ends are, to return to."""
        return self._tail.mark()

    def return_to(self, mark: Mark) -> None:
        """Forget what was added to them since."""
        self._tail.return_to(mark)

    def seal(self) -> None:
        """Store what the tree gained, and one head over the whole group."""
        signing, frontier = self._signing, self._tail.frontier
        if frontier.size == self._signed_size:
            return
        keep_nodes(self._connection, self._tail.nodes)
        head = TreeHead(
            frontier.size, frontier.root(), signing.clock.now(), signing.node, signing.epoch
        )
        signature = signing.signer.sign(head_bytes(head))
        keep_head(self._connection, SignedHead(head, signature, signing.signer.key_id))

    def settled(self, forget: Callable[[], None]) -> NodeFault | None:
        """Tell the listeners, in order; why nothing more may be written, if one fails."""
        self._signed_size = self._tail.frontier.size
        if self._tail.pruned:
            forget()
        return self._told(self._tail.committed())

    def start_over(self) -> None:
        """Read the ends anew."""
        self._tail = read_tail(self._connection, self._signing.entropy)
        self._signed_size = self._tail.frontier.size

    def _told(self, committed: Committed) -> NodeFault | None:
        if not committed.changes:
            return None
        with self._gate:
            listeners = tuple(self._listeners)
        first: NodeFault | None = None
        for listener in listeners:
            error = raised_by(lambda told=listener: told(committed))  # type: ignore[misc]  # a default in a lambda
            if error is not None:
                fault = NodeFault(
                    f"what was stored did not reach the picture of the airspace: {error!r}",
                    remedy="Start the node again: it reads everything anew. Nothing is lost.",
                )
                fault.__cause__ = error
                first = first or fault
        return first


class Writer(GroupWriter[SqliteUnit]):
    """The one writer of a node's store."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        signing: Signing,
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._ledger = LedgerKeeping(connection, signing)
        super().__init__(connection, path, self._ledger, most_waiting=most_waiting)

    def on_change(self, listener: Listener) -> None:
        """Have committed changes told before their callers are answered."""
        self._ledger.on_change(listener)
