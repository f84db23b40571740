"""The whole application of a node: the gate, the endpoints, the console behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import msgspec
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from keepclear import __version__
from keepclear.api.auth import Access
from keepclear.api.dispatch import Resource
from keepclear.api.endpoint import Equipment
from keepclear.api.gate import Gate
from keepclear.api.live import Feed
from keepclear.api.looking import LastLook
from keepclear.api.openapi import openapi_document
from keepclear.api.problems import NO_SUCH_PATH, refusal
from keepclear.api.replies import send_refusal
from keepclear.api.routes import ENDPOINTS, by_path
from keepclear.api.workers import Workers
from keepclear.exercise.board import Board
from keepclear.formats.struct_types import learn_struct_types
from keepclear.services.accounts.roster import Roster
from keepclear.services.node import Node

__all__ = ["ASGIApp", "NodeApplication", "node_application"]


class NodeApplication:
    """What a server runs for one node; made by `node_application`.

    A server waits for open streams before it stops, so whoever stops it calls `stop` first.
    """

    def __init__(self, gate: Gate, feed: Feed, workers: Workers) -> None:
        self._gate = gate
        self._feed = feed
        self._workers = workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] != "lifespan":
            await self._gate(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    def stop(self) -> None:
        """End every open stream and open no more; what is under way is answered.

        From any thread, also from a signal's handler.
        """
        self._feed.stop()

    def close(self) -> None:
        """Stop, and return once what is under way is done; the store may be closed then."""
        self.stop()
        self._workers.close()


def node_application(
    node: Node,
    access: Access,
    *,
    port: int,
    extra_hosts: Iterable[str] = (),
    console: Sequence[BaseRoute] = (),
    board: Board | None = None,
) -> NodeApplication:
    """The application of a node.

    Args:
        node: the node, opened.
        access: who may ask.
        port: the port that clients name; requests for another are refused.
        extra_hosts: names it answers to besides the loopback's, with or without a port.
        console: routes that are tried after the endpoints, without token or session.
        board: the script of the exercise, where the node is in one.
    """
    learn_struct_types()
    workers = Workers()
    feed = Feed(node.store, workers)
    roster = Roster(node.store)
    equipment = Equipment(node, access, feed, LastLook(), openapi_bytes, roster, board)
    routes: list[BaseRoute] = [
        Route(path, Resource(endpoints, equipment, workers))
        for path, endpoints in by_path().items()
    ]
    router = Router([*routes, *console], redirect_slashes=False, default=_nowhere)
    return NodeApplication(Gate(router, port=port, extra_hosts=extra_hosts), feed, workers)


@cache
def openapi_bytes() -> bytes:
    """The OpenAPI document of this keepclear, as the API hands it out."""
    return msgspec.json.encode(openapi_document(ENDPOINTS, version=__version__))


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    del receive
    await send_refusal(refusal(NO_SUCH_PATH, f"there is nothing at {scope['path']:.200}"), send)
