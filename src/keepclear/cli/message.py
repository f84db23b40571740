"""`keepclear message`: what is said on a line, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli import message_paper
from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

if TYPE_CHECKING:
    from keepclear.cli.node_client import NodeClient

_takes_id = click.argument("message_id", metavar="ID", type=click.UUID)
_takes_role = click.option(
    "--role", default="duty officer", show_default=True, help="As what you are on duty."
)
_takes_text = click.option("--text", default="", help="In your words.")


@click.group("message", cls=CommandGroup)
def command() -> None:
    """Write, release, acknowledge, read back and answer messages on a line.

    An acknowledgement means that a person has it. No act is an approval.
    """


@command.command("list")
@click.option("--line", help="Only of this line.")
@click.option("--open", "is_open", is_flag=True, help="Leave out what is over.")
@click.option("--code", help="Only of this type, such as M07.")
@click.option("--text", help="Only where this stands in it.")
@asks_node
def list_messages(
    *,
    folder: Path,
    as_json: bool,
    line: str | None,
    is_open: bool,
    code: str | None,
    text: str | None,
) -> int:
    """List messages, the newest first."""
    from keepclear.cli.message_text import print_messages
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import one_of, print_json, told_by

    asked = {"line": line, "open": is_open or None, "code": code, "text": text, "limit": 500}
    with node_client(folder) as node:
        page = node.get("/messages", **asked)
        if as_json:
            print_json(page)
            return DONE
        with told_by(node, one_of(page["total"], "message")) as console:
            print_messages(console, page["items"])
            if page["next"]:
                console.print(f"the newest {len(page['items'])} are shown")
    return DONE


@command.command("show")
@_takes_id
@asks_node
def show(*, folder: Path, as_json: bool, message_id: object) -> int:
    """Show a message, where it is in its life, and what may be done next."""
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        return _tell(node, node.get(f"/messages/{message_id}"), as_json=as_json)


@command.command("draft")
@click.argument("document_path", metavar="FILE", type=PATH)
@click.option("--id", "message_id", type=click.UUID, help="Its id; else FILE's, else a new one.")
@asks_node
def draft(*, folder: Path, as_json: bool, document_path: Path, message_id: object) -> int:
    """Keep FILE, a message as far as it is written, as a draft; nobody is told."""
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.op_filing import read_document

    document = read_document(document_path)
    name = str(message_id or document.get("id") or compose.entropy().new_id())
    with node_client(folder) as node:
        expects = _version(node, name)
        return _tell(
            node, node.put(f"/messages/{name}", document, expects=expects), as_json=as_json
        )


@command.command("release")
@_takes_id
@_takes_role
@click.option("--second", default="", help="Who else has read it, where two people release it.")
@click.option(
    "--confirm",
    "confirmed",
    multiple=True,
    metavar="CAUTION",
    help="Tell this although it goes beyond a level; once for each that `show` names.",
)
@_takes_text
@asks_node
def release(
    *,
    folder: Path,
    as_json: bool,
    message_id: object,
    role: str,
    second: str,
    confirmed: tuple[str, ...],
    text: str,
) -> int:
    """Release a draft: it is signed and goes out.

    What an advisory or its answer tells beyond the level of an operation is named, and waits
    until it is written coarser or confirmed.
    """
    act: dict[str, object] = {"kind": "release", "role": role, "second": second, "text": text}
    act["confirmed"] = list(confirmed)
    if second:
        from keepclear.cli.node_client import node_client
        from keepclear.cli.passwords import second_of

        with node_client(folder) as node:
            act["second"] = second_of(node, second)
    return _act(folder, message_id, act, as_json=as_json)


@command.command("ack")
@_takes_id
@_takes_role
@click.option("--cancellation", is_flag=True, help="Acknowledge that it was cancelled.")
@asks_node
def acknowledge(
    *, folder: Path, as_json: bool, message_id: object, role: str, cancellation: bool
) -> int:
    """Say that a person has it. It does not mean that anything is agreed."""
    kind = "acknowledge cancellation" if cancellation else "acknowledge"
    return _act(folder, message_id, {"kind": kind, "role": role}, as_json=as_json)


@command.command("readback")
@_takes_id
@_takes_role
@click.option(
    "--heard",
    "heard",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field as it was heard; once for each. Values may be JSON.",
)
@click.option("--from", "document_path", type=PATH, help="Fields as JSON in a file instead.")
@click.option("--compare", is_flag=True, help="Only compare; send nothing.")
@asks_node
def readback(
    *,
    folder: Path,
    as_json: bool,
    message_id: object,
    role: str,
    heard: tuple[str, ...],
    document_path: Path | None,
    compare: bool,
) -> int:
    """Read a message back field by field; both nodes compare it with what was sent."""
    from keepclear.cli.message_text import heard_fields, print_comparison
    from keepclear.cli.node_client import node_client
    from keepclear.cli.op_filing import read_document

    told: Mapping[str, Any] = read_document(document_path) if document_path else {}
    fields = {**told, **heard_fields(heard)}
    if not compare:
        act = {"kind": "readback", "role": role, "heard": fields}
        return _act(folder, message_id, act, as_json=as_json)
    with node_client(folder) as node:
        path = f"/messages/{message_id}/comparison"
        found = node.ask("POST", path, document={"heard": fields}).json()
        return print_comparison(node, found, as_json=as_json)


@command.command("answer")
@_takes_id
@click.argument("answer", type=click.Choice(["answered", "partly", "declined"]))
@_takes_role
@_takes_text
@asks_node
def answer(
    *, folder: Path, as_json: bool, message_id: object, answer: str, role: str, text: str
) -> int:
    """Answer a message that asks for it and is answered by no message of its own."""
    act = {"kind": "answer", "role": role, "answer": answer, "text": text}
    return _act(folder, message_id, act, as_json=as_json)


@command.command("act")
@_takes_id
@click.argument("kind")
@_takes_role
@_takes_text
@click.option("--until", help="Of `consider`: until when.")
@asks_node
def act(
    *,
    folder: Path,
    as_json: bool,
    message_id: object,
    kind: str,
    role: str,
    text: str,
    until: str | None,
) -> int:
    """Do anything else that `message show` names: cancel, withdraw, correct ..."""
    said = {"kind": kind, "role": role, "text": text, "until": until}
    told = {name: value for name, value in said.items() if value is not None}
    return _act(folder, message_id, told, as_json=as_json)


@command.command("catalogue")
@click.argument("code", required=False)
@asks_node
def catalogue(*, folder: Path, as_json: bool, code: str | None) -> int:
    """List the message types, or the fields of one."""
    from keepclear.cli.message_text import print_catalogue
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        return print_catalogue(node, node.get("/catalogue"), code, as_json=as_json)


def _act(folder: Path, message_id: object, act: Mapping[str, object], *, as_json: bool) -> int:
    from keepclear import compose
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        path = f"/messages/{message_id}/acts/{compose.entropy().new_id()}"
        return _tell(node, node.ask("PUT", path, document=act).json(), as_json=as_json)


def _version(node: NodeClient, name: str) -> str:
    """The version a draft has; "*" where there is no such draft."""
    from keepclear.errors import NotFound

    try:
        return str(node.get(f"/messages/{name}")["version"])
    except NotFound:
        return "*"


def _tell(node: NodeClient, record: dict[str, Any], *, as_json: bool) -> int:
    from keepclear.cli.message_text import print_message
    from keepclear.cli.node_output import print_json

    if as_json:
        print_json(record)
    else:
        print_message(node, record)
    return DONE


for _each in (
    message_paper.text,
    message_paper.enter,
    message_paper.authenticate,
    message_paper.judge,
):
    command.add_command(_each)
