"""Callers that nobody vouches for: a head that never ends is not waited for, nor kept."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.responses import PlainTextResponse

from keepclear.cli.listening import open_listener
from keepclear.compose import bounded_protocol
from keepclear.compose.threaded_server import served_in_thread, server_config

HEAD = b"GET / HTTP/1.1\r\nhost: x\r\n"


@pytest.fixture
def port() -> Iterator[int]:
    config = server_config(PlainTextResponse("here"), None, is_bounded=True)
    with (
        closing(open_listener("127.0.0.1", 0)) as listener,
        served_in_thread(config, listener, name="test", what="the test's port"),
    ):
        yield int(listener.getsockname()[1])


@pytest.fixture
def caller(port: int) -> Iterator[socket.socket]:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30.0)) as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_protocol, "HEAD_WAIT_S", 0.2)


def test_a_request_is_answered_and_another_after_it(caller: socket.socket) -> None:
    for _ in range(3):
        caller.sendall(HEAD + b"\r\n")
        said = b""
        while not said.endswith(b"here"):
            said += caller.recv(65_536)
        assert said.startswith(b"HTTP/1.1 200")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("sent", [b"", b"G", HEAD, HEAD + b"x: y"])
def test_a_head_that_is_not_whole_in_time_ends_the_connection(port: int, sent: bytes) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30.0)) as caller:
        caller.sendall(sent)
        assert caller.recv(1_000) == b""


def test_a_head_without_an_end_ends_the_connection(caller: socket.socket) -> None:
    caller.sendall(HEAD + b"x: ")
    with pytest.raises(OSError, match=r"reset|Broken pipe"):
        caller.sendall(b"y" * 200_000_000)
