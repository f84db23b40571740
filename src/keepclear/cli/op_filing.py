"""`keepclear op file` and `op change`: a document goes to the node, an answer comes back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH
from keepclear.errors import InvalidFile

if TYPE_CHECKING:
    from keepclear.cli.node_client import NodeClient

STDIN = Path("-")
DOCUMENT_HELP = "A JSON document as docs/reference/documents.md describes it; - reads stdin."


@click.command("file")
@click.argument("document_path", metavar="FILE", type=PATH)
@click.option("--id", "operation_id", type=click.UUID, help="Its id; else FILE's, else a new one.")
@click.option("--suggest", is_flag=True, help="Also search the least change that mends it.")
@asks_node
def file(
    *, folder: Path, as_json: bool, document_path: Path, operation_id: Any, suggest: bool
) -> int:
    """File a new operation from FILE, a JSON document; - reads stdin.

    Filing is never refused for a conflict. The exit code is the answer's.
    """
    from keepclear import compose
    from keepclear.cli.node_client import node_client

    document = read_document(document_path)
    name = str(operation_id or document.get("id") or compose.entropy().new_id())
    with node_client(folder) as node:
        filed = node.put(f"/operations/{name}", {**document, "id": name}, expects="*")
        return tell_filed(node, filed, "filed", as_json=as_json, suggest=suggest)


@click.command("change")
@click.argument("document_path", metavar="FILE", type=PATH)
@click.option(
    "--version",
    type=click.IntRange(1),
    help="The version that is changed; else the one FILE says. Another one is never overwritten.",
)
@click.option("--suggest", is_flag=True, help="Also search the least change that mends it.")
@asks_node
def change(
    *, folder: Path, as_json: bool, document_path: Path, version: int | None, suggest: bool
) -> int:
    """Change an operation to what FILE says: begin with `op show OPERATION --json > FILE`.

    The exit code is the answer's.
    """
    from keepclear.cli.node_client import node_client

    document = read_document(document_path)
    expects = version or document.get("version")
    if not document.get("id") or not expects:
        raise InvalidFile(
            "it does not say which operation, in which version, it changes",
            file=str(document_path),
            remedy="Begin with `keepclear op show OPERATION --json`; it holds id and version.",
        )
    with node_client(folder) as node:
        filed = node.put(f"/operations/{document['id']}", document, expects=str(expects))
        return tell_filed(node, filed, "is now as FILE says", as_json=as_json, suggest=suggest)


def tell_filed(
    node: NodeClient, filed: dict[str, Any], what: str, *, as_json: bool, suggest: bool = False
) -> ExitCode:
    """Print what was stored and its answer, if it has one; the exit code is the answer's."""
    from keepclear.cli.answer_text import exit_code_of_answer, print_answer
    from keepclear.cli.node_output import print_json, told_by

    operation, answer = filed["operation"], filed["answer"]
    if suggest and answer is not None:
        answer = node.get(f"/operations/{operation['id']}/answer", suggest=True)["answer"]
    if as_json:
        print_json({"operation": operation, "answer": answer})
    else:
        named = f"{operation['designator']} {what}, version {operation['version']}"
        with told_by(node, named) as console:
            console.print(f"id {operation['id']}")
            if answer is not None:
                print_answer(answer, console)
                console.print("Advisory only, no permission.")
    return DONE if answer is None else exit_code_of_answer(answer)


def read_document(path: Path) -> dict[str, Any]:
    """The JSON object in a file, or on stdin for "-".

    Raises:
        InvalidFile: it is no JSON object.
    """
    from keepclear.cli.files import read_file

    data = sys.stdin.buffer.read() if path == STDIN else read_file(path)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidFile(
            f"this is no JSON: {error}", file=str(path), remedy="Correct the file at that place."
        ) from None
    if not isinstance(document, dict):
        raise InvalidFile("this is no JSON object", file=str(path), remedy=DOCUMENT_HELP)
    return document
