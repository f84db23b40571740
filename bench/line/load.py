"""People at the two nodes: they release messages at one and look for them at the other."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import Any

from bench.line.pair import LINE
from bench.node.process import Served

_PATIENCE_S = 300.0


def drafted(served: Served, count: int, clients: int = 4) -> list[str]:
    """Save drafts; their ids. Nothing leaves yet."""
    ids = [str(uuid.uuid4()) for _ in range(count)]  # noqa: TID251  (a measurement)

    def save(connection: HTTPConnection, message_id: str) -> None:
        body = {
            "code": "M22",
            "line": LINE,
            "precedence": "ROUTINE",
            "from_role": "duty officer",
            "to_role": "duty officer",
            "fields": {
                "about": message_id,
                "text": "The ministers spoke for 50 minutes and agreed on further talks.",
                "points": ["contact restored", "talks go on"],
                "correction_asked": False,
            },
        }
        path = f"/api/v1/messages/{message_id}"
        headers = served.headers(If_None_Match="*")
        assert _ask(connection, "PUT", path, headers, body)[0] == 201

    _each(served, ids, clients, save)
    return ids


def release(served: Served, connection: HTTPConnection, message_id: str) -> None:
    """Release one message: it is durable, signed and on its way once this returns."""
    act = str(uuid.uuid4())  # noqa: TID251  (a measurement)
    path = f"/api/v1/messages/{message_id}/acts/{act}"
    body = {"kind": "release", "role": "duty officer"}
    status, told = _ask(connection, "PUT", path, served.headers(), body)
    assert status == 200, told


def release_all(served: Served, ids: Sequence[str], clients: int = 4) -> float:
    """Release them all; how many seconds it took."""
    begin = time.perf_counter()
    _each(served, ids, clients, lambda connection, each: release(served, connection, each))
    return time.perf_counter() - begin


def reach_ms(sender: Served, receiver: Served, ids: Sequence[str]) -> list[float]:
    """For each message how long it took from its release until the other side could act on it."""
    here, there = sender.connection(), receiver.connection()
    waits = []
    for each in ids:
        begin = time.perf_counter()
        release(sender, here, each)
        while _ask(there, "GET", f"/api/v1/messages/{each}", receiver.headers())[0] != 200:
            assert time.perf_counter() - begin < _PATIENCE_S
        waits.append((time.perf_counter() - begin) * 1e3)
    return waits


def total(served: Served) -> int:
    """How many messages came to a node."""
    path = f"/api/v1/messages?line={LINE}&code=M22&outgoing=false&limit=1"
    return int(_ask(served.connection(), "GET", path, served.headers())[1]["total"])


def waiting(served: Served) -> int:
    """How many of a node's envelopes the other one does not have yet."""
    return int(
        _ask(served.connection(), "GET", "/api/v1/peers/AMBER", served.headers())[1]["waiting"]
    )


def await_total(served: Served, count: int) -> float:
    """Wait until so many messages came; how many seconds it took."""
    begin = time.perf_counter()
    while total(served) < count:
        assert time.perf_counter() - begin < _PATIENCE_S
        time.sleep(0.05)
    return time.perf_counter() - begin


def _each(served: Served, ids: Sequence[str], clients: int, work: Any) -> None:
    def some(number: int) -> None:
        connection = served.connection()
        for each in ids[number::clients]:
            work(connection, each)

    threads = [threading.Thread(target=some, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ask(
    connection: HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: object = None,
) -> tuple[int, Any]:
    content = None if body is None else json.dumps(body)
    connection.request(method, path, body=content, headers=headers)
    response = connection.getresponse()
    data = response.read()
    return response.status, json.loads(data) if data else None
