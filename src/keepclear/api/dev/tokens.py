"""An issuer of access tokens for a trial on one machine: it gives whatever is asked of it.

Source: RFC 6749, 4.4 (client credentials); RFC 7517 (JSON Web Key Sets); RFC 7519 (JWT).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from keepclear.api.bodies import GoneError, read_body
from keepclear.api.problems import Refusal
from keepclear.api.replies import Reply, outgoing, send_whole
from keepclear.ports.world import Clock, Entropy
from keepclear.web.headers import LOOPBACK_NAMES

LIFE_S = 3_600
LONGEST_LIFE_S = 86_400
ISSUER = "keepclear-dev"
_FORM_BYTES = 20_000
_PEM = "application/x-pem-file"


class IssuerKey(NamedTuple):
    """What the issuer signs with.

    Attributes:
        key: the private key, with its `kid`.
        kid: its name.
        public_pem: its public half.
    """

    key: RSAKey
    kid: str
    public_pem: bytes


class Told(Exception):
    """A request that cannot be granted, in the words of OAuth."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


class IssuerApplication:
    """Issues tokens to whoever asks from this machine.

    Args:
        key: what it signs with.
        clock: the wall clock.
        entropy: where identifiers come from.
    """

    def __init__(self, key: IssuerKey, clock: Clock, entropy: Entropy) -> None:
        self._key = key
        self._clock = clock
        self._entropy = entropy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            reply = await self._replied(scope, receive)
        except Told as told:
            said = {"error": told.error, "error_description": told.description}
            reply = Reply({**said, "message": told.description}, 400)
        except Refusal as refusal:
            reply = Reply({"message": refusal.problem.detail}, refusal.problem.status)
        except GoneError:
            return
        await send_whole(outgoing(reply), send)

    async def _replied(self, scope: Scope, receive: Receive) -> Reply:
        headers = Headers(scope=scope)
        _require_near(headers)
        method, path = scope["method"], scope["path"]
        if path == "/token" and method in ("GET", "POST"):
            asked = _pairs(scope["query_string"])
            if method == "POST":
                asked |= _pairs(await read_body(receive, headers, _FORM_BYTES))
            return Reply(self._granted(asked), headers={"cache-control": "no-store"})
        if path == "/key.pem" and method == "GET":
            return Reply(self._key.public_pem, content_type=_PEM)
        if path == "/.well-known/jwks.json" and method == "GET":
            public = self._key.key.as_dict(private=False)
            return Reply({"keys": [{**public, "alg": "RS256", "use": "sig"}]})
        if path == "/status" and method == "GET":
            return Reply({"status": "ok"})
        return Reply({"message": "there is nothing at this path"}, 404)

    def _granted(self, asked: Mapping[str, str]) -> dict[str, object]:
        if asked.get("grant_type", "client_credentials") != "client_credentials":
            raise Told("unsupported_grant_type", "only client_credentials is granted")
        life_s = _life_s(asked.get("exp", str(LIFE_S)))
        now_s = int(self._clock.now().timestamp())
        sub = asked.get("sub") or asked.get("client_id") or ""
        audience = asked.get("intended_audience") or asked.get("audience") or ""
        if not sub or not audience:
            raise Told("invalid_request", "`sub` and `intended_audience` have to be given")
        claims: dict[str, object] = {
            "iss": asked.get("issuer") or ISSUER,
            "sub": sub,
            "client_id": asked.get("client_id") or sub,
            "aud": audience,
            "scope": asked.get("scope", ""),
            "iat": now_s,
            "nbf": now_s - 1,
            "exp": now_s + life_s,
            "jti": self._entropy.new_id(),
        }
        header = {"alg": "RS256", "typ": "JWT", "kid": self._key.kid}
        token = jwt.encode(header, claims, self._key.key, algorithms=["RS256"])
        return {"access_token": token, "token_type": "Bearer", "expires_in": life_s}


def _require_near(headers: Headers) -> None:
    """Refuse what a page of elsewhere could have a browser ask."""
    host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
    if host not in LOOPBACK_NAMES or "origin" in headers:
        raise Told("invalid_request", "tokens are issued to programs on this machine alone")


def _pairs(raw: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise Told("invalid_request", "the request cannot be read") from None


def _life_s(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= LONGEST_LIFE_S:
        raise Told("invalid_request", f"`exp` is a number of seconds up to {LONGEST_LIFE_S}")
    return int(text)
