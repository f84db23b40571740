"""`keepclear keys`: the node's fingerprints, to be compared by voice, and its contact card."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.files import require_new, write_file
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import json_option, node_option
from keepclear.cli.parameters import PATH
from keepclear.errors import StoreMissing

if TYPE_CHECKING:
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.keys import NodeKeys


@click.group("keys", cls=CommandGroup)
def command() -> None:
    """Show the node's keys and write its contact card."""


@command.command("show")
@node_option
@json_option
def show(*, folder: Path, as_json: bool) -> int:
    """Print the fingerprints; read the root's to the other parties by voice."""
    from keepclear.cli.node_output import print_json
    from keepclear.compose.tls import tls_pin
    from keepclear.formats.times import iso_text
    from keepclear.identity.fingerprints import fingerprint
    from keepclear.reports.wording import date_time_group

    node, keys = _node_and_keys(folder)
    told = keys.certificate
    root, own = fingerprint(keys.root_public_key), fingerprint(told.public_key)
    pin = tls_pin(node, name=f"{told.party} {told.mode}")
    if as_json:
        print_json(
            {
                "party": told.party,
                "mode": told.mode.value,
                "node_id": told.node_id,
                "root_fingerprint": root,
                "key_id": told.key_id,
                "key_fingerprint": own,
                "valid_until": iso_text(told.valid.end),
                "tls": pin,
            }
        )
        return DONE
    for line in (
        f"{told.mode}  {told.party}'s node {told.node_id}",
        f"root         {root}",
        f"node key     {own}, certified until {date_time_group(told.valid.end)}",
        f"TLS key      {pin}",
        "",
        "Read the root's six groups to the other parties by voice; hear theirs the same way.",
        str(told.mode),
    ):
        click.echo(line)
    return DONE


@command.command("card")
@node_option
@click.option("-o", "--output", type=PATH, help="File to write; stdout if left out.")
@click.option("--name", default="", help="The party's name, for people; its id if left out.")
@click.option(
    "--url",
    metavar="URL",
    help="Where other nodes reach this one, as https://HOST:PORT; else that of the settings.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def card(*, folder: Path, output: Path | None, name: str, url: str | None, force: bool) -> int:
    """Write the contact card that another party adds with `keepclear peer add`.

    It holds nothing secret. Hand it over by any way; the other party believes it only for the
    root's fingerprint, which you read to them by voice.
    """
    from keepclear.cli.settings import config_of
    from keepclear.compose.introducing import own_card
    from keepclear.formats.documents.card import card_bytes
    from keepclear.identity.fingerprints import fingerprint

    node, keys = _node_and_keys(folder)
    address = config_of(node, os.environ).peers.url if url is None else url
    made = own_card(node, keys, name=name, url=address)
    text = card_bytes(made) + b"\n"
    if output is None:
        click.echo(text, nl=False)
        return DONE
    require_new(output, force=force)
    write_file(output, text)
    click.echo(f"{made.mode}  {output} written: the card of {made.party}'s node")
    if not address:
        click.echo("it names no address: other nodes cannot call this one (--url, or peers.url)")
    click.echo(f"hand it over, and read by voice: {fingerprint(made.root_public_key)}")
    click.echo(str(made.mode))
    return DONE


def _node_and_keys(folder: Path) -> tuple[NodeFolder, NodeKeys]:
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.keys import read_keys

    node = NodeFolder(folder)
    if not node.is_node:
        raise StoreMissing(f"there is no node in {folder}")
    return node, read_keys(node)
