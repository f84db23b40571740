"""Serve an application on this machine's loopback address until the user stops it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from keepclear.errors import InvalidInput

LOOPBACK = "127.0.0.1"


def open_port(port: int) -> socket.socket:
    """Take a port of the loopback address; zero takes any free one.

    Raises:
        InvalidInput: the port is taken or not allowed; name another one.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A port whose last connections are still closing down may be taken again at once.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        raise InvalidInput(
            f"port {port} is {'taken' if taken else 'not open to you'} ({error.strerror})",
            remedy=f"Name another one, for example --port {8601 if port != 8601 else 8602}, "
            "or stop the program that has it.",
        ) from None
    return listener


def serve(listener: socket.socket, application: ASGIApp, *, when_ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C; requests under way are answered first.

    Args:
        listener: the port, as `open_port` gave it; the caller closes it.
        application: what answers.
        when_ready: called once connections are taken.
    """
    config = uvicorn.Config(
        application, log_config=None, access_log=False, server_header=False, lifespan="off"
    )
    with suppress(KeyboardInterrupt):
        # The port is open already: connections made from here on wait for the server.
        when_ready()
        uvicorn.Server(config).run(sockets=[listener])
