"""The two kinds of private key: a party's root, and a node's own.

The root certifies nodes and signs agreements, and stays locked away otherwise; the node's key
signs day by day. A lost laptop then costs a new certificate, not a new agreement.

Source: RFC 8032, 5.1 (Ed25519); RFC 8410, 7 (its private keys in PKCS #8).
"""

from __future__ import annotations

from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from keepclear.errors import KeyFault
from keepclear.identity.fingerprints import fingerprint, key_id

SEED_BYTES = 32
"""How long the seed of a key is."""


class _SigningKey:
    """What both kinds have in common; never shown, never compared, never pickled."""

    __slots__ = ("_private", "_public_key")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public_key = private.public_key().public_bytes_raw()

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The key a seed stands for; the same seed gives the same key.

        Raises:
            KeyFault: the seed is not `SEED_BYTES` long.
        """
        if len(seed) != SEED_BYTES:
            raise KeyFault(f"the seed of a key has {SEED_BYTES} bytes, this one {len(seed)}")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read what `pem` wrote.

        Raises:
            KeyFault: no unencrypted Ed25519 private key in PKCS #8 PEM.
        """
        try:
            private = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise KeyFault("the key file holds no private key that can be read") from None
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyFault("the key file holds a private key of another kind than Ed25519")
        return cls(private)

    def pem(self) -> bytes:
        """The private key as PKCS #8 PEM, not encrypted: guard the file."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public_key(self) -> bytes:
        """The public half, 32 bytes."""
        return self._public_key

    @property
    def key_id(self) -> str:
        """Which key it is, for records."""
        return key_id(self._public_key)

    @property
    def fingerprint(self) -> str:
        """Which key it is, to be compared by voice."""
        return fingerprint(self._public_key)

    def sign(self, message: bytes) -> bytes:
        """Sign the bytes; 64 bytes, the same for the same message."""
        return self._private.sign(message)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.key_id})"

    def __reduce__(self) -> str:
        raise KeyFault("a private key is not copied into other files")


class PartyRoot(_SigningKey):
    """A party's root: certifies its nodes and signs its agreements, nothing else."""

    __slots__ = ()


class NodeKey(_SigningKey):
    """A node's own key: signs its ledger's heads and what it sends. It fits the `Signer` port."""

    __slots__ = ()
