"""`keepclear ledger`: what was recorded, proofs of it, and whether all of it still holds."""

from __future__ import annotations

from pathlib import Path

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.ledger_proof import check_proof, prove
from keepclear.cli.ledger_verify import verify
from keepclear.cli.node_option import asks_node


@click.group("ledger", cls=CommandGroup)
def command() -> None:
    """Read, prove and verify what a node recorded."""


command.add_command(prove)
command.add_command(check_proof)
command.add_command(verify)


@command.command("head")
@asks_node
def head(*, folder: Path, as_json: bool) -> int:
    """Print the last signed head: give it to another party as a witness (--json > FILE)."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, print_json, told_by

    with node_client(folder) as node:
        told = node.get("/ledger")
        if as_json:
            print_json(told["head"])
            return DONE
        with told_by(node, f"ledger of {told['size']:,} entries") as console:
            signed = told["head"]
            if signed is None:
                console.print("Nothing is recorded yet.")
            else:
                console.print(f"size   {signed['size']}")
                console.print(f"root   {signed['root']}")
                console.print(f"signed {moment(signed['at'])} by key {signed['key_id']}")
                console.print(f"epoch  {signed['epoch']}")
    return DONE


@command.command("show")
@click.argument("number", type=click.IntRange(0), required=False)
@click.option("--after", type=click.IntRange(-1), help="Only entries behind this number.")
@click.option(
    "--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="So many at once."
)
@asks_node
def show(*, folder: Path, as_json: bool, number: int | None, after: int | None, limit: int) -> int:
    """List entries, the last ones unless told otherwise; or print entry NUMBER whole."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, print_json, print_rows, short, told_by

    with node_client(folder) as node:
        if number is not None:
            print_json(node.get(f"/ledger/entries/{number}"))
            return DONE
        start = after if after is not None else node.get("/ledger")["size"] - limit - 1
        page = node.get("/ledger/entries", after=max(-1, start), limit=limit)
        if as_json:
            print_json(page)
            return DONE
        with told_by(node, f"ledger of {page['total']:,} entries") as console:
            rows = (
                (
                    each["number"],
                    moment(each["at"]),
                    each["kind"],
                    f"{short(each['subject']['id'])} v{each['subject']['version']}",
                    "withheld" if each["withheld"] else "",
                )
                for each in page["items"]
            )
            print_rows(console, ("Entry", "At", "What", "About", ""), rows, none="None.")
            if page["next"]:
                console.print(f"more: add --after {page['next']}")
    return DONE
