"""`keepclear serve`: run a node until it is stopped."""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.node_option import node_option
from keepclear.cli.parameters import MOMENT
from keepclear.errors import InvalidInput, StoreMissing

if TYPE_CHECKING:
    from keepclear.compose.folder import NodeFolder
    from keepclear.config import Config


class _Given(TypedDict):
    """Options that say where a node answers, and how it begins."""

    port: int | None
    peers_address: str | None
    peers_port: int | None
    f3548_address: str | None
    f3548_port: int | None
    opening: bool
    hosts: tuple[str, ...]
    clock_at: datetime | None


@click.command("serve")
@node_option
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="In place of the settings'; 0 takes a free one."
)
@click.option(
    "--peers-address",
    metavar="IP",
    help="Where other parties' nodes reach it, in place of the settings'.",
)
@click.option(
    "--peers-port",
    type=click.IntRange(0, 65_535),
    help="The port for other parties' nodes, in place of the settings'; 0 takes a free one.",
)
@click.option(
    "--role",
    type=click.Choice(["node", "dss"]),
    default="node",
    show_default=True,
    help="dss: an F3548 discovery service alone, in a folder that needs no node.",
)
@click.option(
    "--f3548-address",
    metavar="IP",
    help="Where F3548 clients reach it, in place of the settings'.",
)
@click.option(
    "--f3548-port",
    type=click.IntRange(0, 65_535),
    help="The port for F3548 clients, in place of the settings'; 0 takes a free one.",
)
@click.option("--open", "opening", is_flag=True, help="Open the console in a browser.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A name by which browsers may call this node, besides those in the settings.",
)
@click.option(
    "--plain-http",
    is_flag=True,
    help="Answer other machines too, unencrypted: whoever is on the way reads plans and token.",
)
@click.option(
    "--clock-at",
    "clock_at",
    type=MOMENT,
    help="Begin at this moment, for an exercise; the clock can then be turned. Never REAL.",
)
def command(*, folder: Path, role: str, plain_http: bool, **given: Unpack[_Given]) -> int:
    """Run a node: console and API on one port, other parties' nodes on another.

    F3548 clients have a third where [f3548] of the settings gives the node a role.

    SIGTERM or Ctrl-C stops it in order.
    """
    from keepclear.cli.listening import open_listener, stoppable
    from keepclear.cli.node_log import log_kept
    from keepclear.cli.running import OtherPorts, run_node
    from keepclear.cli.settings import config_of
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.machine import ExerciseClock

    node = NodeFolder(folder)
    if role == "dss":
        _serve_dss(node, given, plain_http=plain_http)
        return DONE
    if not node.is_node:
        raise StoreMissing(f"there is no node in {folder}")
    config = config_of(node, os.environ)
    _require_safe(config, plain_http=plain_http)
    address, port, begins = config.listen.address, given["port"], given["clock_at"]
    # The ports are taken first: loading a node that nobody can reach is a wait for nothing.
    with ExitStack() as stack:
        listener = stack.enter_context(
            closing(open_listener(address, config.listen.port if port is None else port))
        )
        peers = _peers_listener(config, given["peers_address"], given["peers_port"])
        if peers is not None:
            stack.enter_context(closing(peers))
        clients = _f3548_listener(config, given, plain_http=plain_http)
        if clients is not None:
            stack.enter_context(closing(clients))
        stack.enter_context(log_kept(node, config))
        stack.enter_context(stoppable())
        run_node(
            node,
            config,
            listener,
            ports=OtherPorts(peers, clients),
            hosts=given["hosts"],
            opening=given["opening"],
            clock=None if begins is None else ExerciseClock(begins),
        )
    return DONE


def _serve_dss(folder: NodeFolder, given: _Given, *, plain_http: bool) -> None:
    from keepclear.cli.f3548_running import f3548_listener
    from keepclear.cli.listening import stoppable
    from keepclear.cli.serving_dss import serve_dss
    from keepclear.cli.settings import config_of

    config = config_of(folder, os.environ)
    address, port = given["f3548_address"], given["f3548_port"]
    listener = f3548_listener(config, address, port, plain_http=plain_http)
    with closing(listener), stoppable():
        serve_dss(folder, config, listener)


def _f3548_listener(config: Config, given: _Given, *, plain_http: bool) -> socket.socket | None:
    """The port for F3548 clients; None where the settings give the node no role there."""
    from keepclear.cli.f3548_running import f3548_listener

    if config.f3548.roles == "none":
        return None
    address, port = given["f3548_address"], given["f3548_port"]
    return f3548_listener(config, address, port, plain_http=plain_http)


def _peers_listener(config: Config, address: str | None, port: int | None) -> socket.socket | None:
    """The port for other parties' nodes; None where neither settings nor options name one."""
    from keepclear.cli.listening import open_listener

    chosen = config.peers.port if port is None else port
    if chosen is None:
        return None
    named = address or config.peers.address
    try:
        ipaddress.ip_address(named)
    except ValueError:
        raise InvalidInput(
            f"{named!r:.80} is no IP address", remedy="Give --peers-address as 192.0.2.7."
        ) from None
    return open_listener(named, chosen)


def _require_safe(config: Config, *, plain_http: bool) -> None:
    from keepclear.cli.listening import is_loopback

    if not is_loopback(config.listen.address) and not plain_http:
        raise InvalidInput(
            f"{config.listen.address} is open to other machines, and nothing is encrypted yet",
            remedy="Set listen.address to 127.0.0.1; or add --plain-http where the network is "
            "yours alone, and name this machine with --allow-host.",
        )
