"""Proofs that an entry is in the ledger, and that a ledger only ever grew.

Making a proof reads a number of kept hashes that grows with the logarithm of the size.
Checking needs nothing but the proof and the roots: whoever checks trusts no store.

Source: RFC 9162, 2.1.3 (inclusion) and 2.1.4 (consistency).
"""

from __future__ import annotations

from collections.abc import Sequence

from keepclear.errors import InvalidInput
from keepclear.ledger.leaves import HASH_BYTES, pair_hash
from keepclear.ledger.tree import EMPTY_ROOT, NodeAt, span_root


def inclusion_proof(number: int, size: int, node_at: NodeAt) -> tuple[bytes, ...]:
    """What proves that entry `number` (from 0) is among the first `size`, nearest hash first.

    Empty for the only entry of a ledger of one.

    Raises:
        InvalidInput: there is no such entry among so many.

    Source:
        RFC 9162, 2.1.3.1.
    """
    if not 0 <= number < size:
        raise InvalidInput(f"there is no entry {number} among {size}; they count from 0")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if number < middle:
            path.append(span_root(middle, end, node_at))
            end = middle
        else:
            path.append(span_root(start, middle, node_at))
            start = middle
    return tuple(reversed(path))


def inclusion_holds(
    leaf: bytes, number: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether the proof shows this leaf as entry `number` (from 0) under this root.

    A proof that is malformed in any way does not hold.

    Source:
        RFC 9162, 2.1.3.2; the names fn and sn are the standard's.
    """
    if not 0 <= number < size or not _are_hashes((leaf, root, *path)):
        return False
    fn, sn, reached = number, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            reached = pair_hash(sibling, reached)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            reached = pair_hash(reached, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and reached == root


def consistency_proof(first: int, second: int, node_at: NodeAt) -> tuple[bytes, ...]:
    """What proves that the ledger of `second` entries begins with that of `first`.

    Empty where both are one, and for `first` 0: every ledger begins with nothing.

    Raises:
        InvalidInput: `first` is not 0 .. `second`.

    Source:
        RFC 9162, 2.1.4.1.
    """
    if not 0 <= first <= second:
        raise InvalidInput(f"a ledger of {second} entries cannot have grown from {first}")
    path: list[bytes] = []
    start, end = 0, second
    while 0 < first < end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(span_root(middle, end, node_at))
            end = middle
        else:
            path.append(span_root(start, middle, node_at))
            start = middle
    if start > 0:
        path.append(span_root(start, end, node_at))
    return tuple(reversed(path))


def consistency_holds(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Tell whether the proof shows that the second ledger begins with the first.

    A proof that is malformed in any way does not hold.

    Source:
        RFC 9162, 2.1.4.2; the names fn, sn, fr and sr are the standard's.
    """
    if not 0 <= first <= second or not _are_hashes((first_root, second_root, *path)):
        return False
    if first == second:
        return not path and first_root == second_root
    if first == 0:
        return not path and first_root == EMPTY_ROOT
    hashes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not hashes:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]
    for sibling in hashes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = pair_hash(sibling, fr), pair_hash(sibling, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = pair_hash(sr, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


def _split(width: int) -> int:
    """The largest power of two below the width: how many leaves stand in the left half."""
    return 1 << (width - 1).bit_length() - 1


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
