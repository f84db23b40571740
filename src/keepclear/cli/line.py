"""`keepclear line`: the state of lines, their checks and history, and how one is restored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from keepclear.cli import line_paper
from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node

Function = TypeVar("Function", bound=Callable[..., Any])

STEPS = ("offer", "test", "verify", "list", "confirm", "break off")
RESULTS = ("answered", "differs", "not answered")
CAUSES = ("no answer", "refused", "technical", "staffing", "unknown")
SCOPES = ("all", "air", "non-safety")


@click.group("line", cls=CommandGroup)
def command() -> None:
    """Look after the lines to other parties: what is declared, and what is observed."""


@command.command("status")
@click.argument("line", required=False)
@asks_node
def status(*, folder: Path, as_json: bool, line: str | None) -> int:
    """Show the state of LINE, or of all lines."""
    from keepclear.cli.line_output import print_line, print_lines
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    with node_client(folder) as node:
        found = node.every("/lines") if line is None else [node.get(f"/lines/{line}")]
        if as_json:
            print_json({"items": found} if line is None else found[0])
        elif line is None:
            print_lines(node, found)
        else:
            print_line(node, found[0])
    return DONE


@command.command("check")
@click.argument("line")
@click.option("--channel", default="network", show_default=True, help="Which channel.")
@click.option(
    "--result", type=click.Choice(RESULTS), help="What came of a check you made by other means."
)
@click.option("--cause", type=click.Choice(CAUSES), help="Why it was not answered.")
@click.option(
    "--reader", "reader_role", default="", metavar="ROLE", help="The role that answered; no name."
)
@click.option("--remark", default="", help="In your own words.")
@click.option("--id", "check_id", help="A check that is there: give its silence a cause.")
@asks_node
def check(*, folder: Path, as_json: bool, line: str, check_id: str | None, **said: Any) -> int:
    """Check LINE by machine now, or enter a check made by telephone, radio or other means."""
    from keepclear import compose
    from keepclear.cli.line_output import print_check
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        expects = "*"
        if check_id is not None:
            held = node.ask("GET", f"/lines/{line}/checks/{check_id}")
            expects = held.headers["etag"].strip('"')
            said["channel"] = held.json()["channel"]
        name = check_id or compose.entropy().new_id()
        made = node.put(f"/lines/{line}/checks/{name}", said, expects=expects)
        print_check(node, made, as_json=as_json)
    return DONE


@command.command("history")
@click.argument("line")
@asks_node
def history(*, folder: Path, as_json: bool, line: str) -> int:
    """Show the contacts on LINE, and how long since the last, as each source has it."""
    from keepclear.cli.line_output import print_history
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    with node_client(folder) as node:
        found = node.get(f"/lines/{line}/history")
        if as_json:
            print_json(found)
        else:
            print_history(node, found)
    return DONE


def _declares(function: Function) -> Function:
    """Give a command what every declaration takes."""
    second = click.option(
        "--second", required=True, metavar="WHO", help="Who else has read it: two people declare."
    )
    role = click.option("--role", default="duty officer", show_default=True, help="Your role.")
    scope = click.option(
        "--scope",
        type=click.Choice(SCOPES),
        default="all",
        show_default=True,
        help="How much of the line it speaks of.",
    )
    effective = click.option("--from", "effective_at", metavar="TIME", help="From when; else now.")
    reason = click.option("--reason", default="", help="Why, in your own words.")
    made = second(role(scope(effective(reason(asks_node(function))))))
    return click.argument("line")(made)


@command.command("suspend")
@click.option("--residue", default="", metavar="TEXT", help="What still works for safety.")
@_declares
def suspend(**asked: Any) -> int:
    """Declare LINE suspended. Nothing is hidden by it, and FLASH still goes."""
    return _declare("suspend", **asked)


@command.command("resume")
@_declares
def resume(**asked: Any) -> int:
    """Declare that your side's suspension of LINE is over."""
    return _declare("resume", **asked)


def _declare(act: str, *, folder: Path, as_json: bool, line: str, **said: Any) -> int:
    from keepclear import compose
    from keepclear.cli.line_output import print_line
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json
    from keepclear.cli.passwords import second_of
    from keepclear.formats.times import iso_text, parse_time

    if said["effective_at"]:
        said["effective_at"] = iso_text(parse_time(said["effective_at"]))
    document = {"act": act, "id": compose.entropy().new_id(), **said}
    with node_client(folder) as node:
        document["second"] = second_of(node, said["second"])
        told = node.ask("PUT", f"/lines/{line}/declaration", document=document).json()
        if as_json:
            print_json(told)
        else:
            print_line(node, told["line"])
    return DONE


@command.command("restore")
@click.argument("line")
@click.argument("step", type=click.Choice(STEPS))
@click.option("--role", default="duty officer", show_default=True, help="Your role.")
@click.option("--reason", default="", help="Why it is broken off.")
@asks_node
def restore(*, folder: Path, as_json: bool, line: str, step: str, role: str, reason: str) -> int:
    """Take a STEP in restoring LINE; it is up when both sides gave every proof."""
    from keepclear.cli.line_output import print_line
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    document = {"act": step, "role": role, "reason": reason}
    with node_client(folder) as node:
        told = node.ask("PUT", f"/lines/{line}/restoration", document=document).json()
        if as_json:
            print_json(told)
        else:
            print_line(node, told)
    return DONE


for _each in (line_paper.export, line_paper.take, line_paper.mail):
    command.add_command(_each)
