"""Names of keys: one for records, one to be read aloud."""

from __future__ import annotations

from hashlib import sha256

from keepclear.errors import KeyFault

PUBLIC_KEY_BYTES = 32
"""How long an Ed25519 public key is."""
_DIGITS = 30
_GROUP = 5


def key_id(public_key: bytes) -> str:
    """Which key it is, for records: 32 hex digits of a hash over it.

    Raises:
        KeyFault: this is no Ed25519 public key.
    """
    return _digest(public_key, "keepclear key id/1").hex()[:32]


def fingerprint(public_key: bytes) -> str:
    """The key's name to be compared by voice: thirty digits in six groups of five.

    Digits, because every officer and interpreter can say and write them in any language and
    alphabet, radio procedure has fixed words for them, and a list of words would favour one
    language. Thirty of them are 99 bits: nobody can make a second key to fit a given
    fingerprint. Compare all six groups; "17405 99213 60082 41377 00516 28990".

    Raises:
        KeyFault: this is no Ed25519 public key.
    """
    number = int.from_bytes(_digest(public_key, "keepclear fingerprint/1")) % 10**_DIGITS
    digits = f"{number:0{_DIGITS}d}"
    return " ".join(digits[start : start + _GROUP] for start in range(0, _DIGITS, _GROUP))


def _digest(public_key: bytes, purpose: str) -> bytes:
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise KeyFault(
            f"an Ed25519 public key has {PUBLIC_KEY_BYTES} bytes, this one {len(public_key)}"
        )
    return sha256(purpose.encode() + b"\x00" + public_key).digest()
