"""`keepclear zone`, `boundary`, `airfield`: declared airspace, the same commands for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.kept import show_command, with_article
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH
from keepclear.errors import InvalidFile, NotFound


class Sort(NamedTuple):
    """One sort of declared airspace.

    Attributes:
        name: what one is called.
        many: several, and the path under which the API has them.
        columns: the fields that its list shows, by heading.
    """

    name: str
    many: str
    columns: Mapping[str, Callable[[dict[str, Any]], object]]


ZONE = Sort(
    "zone",
    "zones",
    {
        "Name": lambda d: d["name"],
        "Kind": lambda d: d["kind"],
        "Entry": lambda d: d["entry"],
        "Status": lambda d: d["status"],
        "Declared by": lambda d: d["declared_by"],
    },
)
BOUNDARY = Sort(
    "boundary",
    "boundaries",
    {
        "Name": lambda d: d["name"],
        "Keeps to": lambda d: ", ".join(f"{r['party']} {r['keeps_to']}" for r in d["rules"]),
    },
)
AIRFIELD = Sort(
    "airfield",
    "airfields",
    {"Name": lambda d: d["name"], "Party": lambda d: d["party"]},
)


def group_of(sort: Sort) -> click.Group:
    """The commands for one sort: list, show, file, cancel."""
    group = CommandGroup(sort.name, help=f"File, list and cancel {sort.many}.")
    for command in (
        _list(sort),
        show_command(sort.name, sort.many, "filed"),
        _file(sort),
        _cancel(sort),
    ):
        group.add_command(command)
    return group


def _list(sort: Sort) -> click.Command:
    @click.command("list", help=f"List the {sort.many} the node holds beside its agreements'.")
    @asks_node
    def command(*, folder: Path, as_json: bool) -> int:
        from keepclear.cli.node_client import node_client
        from keepclear.cli.node_output import one_of, print_json, print_rows, told_by

        with node_client(folder) as node:
            items = node.every(f"/{sort.many}")
            if as_json:
                print_json({"items": items})
                return DONE
            heading = (
                one_of(len(items), sort.name) if len(items) == 1 else f"{len(items)} {sort.many}"
            )
            with told_by(node, heading) as console:
                rows = (
                    (d["id"], *(tell(d) for tell in sort.columns.values()), d["version"])
                    for d in items
                )
                print_rows(console, ("Id", *sort.columns, "Version"), rows, none="None.")
        return DONE

    return command


def _file(sort: Sort) -> click.Command:
    @click.command(
        "file", help=f"File {with_article(sort.name)}, or a new version of one, from JSON in FILE."
    )
    @click.argument("document_path", metavar="FILE", type=PATH)
    @click.option(
        "--version", type=click.IntRange(1), help="The version that is changed; else FILE's."
    )
    @asks_node
    def command(*, folder: Path, as_json: bool, document_path: Path, version: int | None) -> int:
        from keepclear.cli.op_filing import read_document

        document = read_document(document_path)
        if not document.get("id"):
            raise InvalidFile(
                "it has no id", file=str(document_path), remedy='Add "id", the name it is known by.'
            )
        expects = str(version or document.get("version") or "*")
        path = f"/{sort.many}/{document['id']}"
        return put_declared(
            folder, path, stated(document), expects, what=sort.name, as_json=as_json
        )

    return command


def _cancel(sort: Sort) -> click.Command:
    @click.command("cancel", help=f"Cancel {with_article(sort.name)}; the ledger keeps it.")
    @click.argument("thing_id", metavar="ID")
    @asks_node
    def command(*, folder: Path, as_json: bool, thing_id: str) -> int:
        return withdraw(folder, f"/{sort.many}", thing_id, sort.name, "cancelled", as_json=as_json)

    return command


def stated(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what the node says of it, so that what it printed can be filed again."""
    return {name: value for name, value in document.items() if name not in ("version", "live")}


def put_declared(
    folder: Path, path: str, document: object, expects: str, *, what: str, as_json: bool
) -> int:
    """File something declared and say in which version it now stands."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    with node_client(folder) as node:
        stored = node.put(path, document, expects=expects)
        if as_json:
            print_json(stored)
            return DONE
        with told_by(node, f"{what} {stored['id']} filed, version {stored['version']}"):
            return DONE


def withdraw(folder: Path, path: str, thing_id: str, what: str, done: str, *, as_json: bool) -> int:
    """End something declared, in the version it has now.

    Raises:
        NotFound: there is none such.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    with node_client(folder) as node:
        before = next((each for each in node.every(path) if each["id"] == thing_id), None)
        if before is None:
            raise NotFound(f"there is no {what} {thing_id}")
        node.ask("DELETE", f"{path}/{thing_id}", expects=str(before["version"]))
        if as_json:
            print_json({"id": thing_id, "was_version": before["version"], "now": done})
            return DONE
        with told_by(node, f"{what} {thing_id} {done}"):
            return DONE
