"""Prove what the ledger holds, to whoever asks, and look whether all of it still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from keepclear.errors import NotFound
from keepclear.ledger.heads import SignedHead
from keepclear.ledger.proofs import consistency_proof, inclusion_proof
from keepclear.ledger.tree import frontier_at
from keepclear.ledger.verifying import (
    Columns,
    StoredEntry,
    Verification,
    VerificationReport,
    Verify,
    Witness,
)
from keepclear.ports.store import Entry, View
from keepclear.services.node import Node

Progress = Callable[[int, int], None]
"""Told how many entries are verified, and how many there are."""

_BATCH = 5_000


class EntryProof(NamedTuple):
    """What proves one entry to somebody who trusts only the head's signature.

    Attributes:
        entry: the entry; where it is withheld its payload is None and its salt empty.
        path: hashes from the leaf to the root, nearest first.
        head: the head under which it is proved.
        withheld: whether payload and salt were kept back; the leaf then proves only that an
            entry stands there.
    """

    entry: Entry
    path: tuple[bytes, ...]
    head: SignedHead
    withheld: bool


class ConsistencyProof(NamedTuple):
    """What proves that the ledger of `second` entries begins with that of `first`.

    Attributes:
        first, second: sizes.
        first_root, second_root: the roots at these sizes, as this node has them.
        path: the hashes that connect them.
        head: the head over `second` entries; None where none was signed at that size.
    """

    first: int
    second: int
    first_root: bytes
    second_root: bytes
    path: tuple[bytes, ...]
    head: SignedHead | None


def prove_entry(node: Node, number: int, *, withhold: bool = False) -> EntryProof:
    """Prove that an entry stands in the ledger, under the last head.

    Args:
        node: the node.
        number: which entry, counted from 0.
        withhold: keep its content back; the place alone is proved then. What was pruned is
            withheld whatever is asked.

    Raises:
        NotFound: there is no such entry under the last head.
        LedgerBroken: a hash that should be there is not; run `keepclear ledger verify`.
    """
    with node.store.view() as view:
        head = view.head()
        entry = view.entry(number) if number >= 0 else None
        if head is None or entry is None or number >= head.head.size:
            raise NotFound(
                f"the ledger has no entry {number} under its last head",
                remedy="Entries count from 0; the ledger's head says how many there are.",
            )
        path = inclusion_proof(number, head.head.size, view.tree_node)
    withheld = withhold or entry.payload is None
    if withheld:
        entry = entry._replace(payload=None, salt=b"")
    return EntryProof(entry, path, head, withheld)


def consistency_of(node: Node, first: int, second: int | None = None) -> ConsistencyProof:
    """Prove that the ledger only grew from one size to another.

    Args:
        node: the node.
        first: the smaller size; what somebody outside remembers.
        second: the larger one; None for the last head's.

    Raises:
        NotFound: the last head covers fewer entries.
        InvalidInput: `first` is not 0 .. `second`.
    """
    with node.store.view() as view:
        last = view.head()
        size = 0 if last is None else last.head.size
        wanted = size if second is None else second
        if wanted > size:
            raise NotFound(
                f"the last head covers {size} entries, not {wanted}",
                remedy="Ask for a size up to that of the last head.",
            )
        path = consistency_proof(first, wanted, view.tree_node)
        return ConsistencyProof(
            first,
            wanted,
            _root(view, first),
            _root(view, wanted),
            path,
            _head_at(view, wanted),
        )


def verify_ledger(
    view: View,
    *,
    verify: Verify | None = None,
    witnesses: Sequence[Witness] = (),
    thorough: bool = False,
    progress: Progress | None = None,
) -> VerificationReport:
    """Verify every entry, head and pruning of a ledger, from the stored bytes alone.

    Args:
        view: one moment of the store, of a node that runs or of one that does not.
        verify: checks the heads' signatures; None leaves them unchecked.
        witnesses: what others remember of it.
        thorough: look at every byte of each payload; takes several times as long.
        progress: told how far it is.
    """
    verification = Verification(every_head(view), verify=verify, thorough=thorough)
    for witness in witnesses:
        verification.against(witness)
    total, done = view.ledger_size(), 0
    for batch in _batches(view):
        verification.take(_stored(entry) for entry in batch)
        done += len(batch)
        if progress:
            progress(done, total)
    return verification.report()


def every_head(view: View) -> Iterator[SignedHead]:
    """Every signed head, oldest first."""
    above = 0
    while found := view.heads(above_size=above):
        yield from found
        above = found[-1].head.size


def _batches(view: View) -> Iterator[Sequence[Entry]]:
    after = -1
    while found := view.entries(after=after, limit=_BATCH):
        yield found
        after = found[-1].number


def _stored(entry: Entry) -> StoredEntry:
    columns = Columns(entry.at, entry.kind, entry.subject, entry.subject_id, entry.version)
    return StoredEntry(entry.number, entry.salt or None, entry.leaf, entry.payload, columns)


def _root(view: View, size: int) -> bytes:
    return frontier_at(size, view.tree_node).root()


def _head_at(view: View, size: int) -> SignedHead | None:
    found = view.heads(above_size=size - 1, limit=1) if size else ()
    return found[0] if found and found[0].head.size == size else None
