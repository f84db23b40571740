"""Tokens as an issuer would sign them, and as it never would."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from keepclear.ports.world import Clock

AUDIENCE = "dss.example"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class SetClock:
    """A clock that stands until it is turned."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@cache
def private_key(name: str, bits: int) -> rsa.RSAPrivateKey:
    """A key for each name, made once a run."""
    del name
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


def public_pem(name: str = "ours", bits: int = 2_048) -> bytes:
    return (
        private_key(name, bits)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def jwk_of(name: str, kid: str) -> dict[str, Any]:
    return {**RSAKey.import_key(public_pem(name)).as_dict(), "kid": kid, "alg": "RS256"}


def signer(name: str = "ours") -> RSAKey:
    pem = private_key(name, 2_048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return RSAKey.import_key(pem)


def claims(clock: Clock, **changed: Any) -> dict[str, Any]:
    """Claims that are taken; None leaves one out."""
    now_s = int(clock.now().timestamp())
    whole = {
        "iss": "https://issuer.example",
        "sub": "uss1",
        "client_id": "client1",
        "aud": AUDIENCE,
        "scope": "utm.strategic_coordination",
        "nbf": now_s - 1,
        "exp": now_s + 3_600,
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not None}


def signed(payload: dict[str, Any], *, key: str = "ours", alg: str = "RS256", kid: str = "") -> str:
    header = {"alg": alg, **({"kid": kid} if kid else {})}
    return jwt.encode(header, payload, signer(key), algorithms=[alg])


def signed_bytes(payload: bytes) -> str:
    """A signed token whose payload is anything."""
    return jws.serialize_compact({"alg": "RS256"}, payload, signer(), algorithms=["RS256"])


def unsigned(payload: dict[str, Any]) -> str:
    head = _b64({"alg": "none"})
    return f"{head}.{_b64(payload)}."


def signed_by_public_key(payload: dict[str, Any]) -> str:
    """The old confusion: HMAC with the public key as its secret."""
    import hashlib
    import hmac

    text = f"{_b64({'alg': 'HS256'})}.{_b64(payload)}"
    digest = hmac.new(public_pem(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _b64(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
