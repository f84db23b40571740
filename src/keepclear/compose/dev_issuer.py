"""The key of an issuer for trials: made at its first start, kept beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey

from keepclear import compose
from keepclear.api.dev.tokens import IssuerApplication, IssuerKey
from keepclear.compose.folder import make_folder, read_private, write_private
from keepclear.errors import KeyFault
from keepclear.ports.world import Clock

_BITS = 2_048


def issuer_of(key_path: Path, clock: Clock | None = None) -> IssuerApplication:
    """An issuer that signs with the key in a file; made where there is none.

    Args:
        key_path: the file.
        clock: in place of this machine's, for an exercise.

    Raises:
        KeyFault: the file holds no RSA key.
        NodeFault: it cannot be written.
    """
    if not key_path.exists():
        make_folder(key_path.absolute().parent)
        write_private(key_path, _new_key())
    key = _key_of(read_private(key_path), key_path)
    write_private(public_path_of(key_path), key.public_pem)
    return IssuerApplication(key, clock or compose.clock(), compose.entropy())


def public_path_of(key_path: Path) -> Path:
    """Where the public half is kept."""
    return key_path.with_name(f"{key_path.name}.pub.pem")


def _new_key() -> bytes:
    return rsa.generate_private_key(public_exponent=65_537, key_size=_BITS).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _key_of(data: bytes, path: Path) -> IssuerKey:
    try:
        private = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, rsa.RSAPrivateKey):
        raise KeyFault(f"{path} holds no RSA key", remedy="Remove it; a new one is made.")
    public_pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    kid = hashlib.sha256(public_pem).hexdigest()[:16]
    return IssuerKey(RSAKey.import_key(data, {"kid": kid}), kid, public_pem)
