"""`keepclear site`: humanitarian sites, told to named recipients alone, exported by two people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.kept import Sort, group_of
from keepclear.cli.movement import confirmed, released
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

_role = click.option(
    "--role", default="movement officer", show_default=True, help="On duty as what."
)


def _due(record: dict[str, Any]) -> str:
    from keepclear.cli.node_output import moment

    return moment(record["due_at"])


_SORT = Sort(
    "site",
    "sites",
    {
        "Function": lambda record: record["function"],
        "Of": lambda record: record["party"],
        "Look again": _due,
        "Told": lambda record: ", ".join(
            f"{each['party']} {each['units']}" for each in record["told"]
        ),
        "Flags": lambda record: ", ".join(each["kind"] for each in record["flags"]),
    },
)

command = group_of(
    _SORT, "Notify humanitarian sites, each to whom it names; no list shows where they are."
)
del command.commands["list"]


@command.command("list")
@asks_node
def list_sites(*, folder: Path, as_json: bool) -> int:
    """List sites, the one to be looked at first; where they are is shown one by one."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        items = node.every("/sites")
        if as_json:
            print_json({"items": items, "total": len(items)})
            return DONE
        with told_by(node, one_of(len(items), "site")) as console:
            rows = (
                (each["id"], *(tell(each) for tell in _SORT.columns.values())) for each in items
            )
            print_rows(console, ("Id", *_SORT.columns), rows, none="None.")
    return DONE


@command.command("release")
@click.argument("site_id", metavar="ID")
@click.option("--line", required=True, help="To the party at the other end of this line.")
@click.option("--second", required=True, help="Who has read it with you.")
@_role
@asks_node
def release(*, folder: Path, as_json: bool, site_id: str, line: str, second: str, role: str) -> int:
    """Tell one named recipient of a site, as it is kept now."""
    return released(folder, f"/sites/{site_id}", (line, second, role), as_json=as_json)


@command.command("confirm")
@click.argument("site_id", metavar="ID")
@click.option("--until", required=True, metavar="TIME", help="The new expiry.")
@asks_node
def confirm(*, folder: Path, as_json: bool, site_id: str, until: str) -> int:
    """Say that a site is still there, until a later time."""
    return confirmed(folder, f"/sites/{site_id}", until, as_json=as_json)


@command.command("export")
@click.argument("path", metavar="FILE", type=PATH)
@click.option("--recipient", required=True, help="The party it is for.")
@click.option("--second", required=True, help="Who stands by.")
@click.option("--reason", required=True, help="What for.")
@click.option("--coarse", is_flag=True, help="Wide circles that hold each site.")
@_role
@asks_node
def export(
    *,
    folder: Path,
    as_json: bool,
    path: Path,
    recipient: str,
    second: str,
    reason: str,
    coarse: bool,
    role: str,
) -> int:
    """Write the sites that one recipient may see to FILE, a table marked for that recipient."""
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    sent = {
        "recipient": recipient,
        "second": second,
        "reason": reason,
        "coarse": coarse,
        "role": role,
    }
    with node_client(folder) as node:
        export_id = compose.entropy().new_id()
        reply = node.ask("PUT", f"/site-exports/{export_id}", document=sent, accept="text/csv")
        path.write_bytes(reply.content)
        if as_json:
            print_json({"id": export_id, "file": str(path)})
            return DONE
        with told_by(node, f"written to {path}, for {recipient} alone; on record as {export_id}"):
            return DONE
