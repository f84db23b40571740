"""`keepclear release`: how much each party may learn of an own operation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import MOMENT, PARTY

if TYPE_CHECKING:
    from datetime import datetime

    from keepclear.cli.node_client import NodeClient


@click.group("release", cls=CommandGroup)
def command() -> None:
    """Decide what each party may learn of an own operation.

    OPERATION is an id, or the designator of a live operation.
    """


@command.command("show")
@click.argument("operation")
@asks_node
def show(*, folder: Path, as_json: bool, operation: str) -> int:
    """Show at which level each party learns of OPERATION now, and why."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, print_rows, told_by
    from keepclear.cli.op import found_operation

    with node_client(folder) as node:
        found = found_operation(node, operation)
        shown = node.get(f"/operations/{found['id']}/releases")
        if as_json:
            print_json(shown)
            return DONE
        with told_by(node, f"releases of {found['designator']}") as console:
            rows = (
                (each["party"], each["level"], each["ground"], _until(each), _told(each))
                for each in shown["items"]
            )
            columns = ("Party", "Level", "Because of", "Until", "Told whole")
            print_rows(console, columns, rows, none="There is no line to any party.")
    return DONE


@command.command("give")
@click.argument("operation")
@click.argument("party", type=PARTY)
@click.option(
    "--level",
    type=click.Choice(["L0", "L1", "L2", "L3"]),
    default="L3",
    show_default=True,
    help="How much: presence, the conflict bit, the part that overlaps, all of it.",
)
@click.option("--until", type=MOMENT, help="Until when; else while it lives.")
@click.option("--role", default="planner", show_default=True, help="As what you are on duty.")
@click.option("--reason", default="", help="In your words.")
@asks_node
def give(
    *,
    folder: Path,
    as_json: bool,
    operation: str,
    party: str,
    until: datetime | None,
    **said: Any,
) -> int:
    """Release OPERATION to PARTY; at L3 it is told at once, and its changes follow."""
    body = {"act": "give", "until": None if until is None else _text(until), **said}
    return _put(folder, operation, party, body, as_json=as_json)


@command.command("withdraw")
@click.argument("operation")
@click.argument("party", type=PARTY)
@click.option("--role", default="planner", show_default=True, help="As what you are on duty.")
@click.option("--reason", default="", help="In your words.")
@asks_node
def withdraw(*, folder: Path, as_json: bool, operation: str, party: str, **said: Any) -> int:
    """Take the release of OPERATION to PARTY back; what was told stays told."""
    return _put(folder, operation, party, {"act": "withdraw", **said}, as_json=as_json)


def _put(folder: Path, operation: str, party: str, body: dict[str, Any], *, as_json: bool) -> int:
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by
    from keepclear.cli.op import found_operation

    with node_client(folder) as node:
        found = found_operation(node, operation)
        path = f"/operations/{found['id']}/releases/{party}"
        kept = node.put(path, body, expects=_version(node, found["id"], party))
        if as_json:
            print_json(kept)
            return DONE
        told = kept["release"]
        is_over = told["ended_at"] is not None
        what = "withdrawn from" if is_over else f"released at {told['level']} to"
        with told_by(node, f"{found['designator']} {what} {party}") as console:
            if kept["trouble"]:
                console.print(f"not told yet: {kept['trouble']}", soft_wrap=True)
    return DONE


def _version(node: NodeClient, operation_id: str, party: str) -> str:
    shown = node.get(f"/operations/{operation_id}/releases")["items"]
    version = next((each["version"] for each in shown if each["party"] == party), 0)
    return str(version) if version else "*"


def _until(shown: dict[str, Any]) -> str:
    from keepclear.cli.node_output import moment

    release = shown["release"]
    if release is None:
        return ""
    if release["ended_at"] is not None:
        return f"ended {moment(release['ended_at'])}"
    return "" if release["until"] is None else moment(release["until"])


def _told(shown: dict[str, Any]) -> str:
    version = shown["told_version"]
    return "" if version is None else f"version {version}"


def _text(at: datetime) -> str:
    from keepclear.formats.times import iso_text

    return iso_text(at)
