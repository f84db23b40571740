"""What every command about a node takes: which node, who asks, tables or JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from keepclear.cli.parameters import PATH

Function = TypeVar("Function", bound=Callable[..., Any])

VARIABLE = "KEEPCLEAR_NODE"
"""Names the folder where the option does not."""


def default_folder() -> Path:
    """Where a node is unless told otherwise."""
    return Path.home() / ".keepclear"


node_option = click.option(
    "--node",
    "folder",
    type=PATH,
    envvar=VARIABLE,
    default=default_folder,
    metavar="DIR",
    help=f"The node's folder; else {VARIABLE}, else ~/.keepclear.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the node's answer as JSON."
)


def asks_node(function: Function) -> Function:
    """Give a command `--node` and `--json`."""
    return node_option(json_option(function))
