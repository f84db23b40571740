"""The application under a real server, over a real socket."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from api.asking import BEARER, TOKEN, Seconds, typed
from keepclear.api.application import NodeApplication, node_application
from keepclear.api.auth import Access
from keepclear.cli.listening import open_listener
from keepclear.web.console import console_routes
from keepclear.web.headers import LOOPBACK
from node_fixture import exercise_node
from samples import operation

PLAN = operation("B-1")
PATH = f"/api/v1/operations/{PLAN.id}"


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, NodeApplication]]:
    """A node behind uvicorn on a free port; the server is stopped as `serve` stops it."""
    with exercise_node(folder) as running, closing(open_listener(LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        access = Access(TOKEN, running.node.entropy, Seconds())
        application = node_application(running.node, access, port=port, console=console_routes({}))
        config = uvicorn.Config(
            application, log_config=None, access_log=False, server_header=False, lifespan="on"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}", application
        finally:
            application.stop()
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


def test_a_plan_is_filed_followed_and_read_over_a_socket(tmp_path: Path) -> None:
    with (
        served(tmp_path) as (url, _),
        httpx.Client(base_url=url, headers=BEARER, timeout=30, trust_env=False) as http,
        http.stream("GET", "/api/v1/events?after=2") as events,
    ):
        filed = http.put(PATH, json=typed(PLAN), headers={"if-none-match": "*"})
        assert filed.status_code == 201
        line = next(each for each in events.iter_lines() if each.startswith("data: "))
        assert json.loads(line.removeprefix("data: "))["id"] == PLAN.id
        assert http.get(PATH).json() == filed.json()["operation"]
        head = http.head(PATH)
        assert head.headers["etag"] == '"1"'
        assert head.content == b""


def test_the_server_stops_although_somebody_listens(tmp_path: Path) -> None:
    with (
        httpx.Client(headers=BEARER, timeout=30, trust_env=False) as http,
        served(tmp_path) as (url, application),
        http.stream("GET", f"{url}/api/v1/events") as events,
    ):
        lines = events.iter_lines()
        assert next(lines) == ": keepclear"
        application.stop()
        assert list(lines)[-1] == ""


def test_the_console_is_served_beside_the_interface_and_asks_for_no_session(
    tmp_path: Path,
) -> None:
    with served(tmp_path) as (url, _), httpx.Client(base_url=url, trust_env=False) as http:
        page = http.get("/")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        assert http.get("/", headers={"host": "evil.example"}).status_code == 421
        assert http.get("/nowhere").status_code == 404


@pytest.mark.parametrize("length", ["content-length: 9000000", "transfer-encoding: chunked"])
def test_too_large_a_body_is_refused_while_it_comes(tmp_path: Path, length: str) -> None:
    with served(tmp_path) as (url, _):
        host, port = url.removeprefix("http://").split(":")
        lines = [
            f"PUT {PATH} HTTP/1.1",
            f"host: {host}:{port}",
            f"authorization: Bearer {TOKEN}",
            "content-type: application/json",
            length,
            "connection: close",
        ]
        with socket.create_connection((host, int(port)), timeout=30) as raw:
            raw.sendall("\r\n".join([*lines, "", ""]).encode())
            if "chunked" in length:
                chunk = b"%x\r\n%s\r\n" % (65_536, b" " * 65_536)
                for _ in range(20):
                    raw.sendall(chunk)
            answer = raw.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 413 ")


def test_many_callers_at_once_are_all_answered(tmp_path: Path) -> None:
    async def ask(url: str) -> list[int]:
        async with httpx.AsyncClient(
            base_url=url, headers=BEARER, timeout=30, trust_env=False
        ) as http:
            plans = [operation(f"B-{number}") for number in range(20)]
            replies = await asyncio.gather(
                *(
                    http.put(
                        f"/api/v1/operations/{plan.id}",
                        json=typed(plan),
                        headers={"if-none-match": "*"},
                    )
                    for plan in plans
                )
            )
            page = await http.get("/api/v1/operations?limit=500")
            assert page.json()["total"] == 20
            return [reply.status_code for reply in replies]

    with served(tmp_path) as (url, _):
        assert asyncio.run(ask(url)) == [201] * 20
