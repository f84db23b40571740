"""The port on which other parties' nodes reach this one: a server of its own, in its own thread."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from keepclear.api.node.application import peers_application
from keepclear.compose.machine import forward_seconds
from keepclear.compose.threaded_server import TlsFiles, served_in_thread, server_config
from keepclear.errors import InvalidInput
from keepclear.logs import RequestLog
from keepclear.model.operation import Mode
from keepclear.services.node import Node


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
def peers_served(
    node: Node,
    listener: socket.socket,
    tls: Path | None,
    seconds: Callable[[], float] = forward_seconds,
) -> Iterator[None]:
    """Answer other nodes while the block runs.

    Args:
        node: ours.
        listener: the port.
        tls: the file with the TLS key and certificate; None for plain HTTP.
        seconds: what only goes forward, for how often each may ask.

    Raises:
        NodeFault: the server did not come up.
    """
    application = peers_application(node, seconds)
    files = None if tls is None else TlsFiles(tls, tls)
    config = server_config(RequestLog(application), files, least_tls=ssl.TLSVersion.TLSv1_3)
    try:
        with served_in_thread(
            config, listener, name="keepclear-peers", what="the port for other nodes"
        ):
            yield
    finally:
        application.close()
