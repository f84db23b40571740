"""Issuers' public keys from PEM files, JWKS files and JWKS addresses; they may rotate.

Source: RFC 7517 (JSON Web Key Sets); RFC 7518, 3.3 (RS256 keys have 2,048 bits or more).
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from keepclear.errors import InvalidInput, KeyFault
from keepclear.formats.hosts import is_this_machine

LEAST_BITS = 2_048
LOOK_AGAIN_S = 30.0
"""Keys are not looked for more often than this, whatever tokens come."""
WAIT_S = 5.0
MOST_BYTES = 1_000_000

TEST_KEYS = frozenset(
    {
        "bfa71ffa0f0f95bfa63b36a9593f172950190e0c1a1d1719edbdbb50df6d92cf",
        "bf9d0d381f456f73b9908a129b0473a09101b3f1df5631e11b2b7b338a369367",
        "cc003752248d4582e077db36bda39ef76e3b888e7f64c23136394be30495cc7c",
        "b2e0d994964fdd7fae2aec6241ac538b788fe6794b1a8951d7dadfbd42364435",
    }
)
"""SHA-256 of public keys whose private halves are published: whoever likes signs with them.

Source: github.com/interuss/monitoring (auth2.key, auth.py, mock_faa_priv.pem, localhost.key).
"""

_PEM = re.compile(
    rb"-----BEGIN (PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)-----.*?-----END \1-----", re.DOTALL
)
_log = logging.getLogger(__name__)


class KeySources(NamedTuple):
    """Where keys are found.

    Attributes:
        pem_files: public keys or certificates.
        jwks_files: key sets.
        jwks_urls: key sets that issuers serve; HTTPS, or HTTP on this machine.
        accepts_test_keys: take keys of `TEST_KEYS` too, with which anybody can sign.
    """

    pem_files: tuple[Path, ...] = ()
    jwks_files: tuple[Path, ...] = ()
    jwks_urls: tuple[str, ...] = ()
    accepts_test_keys: bool = False


class _Key(NamedTuple):
    kid: str
    fingerprint: str
    key: RSAKey


class RotatingKeys:
    """Fits the `SigningKeys` port.

    Args:
        sources: where keys are found; files are read at once, addresses asked at once.
        seconds: a clock that only ever goes forward.

    Raises:
        KeyFault: a file cannot be read, holds no RSA key of 2,048 bits, or a test key that is
            not to be accepted.
        InvalidInput: an address is neither HTTPS nor of this machine.
    """

    def __init__(self, sources: KeySources, seconds: Callable[[], float]) -> None:
        self._sources = sources
        self._seconds = seconds
        self._lock = Lock()
        for url in sources.jwks_urls:
            require_private_way(url)
        self._files: tuple[_Key, ...] = tuple(_from_files(sources))
        self._fetched: dict[str, tuple[_Key, ...]] = {}
        self._edition = 0
        self._looked_s = seconds()
        self._fetch()

    @property
    def edition(self) -> int:
        """Another number whenever the set of keys is another."""
        return self._edition

    def candidates(self, kid: str) -> Sequence[RSAKey]:
        """Those that may have signed a token; keys without a name may have signed any."""
        return [each.key for each in self._all() if not kid or each.kid in ("", kid)]

    def look_again(self) -> bool:
        """Read and fetch the keys anew, unless that was done less than half a minute ago."""
        with self._lock:
            if self._seconds() - self._looked_s < LOOK_AGAIN_S:
                return False
            self._looked_s = self._seconds()
            before = _names(self._all())
            try:
                self._files = tuple(_from_files(self._sources))
            except KeyFault:
                _log.warning("a file of token keys cannot be read; the last keys hold")
            self._fetch()
            if _names(self._all()) == before:
                return False
            self._edition += 1
            return True

    def _all(self) -> Iterator[_Key]:
        yield from self._files
        for keys in tuple(self._fetched.values()):
            yield from keys

    def _fetch(self) -> None:
        for url in self._sources.jwks_urls:
            try:
                keys = tuple(_from_jwks(_asked(url), url))
            except (httpx.HTTPError, httpx.InvalidURL, KeyFault, OSError):
                _log.warning("an issuer's key set cannot be had; its last keys hold")
                continue
            allowed = self._sources.accepts_test_keys
            kept = tuple(each for each in keys if allowed or each.fingerprint not in TEST_KEYS)
            if len(kept) < len(keys):
                _log.error("an issuer's key set holds a public test key; it is not accepted")
            self._fetched[url] = kept


def require_private_way(url: str) -> None:
    """Refuse an address that could be answered by anybody on the way.

    Raises:
        InvalidInput: neither HTTPS, nor HTTP on this machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and is_this_machine(parts.hostname or ""):
        return
    raise InvalidInput(
        f"{url:.200} is not HTTPS, so anybody on the way could answer in its place",
        remedy="Write https://; http:// is for this machine alone.",
    )


