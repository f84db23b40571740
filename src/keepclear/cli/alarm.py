"""`keepclear alarm`: what waits for a person now; a sound may be silenced, an alarm not."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node


@click.group("alarm", cls=CommandGroup)
def command() -> None:
    """See what waits for a person now, and silence its sound."""


@command.command("list")
@asks_node
def list_alarms(*, folder: Path, as_json: bool) -> int:
    """List alarms, the most urgent first, each with its clock and its id."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import one_of, print_json, told_by
    from keepclear.reports.wording import plain

    with node_client(folder) as node:
        page = node.get("/alarms")
        if as_json:
            print_json({"items": page["items"], "total": page["total"]})
            return DONE
        with told_by(node, one_of(page["total"], "alarm")) as console:
            for each in page["items"]:
                console.print(plain(_headline(each), 300), markup=False, style="bold")
                console.print(f"  {plain(each['text'], 300)}", markup=False)
                console.print(f"  id {plain(each['id'])}", markup=False, soft_wrap=True)
    return DONE


def _headline(alarm: dict[str, Any]) -> str:
    """How urgent it is, what to do, by when and by which means."""
    from keepclear.cli.node_output import moment

    due = f"due {moment(alarm['due'])}" if alarm["due"] else f"since {moment(alarm['since'])}"
    overdue = alarm["due"] and alarm["remaining_s"] < 0
    told = (
        alarm["line"],
        f"{due}, OVERDUE" if overdue else due,
        f"told {alarm['told']}" if alarm["escalation_level"] else "",
        f"try {alarm['channel']}" if alarm["channel"] else "",
        "sounds" if alarm["is_audible"] else "",
    )
    return f"{alarm['level'].upper()}  {alarm['what']}  " + "; ".join(filter(None, told))


@command.command("silence")
@click.argument("alarm_id", metavar="ID")
@click.option("--role", default="duty officer", show_default=True, help="On duty as what.")
@asks_node
def silence(*, folder: Path, as_json: bool, alarm_id: str, role: str) -> int:
    """Stop the sound of an alarm until its next level; what it asks for stays."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    with node_client(folder) as node:
        node.ask("PUT", f"/alarms/{quote(alarm_id, safe='')}/silence", document={"role": role})
        if as_json:
            print_json({"id": alarm_id, "is_audible": False})
            return DONE
        with told_by(node, f"{alarm_id} is silent; what it asks for stays"):
            return DONE
