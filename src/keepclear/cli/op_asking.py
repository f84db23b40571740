"""`keepclear op ask` and `op views`: what others answer of an operation, and who saw it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE, OF_VERDICT
from keepclear.cli.node_option import asks_node
from keepclear.model.answer import Verdict


@click.command("ask")
@click.argument("operation")
@click.argument("line", required=False)
@click.option("--about", default="", help="A third party, where the other is a broker.")
@click.option("--suggest", is_flag=True, help="Ask for steps that would help; they cost more.")
@asks_node
def ask(
    *, folder: Path, as_json: bool, operation: str, line: str | None, about: str, suggest: bool
) -> int:
    """Ask the node at the other end of LINE about OPERATION; without LINE show what stands.

    Asking discloses the operation's volumes and times to that node. The exit code is that of
    the worst answer, ours included.
    """
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by
    from keepclear.cli.op import found_operation

    with node_client(folder) as node:
        found = found_operation(node, operation)
        if line is not None:
            body = {"line": line, "about": about, "suggests": suggest}
            name = compose.entropy().new_id()
            path = f"/operations/{found['id']}/questions/{name}"
            node.ask("PUT", path, document=body)
        told = node.get(f"/operations/{found['id']}/peer-answers")
        if as_json:
            print_json(told)
        else:
            with told_by(node, f"answers of others for {found['designator']}") as console:
                console.print(f"our own node: {told['ours']}")
                for each in told["items"]:
                    for text in _lines(each):
                        console.print(text, soft_wrap=True)
                console.print("Advisory only, no permission.")
    return OF_VERDICT[Verdict(told["overall"])]


@click.command("views")
@click.argument("operation")
@asks_node
def views(*, folder: Path, as_json: bool, operation: str) -> int:
    """List who was shown something of OPERATION, the latest first."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by
    from keepclear.cli.op import found_operation

    with node_client(folder) as node:
        found = found_operation(node, operation)
        page = node.get(f"/operations/{found['id']}/views", limit=500)
        if as_json:
            print_json({"total": page["total"], "items": page["items"]})
            return DONE
        title = f"{one_of(page['total'], 'view')} of {found['designator']}"
        with told_by(node, title) as console:
            rows = (
                (moment(e["at"]), e["party"], e["level"], e["what"], e["actor"] or e["member"])
                for e in page["items"]
            )
            columns = ("At", "Party", "Level", "What", "Who")
            print_rows(console, columns, rows, none="Nobody was shown anything of it.")
    return DONE


def _lines(item: dict[str, Any]) -> list[str]:
    """One party's answer as lines for a person."""
    head = f"{item['party']} over {item['line']}: {item['standing']}"
    if item["counts_as"] is not None:
        head += f", {item['counts_as']}"
    told = [head, *(f"  because: {each}" for each in item["reasons"])]
    question = item["question"]
    answer = None if question is None else question["answer"]
    if answer is None:
        return [*told, f"  {item['discloses']}"]
    told += [
        f"  {each['verdict']} {each['id']}, rule {each['rule']}, {each['level']}"
        for each in answer["conflicts"]
    ]
    if answer["hints"]:
        told.append(f"  would help: {', '.join(answer['hints'])}")
    return told
