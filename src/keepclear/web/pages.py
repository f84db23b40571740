"""The application that hands out finished pages and files from memory.

It answers GET and HEAD on the paths it was given and refuses every other host name, so
that no other site can reach it through the browser (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keepclear.web.content_policy import CLOSED_POLICY, policy_of

HTML = "text/html; charset=utf-8"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")

FIXED_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": CLOSED_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Something to hand out.

    Attributes:
        content_type: its media type.
        body: its bytes.
        download_as: file name to save it under; empty shows it in the browser.
    """

    content_type: str
    body: bytes
    download_as: str = ""


class LoopbackOnly:
    """Refuses requests that name another host or port, and closes down every response."""

    def __init__(self, app: ASGIApp, *, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in LOOPBACK_NAMES}
        if port == 80:
            self._hosts.update(LOOPBACK_NAMES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 421 to a foreign host name."""

        async def send_closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in FIXED_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] != "http" or Headers(scope=scope).get("host") in self._hosts:
            await self._app(scope, receive, send_closed)
        else:
            text = "This server answers to its own machine only.\n"
            await PlainTextResponse(text, status_code=421)(scope, receive, send_closed)


def application(pages: Mapping[str, Page], *, port: int) -> ASGIApp:
    """An application that serves these pages, by path, to this machine only."""
    routes = [Route(path, _endpoint(page), methods=["GET"]) for path, page in pages.items()]
    return LoopbackOnly(Starlette(routes=routes), port=port)


def _endpoint(page: Page) -> Callable[[Request], Awaitable[Response]]:
    headers = {}
    if page.content_type == HTML:
        headers["content-security-policy"] = policy_of(page.body)
    if page.download_as:
        headers["content-disposition"] = f'attachment; filename="{page.download_as}"'

    async def answer(_request: Request) -> Response:
        return Response(page.body, media_type=page.content_type, headers=headers)

    return answer
