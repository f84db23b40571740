"""What goes wrong inside is told as a problem without internals, and stands in the log."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.routing import Route, Router
from starlette.types import Message

from api.asking import BEARER, HOST, ORIGIN, Asked, InProcess, typed
from keepclear.api import workers
from keepclear.api.dispatch import Resource
from keepclear.api.endpoint import Call, Endpoint, Equipment, Returned
from keepclear.api.live import Feed
from keepclear.api.looking import LastLook
from keepclear.api.replies import Reply
from keepclear.api.workers import Workers
from keepclear.errors import KeepclearError, LedgerBroken, NodeBusy, NodeStopping, StoreFull
from keepclear.services.accounts.roster import Roster
from samples import operation

PLAN = operation("B-1")


def answered(asked: Asked, handler: Callable[[Call[Any]], Reply]) -> httpx.Response:
    """What a node's application answers where this handler does the work."""
    pool = Workers()
    node = asked.running.node
    feed = Feed(node.store, pool)
    equipment = Equipment(node, asked.access, feed, LastLook(), lambda: b"", Roster(node.store))
    endpoint = Endpoint(
        method="GET", path="/x", summary="x", handler=handler, returns=(Returned(200, "x"),)
    )
    router = Router([Route("/x", Resource({"GET": endpoint}, equipment, pool))])
    with httpx.Client(base_url=ORIGIN, transport=InProcess(router), headers=BEARER) as http:
        response = http.get("/x")
    pool.close()
    return response


def failing(error: Exception) -> Callable[[Call[Any]], Reply]:
    def handler(_call: Call[Any]) -> Reply:
        raise error

    return handler


def test_a_fault_of_ours_tells_no_internals_but_where_to_look(
    shared_node: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = answered(shared_node, failing(ValueError("secret of the keys")))
    problem = response.json()
    assert response.status_code == 500
    assert problem["code"] == "internal"
    assert "secret" not in response.text
    word = problem["detail"].rpartition(" ")[2]
    assert word in caplog.text
    assert "secret of the keys" in caplog.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StoreFull("no room"), 507),
        (LedgerBroken("leaf 7 differs"), 500),
        (NodeBusy("too much waits"), 503),
        (KeepclearError("odd"), 500),
    ],
)
def test_a_fault_of_the_node_is_told_with_its_remedy_and_logged(
    shared_node: Asked, caplog: pytest.LogCaptureFixture, error: KeepclearError, status: int
) -> None:
    with caplog.at_level(logging.ERROR):
        response = answered(shared_node, failing(error))
    assert response.status_code == status
    assert response.json()["detail"] == error.message
    assert response.json()["remedy"] == error.remedy
    assert error.message in caplog.text


def test_what_cannot_be_written_as_json_is_a_fault_too(
    shared_node: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL):
        response = answered(shared_node, lambda _call: Reply(object()))
    assert response.status_code == 500


def test_a_closed_application_takes_nothing_more(asked: Asked) -> None:
    asked.application.close()
    response = asked.http.put(
        f"/api/v1/operations/{PLAN.id}", json=typed(PLAN), headers={"if-none-match": "*"}
    )
    assert response.status_code == 503
    assert response.json()["code"] == "node-stopping"
    assert response.headers["retry-after"] == "1"


def test_too_many_requests_at_once_are_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "MOST_UNDER_WAY", 2)
    gate = threading.Event()

    async def crowd() -> None:
        pool = Workers()
        waiting = [asyncio.create_task(pool.run(gate.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(NodeBusy):
            await pool.run(gate.wait)
        gate.set()
        assert await asyncio.gather(*waiting) == [True, True]
        assert await pool.run(lambda: 7) == 7
        pool.close()
        with pytest.raises(NodeStopping):
            await pool.run(lambda: 7)

    asyncio.run(crowd())


def test_a_caller_that_goes_away_is_not_answered(asked: Asked) -> None:
    sent: list[Message] = []
    path = f"/api/v1/operations/{PLAN.id}"
    headers = {"host": HOST, "content-type": "application/json", **BEARER}

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "scheme": "http",
    }
    asyncio.run(asked.application(scope, receive, send))
    assert sent == []


def test_web_sockets_are_always_closed(shared_node: Asked) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/api/v1/events", "headers": [], "scheme": "ws"}
    asyncio.run(shared_node.application(scope, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_health_is_looked_at_once_a_second_however_often_it_is_asked(asked: Asked) -> None:
    first = asked.http.get("/health").json()
    asked.running.clock.turn(milliseconds=900)
    assert asked.http.get("/health").json() == first
    asked.running.clock.turn(hours=1)
    later = asked.http.get("/health").json()
    assert later["checks"][0]["detail"] != first["checks"][0]["detail"]


def test_a_node_that_cannot_be_relied_on_says_so(asked: Asked) -> None:
    asked.running.clock.turn(hours=-3)
    response = asked.stranger.get("/health")
    assert response.status_code == 503
    assert response.json()["status"] == "failing"
