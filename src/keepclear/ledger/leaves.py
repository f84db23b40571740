"""The hashes a ledger is made of.

Source: RFC 9162, 2.1.1 (the two prefixes keep a leaf from passing as a pair of subtrees).
The salt is ours: without it, whoever holds a leaf could try likely payloads against it.
"""

from __future__ import annotations

from hashlib import sha256

from keepclear.errors import InvalidInput

SALT_BYTES = 16
"""How long a salt is; being fixed, it needs no mark between it and the payload."""
HASH_BYTES = 32
"""How long every hash is."""


def leaf_hash(salt: bytes, payload: bytes) -> bytes:
    """The hash that stands for one entry: SHA-256 over 0x00, salt, payload.

    Raises:
        InvalidInput: the salt is not `SALT_BYTES` long; draw one anew for each entry.
    """
    if len(salt) != SALT_BYTES:
        raise InvalidInput(f"a salt has {SALT_BYTES} bytes, this one {len(salt)}")
    return sha256(b"\x00" + salt + payload).digest()


def pair_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a subtree, from the hashes of its two halves."""
    return sha256(b"\x01" + left + right).digest()
