"""Access tokens: who signed them, for whom, and until when.

Source: RFC 7519 (JSON Web Tokens); RFC 6750 (Bearer); ASTM F3548-21, interface
    UTM API 1.0.0, security schemes.
"""

from __future__ import annotations

import hashlib
import math
from typing import NamedTuple

import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from keepclear.api.f3548.bearer import Bearer
from keepclear.api.f3548.refusals import unauthenticated
from keepclear.ports.signing_keys import SigningKeys
from keepclear.ports.world import Clock

LONGEST_TOKEN = 8_192
LONGEST_LIFE_S = 3_600.0
SKEW_S = 60.0
"""An issuer's clock may run ahead by so much where a life is measured."""
BEFORE_S = 5.0
"""Clocks of participants differ by no more; so a token is taken so much before its `nbf`."""
MOST_KEPT = 10_000

_ALGORITHMS = ("RS256",)


class TokenRules(NamedTuple):
    """For whom and by whom a token has to be made out.

    Attributes:
        audiences: of which a token names one.
        issuers: of which a token names one; empty compares nothing, the signature alone decides.
    """

    audiences: frozenset[str]
    issuers: frozenset[str] = frozenset()


class _Claims(msgspec.Struct):
    iss: str
    sub: str
    aud: str | tuple[str, ...]
    exp: float
    nbf: float = 0.0
    scope: str = ""
    client_id: str = ""


_CLAIMS = msgspec.json.Decoder(_Claims)


class AccessTokens:
    """Verifies tokens, each of them once; `known` is for the event loop alone.

    Args:
        keys: what issuers sign with.
        clock: the wall clock.
        rules: for whom and by whom a token has to be made out.
    """

    def __init__(self, keys: SigningKeys, clock: Clock, rules: TokenRules) -> None:
        self._keys = keys
        self._clock = clock
        self._rules = rules
        self._kept: dict[bytes, tuple[Bearer, float]] = {}
        self._edition = keys.edition

    def known(self, header: bytes) -> Bearer | None:
        """Who asks, if the same header was verified before and still holds."""
        if self._edition != self._keys.edition:
            self._kept, self._edition = {}, self._keys.edition
            return None
        found = self._kept.get(hashlib.sha256(header).digest())
        if found is None or found[1] <= self._clock.now().timestamp():
            return None
        return found[0]

    def verified(self, header: bytes) -> tuple[Bearer, float]:
        """Who asks, and until when that holds; in a thread, because keys may have to be fetched.

        Raises:
            Refusal: 401, why the token is none.
        """
        scheme, _, token = header.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise unauthenticated("no bearer token came with the request")
        if len(token) > LONGEST_TOKEN:
            raise unauthenticated("the token is longer than any that is taken")
        claims = _claims(self._payload(token.strip()))
        self._require_valid(claims)
        scopes = frozenset(claims.scope.split())
        return Bearer(claims.sub, claims.client_id or claims.sub, scopes), claims.exp

    def keep(self, header: bytes, bearer: Bearer, until_s: float, edition: int) -> None:
        """Know a verified header from now on; on the event loop alone.

        Args:
            header: as it came.
            bearer: whose it is.
            until_s: when it ends, in seconds since 1970.
            edition: of the keys when its verification began.
        """
        if edition != self._edition:
            return
        if len(self._kept) >= MOST_KEPT:
            now_s = self._clock.now().timestamp()
            self._kept = {key: kept for key, kept in self._kept.items() if kept[1] > now_s}
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        self._kept[hashlib.sha256(header).digest()] = bearer, until_s

    @property
    def edition(self) -> int:
        """Of the keys that kept tokens were verified with."""
        return self._edition

    def _payload(self, token: str) -> bytes:
        """What a known key signed; keys are looked for anew once where none did."""
        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid", "")
        except (JoseError, ValueError):
            raise unauthenticated("the token cannot be read") from None
        kid = kid if isinstance(kid, str) else ""
        edition = self._keys.edition
        payload = self._signed(token, kid)
        # Somebody else may have looked meanwhile: then it is not done again, and the keys are new.
        if payload is None and (self._keys.look_again() or self._keys.edition != edition):
            payload = self._signed(token, kid)
        if payload is None:
            raise unauthenticated("no accepted key signed the token with RS256")
        return payload

    def _signed(self, token: str, kid: str) -> bytes | None:
        for key in self._keys.candidates(kid):
            try:
                return jws.deserialize_compact(token, key, algorithms=_ALGORITHMS).payload
            except (JoseError, ValueError):
                continue
        return None

    def _require_valid(self, claims: _Claims) -> None:
        now_s = self._clock.now().timestamp()
        if not claims.sub:
            raise unauthenticated("the token's `sub` is empty")
        if not claims.iss:
            raise unauthenticated("the token's `iss` is empty")
        if self._rules.issuers and claims.iss not in self._rules.issuers:
            raise unauthenticated("the token's `iss` is not accepted here")
        named = (claims.aud,) if isinstance(claims.aud, str) else claims.aud
        if self._rules.audiences.isdisjoint(named):
            raise unauthenticated("the token's `aud` is for others")
        if not math.isfinite(claims.exp) or claims.exp <= now_s:
            raise unauthenticated("the token has expired")
        if claims.exp > now_s + LONGEST_LIFE_S + SKEW_S:
            raise unauthenticated("the token's `exp` is more than an hour ahead")
        if not claims.nbf <= now_s + BEFORE_S:
            raise unauthenticated("the token does not hold yet (`nbf`)")


def _claims(payload: bytes) -> _Claims:
    try:
        return _CLAIMS.decode(payload)
    except msgspec.ValidationError as error:
        raise unauthenticated(f"the token's claims cannot be used: {error!s:.200}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise unauthenticated("the token's claims are no JSON") from None
