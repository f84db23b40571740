"""One request to a discovery service or a USS: token, limits, log, and errors with a meaning."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import UNSET

from keepclear.errors import (
    AirspaceConflict,
    InvalidInput,
    KeepclearError,
    NotFound,
    NotPermitted,
    PeerNonsense,
    PeerRefused,
    PeerSilent,
    UssIsDown,
    VersionConflict,
)
from keepclear.formats.f3548 import (
    AirspaceConflictResponse,
    ErrorResponse,
    ExchangeRecord,
    Time,
    decode,
)
from keepclear.peers.access_tokens import AccessTokens
from keepclear.ports.exchange_log import ExchangeLog, LogSort
from keepclear.ports.world import Clock

T = TypeVar("T")

CONNECT_S = 3.0
KEPT_OPEN_S = 30.0
MOST_TOLD_BYTES = 48_000
"""Of a body that is told in a report; a multiple of 3, so that its base64 can be cut."""
_RECALLED = 64


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one kind of request may go.

    Attributes:
        wait_s: after so long without a whole answer it counts as silent.
        most_bytes: a longer answer is not read to its end.
        most_at_once: so many requests wait for one host at most; the next counts as silent.
        is_plain_allowed: whether an unencrypted address may be asked.
    """

    wait_s: float
    most_bytes: int
    most_at_once: int
    is_plain_allowed: bool = False


class Request(NamedTuple):
    """A request.

    Attributes:
        method: of HTTP.
        url: whole.
        scopes: what the token must allow.
        body: JSON bytes; None for none.
    """

    method: str
    url: str
    scopes: frozenset[str]
    body: bytes | None = None


class _Reply(NamedTuple):
    status: int
    content: bytes
    exchange: ExchangeRecord | None = None


class Asker:
    """Asks, for use from any thread; what is asked and answered is kept in the log."""

    def __init__(
        self,
        reach: Reach,
        *,
        http: httpx.Client,
        tokens: AccessTokens,
        log: ExchangeLog,
        clock: Clock,
        forward_s: Callable[[], float],
    ) -> None:
        self._reach = reach
        self._http = http
        self._tokens = tokens
        self._log = log
        self._clock = clock
        self._forward_s = forward_s
        self._under_way: dict[str, int] = {}
        self._last: OrderedDict[str, ExchangeRecord] = OrderedDict()
        self._wrong: ExchangeRecord | None = None
        self._lock = Lock()

    def exchange(self, url: str) -> ExchangeRecord | None:
        """The last exchange about an address that was answered, as others may be told of it.

        Without the token, long bodies cut. None where there was none, or long ago.
        """
        with self._lock:
            return self._last.get(url)

    def wrong_exchange(self) -> ExchangeRecord | None:
        """The last exchange in which the one asked failed or answered nonsense; each once.

        As others may be told of it, with what is wrong in it; None where there was none since
        this was asked last.
        """
        with self._lock:
            wrong, self._wrong = self._wrong, None
            return wrong

    def record(self, request: Request, kind: type[T], *statuses: int) -> T:
        """Ask, and read the answer as a record.

        Raises:
            KeepclearError: as `ports.dss_client` and `ports.uss_peers` say.
        """
        reply = self._asked(request, *(statuses or (200,)))
        try:
            return decode(kind, reply.content)
        except InvalidInput as fault:
            trouble = PeerNonsense(f"what {_host(request.url)} answers is unusable: {fault}")
            self._note_wrong(reply, trouble)
            raise trouble from None

    def done(self, request: Request, *statuses: int) -> bytes:
        """Ask, and see that one of these statuses comes back; the body.

        Raises:
            KeepclearError: as `record`.
        """
        return self._asked(request, *statuses).content

    def _asked(self, request: Request, *statuses: int) -> _Reply:
        self._require_permitted(request.url)
        with self._place_at(_host(request.url)):
            reply = self._replied(request)
            if reply.status == 401:
                reply = self._replied(request)
        if reply.status in statuses:
            return reply
        refusal = refusal_of(reply.status, reply.content, _host(request.url))
        if reply.status >= 500 or isinstance(refusal, PeerNonsense):
            self._note_wrong(reply, refusal)
        raise refusal

    def _note_wrong(self, reply: _Reply, trouble: KeepclearError) -> None:
        """Keep this very exchange: by now another may be the last about its address."""
        if reply.exchange is not None:
            wrong = msgspec.structs.replace(reply.exchange, problem=trouble.message)
            with self._lock:
                self._wrong = wrong

    def _replied(self, request: Request) -> _Reply:
        token = self._tokens.token(request.url, request.scopes)
        began = self._clock.now()
        try:
            reply = self._sent(request, token)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            trouble = _trouble_of(error, _host(request.url))
            self._keep(request, token, began, None, trouble.message)
            raise trouble from None
        exchange = self._keep(request, token, began, reply, "")
        if reply.status == 401:
            self._tokens.forget(token)
        return reply._replace(exchange=exchange)

    def _sent(self, request: Request, token: str) -> _Reply:
        until_s = self._forward_s() + self._reach.wait_s
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        if request.body is not None:
            headers["content-type"] = "application/json"
        with self._http.stream(
            request.method,
            request.url,
            content=request.body,
            headers=headers,
            timeout=httpx.Timeout(self._reach.wait_s, connect=min(CONNECT_S, self._reach.wait_s)),
        ) as response:
            parts: list[bytes] = []
            size = 0
            for part in response.iter_bytes():
                size += len(part)
                if size > self._reach.most_bytes:
                    raise httpx.DecodingError(f"more than {self._reach.most_bytes:,} bytes")
                if self._forward_s() > until_s:
                    raise httpx.ReadTimeout("the answer comes too slowly")
                parts.append(part)
            return _Reply(response.status_code, b"".join(parts))

    def _keep(
        self, request: Request, token: str, began: datetime, reply: _Reply | None, problem: str
    ) -> ExchangeRecord:
        """Keep the exchange; of the token what it says, never the signature that makes it good.

        It comes back as others may be told of it.
        """
        shown = token.rpartition(".")[0]
        kept = ExchangeRecord(
            url=request.url,
            method=request.method,
            headers=(f"Authorization: Bearer {shown}.",),
            recorder_role="Client",
            request_time=Time(value=began, format="RFC3339"),
            request_body=base64.b64encode(request.body or b"").decode("ascii"),
            response_time=UNSET
            if reply is None
            else Time(value=self._clock.now(), format="RFC3339"),
            response_body=UNSET
            if reply is None
            else base64.b64encode(reply.content).decode("ascii"),
            response_code=UNSET if reply is None else reply.status,
            problem=problem or UNSET,
        )
        self._log.keep(LogSort.MESSAGE, kept)
        tellable = _tellable(kept)
        if reply is not None:
            with self._lock:
                self._last[request.url] = tellable
                self._last.move_to_end(request.url)
                while len(self._last) > _RECALLED:
                    self._last.popitem(last=False)
        return tellable

    @contextmanager
    def _place_at(self, host: str) -> Iterator[None]:
        with self._lock:
            under_way = self._under_way.get(host, 0)
            if under_way >= self._reach.most_at_once:
                raise PeerSilent(f"{host} has not answered {under_way} other requests yet")
            self._under_way[host] = under_way + 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[host] -= 1
                if not self._under_way[host]:
                    del self._under_way[host]

    def _require_permitted(self, url: str) -> None:
        scheme = urlsplit(url).scheme
        if scheme == "https" or (scheme == "http" and self._reach.is_plain_allowed):
            return
        raise PeerRefused(
            f"{url[:200]!r} is not encrypted",
            remedy="Have its owner publish an https address; f3548.allow_http_base_urls is for "
            "tests on one machine alone.",
        )


