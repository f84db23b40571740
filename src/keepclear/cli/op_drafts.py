"""`keepclear op draft`: operations being written, kept by the node, sent to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

if TYPE_CHECKING:
    from keepclear.cli.node_client import NodeClient

_takes_id = click.argument("draft_id", metavar="ID", type=click.UUID)


@click.group("draft", cls=CommandGroup)
def draft() -> None:
    """Write an operation bit by bit; every saved revision can be had back."""


@draft.command("list")
@asks_node
def list_drafts(*, folder: Path, as_json: bool) -> int:
    """List the drafts, the last saved first."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        items = node.every("/drafts")
        if as_json:
            print_json({"items": items})
            return DONE
        with told_by(node, one_of(len(items), "draft")) as console:
            rows = (
                (
                    each["id"],
                    each["content"].get("designator", ""),
                    moment(each["saved_at"]),
                    one_of(len(each["problems"]), "problem"),
                )
                for each in items
            )
            print_rows(console, ("Id", "Operation", "Saved", "Lacks"), rows, none="No drafts.")
    return DONE


@draft.command("show")
@_takes_id
@asks_node
def show(*, folder: Path, as_json: bool, draft_id: object) -> int:
    """Show a draft and what it lacks before it can be filed."""
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        return _tell(node, node.get(f"/drafts/{draft_id}"), as_json=as_json)


@draft.command("save")
@click.argument("document_path", metavar="FILE", type=PATH)
@click.option("--id", "draft_id", type=click.UUID, help="Its id; else FILE's, else a new one.")
@asks_node
def save(*, folder: Path, as_json: bool, document_path: Path, draft_id: object) -> int:
    """Save FILE, a document that may lack anything, as the draft's next revision."""
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.op_filing import read_document

    document = read_document(document_path)
    name = str(draft_id or document.get("id") or compose.entropy().new_id())
    with node_client(folder) as node:
        expects = _version(node, name)
        saved = node.put(f"/drafts/{name}", document, expects=expects or "*")
        return _tell(node, saved, as_json=as_json)


@draft.command("undo")
@_takes_id
@asks_node
def undo(*, folder: Path, as_json: bool, draft_id: object) -> int:
    """Go back to the revision before."""
    return _post(folder, f"/drafts/{draft_id}/undo", as_json=as_json)


@draft.command("redo")
@_takes_id
@asks_node
def redo(*, folder: Path, as_json: bool, draft_id: object) -> int:
    """Take the last undo back."""
    return _post(folder, f"/drafts/{draft_id}/redo", as_json=as_json)


@draft.command("drop")
@_takes_id
@asks_node
def drop(*, folder: Path, as_json: bool, draft_id: object) -> int:
    """Throw a draft away with all its revisions."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    with node_client(folder) as node:
        before = node.get(f"/drafts/{draft_id}")
        node.ask("DELETE", f"/drafts/{draft_id}", expects=str(before["version"]))
        if as_json:
            print_json({"dropped": before["id"]})
            return DONE
        with told_by(node, f"draft {before['id']} dropped"):
            return DONE


@draft.command("file")
@_takes_id
@asks_node
def file(*, folder: Path, as_json: bool, draft_id: object) -> int:
    """File a draft as an operation. The exit code is the answer's."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.op_filing import tell_filed

    with node_client(folder) as node:
        filed = node.ask("POST", f"/drafts/{draft_id}/file").json()
        return tell_filed(node, filed, "filed", as_json=as_json)


def _version(node: NodeClient, name: str) -> str:
    """The version a draft has; empty where there is no such draft."""
    from keepclear.errors import NotFound

    try:
        return str(node.get(f"/drafts/{name}")["version"])
    except NotFound:
        return ""


def _post(folder: Path, path: str, *, as_json: bool) -> int:
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        return _tell(node, node.ask("POST", path).json(), as_json=as_json)


def _tell(node: NodeClient, told: dict[str, Any], *, as_json: bool) -> int:
    import json

    from keepclear.cli.node_output import print_json, told_by
    from keepclear.reports.wording import plain

    if as_json:
        print_json(told)
        return DONE
    heading = f"draft {told['id']}, revision {told['revision']} of {told['revisions']}"
    with told_by(node, heading) as console:
        console.print(json.dumps(told["content"], indent=2))
        for problem in told["problems"]:
            console.print(f"lacks: {plain(problem['place'])}: {plain(problem['text'], 400)}")
    return DONE
