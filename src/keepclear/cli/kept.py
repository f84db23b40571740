"""What the commands for records of a line have in common: list, show, keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

TOLD = ("version", "now")
"""What the node says of a record; it is not sent back."""


class Sort(NamedTuple):
    """One sort of record.

    Attributes:
        name: what one is called.
        plural: several, and the path under which the API has them.
        columns: what its list shows, by heading.
    """

    name: str
    plural: str
    columns: Mapping[str, Callable[[dict[str, Any]], object]]


def with_article(name: str) -> str:
    """What one thing is called in a sentence: "a zone", "an airfield"."""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def group_of(sort: Sort, summary: str) -> click.Group:
    """The commands every sort has: list, show, keep."""
    group = CommandGroup(sort.name, help=summary)
    for command in (_list(sort), show_command(sort.name, sort.plural, "kept"), _keep(sort)):
        group.add_command(command)
    return group


def read_group_of(sort: Sort, summary: str) -> click.Group:
    """The commands of a sort that only messages make: list, show."""
    group = CommandGroup(sort.name, help=summary)
    group.add_command(_list(sort))
    group.add_command(show_command(sort.name, sort.plural))
    return group


def _list(sort: Sort) -> click.Command:
    @click.command("list", help=f"List {sort.plural}, the latest first.")
    @click.option("--line", help="Only of this line.")
    @click.option("--text", help="Only where this stands in it.")
    @asks_node
    def command(*, folder: Path, as_json: bool, line: str | None, text: str | None) -> int:
        from keepclear.cli.node_client import node_client
        from keepclear.cli.node_output import one_of, print_json, print_rows, told_by

        with node_client(folder) as node:
            page = node.get(f"/{sort.plural}", line=line, text=text, limit=500)
            if as_json:
                print_json({"items": page["items"], "total": page["total"]})
                return DONE
            with told_by(node, one_of(page["total"], sort.name)) as console:
                rows = (
                    (each["id"], *(tell(each) for tell in sort.columns.values()))
                    for each in page["items"]
                )
                print_rows(console, ("Id", *sort.columns), rows, none="None.")
        return DONE

    return command


def show_command(name: str, plural: str, then: str = "") -> click.Command:
    """The command that prints one of a sort.

    Args:
        name: what one is called.
        plural: under which path the API has them.
        then: what is done with it after editing: kept, or filed; empty where it is only read.
    """
    ready = f", ready to be edited and {then}" if then else ""

    @click.command("show", help=f"Print {with_article(name)} as JSON{ready}.")
    @click.argument("record_id", metavar="ID")
    @asks_node
    def command(*, folder: Path, as_json: bool, record_id: str) -> int:
        from keepclear.cli.node_client import node_client
        from keepclear.cli.node_output import print_json

        del as_json
        with node_client(folder) as node:
            print_json(node.get(f"/{plural}/{record_id}"))
        return DONE

    return command


def _keep(sort: Sort) -> click.Command:
    @click.command(
        "keep", help=f"Keep {with_article(sort.name)}, or a new version of one, from JSON in FILE."
    )
    @click.argument("document_path", metavar="FILE", type=PATH)
    @click.option(
        "--version", type=click.IntRange(1), help="The version that is changed; else FILE's."
    )
    @asks_node
    def command(*, folder: Path, as_json: bool, document_path: Path, version: int | None) -> int:
        from keepclear import compose
        from keepclear.cli.op_filing import read_document

        document = read_document(document_path)
        name = str(document.get("id") or compose.entropy().new_id())
        expects = str(version or document.get("version") or "*")
        return put_record(folder, sort, {**document, "id": name}, expects, as_json=as_json)

    return command


def add_to_record(
    folder: Path,
    sort: Sort,
    record_id: str,
    field: str,
    added: Mapping[str, Any],
    *,
    as_json: bool,
    **changes: Any,
) -> int:
    """Add a step at the end of one field of a record, now by the node's clock."""
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        record = node.get(f"/{sort.plural}/{record_id}")
    longer = [*record[field], {**added, "at": record["now"]["at"]}]
    document = {**record, **changes, field: longer}
    return put_record(folder, sort, document, str(record["version"]), as_json=as_json)


def put_record(
    folder: Path, sort: Sort, document: Mapping[str, Any], expects: str, *, as_json: bool
) -> int:
    """Keep a record and say in which version it now stands."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    sent = {name: value for name, value in document.items() if name not in TOLD}
    with node_client(folder) as node:
        kept = node.put(f"/{sort.plural}/{document['id']}", sent, expects=expects)
        if as_json:
            print_json(kept)
            return DONE
        with told_by(node, f"{sort.name} {kept['id']} kept, version {kept['version']}"):
            return DONE
