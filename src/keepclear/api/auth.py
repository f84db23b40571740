"""Who asks: the node's token, one-time tickets, and the sessions that come of either.

The token has far more than a hundred bits, so guessing is hopeless; wrong ones are limited
all the same, to keep the noise down. A right one is always taken: nobody on the machine can
lock the duty officer out by sending wrong ones. A session may also be an account's, opened
with its name and password; whether that account still may is asked anew with each request.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from urllib.parse import unquote

from keepclear.api.problems import FOREIGN, TOO_MANY_ATTEMPTS, UNAUTHENTICATED, Refusal, refusal
from keepclear.errors import InvalidInput
from keepclear.model.account import Account
from keepclear.ports.world import Entropy
from keepclear.services.accounts.patience import Patience

COOKIE = "keepclear_session"
LEAST_TOKEN_CHARACTERS = 32
SESSION_LASTS_S = 24 * 3_600.0
"""A session ends a day after it was opened, used or not."""
MOST_SESSIONS = 64
"""One more, and the oldest ends."""
TICKET_LASTS_S = 600.0
MOST_TICKETS = 8
MOST_FAILURES = 10
"""So many wrong tokens within `FAILURES_COUNT_S` are looked at; more are turned away."""
FAILURES_COUNT_S = 60.0

_SAFE_METHODS = frozenset({"GET", "HEAD"})


@dataclass(slots=True)
class Caller:
    """Who asks, as far as the node can tell.

    Attributes:
        actor: as they call themselves; empty where they did not say.
        by_cookie: a browser sent its session along; a token was not given.
        is_over: the session was ended meanwhile.
        account: the account that signed in; empty where the token opened the session.
        password_version: of its password, when it signed in.
        knew_accounts: the node had accounts when the session was opened.
    """

    actor: str = ""
    by_cookie: bool = False
    is_over: bool = False
    account: str = ""
    password_version: int = 0
    knew_accounts: bool = False


@dataclass(slots=True)
class _Session:
    ends_s: float
    caller: Caller


ACTOR = "keepclear-actor"
"""The header in which a program says for whom it asks, percent-encoded."""
_LONGEST_ACTOR = 100


class Access:
    """Lets in whoever has the token, a ticket that is not used yet, or an open session.

    Args:
        token: what stands in the node's token file.
        entropy: where tickets and session names come from.
        seconds: a clock that only ever goes forward, in seconds.
        cookie: the name of the session's cookie. Nodes that share a machine need one each:
            browsers do not tell ports apart.

    Raises:
        InvalidInput: the token is too short to be safe.
    """

    def __init__(
        self, token: str, entropy: Entropy, seconds: Callable[[], float], *, cookie: str = COOKIE
    ) -> None:
        if len(token) < LEAST_TOKEN_CHARACTERS:
            raise InvalidInput(
                "the node's token is too short",
                remedy="Remove the file `token` from the node's folder; a new one is made.",
            )
        self.cookie = cookie
        self._token = _digest(token)
        self._entropy = entropy
        self._seconds = seconds
        self._lock = Lock()
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()
        self._tickets: OrderedDict[bytes, float] = OrderedDict()
        self._failures: deque[float] = deque()
        self.patience = Patience(seconds)

    def caller(self, headers: Mapping[str, str], method: str) -> Caller:
        """Who asks.

        Raises:
            Refusal: nobody the node knows (401), or a browser on behalf of a foreign page (403).
        """
        given = headers.get("authorization")
        if given is not None:
            scheme, _, token = given.partition(" ")
            if scheme.lower() != "bearer":
                raise unknown("the Authorization header holds no bearer token")
            self._require_token(token.strip())
            return Caller(actor=_named(headers.get(ACTOR, "")))
        session = self._session(headers)
        if session is None:
            raise unknown("neither a token nor an open session came with the request")
        require_own_page(headers, method)
        return session.caller

    def open_session(self, token: str, actor: str = "", *, knows_accounts: bool = False) -> str:
        """Open a session for whoever has the token.

        Args:
            token: as it was given.
            actor: for whom, as they call themselves.
            knows_accounts: the node has accounts, and the token was given all the same.

        Returns:
            The session's name, for the cookie alone.

        Raises:
            Refusal: it is not the token (401), or too many were wrong (429).
        """
        self._require_token(token)
        return self._opened(Caller(actor=actor, by_cookie=True, knew_accounts=knows_accounts))

    def open_account_session(self, account: Account) -> str:
        """Open a session for an account whose password was given just now."""
        return self._opened(
            Caller(
                actor=account.name,
                by_cookie=True,
                account=account.name,
                password_version=account.password_version,
                knew_accounts=True,
            )
        )

    def new_ticket(self) -> str:
        """A ticket that opens one session within `TICKET_LASTS_S`; the holder needs no token."""
        ticket = self._secret()
        with self._lock:
            self._tickets[_digest(ticket)] = self._seconds() + TICKET_LASTS_S
            while len(self._tickets) > MOST_TICKETS:
                self._tickets.popitem(last=False)
        return ticket

    def use_ticket(self, ticket: str) -> str | None:
        """Open a session with a ticket; None where it is used, too old, or none of ours."""
        with self._lock:
            ends_s = self._tickets.pop(_digest(ticket), None)
        if ends_s is None or self._seconds() > ends_s:
            return None
        return self._opened(Caller(by_cookie=True))

    def end_sessions_of(self, account: str) -> None:
        """End every session of an account, at once."""
        with self._lock:
            ended = [key for key, one in self._sessions.items() if one.caller.account == account]
            for key in ended:
                self._sessions.pop(key).caller.is_over = True

    def sessions_of(self, account: str) -> int:
        """How many sessions of an account are open."""
        now_s = self._seconds()
        with self._lock:
            every = self._sessions.values()
            return sum(one.caller.account == account and now_s <= one.ends_s for one in every)

    def end_session(self, headers: Mapping[str, str]) -> None:
        """End the session that came along; nothing happens where there is none.

        Raises:
            Refusal: a foreign page made the browser ask for it (403).
        """
        require_own_page(headers, "DELETE")
        with self._lock:
            ended = self._sessions.pop(_digest(self._cookie_of(headers)), None)
        if ended is not None:
            ended.caller.is_over = True

    def set_cookie(self, session: str, *, is_secure: bool = False) -> str:
        """The header that gives a browser its session; an empty name takes it away."""
        parts = [f"{self.cookie}={session}", "Path=/", "HttpOnly", "SameSite=Strict"]
        if not session:
            parts.append("Max-Age=0")
        if is_secure:
            parts.append("Secure")
        return "; ".join(parts)

    def _opened(self, caller: Caller) -> str:
        name = self._secret()
        session = _Session(self._seconds() + SESSION_LASTS_S, caller)
        with self._lock:
            self._sessions[_digest(name)] = session
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)[1].caller.is_over = True
        return name

    def _session(self, headers: Mapping[str, str]) -> _Session | None:
        # Only digests are looked up, so how long it takes tells nothing of a session's name.
        digest = _digest(self._cookie_of(headers))
        with self._lock:
            session = self._sessions.get(digest)
            if session is not None and self._seconds() > session.ends_s:
                del self._sessions[digest]
                session.caller.is_over = True
                return None
        return session

    def _cookie_of(self, headers: Mapping[str, str]) -> str:
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return ""
        return morsel.value if morsel is not None else ""

    def _require_token(self, token: str) -> None:
        if hmac.compare_digest(_digest(token), self._token):
            return
        now_s = self._seconds()
        with self._lock:
            while self._failures and self._failures[0] < now_s - FAILURES_COUNT_S:
                self._failures.popleft()
            if len(self._failures) >= MOST_FAILURES:
                wait_s = max(1, round(self._failures[0] + FAILURES_COUNT_S - now_s))
                raise refusal(
                    TOO_MANY_ATTEMPTS,
                    f"{MOST_FAILURES} wrong tokens came within a minute",
                    retry_after=str(wait_s),
                )
            self._failures.append(now_s)
        raise unknown("that is not this node's token")

    def _secret(self) -> str:
        return f"{self._entropy.new_id()}{self._entropy.new_id()}".replace("-", "")


def require_own_page(headers: Mapping[str, str], method: str) -> None:
    """Refuse what a foreign page made a browser send along with our session.

    Source: W3C Fetch Metadata Request Headers, 2.3 (Sec-Fetch-Site); RFC 6454, 7 (Origin).

    Raises:
        Refusal: the browser names another site; or it does not say where a change comes from.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise refusal(FOREIGN, f"the browser says that a page of another site sent it ({site})")
    # A foreign Origin never comes this far: the gate refuses it.
    if method not in _SAFE_METHODS and site != "same-origin" and "origin" not in headers:
        raise refusal(FOREIGN, "the browser does not say which page sent it")


def unknown(detail: str) -> Refusal:
    """Nobody the node knows."""
    return refusal(UNAUTHENTICATED, detail, www_authenticate='Bearer realm="keepclear"')


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _named(header: str) -> str:
    """For whom a program asks.

    Raises:
        InvalidInput: it is no name that could stand in the ledger.
    """
    try:
        actor = unquote(header, errors="strict").strip()
    except UnicodeDecodeError:
        actor = "\0"
    if len(actor) > _LONGEST_ACTOR or not (actor.isprintable() or not actor):
        raise InvalidInput(
            "the header Keepclear-Actor holds no name",
            remedy=f"Give at most {_LONGEST_ACTOR} printable characters, percent-encoded.",
        )
    return actor
