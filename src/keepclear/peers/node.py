"""Other parties' nodes over HTTPS; every lower error becomes one of three."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from threading import Lock
from typing import Final
from urllib.parse import urlsplit

import httpx

from keepclear.errors import PeerNonsense, PeerRefused, PeerSilent, PeerTrouble
from keepclear.formats.hosts import is_this_machine
from keepclear.model.operation import Mode
from keepclear.peers.pinning import PinMismatchError, pinned_context
from keepclear.ports.peers import PeerAddress

WAIT_S = 10.0
"""A node that answers at all answers a delivery sooner."""
CONNECT_S = 5.0
KEPT_OPEN_S = 30.0
"""An idle connection is let go before the other node does."""
HELLO_BYTES = 100_000
RECEIPT_BYTES = 2_000_000
VERSION: Final[Mapping[str, str]] = {"keepclear-version": "1"}
"""Which version of the peers' protocol is spoken."""
_JSON = {"content-type": "application/json", **VERSION}
_LONGEST_WAIT_S = 3_600.0


class NodePeers:
    """Fits the `Peers` port; one connection pool for each node, for use from any thread."""

    def __init__(self, *, wait_s: float = WAIT_S) -> None:
        self._timeout = httpx.Timeout(wait_s, connect=min(CONNECT_S, wait_s))
        self._clients: dict[tuple[str, str], httpx.Client] = {}
        self._lock = Lock()

    def hello(self, address: PeerAddress) -> bytes:
        """What the node says of itself.

        Raises:
            PeerTrouble: as the port says.
        """
        return self._asked(address, "GET", "/node/v1/hello", None, HELLO_BYTES)

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        """Hand over a delivery; its receipts, as they came.

        Raises:
            PeerTrouble: as the port says.
        """
        path = "/node/v1/flash" if flash else "/node/v1/envelopes"
        return self._asked(address, "POST", path, body, RECEIPT_BYTES)

    def close(self) -> None:
        """Let every connection go."""
        with self._lock:
            clients = list(self._clients.values())
            self._clients.clear()
        for client in clients:
            client.close()

    def _asked(
        self, address: PeerAddress, method: str, path: str, body: bytes | None, limit_bytes: int
    ) -> bytes:
        client = self._client(address)
        try:
            with client.stream(method, path, content=body, headers=_JSON) as response:
                content = _read(response, limit_bytes)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise _trouble_of(error) from None
        if response.status_code == 200:
            return content
        raise _refusal_of(response, content)

    def _client(self, address: PeerAddress) -> httpx.Client:
        require_permitted(address)
        key = (address.url, address.spki_pin)
        with self._lock:
            if key not in self._clients:
                # No proxy of the environment comes between two nodes, and nobody redirects.
                self._clients[key] = httpx.Client(
                    base_url=address.url,
                    verify=pinned_context(address.spki_pin) if address.spki_pin else False,
                    timeout=self._timeout,
                    limits=httpx.Limits(keepalive_expiry=KEPT_OPEN_S),
                    trust_env=False,
                    follow_redirects=False,
                )
            return self._clients[key]


def require_permitted(address: PeerAddress) -> None:
    """Refuse an address over which nothing may be sent.

    Plain HTTP goes to this machine alone, and in EXERCISE alone.

    Raises:
        PeerRefused: it is such an address; have the party send a card of its present node.
    """
    try:
        parts = urlsplit(address.url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise PeerRefused(f"{address.url!r:.200} is no address", remedy=_NEW_CARD) from None
    if parts.scheme == "https" and host and address.spki_pin:
        return
    if parts.scheme == "http" and address.mode is Mode.EXERCISE and is_this_machine(host):
        return
    raise PeerRefused(
        f"{address.url!r:.200} is not encrypted, or its TLS key is not known",
        remedy=_NEW_CARD,
    )


_NEW_CARD = (
    "Have the party write a contact card with an https address (`keepclear keys card`), and "
    "add it with `keepclear peer add`; plain HTTP is for EXERCISE on one machine alone."
)


def _read(response: httpx.Response, limit_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_raw():
        size += len(part)
        if size > limit_bytes:
            raise httpx.DecodingError(f"more than {limit_bytes:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _trouble_of(error: Exception) -> PeerTrouble:
    """What a failed request means for whoever waits for it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, PinMismatchError):
            return PeerNonsense(
                "the node at this address is not the one of the card: its TLS key differs",
                remedy="Send nothing there; ask the party by voice for its present card.",
            )
        seen = seen.__cause__ or seen.__context__
    is_cut = any(word in str(error) for word in ("disconnected", "closed connection"))
    if isinstance(error, httpx.RemoteProtocolError) and is_cut:
        return PeerSilent("the connection was cut before the answer was whole")
    if isinstance(error, httpx.DecodingError | httpx.RemoteProtocolError | httpx.InvalidURL):
        return PeerNonsense(f"the answer cannot be read ({type(error).__name__})")
    return PeerSilent(f"no answer came ({type(error).__name__})")


def _refusal_of(response: httpx.Response, content: bytes) -> PeerTrouble:
    status = response.status_code
    if status < 400:
        return PeerNonsense(f"the node answered {status}, which no node does")
    detail = _detail_of(content)
    refused = PeerRefused(f"the node refused with {status}: {detail}")
    refused.retry_after_s = _seconds(response.headers.get("retry-after", ""))
    return refused


def _detail_of(content: bytes) -> str:
    try:
        problem = json.loads(content)
        return f"{problem['code']}: {problem['detail']}"[:300]
    except (ValueError, KeyError, TypeError):
        return "no reason given"


def _seconds(text: str) -> float:
    return min(float(text), _LONGEST_WAIT_S) if text.isascii() and text.isdigit() else 0.0
