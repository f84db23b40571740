"""`keepclear call`: records of calls on the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.kept import Sort, group_of, put_record
from keepclear.cli.node_option import asks_node


def _began(record: dict[str, Any]) -> str:
    from keepclear.cli.node_output import moment

    return moment(record["started_at"])


def _lasted(record: dict[str, Any]) -> str:
    minutes = int(record["now"]["duration_s"] // 60)
    lasted = f"{minutes // 60}:{minutes % 60:02} h"
    return f"{lasted}, runs" if record["now"]["is_running"] else lasted


_SORT = Sort(
    "call",
    "calls",
    {
        "Began": _began,
        "Lasted": _lasted,
        "Kind": lambda record: record["kind"],
    },
)

command = group_of(_SORT, "Keep the records of calls on a line; participants by role.")


@command.command("end")
@click.argument("call_id", metavar="ID")
@click.option(
    "--ending",
    type=click.Choice(["concluded", "cut off", "broken off", "not answered"]),
    default="concluded",
    show_default=True,
    help="How it ended.",
)
@asks_node
def end(*, folder: Path, as_json: bool, call_id: str, ending: str) -> int:
    """Say that a running call has ended, now by the node's clock."""
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        running = node.get(f"/calls/{call_id}")
    ended = {**running, "ended_at": running["now"]["at"], "ending": ending}
    return put_record(folder, _SORT, ended, str(running["version"]), as_json=as_json)
