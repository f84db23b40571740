"""`keepclear agreement file`, `list`, and `show` of what a node holds."""

from __future__ import annotations

from pathlib import Path

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.files import read_file
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

TOML = "application/toml"


@click.command("file")
@click.argument("file", type=PATH)
@asks_node
def file_agreement(*, folder: Path, as_json: bool, file: Path) -> int:
    """Give the agreement in FILE to the node; each version is filed once and never changed."""
    from keepclear.cli.inputs import agreement_from
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    agreement = agreement_from(file)
    with node_client(folder) as node:
        stored = node.ask(
            "PUT",
            f"/agreements/{agreement.id}/versions/{agreement.version}",
            content=read_file(file),
            content_type=TOML,
            expects="*",
        ).json()
        if as_json:
            print_json(stored)
            return DONE
        name = f"agreement {agreement.id} version {agreement.version} filed"
        with told_by(node, name) as console:
            console.print(f"digest {agreement.digest}: compare it with the other parties")
            console.print("in force now" if stored["in_force"] else "not in force now")
    return DONE


@click.command("list")
@asks_node
def list_agreements(*, folder: Path, as_json: bool) -> int:
    """List the agreements the node holds, with those in force."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        items = node.every("/agreements")
        if as_json:
            print_json({"items": items})
            return DONE
        with told_by(node, one_of(len(items), "agreement version")) as console:
            rows = (
                (
                    f"{each['id']}/{each['version']}",
                    each["title"],
                    moment(each["valid"]["start"]),
                    moment(each["valid"]["end"]),
                    "yes" if each["in_force"] else "no",
                    each["digest"][:12],
                )
                for each in items
            )
            columns = ("Agreement", "Title", "From", "To", "In force", "Digest")
            print_rows(console, columns, rows, none="None: every answer will be cannot say.")
    return DONE


def stored_agreement(folder: Path, named: str) -> bytes:
    """The text of an agreement a node holds, named ID or ID/VERSION; the last version else.

    Raises:
        NotFound: the node holds none of that name.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.errors import NotFound

    agreement_id, _, version = named.partition("/")
    with node_client(folder) as node:
        held = [
            each
            for each in node.every("/agreements")
            if each["id"] == agreement_id and version in ("", str(each["version"]))
        ]
        if not held:
            raise NotFound(
                f"there is no file and the node holds no agreement {named}",
                remedy="Name a file, or an agreement of `keepclear agreement list`.",
            )
        last = max(each["version"] for each in held)
        path = f"/agreements/{agreement_id}/versions/{last}"
        return node.ask("GET", path, accept=TOML).content
