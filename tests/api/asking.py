"""Asks a node's application, as a program with the token or as a browser would."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from keepclear.api.application import NodeApplication, node_application
from keepclear.api.auth import Access
from keepclear.formats.documents.operation import operation_document
from keepclear.model.operation import Operation
from node_fixture import RunningNode, exercise_node

PORT = 8600
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
TOKEN = "t" * 43
BEARER = {"authorization": f"Bearer {TOKEN}"}
NODE_SAYS = frozenset(
    {"id", "party", "mode", "version", "ovn", "state", "end_reason", "source", "received_at"}
)
"""Fields of an operation's document that callers leave to the node."""


class Seconds:
    """A clock of seconds that stands until it is turned."""

    def __init__(self) -> None:
        self.at_s = 1_000.0

    def __call__(self) -> float:
        return self.at_s


class InProcess(httpx.BaseTransport):
    """Carries requests to an application in this process, one after the other.

    In a thread of its own: a browser of other tests may have left a loop running in ours.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._asgi = httpx.ASGITransport(application, raise_app_exceptions=False)
        self._runner = asyncio.Runner()
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._is_open = True

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._thread.submit(self._run, request).result()

    def _run(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._answered(request))

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        response = await self._asgi.handle_async_request(request)
        body = b"".join([part async for part in response.aiter_raw()])
        return httpx.Response(response.status_code, headers=response.headers, content=body)

    def close(self) -> None:
        if self._is_open:  # two clients may share it, and each closes it
            self._is_open = False
            self._thread.submit(self._runner.close).result()
            self._thread.shutdown()


@dataclass(frozen=True)
class Asked:
    """A node with its application.

    Attributes:
        running: the node.
        access: who may ask.
        seconds: the clock of sessions and tickets.
        application: what answers.
        http: asks with the token.
        stranger: asks with neither token nor session.
    """

    running: RunningNode
    access: Access
    seconds: Seconds
    application: NodeApplication
    http: httpx.Client
    stranger: httpx.Client

    def file(self, operation: Operation) -> Any:
        """File an operation; the whole reply's document."""
        response = self.http.put(
            f"/api/v1/operations/{operation.id}",
            json=typed(operation),
            headers={"if-none-match": "*"},
        )
        assert response.status_code == 201, response.text
        return response.json()


def typed(operation: Operation) -> dict[str, Any]:
    """An operation as a person would send it."""
    document = operation_document(operation)
    return {name: value for name, value in document.items() if name not in NODE_SAYS}


@contextmanager
def asked_node(folder: Path, **settings: Any) -> Iterator[Asked]:
    """A node in EXERCISE that can be asked."""
    with exercise_node(folder, **settings) as running:
        seconds = Seconds()
        access = Access(TOKEN, running.node.entropy, seconds)
        application = node_application(running.node, access, port=PORT)
        transport = InProcess(application)
        with (
            httpx.Client(base_url=ORIGIN, transport=transport, headers=BEARER) as http,
            httpx.Client(base_url=ORIGIN, transport=transport) as stranger,
        ):
            yield Asked(running, access, seconds, application, http, stranger)
        application.close()


def walked(http: httpx.Client, path: str, **parameters: Any) -> list[Any]:
    """Every item of a list, page by page."""
    items: list[Any] = []
    cursor = ""
    for _ in itertools.count():
        page = http.get(path, params={**parameters, "cursor": cursor}).json()
        items += page["items"]
        cursor = page["next"] or ""
        if not cursor:
            return items
    raise AssertionError
