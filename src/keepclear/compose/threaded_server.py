"""A server of its own for one application, in its own thread, for as long as a block runs."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import uvicorn
from starlette.types import ASGIApp

from keepclear.compose.bounded_protocol import BoundedProtocol
from keepclear.compose.machine import forward_seconds
from keepclear.errors import KeyFault, NodeFault

STOP_WAIT_S = 5
KEPT_OPEN_S = 75
"""An idle connection stays open longer than other nodes use it."""
_START_S = 10.0


class TlsFiles(NamedTuple):
    """What a server shows by TLS.

    Attributes:
        certificate: PEM file of the certificate and those above it.
        key: PEM file of its key.
    """

    certificate: Path
    key: Path


def server_config(
    application: ASGIApp,
    tls: TlsFiles | None,
    *,
    least_tls: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    stop_wait_s: int = STOP_WAIT_S,
    kept_open_s: int = KEPT_OPEN_S,
    is_bounded: bool = False,
) -> uvicorn.Config:
    """How a server answers, loaded.

    Args:
        application: what answers.
        tls: what it shows by TLS; None for plain HTTP.
        least_tls: the oldest version of TLS that is spoken.
        stop_wait_s: so long requests may take to finish once the server was told to stop.
        kept_open_s: so long an idle connection stays open.
        is_bounded: end connections whose heads are slow or endless.

    Raises:
        KeyFault: the files for TLS cannot be used.
    """
    config = uvicorn.Config(
        application,
        loop="uvloop",
        http=BoundedProtocol if is_bounded else "httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=kept_open_s,
        timeout_graceful_shutdown=stop_wait_s,
        ssl_certfile=None if tls is None else tls.certificate,
        ssl_keyfile=None if tls is None else tls.key,
    )
    try:
        config.load()
    except OSError as error:  # of which ssl.SSLError is one
        raise KeyFault(
            f"the TLS certificate or key cannot be used ({error.strerror or error})",
            remedy="Name a certificate and its key in PEM, readable by the node's user.",
        ) from None
    if config.ssl is not None:
        config.ssl.minimum_version = least_tls
    return config


@contextmanager
def served_in_thread(
    config: uvicorn.Config, listener: socket.socket, *, name: str, what: str
) -> Iterator[None]:
    """Answer on a port while the block runs.

    Args:
        config: how, from `server_config`.
        listener: the port.
        name: of the thread.
        what: the port in words, for an error.

    Raises:
        NodeFault: the server did not come up.
    """
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=([listener],), name=name)
    thread.start()
    try:
        _await(server, thread, what)
        yield
    finally:
        server.should_exit = True
        thread.join()


def _await(server: uvicorn.Server, thread: Thread, what: str) -> None:
    """Wait until connections are taken, or the server gave up."""
    until_s = forward_seconds() + _START_S
    while not server.started:
        thread.join(0.01)
        if not thread.is_alive() or forward_seconds() > until_s:
            raise NodeFault(f"{what} did not come up")
