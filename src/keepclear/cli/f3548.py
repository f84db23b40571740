"""`keepclear f3548`: publish own operations and zones, and ask any discovery service (DSS)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.f3548_asking import ASKING
from keepclear.cli.f3548_reports import reports
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import MOMENT

if TYPE_CHECKING:
    from datetime import datetime

REFUSED = ExitCode.CONFLICT
"""What the rules refuse ends like a conflict."""


@click.group("f3548", cls=CommandGroup)
def command() -> None:
    """Publish to other operators of drones (ASTM F3548-21), and ask any DSS.

    This node is then a USS. Publishing is a release of one operation; the intent follows it.
    OPERATION is an id, or the designator of a live operation.
    """


for _each in (*ASKING, reports):
    command.add_command(_each)


@command.command("status")
@asks_node
def status(*, folder: Path, as_json: bool) -> int:
    """Show what this node publishes and must still tell."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, print_rows, told_by

    with node_client(folder) as node:
        uss = node.get("/f3548")
        if as_json:
            print_json(uss)
            return DONE
        with told_by(node, f"USS at {uss['base_url']}") as console:
            columns = ("Operation", "Designator", "State", "Priority", "Version", "Note")
            rows = (
                (
                    each["id"],
                    each["designator"],
                    each["state"] or "asked for",
                    each["priority"],
                    each["version"],
                    each["note"],
                )
                for each in uss["intents"]
            )
            print_rows(console, columns, rows, none="No operation is published.")
            zones = ((each["zone"], each["id"], each["version"]) for each in uss["constraints"])
            print_rows(console, ("Zone", "Constraint", "Version"), zones, none="No zone is.")
            console.print(f"{uss['waiting']} notifications wait to be posted")
    return DONE


@command.command("publish")
@click.argument("operation")
@click.option("--priority", type=int, help="As the regulator has it; else as it is.")
@click.option("--role", default="planner", show_default=True, help="As what you are on duty.")
@asks_node
def publish(*, folder: Path, as_json: bool, operation: str, **said: Any) -> int:
    """Publish OPERATION, or bring it up to date.

    Up to date is what F3548 holds of it, with the operation as it is filed now.
    """
    return _put(folder, operation, {"act": "publish", **said}, as_json=as_json)


@command.command("withdraw")
@click.argument("operation")
@click.option("--role", default="planner", show_default=True, help="As what you are on duty.")
@asks_node
def withdraw(*, folder: Path, as_json: bool, operation: str, role: str) -> int:
    """Take OPERATION back from the DSS.

    The operation itself goes on.
    """
    return _put(folder, operation, {"act": "withdraw", "role": role}, as_json=as_json)


def _put(folder: Path, operation: str, body: dict[str, Any], *, as_json: bool) -> int:
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by
    from keepclear.cli.op import found_operation

    with node_client(folder) as node:
        found = found_operation(node, operation)
        done = node.ask("PUT", f"/operations/{found['id']}/f3548", document=body).json()
        if as_json:
            print_json(done)
        else:
            with told_by(node, f"{found['designator']} {body['act']}: {done['result']}") as console:
                for line in (done["why"], *done["losses"]):
                    if line:
                        console.print(line, markup=False)
                if done["conflicts"]:
                    console.print(f"it conflicts with {done['conflicts']} that must yield")
    return DONE if done["result"] == "done" else REFUSED


@command.command("publish-zone")
@click.argument("zone")
@click.option(
    "--from",
    "start",
    type=MOMENT,
    help="From when; else now, or the zone's own windows where no --until is given.",
)
@click.option("--until", "end", type=MOMENT, help="Until when, a day later at most.")
@click.option("--role", default="planner", show_default=True, help="As what you are on duty.")
@asks_node
def publish_zone(
    *,
    folder: Path,
    as_json: bool,
    zone: str,
    start: datetime | None,
    end: datetime | None,
    role: str,
) -> int:
    """Publish ZONE as a constraint, or bring it up to date."""
    body = {"act": "publish", "role": role, "start": _text(start), "end": _text(end)}
    return _put_zone(folder, zone, body, as_json=as_json)


@command.command("withdraw-zone")
@click.argument("zone")
@click.option("--role", default="planner", show_default=True, help="As what you are on duty.")
@asks_node
def withdraw_zone(*, folder: Path, as_json: bool, zone: str, role: str) -> int:
    """Take ZONE back from the DSS.

    The zone itself stays declared.
    """
    return _put_zone(folder, zone, {"act": "withdraw", "role": role}, as_json=as_json)


def _put_zone(folder: Path, zone: str, body: dict[str, Any], *, as_json: bool) -> int:
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    with node_client(folder) as node:
        response = node.ask("PUT", f"/zones/{zone}/f3548", document=body)
        done = response.json() if response.status_code == 200 else {}
        if as_json:
            print_json(done)
            return DONE
        told = f"constraint {done['id']}, version {done['version']}" if done else "taken back"
        with told_by(node, f"zone {zone}: {told}"):
            pass
    return DONE


@command.command("notices")
@asks_node
def notices(*, folder: Path, as_json: bool) -> int:
    """Show what operators were told in the last day because F3548 asks for it."""
    columns = {"At": "at", "Because of": "event", "Text": "text"}
    return _list(folder, "/f3548/notices", columns, as_json=as_json, heading="operator notices")


@command.command("learnt")
@click.option("--constraints", is_flag=True, help="Constraints in place of intents.")
@asks_node
def learnt(*, folder: Path, as_json: bool, constraints: bool) -> int:
    """Show what other USSs told of their intents, or of their constraints."""
    sort = "constraints" if constraints else "intents"
    columns = {"Id": "id", "Manager": "manager", "Version": "version", "Ends": "ends"}
    return _list(folder, f"/f3548/{sort}", columns, as_json=as_json, heading=f"{sort} of others")


def _list(folder: Path, path: str, columns: dict[str, str], *, as_json: bool, heading: str) -> int:
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, print_rows, told_by

    with node_client(folder) as node:
        items = node.get(path)["items"] if "notices" in path else node.every(path)
        if as_json:
            print_json({"items": items})
            return DONE
        with told_by(node, f"{len(items)} {heading}") as console:
            rows = (tuple(each[key] for key in columns.values()) for each in items)
            print_rows(console, tuple(columns), rows, none="None.")
    return DONE


def _text(moment: datetime | None) -> str | None:
    from keepclear.formats.times import iso_text

    return None if moment is None else iso_text(moment)
