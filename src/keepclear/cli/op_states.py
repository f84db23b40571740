"""`keepclear op activate`, `nonconforming`, `contingent`, `end`, `cancel`: an operation's life."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

Function = TypeVar("Function", bound=Callable[..., Any])


def _takes_operation(function: Function) -> Function:
    version = click.option(
        "--version", type=click.IntRange(1), help="Refuse if it has another version by now."
    )
    text = click.option("--text", default="", help="Why, in your own words; kept in the ledger.")
    return click.argument("operation")(version(text(asks_node(function))))


_volumes = click.option(
    "--volumes",
    "volumes_path",
    type=PATH,
    metavar="FILE",
    help="Where it may be now: a document whose volumes replace the present ones; - reads stdin.",
)


@click.command("activate")
@_takes_operation
def activate(**asked: Any) -> int:
    """Say that it is flying, as planned."""
    return change_state("active", **asked)


@click.command("nonconforming")
@_volumes
@_takes_operation
def nonconforming(**asked: Any) -> int:
    """Say that it is outside what was planned, and expected to come back."""
    return change_state("nonconforming", **asked)


@click.command("contingent")
@_volumes
@_takes_operation
def contingent(**asked: Any) -> int:
    """Say that it will not come back to what was planned; it can then only end."""
    return change_state("contingent", **asked)


@click.command("end")
@_takes_operation
def end(**asked: Any) -> int:
    """Say that it is over."""
    return change_state("ended", reason="completed", **asked)


@click.command("cancel")
@_takes_operation
def cancel(**asked: Any) -> int:
    """Say that it will not take place, or not go on."""
    return change_state("ended", reason="cancelled", **asked)


def change_state(
    state: str,
    *,
    folder: Path,
    as_json: bool,
    operation: str,
    version: int | None,
    text: str,
    reason: str = "",
    volumes_path: Path | None = None,
) -> ExitCode:
    """Bring an operation into another state; the exit code is the answer's."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.op import found_operation
    from keepclear.cli.op_filing import read_document, tell_filed

    asked: dict[str, Any] = {"state": state}
    if reason:
        asked["reason"] = reason
    if text:
        asked["text"] = text
    if volumes_path is not None:
        asked["volumes"] = read_document(volumes_path).get("volumes")
    with node_client(folder) as node:
        found = found_operation(node, operation)
        expects = str(version or found["version"])
        filed = node.put(f"/operations/{found['id']}/state", asked, expects=expects)
        return tell_filed(node, filed, reason or state, as_json=as_json)
