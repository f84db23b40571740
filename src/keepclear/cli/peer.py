"""`keepclear peer`: add other parties' nodes, list them, see whether they answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.files import read_file
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node, node_option
from keepclear.cli.parameters import PARTY, PATH
from keepclear.errors import InvalidFile, StoreMissing


@click.group("peer", cls=CommandGroup)
def command() -> None:
    """Add, list and try the nodes of other parties."""


@command.command("add")
@click.argument("card_path", metavar="CARD", type=PATH)
@click.option("--agreement", "agreement_id", required=True, help="The agreement that binds it.")
@click.option(
    "--fingerprint",
    "heard",
    required=True,
    metavar="DIGITS|HEX",
    help="The root's fingerprint as the other party read it to you by voice: thirty digits.",
)
@asks_node
def add(*, folder: Path, as_json: bool, card_path: Path, agreement_id: str, heard: str) -> int:
    """Make the line to the node whose contact card is in CARD.

    The agreement has to be filed, and signed by both parties. A newer card of the same node
    replaces the older one.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    card = _card_in(card_path)
    party = str(card.get("party", ""))
    with node_client(folder) as node:
        known = [each for each in node.every("/peers") if each["party"] == party]
        peer = node.put(
            f"/peers/{party}",
            {"card": card, "agreement": agreement_id, "fingerprint": heard},
            expects=str(known[0]["version"]) if known else "*",
        )
        if as_json:
            print_json(peer)
            return DONE
        with told_by(node, f"line {peer['line']} to {peer['name']}") as console:
            console.print(f"root {peer['fingerprint']}, heard by {peer['confirmed_by'] or '?'}")
            console.print(peer["url"] or "its card names no address: files go between the nodes")
            console.print(f"try it with: keepclear peer ping {party}")
    return DONE


@command.command("list")
@asks_node
def list_peers(*, folder: Path, as_json: bool) -> int:
    """List the nodes of other parties."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        items = node.every("/peers")
        if as_json:
            print_json({"items": items})
            return DONE
        with told_by(node, one_of(len(items), "peer")) as console:
            rows = (
                (
                    each["party"],
                    each["line"],
                    each["url"] or "-",
                    each["agreement"],
                    each["waiting"],
                    moment(each["paired_at"]),
                )
                for each in items
            )
            columns = ("Party", "Line", "Address", "Agreement", "Waiting", "Added")
            print_rows(console, columns, rows, none="None. Add one with `keepclear peer add`.")
    return DONE


@command.command("ping")
@click.argument("party", type=PARTY)
@node_option
def ping(*, folder: Path, party: str) -> int:
    """Ask a party's node who it is, and see that it is the one of the card.

    Asks from this machine, as the node itself would. Nothing is sent over the line.
    """
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.introducing import ping_peer

    node = NodeFolder(folder)
    if not node.is_node:
        raise StoreMissing(f"there is no node in {folder}")
    found = ping_peer(node, party)
    line = found.line
    click.echo(f"{line.mode}  {party}'s node answers at {line.peer.url}")
    click.echo(f"it is the one of its card; it took {found.round_trip.total_seconds():.3f} s")
    click.echo(f"its clock is {found.skew.total_seconds():+.1f} s from this machine's")
    click.echo(str(line.mode))
    return DONE


def _card_in(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(read_file(path, most_bytes=100_000))
    except ValueError:
        card = None
    if not isinstance(card, dict):
        raise InvalidFile(
            "this is no contact card",
            file=str(path),
            remedy="Have the other party write one with `keepclear keys card`.",
        )
    return card
