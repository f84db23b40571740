"""`keepclear readout`: each side's account of a talk, and two of them side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.kept import Sort, group_of
from keepclear.cli.node_option import asks_node

_SORT = Sort(
    "readout",
    "readouts",
    {
        "Account of": lambda record: record["party"],
        "Kind": lambda record: record["kind"],
        "Points": lambda record: len(record["points"]),
    },
)

command = group_of(_SORT, "Keep each side's readout as its own, and compare them.")


@command.command("compare")
@click.argument("about", metavar="ID")
@click.option("--a", "first", help="The first readout; else our own.")
@click.option("--b", "second", help="The second; else another party's.")
@asks_node
def compare(
    *, folder: Path, as_json: bool, about: str, first: str | None, second: str | None
) -> int:
    """Put two readouts of a call or consultation side by side, point by point.

    It says who tells what. It says nothing of who is right.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, print_rows, told_by

    with node_client(folder) as node:
        told = node.get("/readouts/comparison", about=about, a=first, b=second)
        if as_json:
            print_json(told)
            return DONE
        if told["b"] is None:
            with told_by(node, f"only {told['a']['party']} gave an account of {about}"):
                return DONE
        names = (f"A: {told['a']['party']}", f"B: {told['b']['party']}")
        with told_by(node, f"{names[0]}, {names[1]}") as console:
            rows = ((row["finding"], row["topic"], *_sides(row)) for row in told["rows"])
            print_rows(console, ("Told by", "Topic", *names), rows, none="Neither has points.")
            console.print(told["says"])
    return DONE


def _sides(row: dict[str, Any]) -> tuple[str, str]:
    return _point(row["a"]), _point(row["b"])


def _point(point: dict[str, Any] | None) -> str:
    return "" if point is None else f"{point['stance']}: {point['text']}"
