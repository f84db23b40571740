"""The outermost layer: whom the node answers to at all, and what every response carries.

A page of another site can point a name of its own at this machine (DNS rebinding) or post
to it blindly; neither gets past here, whatever the path.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keepclear.api.problems import FOREIGN, FOREIGN_HOST, Refusal, refusal
from keepclear.api.replies import send_refusal
from keepclear.web.headers import FIXED_HEADERS, LOOPBACK_NAMES

_CLOSING = tuple((name.encode(), value.encode()) for name, value in FIXED_HEADERS.items())
"""What every response carries unless it says otherwise itself; names in small letters."""


class Gate:
    """Refuses foreign host names and origins, and closes down every response.

    Args:
        app: what answers all else.
        port: the port the node listens on.
        extra_hosts: names besides the loopback's, each with or without its port.
    """

    def __init__(self, app: ASGIApp, *, port: int, extra_hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in LOOPBACK_NAMES}
        if port == 80:
            self._hosts.update(LOOPBACK_NAMES)
        for name in extra_hosts:
            self._hosts.add(name.lower())
            if urlsplit(f"//{name}").port is None:
                self._hosts.add(f"{name.lower()}:{port}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it; WebSockets are always closed."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                own = {name for name, _ in headers}
                closing = [each for each in _CLOSING if each[0] not in own]
                message = {**message, "headers": [*headers, *closing]}
            await send(message)

        refused = self._refused(Headers(scope=scope))
        if refused is None:
            await self._app(scope, receive, send_closed)
        else:
            await send_refusal(refused, send_closed)

    def _refused(self, headers: Headers) -> Refusal | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return refusal(FOREIGN_HOST, "the node does not answer to the name that was used")
        origin = headers.get("origin")
        host = hosts[0].lower()
        if origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}"):
            return refusal(FOREIGN, "a page of another origin sent the request")
        return None