def _names(keys: Iterator[_Key]) -> frozenset[tuple[str, str]]:
    return frozenset((each.kid, each.fingerprint) for each in keys)


def _from_files(sources: KeySources) -> Iterator[_Key]:
    for path in sources.pem_files:
        yield from _accepted(sources, path, _from_pem(_read(path), str(path)))
    for path in sources.jwks_files:
        yield from _accepted(sources, path, _from_jwks(_read(path), str(path)))


def _accepted(sources: KeySources, path: Path, keys: Iterator[_Key]) -> Iterator[_Key]:
    for each in keys:
        if each.fingerprint in TEST_KEYS and not sources.accepts_test_keys:
            raise KeyFault(
                f"{path} holds a test key whose private half is published: anybody could sign",
                remedy="Give your issuer's own key; for a test bench alone, set "
                "f3548.accept_test_keys = true.",
            )
        yield each


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES)
    except OSError as error:
        raise KeyFault(
            f"{path} cannot be read ({error.strerror})", remedy="Correct the path in [f3548]."
        ) from None


def _from_pem(data: bytes, name: str) -> Iterator[_Key]:
    blocks = [match[0] for match in _PEM.finditer(data)]
    if not blocks:
        raise KeyFault(f"{name} holds no public key in PEM", remedy="Give the issuer's public key.")
    for block in blocks:
        try:
            if b"CERTIFICATE" in block[:40]:
                key: object = load_pem_x509_certificate(block).public_key()
            else:
                key = serialization.load_pem_public_key(block)
        except ValueError:
            raise KeyFault(f"{name} holds a damaged key", remedy="Fetch it again.") from None
        yield _rsa("", key, name)


class _Jwk(msgspec.Struct):
    kty: str
    n: str = ""
    e: str = ""
    kid: str = ""
    alg: str = "RS256"
    use: str = "sig"


class _Jwks(msgspec.Struct):
    keys: tuple[_Jwk, ...]


def _from_jwks(data: bytes, name: str) -> Iterator[_Key]:
    """Its RS256 keys; keys of other kinds are for others."""
    try:
        keys = msgspec.json.decode(data, type=_Jwks).keys
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise KeyFault(f"{name} is no JSON Web Key Set", remedy="Correct the address.") from None
    for each in keys:
        if (each.kty, each.alg, each.use) != ("RSA", "RS256", "sig"):
            continue
        try:
            key = RSAKey.import_key({"kty": "RSA", "n": each.n, "e": each.e}).public_key
        except (JoseError, ValueError, TypeError):
            raise KeyFault(f"{name} holds a damaged key", remedy="Fetch it again.") from None
        yield _rsa(each.kid, key, name)


def _rsa(kid: str, key: object, name: str) -> _Key:
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_BITS:
        raise KeyFault(
            f"{name} holds a key that is not RSA of {LEAST_BITS:,} bits or more",
            remedy="Have the issuer sign with RS256 and a longer key.",
        )
    pem = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _Key(kid, hashlib.sha256(der).hexdigest(), RSAKey.import_key(pem))


def _asked(url: str) -> bytes:
    with httpx.stream("GET", url, timeout=WAIT_S, follow_redirects=False) as response:
        response.raise_for_status()
        parts, size_bytes = [], 0
        for part in response.iter_bytes():
            size_bytes += len(part)
            if size_bytes > MOST_BYTES:
                raise KeyFault(f"{url:.200} answers with more than a key set")
            parts.append(part)
    return b"".join(parts)
