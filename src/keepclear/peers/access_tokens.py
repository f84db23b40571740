"""Access tokens of an authorisation server, kept until shortly before they end.

A token is asked for one audience (the host that is to be asked) and one set of scopes.

Source: RFC 6749, 4.4 (client credentials); ASTM F3548-21, interface UTM API
    1.0.0, security schemes (audience by host name, scopes by role).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import UNSET, Struct, UnsetType

from keepclear.errors import PeerNonsense, PeerRefused, PeerSilent, PeerTrouble
from keepclear.ports.world import Clock

SPARE_S = 30.0
"""A token is not used in the last seconds of its life; clocks differ."""
_MOST_KEPT = 1_000
_MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class TokenServer:
    """Where tokens come from.

    Attributes:
        url: of its token endpoint.
        method: POST with a form, as RFC 6749 has it; GET with a query, as test issuers have it.
        client_id, client_secret: ours; sent as basic authentication where there is a secret.
        parameters: what else it wants to be told ("sub=uss1").
    """

    url: str
    method: Literal["GET", "POST"] = "POST"
    client_id: str = ""
    client_secret: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


class _Answered(Struct):
    access_token: str
    expires_in: float | UnsetType = UNSET


class _Claims(Struct):
    exp: float | UnsetType = UNSET


class _Kept(NamedTuple):
    token: str
    until: datetime


class _Turn:
    """Whose turn it is to fetch one kind of token, and what became of those before."""

    __slots__ = ("failures", "lock", "trouble")

    def __init__(self) -> None:
        self.lock = Lock()
        self.failures = 0
        self.trouble: PeerTrouble | None = None


class AccessTokens:
    """Tokens for any audience, for use from any thread."""

    def __init__(self, server: TokenServer, http: httpx.Client, clock: Clock) -> None:
        self._server = server
        self._http = http
        self._clock = clock
        self._kept: dict[tuple[str, frozenset[str]], _Kept] = {}
        self._turns: dict[tuple[str, frozenset[str]], _Turn] = {}
        self._lock = Lock()

    def token(self, url: str, scopes: frozenset[str]) -> str:
        """A token with which a URL's host may be asked.

        Raises:
            PeerSilent: the authorisation server does not answer.
            PeerRefused: it gives no such token; compare the scopes with what it allows.
            PeerNonsense: what it answers is no token.
        """
        key = (urlsplit(url).hostname or "", scopes)
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            failures = turn.failures
        kept = self._still_good(key)
        if kept is not None:
            return kept
        with turn.lock:
            kept = self._still_good(key)
            if kept is not None:
                return kept
            if turn.trouble is not None and turn.failures > failures:
                # Whoever was before us waited as long as one waits; so many would take for ever.
                raise type(turn.trouble)(turn.trouble.message, remedy=turn.trouble.remedy)
            return self._fetched_by(turn, key)

    def _still_good(self, key: tuple[str, frozenset[str]]) -> str | None:
        now = self._clock.now()
        with self._lock:
            kept = self._kept.get(key)
        return kept.token if kept is not None and now < kept.until else None

    def _fetched_by(self, turn: _Turn, key: tuple[str, frozenset[str]]) -> str:
        try:
            fresh = self._fetched(*key)
        except PeerTrouble as trouble:
            with self._lock:
                turn.failures, turn.trouble = turn.failures + 1, trouble
            raise
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
                self._turns.clear()
            self._kept[key] = fresh
        return fresh.token

    def forget(self, token: str) -> None:
        """Use a token no more: somebody has refused it."""
        with self._lock:
            for key in [key for key, kept in self._kept.items() if kept.token == token]:
                del self._kept[key]

    def _fetched(self, audience: str, scopes: frozenset[str]) -> _Kept:
        asked = {
            "grant_type": "client_credentials",
            "scope": " ".join(sorted(scopes)),
            "intended_audience": audience,
            **dict(self._server.parameters),
        }
        answered = _answer_of(self._response(asked))
        until = self._clock.now() + timedelta(seconds=self._lifetime_s(answered) - SPARE_S)
        return _Kept(answered.access_token, until)

    def _response(self, asked: dict[str, str]) -> httpx.Response:
        server = self._server
        auth = (server.client_id, server.client_secret) if server.client_secret else None
        if server.client_id and auth is None:
            asked = {"client_id": server.client_id, **asked}
        is_get = server.method == "GET"
        try:
            return self._http.request(
                server.method,
                server.url,
                params=asked if is_get else None,
                data=None if is_get else asked,
                auth=auth,
            )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise PeerSilent(
                f"the authorisation server does not answer ({type(error).__name__})",
                remedy="See that f3548.token_url is its address, and that it runs.",
            ) from None

    def _lifetime_s(self, answered: _Answered) -> float:
        if answered.expires_in is not UNSET:
            return answered.expires_in
        ends = _end_of(answered.access_token)
        return 0.0 if ends is None else (ends - self._clock.now()).total_seconds()


def _answer_of(response: httpx.Response) -> _Answered:
    if response.status_code != 200:
        raise PeerRefused(
            f"the authorisation server gave no token ({response.status_code}): "
            f"{response.text[:200]!r}",
            remedy="Compare f3548.scopes, f3548.client_id and its secret with what it allows.",
        )
    try:
        return msgspec.json.decode(response.content[:_MOST_BYTES], type=_Answered)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise PeerNonsense(
            "what the authorisation server answers is no token",
            remedy="See that f3548.token_url is its token endpoint.",
        ) from None


def _end_of(token: str) -> datetime | None:
    """When a token says that it ends; whoever is shown it verifies it, we only ask anew in time."""
    try:
        payload = token.split(".")[1]
        claims = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        ends = msgspec.json.decode(claims, type=_Claims).exp
        return None if ends is UNSET else datetime.fromtimestamp(ends, UTC)
    except (IndexError, binascii.Error, ValueError, OverflowError, OSError, msgspec.DecodeError):
        return None