def _tellable(kept: ExchangeRecord) -> ExchangeRecord:
    most = MOST_TOLD_BYTES // 3 * 4
    return msgspec.structs.replace(
        kept,
        headers=("Authorization: withheld",),
        request_body=(kept.request_body or "")[:most],
        response_body=(kept.response_body or "")[:most],
    )


def f3548_http(*, verify: Any = True) -> httpx.Client:
    """What carries the requests: no proxy of the environment, nobody redirects."""
    return httpx.Client(
        verify=verify,
        timeout=httpx.Timeout(10.0, connect=CONNECT_S),
        limits=httpx.Limits(
            max_connections=200, max_keepalive_connections=50, keepalive_expiry=KEPT_OPEN_S
        ),
        trust_env=False,
        follow_redirects=False,
    )


def refusal_of(status: int, content: bytes, host: str) -> KeepclearError:
    """What a status other than the wanted one means."""
    said = f"{host} answered {status}: {_message_of(content)}"
    if status == 409:
        return _conflict_of(content, said)
    kinds: dict[int, type[KeepclearError]] = {
        400: InvalidInput,
        403: NotPermitted,
        404: NotFound,
        412: UssIsDown,
        413: InvalidInput,
    }
    return kinds.get(status, PeerRefused if status >= 400 else PeerNonsense)(said)


def _conflict_of(content: bytes, said: str) -> KeepclearError:
    try:
        response = decode(AirspaceConflictResponse, content)
    except InvalidInput:
        return VersionConflict(said)
    if response.missing_operational_intents or response.missing_constraints:
        return AirspaceConflict(said, response=response)
    return VersionConflict(said)


def _message_of(content: bytes) -> str:
    try:
        message = decode(ErrorResponse, content).message
    except InvalidInput:
        return "no reason that can be read"
    return "no reason" if message is UNSET else message[:300]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc or url[:100]
    except ValueError:
        return url[:100]


def _trouble_of(error: Exception, host: str) -> PeerSilent | PeerNonsense:
    is_cut = any(word in str(error) for word in ("disconnected", "closed connection"))
    if isinstance(error, httpx.RemoteProtocolError) and is_cut:
        return PeerSilent(f"{host} cut the connection before the answer was whole")
    if isinstance(
        error, httpx.DecodingError | httpx.RemoteProtocolError | httpx.InvalidURL
    ) or not isinstance(error, httpx.HTTPError | OSError):
        return PeerNonsense(f"the answer of {host} cannot be read ({type(error).__name__})")
    return PeerSilent(f"{host} does not answer ({type(error).__name__})")
