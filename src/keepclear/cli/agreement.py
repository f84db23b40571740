"""`keepclear agreement`: begin one, find what is wrong in it, show it, give it to a node."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from keepclear.cli.agreement_signing import accept_signature, sign_agreement
from keepclear.cli.agreement_store import file_agreement, list_agreements, stored_agreement
from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.files import read_file, require_new, write_file
from keepclear.cli.groups import CommandGroup
from keepclear.cli.inputs import agreement_from
from keepclear.cli.node_option import node_option
from keepclear.cli.parameters import MODE, MOMENT, PARTY, PATH
from keepclear.errors import InvalidInput
from keepclear.model.operation import Mode


@click.group("agreement", cls=CommandGroup)
def command() -> None:
    """Write, check, show and file agreements."""


command.add_command(file_agreement)
command.add_command(list_agreements)
command.add_command(sign_agreement)
command.add_command(accept_signature)


@command.command("new")
@click.option("--id", "agreement_id", default="AGREEMENT-1", show_default=True, help="Its id.")
@click.option(
    "--party",
    "parties",
    type=PARTY,
    multiple=True,
    help="A party's id; give two. Without any: BLUE and AMBER.",
)
@click.option("--mode", type=MODE, default="EXERCISE", show_default=True, help="EXERCISE or REAL.")
@click.option("--from", "start", type=MOMENT, help="When it begins to bind; now if left out.")
@click.option("-o", "--output", type=PATH, help="File to write; stdout if left out.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def new(
    *,
    agreement_id: str,
    parties: tuple[str, ...],
    mode: Mode,
    start: datetime | None,
    output: Path | None,
    force: bool,
) -> int:
    """Write a first agreement to edit: complete, with a comment at each choice."""
    from keepclear import compose
    from keepclear.formats.agreement import agreement_template

    if len(parties) not in (0, 2) or (parties and parties[0] == parties[1]):
        raise InvalidInput(
            "an agreement has two different parties",
            remedy="Give --party twice, or not at all for BLUE and AMBER.",
        )
    text = agreement_template(
        agreement_id=agreement_id,
        parties=(parties[0], parties[1]) if parties else ("BLUE", "AMBER"),
        mode=mode,
        start=start or compose.clock().now(),
    )
    if output is None:
        click.echo(text, nl=False)
        return DONE
    require_new(output, force=force)
    write_file(output, text.encode())
    click.echo(f"{output} written; edit it, then run: keepclear agreement check {output}")
    return DONE


@command.command("check")
@click.argument("file", type=PATH)
def check(*, file: Path) -> int:
    """Name every problem of an agreement, with its line and what to write instead."""
    from keepclear.reports.wording import plain
    from keepclear.services.soundness import agreement_problems

    problems = agreement_problems(read_file(file), name=str(file))
    for problem in problems:
        place = f"{file}:{problem.line}" if problem.line is not None else str(file)
        path = f"{plain(problem.path)}: " if problem.path else ""
        click.echo(f"{place}: {problem.severity}: {path}{plain(problem.message)}")
        click.echo(f"  remedy: {plain(problem.remedy)}")
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    click.echo(f"{file}: {_count(errors, 'error')}, {_count(warnings, 'warning')}")
    return ExitCode.BAD_INPUT if errors else DONE


@command.command("show")
@click.argument("file", type=PATH, metavar="FILE|ID[/VERSION]")
@click.option("--toml", "as_toml", is_flag=True, help="Print its text as it was filed instead.")
@node_option
def show(*, file: Path, as_toml: bool, folder: Path) -> int:
    """Print what an agreement says: validity, digest, parties, rules, zones.

    A FILE if there is one of that name, else what the node holds under that ID.
    """
    from keepclear.cli.agreement_tables import print_agreement
    from keepclear.cli.terminal import Terminal
    from keepclear.formats.agreement import read_agreement

    if file.exists():
        agreement, text = agreement_from(file), read_file(file)
    else:
        text = stored_agreement(folder, str(file))
        agreement = read_agreement(text, name=str(file))
    if as_toml:
        click.echo(text, nl=False)
    else:
        print_agreement(agreement, Terminal())
    return DONE


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
