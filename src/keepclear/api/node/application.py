"""What other parties' nodes ask: a small application of its own, on a port of its own."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Awaitable, Callable

from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from keepclear.api.bodies import GoneError
from keepclear.api.node.deliveries import Deliveries
from keepclear.api.node.refusals import UNENCRYPTED
from keepclear.api.problems import (
    INTERNAL,
    METHOD,
    NO_SUCH_PATH,
    Refusal,
    refusal,
    refusal_of,
)
from keepclear.api.replies import Outgoing, Reply, outgoing, refused, send_whole
from keepclear.errors import KeepclearError
from keepclear.formats.struct_types import learn_struct_types
from keepclear.model.operation import Mode
from keepclear.services.node import Node
from keepclear.web.headers import FIXED_HEADERS

_log = logging.getLogger(__name__)

Answer = Callable[[Scope, Receive], Awaitable[bytes]]


class PeersApplication:
    """What a server runs for the other nodes; made by `peers_application`."""

    def __init__(self, router: Router, deliveries: Deliveries) -> None:
        self._router = router
        self._deliveries = deliveries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; there are neither pages nor streams here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._router(scope, receive, send)

    def close(self) -> None:
        """Take nothing more, and return once what is under way is done."""
        self._deliveries.close()


def peers_application(node: Node, seconds: Callable[[], float]) -> PeersApplication:
    """The application that other parties' nodes ask.

    Args:
        node: the node, opened with its key.
        seconds: a clock that only ever goes forward, in seconds.
    """
    learn_struct_types()
    deliveries = Deliveries(node, seconds)
    asked = {
        "/node/v1/hello": ("GET", deliveries.hello),
        "/node/v1/envelopes": ("POST", deliveries.envelopes),
        "/node/v1/flash": ("POST", deliveries.flash),
    }
    routes = [
        Route(path, _Resource(node, method, answer)) for path, (method, answer) in asked.items()
    ]
    return PeersApplication(Router(routes, redirect_slashes=False, default=_nowhere), deliveries)


class _Resource:
    """One path: its method, and what comes of a request."""

    def __init__(self, node: Node, method: str, answer: Answer) -> None:
        self._node = node
        self._method = method
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever comes of it."""
        try:
            out = outgoing(Reply(await self._answered(scope, receive), headers=FIXED_HEADERS))
        except Refusal as told:
            out = _refused(told)
        except KeepclearError as error:
            out = _refused(refusal_of(error))
        except GoneError:
            return
        except Exception:  # noqa: BLE001  (the edge: whatever is left is a fault of ours)
            out = _refused(self._fault(scope))
        await send_whole(out, send)

    async def _answered(self, scope: Scope, receive: Receive) -> bytes:
        if scope["method"] != self._method:
            raise refusal(METHOD, f"{scope['method']} is not taken here", allow=self._method)
        if scope["scheme"] != "https" and not self._is_near(scope):
            raise refusal(UNENCRYPTED, "the request came unencrypted")
        return await self._answer(scope, receive)

    def _is_near(self, scope: Scope) -> bool:
        """Whether plain HTTP is let through: from this machine, in EXERCISE."""
        host = (scope.get("client") or ("",))[0]
        try:
            is_loopback = ipaddress.ip_address(host).is_loopback
        except ValueError:
            is_loopback = False
        return is_loopback and self._node.identity.mode is Mode.EXERCISE

    def _fault(self, scope: Scope) -> Refusal:
        word = self._node.entropy.new_id()[:8]
        _log.exception("fault %s at %s %s", word, scope["method"], scope["path"])
        return refusal(INTERNAL, f"the node failed at this; its log tells more under {word}")


def _refused(told: Refusal) -> Outgoing:
    return outgoing(refused(Refusal(told.problem, {**FIXED_HEADERS, **told.headers})))


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    del receive
    await send_whole(_refused(refusal(NO_SUCH_PATH, f"nothing at {scope['path']:.200}")), send)
