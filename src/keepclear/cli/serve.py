"""`keepclear serve`: run a node until it is stopped."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.node_option import node_option
from keepclear.errors import InvalidInput, StoreMissing

if TYPE_CHECKING:
    from keepclear.config import Config


@click.command("serve")
@node_option
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="In place of the settings'; 0 takes a free one."
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
def command(
    *, folder: Path, port: int | None, opening: bool, hosts: tuple[str, ...], plain_http: bool
) -> int:
    """Run a node: console and API on one port.

    SIGTERM or Ctrl-C stops it in order.
    """
    from keepclear.cli.listening import open_listener, stoppable
    from keepclear.cli.running import log_kept, run_node
    from keepclear.cli.settings import config_of
    from keepclear.compose.folder import NodeFolder

    node = NodeFolder(folder)
    if not node.is_node:
        raise StoreMissing(f"there is no node in {folder}")
    config = config_of(node, os.environ)
    _require_safe(config, plain_http=plain_http)
    address, chosen = config.listen.address, config.listen.port if port is None else port
    # The port is taken first: loading a node that nobody can reach is a wait for nothing.
    with closing(open_listener(address, chosen)) as listener, log_kept(node, config), stoppable():
        run_node(node, config, listener, hosts=hosts, opening=opening)
    return DONE


def _require_safe(config: Config, *, plain_http: bool) -> None:
    from keepclear.cli.listening import is_loopback

    if not is_loopback(config.listen.address) and not plain_http:
        raise InvalidInput(
            f"{config.listen.address} is open to other machines, and nothing is encrypted yet",
            remedy="Set listen.address to 127.0.0.1; or add --plain-http where the network is "
            "yours alone, and name this machine with --allow-host.",
        )
