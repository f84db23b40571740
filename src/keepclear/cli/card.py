"""`keepclear card`: what is printed for the desk, and challenge and reply."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH


@click.group("card", cls=CommandGroup)
def command() -> None:
    """Print call, contact, lost-line and challenge cards; agree their secret; answer."""


def _printing(name: str, summary: str) -> None:
    @command.command(name, help=summary)
    @click.argument("line")
    @click.option("-o", "--output", "path", type=PATH, required=True, help="The HTML to write.")
    @click.option(
        "--size",
        type=click.Choice(("A4", "A6")),
        default="A4",
        show_default=True,
        help="Of the paper.",
    )
    @click.option("--day", help="Of a challenge card, as 2026-03-14; else today.")
    @asks_node
    def printing(
        *, folder: Path, as_json: bool, line: str, path: Path, size: str, day: str | None
    ) -> int:
        from keepclear.cli.node_client import node_client
        from keepclear.cli.node_output import print_json

        with node_client(folder) as node:
            parameters = {"size": size, "day": day}
            page = node.ask("GET", f"/lines/{line}/cards/{name}", parameters=parameters).content
        path.write_bytes(page)
        if name == "challenge":
            path.chmod(0o600)  # its replies are secret
        if as_json:
            print_json({"file": str(path)})
        else:
            click.echo(f"written: {path}")
        return DONE


_printing("call", "Write the call card of LINE: phrases in two languages.")
_printing("contact", "Write the contact card of LINE: roles and means.")
_printing("lost-line", "Write what to do when everything on LINE is silent.")
_printing("challenge", "Write the challenge and reply card of LINE for a date.")


def _asking(path: str, document: dict[str, str], folder: Path) -> dict[str, Any]:
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        told: dict[str, Any] = node.ask("PUT", path, document=document).json()
    return told


@command.command("secret")
@click.argument("line")
@click.option("--typed", is_flag=True, help="Type the one that the other side drew.")
@asks_node
def secret(*, folder: Path, as_json: bool, line: str, typed: bool) -> int:
    """Agree the secret of LINE's cards: draw one, or type the other side's.

    It goes face to face or by courier, never over the line. Then both say its mark aloud.
    """
    from keepclear.cli.node_output import print_json

    given = click.prompt("Secret", hide_input=True) if typed else ""
    told = _asking(f"/lines/{line}/card-secret", {"secret": given}, folder)
    if as_json:
        print_json(told)
        return DONE
    if not typed:
        click.echo(f"secret: {told['secret']}")
    click.echo(f"mark: {told['mark']}")
    return DONE


@command.command("reply")
@click.argument("line")
@click.argument("challenge")
@asks_node
def reply(*, folder: Path, as_json: bool, line: str, challenge: str) -> int:
    """Print what we answer to a CHALLENGE of theirs on LINE; each is answered once."""
    from keepclear.cli.node_output import print_json

    told = _asking(f"/lines/{line}/card-reply", {"challenge": challenge}, folder)
    if as_json:
        print_json(told)
    else:
        click.echo(told["reply"])
    return DONE


@command.command("sign")
@click.argument("line")
@click.argument("party")
@click.option("--role", required=True, help="Of the linguist; never a name.")
@asks_node
def sign(*, folder: Path, as_json: bool, line: str, party: str, role: str) -> int:
    """Keep that PARTY's linguist read the table of phrases of this node and found it right."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    with node_client(folder) as node:
        document = {"digest": node.get("/phrases")["digest"], "role": role}
        path = f"/lines/{line}/phrases/signatures/{party}"
        told = node.ask("PUT", path, document=document).json()
    if as_json:
        print_json(told)
    else:
        click.echo(f"signed for {told['party']}: edition {told['edition']}, {told['digest'][:16]}")
    return DONE
