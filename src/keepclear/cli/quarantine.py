"""`keepclear quarantine`: what came over a line and was not taken, with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node


@click.group("quarantine", cls=CommandGroup)
def command() -> None:
    """Look at what came over lines and was not taken, and mark it as seen."""


@command.command("list")
@click.option("--seen", is_flag=True, help="What somebody saw too.")
@asks_node
def list_finds(*, folder: Path, as_json: bool, seen: bool) -> int:
    """List what was not taken, the newest first."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, print_rows, told_by

    with node_client(folder) as node:
        items = node.every("/quarantine", seen=seen)
        if as_json:
            print_json({"items": items, "total": len(items)})
            return DONE
        with told_by(node, f"{len(items):,} not taken") as console:
            columns = ("Id", "Came", "Reason", "Detail")
            print_rows(console, columns, _rows(items), none="Nothing.")
    return DONE


def _rows(items: Sequence[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    from keepclear.cli.node_output import moment

    for each in items:
        seen = "" if each["live"] else "seen: "
        yield each["id"], moment(each["at"]), each["reason"], f"{seen}{each['detail']}"


@command.command("show")
@click.argument("thing_id", metavar="ID")
@asks_node
def show(*, folder: Path, as_json: bool, thing_id: str) -> int:
    """Print one as JSON, with its content as it came."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json
    from keepclear.errors import NotFound
    from keepclear.reports.wording import plain

    del as_json
    with node_client(folder) as node:
        every = node.every("/quarantine", seen=True)
    found = next((each for each in every if each["id"] == thing_id), None)
    if found is None:
        raise NotFound(
            f"nothing called {plain(thing_id, 120)} is in quarantine",
            remedy="Take an id from `keepclear quarantine list --seen`.",
        )
    print_json(found)
    return DONE


@command.command("seen")
@click.argument("thing_id", metavar="ID")
@asks_node
def mark_seen(*, folder: Path, as_json: bool, thing_id: str) -> int:
    """Say that a person saw it: it alarms nobody any more, and stays in the lists."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    with node_client(folder) as node:
        told = node.ask("PUT", f"/quarantine/{quote(thing_id, safe='')}/seen").json()
        if as_json:
            print_json(told)
            return DONE
        with told_by(node, f"{told['id']} was seen"):
            return DONE
