"""`keepclear op notify`, and what `coverage notify` shares with it: tell the other party."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.node_option import asks_node

Function = TypeVar("Function", bound=Callable[..., Any])

REASONS = ("weather", "technical", "conflict answered", "safety", "other")


def gives_notice(function: Function) -> Function:
    """Give a command the line, who releases, `--node` and `--json`."""
    line = click.option("--line", "line_id", required=True, help="Who is told: the line's id.")
    role = click.option("--role", required=True, help="As what you are on duty.")
    second = click.option("--second", default="", help="Who else has read it.")
    name = click.option(
        "--id", "message_id", type=click.UUID, help="The message's id; the same again sends none."
    )
    return line(role(second(name(asks_node(function)))))


@click.command("notify")
@click.argument("operation")
@click.option(
    "--reason",
    type=click.Choice(REASONS),
    default="other",
    show_default=True,
    help="Why it changed, where it was told before.",
)
@gives_notice
def notify(*, operation: str, reason: str, **asked: Any) -> int:
    """Give another party notice of an own operation, or of what changed in it.

    It is released whole, to that party alone. OPERATION is an id or, while it is live, a
    designator.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.cli.op import found_operation

    with node_client(asked["folder"]) as node:
        found = found_operation(node, operation)
    return tell_notice(f"notices/{found['id']}", found["designator"], asked, reason=reason)


def tell_notice(path: str, what: str, asked: Mapping[str, Any], **more: str) -> int:
    """Have the node send a notice of something it holds, and say by which message it did.

    Args:
        path: of the notice, below its line.
        what: is told, for people.
        asked: what `gives_notice` gave.
        more: fields of the request besides.
    """
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by
    from keepclear.cli.passwords import second_of

    name = str(asked["message_id"] or compose.entropy().new_id())
    body = {"message_id": name, "role": asked["role"], "second": asked["second"], **more}
    line = asked["line_id"]
    with node_client(asked["folder"]) as node:
        body["second"] = second_of(node, asked["second"])
        sent = node.ask("PUT", f"/lines/{line}/{path}", document=body).json()
        if asked["as_json"]:
            print_json(sent)
            return DONE
        with told_by(node, f"{what}: {sent['code']} on {line}, {sent['state']}") as console:
            console.print(f"message {sent['message_id']}", highlight=False)
    return DONE
