"""`keepclear coverage`: what a party says its released set covers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.declared import put_declared, stated, withdraw
from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.op_notify import gives_notice, tell_notice
from keepclear.cli.parameters import PATH

LEAST_FIRST = ("none", "partial", "complete")


@click.group("coverage", cls=CommandGroup)
def command() -> None:
    """Say what a party's released set covers."""


@command.command("list")
@asks_node
def list_coverages(*, folder: Path, as_json: bool) -> int:
    """List the coverage statements the node holds."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        items = node.every("/coverages")
        if as_json:
            print_json({"items": items})
            return DONE
        with told_by(node, one_of(len(items), "coverage statement")) as console:
            rows = (
                (
                    each["id"],
                    each["party"],
                    moment(each["as_of"]),
                    _least(each["completeness"]),
                )
                for each in items
            )
            columns = ("Id", "Party", "As of", "Completeness")
            print_rows(console, columns, rows, none="No party has stated any.")
    return DONE


def _least(by_class: dict[str, str]) -> str:
    """The least complete of its classes: whoever relies on it must know that one."""
    return next((word for word in LEAST_FIRST if word in by_class.values()), LEAST_FIRST[0])


@command.command("state")
@click.argument("document_path", metavar="FILE", type=PATH)
@click.option("--version", type=click.IntRange(1), help="The version that is changed; else FILE's.")
@asks_node
def state(*, folder: Path, as_json: bool, document_path: Path, version: int | None) -> int:
    """State coverage, or a new version of a statement, from JSON in FILE."""
    from keepclear import compose
    from keepclear.cli.op_filing import read_document

    document = read_document(document_path)
    name = str(document.get("id") or compose.entropy().new_id())
    return put_declared(
        folder,
        f"/coverages/{name}",
        {**stated(document), "id": name},
        str(version or document.get("version") or "*"),
        what="coverage statement",
        as_json=as_json,
    )


@command.command("withdraw")
@click.argument("coverage_id", metavar="ID")
@asks_node
def withdraw_coverage(*, folder: Path, as_json: bool, coverage_id: str) -> int:
    """Withdraw a statement: nothing is then claimed for its area."""
    return withdraw(
        folder, "/coverages", coverage_id, "coverage statement", "withdrawn", as_json=as_json
    )


@command.command("notify")
@click.argument("coverage_id", metavar="ID")
@gives_notice
def notify(*, coverage_id: str, **asked: Any) -> int:
    """Tell another party what our released set covers, as a statement of ours says it."""
    return tell_notice(f"coverages/{coverage_id}", "coverage statement", asked)
