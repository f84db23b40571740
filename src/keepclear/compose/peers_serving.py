"""The port on which other parties' nodes reach this one: a server of its own, in its own thread."""

from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn

from keepclear.api.node.application import peers_application
from keepclear.compose.machine import forward_seconds
from keepclear.errors import InvalidInput, NodeFault
from keepclear.logs import RequestLog
from keepclear.model.operation import Mode
from keepclear.services.node import Node

STOP_WAIT_S = 5
KEPT_OPEN_S = 75
"""An idle connection stays open longer than other nodes use it."""
_START_S = 10.0


def needs_tls(address: str, url: str, mode: Mode) -> bool:
    """Whether a port for other nodes answers by TLS.

    Args:
        address: the IP address it answers on.
        url: what stands on the contact card; empty where nothing does.
        mode: EXERCISE or REAL.

    Raises:
        InvalidInput: the card says plain HTTP where that is not allowed.
    """
    is_near = ipaddress.ip_address(address).is_loopback and mode is Mode.EXERCISE
    if url.startswith("http://") and not is_near:
        raise InvalidInput(
            f"{url} is not encrypted",
            remedy="Write https in peers.url; plain HTTP is for EXERCISE on one machine alone.",
        )
    return not is_near or url.startswith("https://")


@contextmanager
def peers_served(node: Node, listener: socket.socket, tls: Path | None) -> Iterator[None]:
    """Answer other nodes while the block runs.

    Args:
        node: ours.
        listener: the port.
        tls: the file with the TLS key and certificate; None for plain HTTP.

    Raises:
        NodeFault: the server did not come up.
    """
    application = peers_application(node, forward_seconds)
    config = uvicorn.Config(
        RequestLog(application),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEPT_OPEN_S,
        timeout_graceful_shutdown=STOP_WAIT_S,
        ssl_certfile=tls,
        ssl_keyfile=tls,
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=([listener],), name="keepclear-peers")
    thread.start()
    try:
        _await(server, thread)
        yield
    finally:
        server.should_exit = True
        thread.join()
        application.close()


def _await(server: uvicorn.Server, thread: Thread) -> None:
    """Wait until connections are taken, or the server gave up."""
    until_s = forward_seconds() + _START_S
    while not server.started:
        thread.join(0.01)
        if not thread.is_alive() or forward_seconds() > until_s:
            raise NodeFault("the port for other nodes did not come up")
