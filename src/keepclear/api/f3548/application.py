"""The application that F3548 clients ask; a server runs it on a port of its own."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import Receive, Scope, Send

from keepclear.api.bodies import GoneError
from keepclear.api.f3548.dispatch import Dispatch, Outcome
from keepclear.api.f3548.endpoint import F3548Endpoint, F3548Equipment
from keepclear.api.f3548.tokens import AccessTokens

_FIXED = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


class F3548Application:
    """What a server runs for F3548 clients: no pages, no cookies, no streams."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            try:
                outcome = await self._dispatch.outcome(scope, receive)
            except GoneError:
                return
            await _send(outcome, send)

    def close(self) -> None:
        """Take nothing more, and return once what is under way is done."""
        self._dispatch.close()


def f3548_application(
    equipment: F3548Equipment, tokens: AccessTokens, endpoints: Sequence[F3548Endpoint]
) -> F3548Application:
    """The application of a node in its F3548 roles.

    Args:
        equipment: the discovery service, the USS, or both.
        tokens: who may ask.
        endpoints: those of the node's roles, as `tables.served` lists them.
    """
    return F3548Application(Dispatch(endpoints, equipment, tokens))


async def _send(outcome: Outcome, send: Send) -> None:
    headers = [
        (name.encode("latin-1"), text.encode("latin-1")) for name, text in outcome.headers.items()
    ]
    if outcome.status != 204:
        headers += (*_FIXED, (b"content-length", str(len(outcome.body)).encode()))
    await send({"type": "http.response.start", "status": outcome.status, "headers": headers})
    await send({"type": "http.response.body", "body": outcome.body})
