"""`keepclear op answer`, `op answers`, `op try`: what a node says of operations."""

from __future__ import annotations

from pathlib import Path

import click

from keepclear.cli.exit_codes import OF_VERDICT, ExitCode
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH
from keepclear.model.answer import Verdict

WORST_FIRST = (Verdict.CONFLICT, Verdict.CANNOT_SAY, Verdict.NO_CONFLICT_FOUND)


@click.command("answer")
@click.argument("operation")
@click.option("--suggest", is_flag=True, help="Also search the least change that mends it.")
@asks_node
def answer(*, folder: Path, as_json: bool, operation: str, suggest: bool) -> int:
    """Answer for one operation as things are now. The exit code is the answer's."""
    from keepclear.cli.answer_text import exit_code_of_answer, print_answer
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by
    from keepclear.cli.op import found_operation

    with node_client(folder) as node:
        found = found_operation(node, operation)
        told = node.get(f"/operations/{found['id']}/answer", suggest=suggest)
        if as_json:
            print_json(told)
        else:
            with told_by(node, f"answer for {found['designator']}") as console:
                print_answer(told["answer"], console)
                console.print("Advisory only, no permission.")
    return exit_code_of_answer(told["answer"])


@click.command("answers")
@click.option("--attention", is_flag=True, help="Only conflicts and those it cannot say of.")
@click.option(
    "--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="So many at once."
)
@click.option("--cursor", help="Where the page before ended.")
@asks_node
def answers(*, folder: Path, as_json: bool, attention: bool, limit: int, cursor: str | None) -> int:
    """List own live operations with their answers, worst first. The worst is the exit code."""
    from keepclear.cli.answer_text import verdict_line, worst_words
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import one_of, print_json, told_by

    with node_client(folder) as node:
        page = node.get(
            "/answers", show="attention" if attention else "all", limit=limit, cursor=cursor
        )
        if as_json:
            print_json(page)
        else:
            with told_by(node, f"answers for {one_of(page['total'], 'operation')}") as console:
                for each in page["items"]:
                    console.print(verdict_line(each).append(worst_words(each)), soft_wrap=True)
                counted = (f"{page['counts'].get(v.value, 0):,} {v}" for v in WORST_FIRST)
                console.print(", ".join(counted))
                if page["next"]:
                    console.print(f"more: add --cursor {page['next']}", soft_wrap=True)
    return worst_of(page["counts"])


@click.command("try")
@click.argument("document_path", metavar="FILE", type=PATH)
@click.option("--suggest", is_flag=True, help="Also search the least change that mends it.")
@asks_node
def try_out(*, folder: Path, as_json: bool, document_path: Path, suggest: bool) -> int:
    """Answer for the operation in FILE without filing it. The exit code is the answer's."""
    from keepclear.cli.answer_text import exit_code_of_answer, print_answer
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by
    from keepclear.cli.op_filing import read_document

    document = read_document(document_path)
    with node_client(folder) as node:
        asked = node.ask("POST", "/checks", parameters={"suggest": suggest}, document=document)
        told = asked.json()
        if as_json:
            print_json(told)
        else:
            with told_by(node, "answer for a plan that is not filed") as console:
                print_answer(told["answer"], console)
                console.print("Advisory only, no permission. Nothing was stored.")
    return exit_code_of_answer(told["answer"])


def worst_of(counts: dict[str, int]) -> ExitCode:
    """The exit code of the worst verdict that was counted at all; for none, that of no conflict."""
    for verdict in WORST_FIRST:
        if counts.get(verdict.value):
            return OF_VERDICT[verdict]
    return ExitCode.NO_CONFLICT_FOUND
