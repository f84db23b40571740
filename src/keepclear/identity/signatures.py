"""Whether a signature holds.

Keys of small order are refused: one signature of theirs fits any message, so whoever used one
could disown everything it signed.

Source: RFC 8032, 5.1.7 (Ed25519, checking) and 5.1.3 (a point by its y coordinate).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from keepclear.errors import KeyFault
from keepclear.identity.fingerprints import PUBLIC_KEY_BYTES, key_id

_PRIME = 2**255 - 19
_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _ORDER_EIGHT, _PRIME - _ORDER_EIGHT})
"""The y coordinates of all points whose order divides eight."""


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether this key signed this message.

    Raises:
        KeyFault: this is no Ed25519 public key; whether it signed cannot be said.
    """
    return _holds(_public(public_key), message, signature)


def verifier_of(public_keys: Iterable[bytes]) -> Callable[[str, bytes, bytes], bool]:
    """What tells whether (key id, message, signature) holds under one of these keys.

    A key id that is none of theirs does not hold.

    Raises:
        KeyFault: one of them is no Ed25519 public key.
    """
    known = {key_id(public_key): _public(public_key) for public_key in public_keys}

    def holds(signer: str, message: bytes, signature: bytes) -> bool:
        public = known.get(signer)
        return public is not None and _holds(public, message, signature)

    return holds


def require_public_key(public_key: bytes) -> None:
    """Make sure that signatures of this key can bind whoever made them.

    Raises:
        KeyFault: no Ed25519 public key, or one of small order; have a key made anew.
    """
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise KeyFault(
            f"an Ed25519 public key has {PUBLIC_KEY_BYTES} bytes, this one {len(public_key)}"
        )
    y = int.from_bytes(public_key, "little") % 2**255
    if y % _PRIME in _SMALL_ORDER:
        raise KeyFault("this public key would fit a signature to any message")


def _public(public_key: bytes) -> Ed25519PublicKey:
    require_public_key(public_key)
    return Ed25519PublicKey.from_public_bytes(public_key)


def _holds(public: Ed25519PublicKey, message: bytes, signature: bytes) -> bool:
    try:
        public.verify(signature, message)
    except InvalidSignature:
        return False
    return True
