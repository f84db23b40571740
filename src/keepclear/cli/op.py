"""`keepclear op`: the operations a node holds: list, show, file, change, end, answer."""

from __future__ import annotations

import uuid
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import MOMENT, PARTY
from keepclear.errors import InvalidInput
from keepclear.model.operation import OperationClass, OperationState

if TYPE_CHECKING:
    from datetime import datetime

    from keepclear.cli.node_client import NodeClient

MOST_LISTED = 50
STATES = (*(state.value for state in OperationState), "live")

BELOW = {
    "file": "keepclear.cli.op_filing:file",
    "change": "keepclear.cli.op_filing:change",
    "activate": "keepclear.cli.op_states:activate",
    "nonconforming": "keepclear.cli.op_states:nonconforming",
    "contingent": "keepclear.cli.op_states:contingent",
    "end": "keepclear.cli.op_states:end",
    "cancel": "keepclear.cli.op_states:cancel",
    "answer": "keepclear.cli.op_answers:answer",
    "answers": "keepclear.cli.op_answers:answers",
    "try": "keepclear.cli.op_answers:try_out",
    "ask": "keepclear.cli.op_asking:ask",
    "views": "keepclear.cli.op_asking:views",
    "import": "keepclear.cli.op_files:take_in",
    "export": "keepclear.cli.op_files:export",
    "draft": "keepclear.cli.op_drafts:draft",
    "notify": "keepclear.cli.op_notify:notify",
}
"""Commands that stand in files of their own, imported when they are named."""


class OperationGroup(CommandGroup):
    """`op`, whose larger commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those of this file first: they are what a newcomer looks for."""
        return [*super().list_commands(ctx), *BELOW]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one; None where there is none of that name."""
        if cmd_name not in BELOW:
            return super().get_command(ctx, cmd_name)
        module, _, name = BELOW[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group("op", cls=OperationGroup)
def command() -> None:
    """File, change and end operations; ask for answers.

    OPERATION is an id, or the designator of a live operation.
    """


@command.command("list")
@click.option(
    "--state",
    "states",
    type=click.Choice(STATES),
    multiple=True,
    help="Only these; `live` is all that have not ended.  [default: live]",
)
@click.option("--party", type=PARTY, help="Only of this party.")
@click.option(
    "--class",
    "operation_class",
    type=click.Choice([each.value for each in OperationClass]),
    help="Only of this class.",
)
@click.option("--text", help="Found in designator, member, contact or id.")
@click.option("--from", "start", type=MOMENT, help="Live at or after this moment.")
@click.option("--to", "end", type=MOMENT, help="Live before this moment.")
@click.option(
    "--limit",
    type=click.IntRange(1, 200),
    default=MOST_LISTED,
    show_default=True,
    help="So many at once.",
)
@click.option("--cursor", help="Where the page before ended.")
@asks_node
def list_operations(
    *,
    folder: Path,
    as_json: bool,
    states: tuple[str, ...],
    operation_class: str | None,
    start: datetime | None,
    end: datetime | None,
    **asked: Any,
) -> int:
    """List operations by their start."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    parameters = {
        "state": states or ("live",),
        "class": operation_class,
        "from": start and start.isoformat(),
        "to": end and end.isoformat(),
        **asked,
    }
    with node_client(folder) as node:
        page = node.get("/operations", **parameters)
        if as_json:
            print_json(page)
            return DONE
        with told_by(node, one_of(page["total"], "operation")) as console:
            rows = (
                (
                    each["designator"],
                    each["party"],
                    each["state"],
                    moment(min(v["start"] for v in each["volumes"])),
                    moment(max(v["end"] for v in each["volumes"])),
                    each["version"],
                )
                for each in page["items"]
            )
            columns = ("Operation", "Party", "State", "From", "To", "Version")
            print_rows(console, columns, rows, none="There is none such.")
            if page["next"]:
                console.print(f"more: add --cursor {page['next']}", soft_wrap=True)
    return DONE


@command.command("show")
@click.argument("operation")
@click.option("--history", is_flag=True, help="Every ledger entry about it instead.")
@asks_node
def show(*, folder: Path, as_json: bool, operation: str, history: bool) -> int:
    """Show one operation, or what the ledger has of it."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, print_json, print_rows, told_by

    with node_client(folder) as node:
        found = found_operation(node, operation)
        document = node.get(f"/operations/{found['id']}/history") if history else found
        if as_json:
            print_json(document)
            return DONE
        with told_by(node, f"operation {found['designator']}") as console:
            if history:
                columns = ("Entry", "At", "What", "Version")
                rows = (
                    (e["number"], moment(e["at"]), e["kind"], e["subject"]["version"])
                    for e in document["items"]
                )
                print_rows(console, columns, rows, none="The ledger has nothing about it.")
            else:
                print_rows(console, ("What", ""), facts_of(found), none="")
    return DONE


def facts_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    """An operation's document as lines for a person."""
    from keepclear.cli.node_output import moment
    from keepclear.formats.documents.shapes import altitude_from
    from keepclear.reports.wording import altitude_words

    ended = f" ({document['end_reason']})" if document["end_reason"] else ""
    told = [
        ("id", document["id"]),
        ("party", document["party"]),
        ("state", f"{document['state']}{ended}, version {document['version']}"),
        ("class", document["class"]),
        ("category", document["category"] or ""),
        ("contact", document["contact"]),
        ("source text", document["source_text"]),
    ]
    for number, volume in enumerate(document["volumes"], start=1):
        heights = " to ".join(
            altitude_words(altitude_from(volume[end])) for end in ("lower", "upper")
        )
        times = f"{moment(volume['start'])} to {moment(volume['end'])}"
        told.append((f"volume {number}", f"{_shape(volume['footprint'])}, {heights}, {times}"))
    return [(name, text) for name, text in told if text]


def _shape(footprint: dict[str, Any]) -> str:
    from keepclear.cli.node_output import one_of
    from keepclear.formats.quantities import length_text

    match footprint["kind"]:
        case "circle":
            at = footprint["centre"]
            where = f"{at['latitude_deg']:.4f} {at['longitude_deg']:.4f}"
            return f"circle of {length_text(footprint['radius_m'])} around {where}"
        case "corridor":
            legs = one_of(len(footprint["centreline"]) - 1, "leg")
            return f"corridor of {legs}, {length_text(footprint['half_width_m'])} to each side"
        case _:
            return f"polygon of {one_of(len(footprint['rings'][0]), 'corner')}"


def found_operation(node: NodeClient, named: str) -> dict[str, Any]:
    """The document of an operation named by its id or, while it is live, its designator.

    Raises:
        InvalidInput: no live operation is called so, or several are; the ids are named.
        NotFound: there is no operation of that id.
    """
    try:
        wanted = str(uuid.UUID(named))
    except ValueError:
        page = node.get("/operations", text=named, state="live", limit=200)
        same = [each for each in page["items"] if each["designator"] == named]
        if len(same) == 1:
            return dict(same[0])
        if not same:
            raise InvalidInput(
                f"no live operation is called {named}",
                remedy="Look at `keepclear op list`; name an ended one by its id.",
            ) from None
        told = ", ".join(f"{each['id']} ({each['party']})" for each in same)
        raise InvalidInput(
            f"{len(same)} live operations are called {named}", remedy=f"Name one by its id: {told}."
        ) from None
    document: dict[str, Any] = node.get(f"/operations/{wanted}")
    return document
