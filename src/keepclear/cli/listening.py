"""Take a port, then serve an application on it until somebody says stop."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from keepclear.compose.threaded_server import TlsFiles, server_config
from keepclear.errors import InvalidInput

STOP_WAIT_S = 20
"""So long requests may take to finish once the node was told to stop."""
PAGES_KEPT_OPEN_S = 5
"""An idle connection of a browser; it makes another when it needs one."""


def open_listener(address: str, port: int) -> socket.socket:
    """Take a port of an address; zero takes any free one. The caller closes it.

    Raises:
        InvalidInput: the port is taken or not allowed, or the address not this machine's.
    """
    family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    # A port whose last connections are still closing down may be taken again at once.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        what = {
            errno.EADDRINUSE: f"port {port} is taken",
            errno.EADDRNOTAVAIL: f"{address} is no address of this machine",
        }.get(error.errno or 0, f"port {port} of {address} is not open to you")
        raise InvalidInput(
            f"{what} ({error.strerror})",
            remedy="Name another one with --port or in keepclear.toml, or stop the program "
            "that has it.",
        ) from None
    return listener


class _Server(uvicorn.Server):
    """Tells the application first, so that open streams end and do not hold up the stop."""

    def __init__(self, config: uvicorn.Config, when_stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_stopping = when_stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second signal stops at once."""
        self._when_stopping()
        super().handle_exit(sig, frame)


def serve_until_stopped(
    listener: socket.socket,
    application: ASGIApp,
    *,
    when_ready: Callable[[], None],
    when_stopping: Callable[[], None],
    tls: TlsFiles | None = None,
    kept_open_s: int = PAGES_KEPT_OPEN_S,
    is_bounded: bool = False,
) -> None:
    """Serve until SIGTERM or Ctrl-C; requests under way are answered first.

    Args:
        listener: the port; connections made from here on wait for the server.
        application: what answers.
        when_ready: called once connections are taken.
        when_stopping: called at the first signal; returns at once.
        tls: what it shows by TLS; None for plain HTTP.
        kept_open_s: so long an idle connection stays open.
        is_bounded: end connections whose heads are slow or endless.

    Raises:
        KeyFault: the files for TLS cannot be used.
    """
    config = server_config(
        application,
        tls,
        stop_wait_s=STOP_WAIT_S,
        kept_open_s=kept_open_s,
        is_bounded=is_bounded,
    )
    # The server raises the signal that stopped it once more when it is done.
    with suppress(KeyboardInterrupt):
        when_ready()
        _Server(config, when_stopping).run(sockets=[listener])


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM stop the block as Ctrl-C does, so that what was opened is closed."""
    before = signal.signal(signal.SIGTERM, _interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches the address."""
    return ipaddress.ip_address(address).is_loopback


def spoken_address(address: str) -> str:
    """The address by which this machine reaches a listener on it."""
    given = ipaddress.ip_address(address)
    if given.is_unspecified:
        return "127.0.0.1" if given.version == 4 else "::1"
    return address
