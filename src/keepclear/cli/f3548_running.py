"""The F3548 port of a running node, where its settings give it a role there."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click

from keepclear.cli.listening import is_loopback, open_listener, spoken_address
from keepclear.compose.f3548_keys import is_within_machine, warnings_of
from keepclear.compose.f3548_serving import f3548_served
from keepclear.compose.folder import NodeFolder
from keepclear.config import Config
from keepclear.errors import InvalidInput
from keepclear.model.operation import Mode
from keepclear.services.node import Node


def f3548_listener(
    config: Config, address: str | None, port: int | None, *, plain_http: bool
) -> socket.socket:
    """Take the port for F3548 clients; the caller closes it.

    Args:
        config: the settings.
        address, port: in place of those of the settings.
        plain_http: other machines may be answered without encryption.

    Raises:
        InvalidInput: the port is taken, or other machines would be answered unencrypted.
    """
    named = address or config.f3548.address
    try:
        ipaddress.ip_address(named)
    except ValueError:
        raise InvalidInput(
            f"{named!r:.80} is no IP address", remedy="Give --f3548-address as 192.0.2.7."
        ) from None
    if not is_loopback(named) and not config.f3548.tls_certificate and not plain_http:
        raise InvalidInput(
            f"{named} is open to other machines, and F3548 clients would not be encrypted",
            remedy="Name a certificate in f3548.tls_certificate; or answer on 127.0.0.1 behind a "
            "proxy that encrypts; or add --plain-http where the network is yours alone.",
        )
    return open_listener(named, config.f3548.port if port is None else port)


@contextmanager
def f3548_kept(
    folder: NodeFolder, node: Node, config: Config, listener: socket.socket | None
) -> Iterator[None]:
    """Answer F3548 clients while the block runs; nobody where there is no port for them."""
    if listener is None:
        yield
        return
    settings, is_real = config.f3548, node.identity.mode is Mode.REAL
    if settings.testing_interfaces and is_real:
        raise InvalidInput(
            "f3548.testing_interfaces is on, and this node is REAL",
            remedy="Whoever tests could file and remove what flies. Test a node of EXERCISE.",
        )
    host, port = listener.getsockname()[:2]
    within_machine = not is_real and is_within_machine(settings, host)
    for warning in warnings_of(settings, within_machine=within_machine):
        click.echo(f"warning: {warning}", err=True)
    with_dss, with_uss = settings.roles in ("dss", "both"), settings.roles in ("uss", "both")
    with ExitStack() as stack:
        uss = None
        if with_uss:
            from keepclear.compose.f3548_uss import uss_opened

            uss = stack.enter_context(uss_opened(folder, node, settings))
        stack.enter_context(
            f3548_served(folder, settings, listener, with_dss=with_dss, uss=uss, clock=node.clock)
        )
        click.echo(f"F3548 clients reach its {_roles(config)} on {spoken_address(host)}:{port}")
        yield


def _roles(config: Config) -> str:
    return {"dss": "DSS", "uss": "USS", "both": "DSS and USS"}.get(config.f3548.roles, "")
