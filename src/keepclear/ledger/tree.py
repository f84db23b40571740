"""The tree over the leaves, grown one leaf at a time.

What is kept for ever are the hashes of *perfect* subtrees: of 2^level leaves, the
`index`-th such group. They never change once all their leaves are there. Everything else
(roots, proofs) is made of them.

Source: RFC 9162, 2.1.1 (the tree's hash) and 2.1.2 (keeping the hashes of perfect subtrees).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from keepclear.errors import InvalidInput
from keepclear.ledger.leaves import HASH_BYTES, pair_hash

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

NodeAt: TypeAlias = Callable[[int, int], bytes]
"""Looks up the hash of the perfect subtree at (level, index); level 0 holds the leaves."""


class Node(NamedTuple):
    """A perfect subtree: its level, its place among those of its level, its hash."""

    level: int
    index: int  # type: ignore[assignment]  # no one asks this tuple for an index
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree as far as appending and its root need it.

    Attributes:
        size: how many leaves there are.
        peaks: hashes of the perfect subtrees it is made of, the widest first: one for each
            bit set in `size`.

    Raises:
        InvalidInput: so many peaks do not belong to such a size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or self.size.bit_count() != len(self.peaks):
            raise InvalidInput(f"a tree of {self.size} leaves has not {len(self.peaks)} peaks")

    def appended(self, leaf: bytes) -> tuple[Frontier, tuple[Node, ...]]:
        """The tree with one leaf more, and the perfect subtrees this completed, leaf first.

        Raises:
            InvalidInput: the leaf is not a hash; give what `leaf_hash` gave.
        """
        if len(leaf) != HASH_BYTES:
            raise InvalidInput(f"a leaf has {HASH_BYTES} bytes, this one {len(leaf)}")
        completed = [Node(0, self.size, leaf)]
        peaks = list(self.peaks)
        for _ in range(trailing_ones(self.size)):
            level, index, right = completed[-1]
            completed.append(Node(level + 1, index >> 1, pair_hash(peaks.pop(), right)))
        return Frontier(self.size + 1, (*peaks, completed[-1].hash)), tuple(completed)

    def root(self) -> bytes:
        """The one hash that stands for all leaves in their order."""
        return root_of(self.peaks)


def trailing_ones(size: int) -> int:
    """How many subtrees one more leaf completes: the ones at the end of the binary size."""
    return (size ^ (size + 1)).bit_length() - 1


def root_of(peaks: tuple[bytes, ...] | list[bytes]) -> bytes:
    """The root over perfect subtrees, the widest first; `EMPTY_ROOT` for none."""
    if not peaks:
        return EMPTY_ROOT
    return reduce(lambda right, left: pair_hash(left, right), reversed(peaks))


def frontier_at(size: int, node_at: NodeAt) -> Frontier:
    """The tree as it was with its first `size` leaves, from what was kept.

    Raises:
        InvalidInput: a negative size.
    """
    if size < 0:
        raise InvalidInput(f"a tree cannot have {size} leaves")
    return Frontier(size, tuple(_peaks(0, size, node_at)))


def span_root(start: int, end: int, node_at: NodeAt) -> bytes:
    """The hash of the subtree over the leaves `start` up to, not including, `end`.

    The span is one that the tree's splitting gives: `start` is a multiple of the smallest
    power of two that is at least its width.
    """
    return root_of(_peaks(start, end, node_at))


def _peaks(start: int, end: int, node_at: NodeAt) -> list[bytes]:
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(node_at(level, start >> level))
        start += 1 << level
    return found
