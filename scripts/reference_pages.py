"""Write the pages that are made from the program itself, or check that they are current.

python scripts/reference_pages.py           write them
python scripts/reference_pages.py --check   fail where one is stale
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from keepclear import errors
from keepclear.cli.exit_codes import ExitCode, exit_code_of
from keepclear.cli.main import Session, root
from keepclear.config.writing import reference_page

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
WRITTEN_BY = (
    "<!-- Written by scripts/reference_pages.py (make docs-write); edit the program instead. -->"
)

MESSAGES = """\
A message reads `keepclear: CODE: what is wrong`, then `remedy: what to do`. The code of an error
never changes; its text may. Where more is known, the remedy is more exact than the one given here.\
"""

EXIT_CODES = {
    ExitCode.NO_CONFLICT_FOUND: "no conflict found, coverage declared and fresh; "
    "or a command that gives no answer is done",
    ExitCode.CONFLICT: "at least one conflict or certain infringement; or what the rules of F3548 "
    "refused, a drill in which something was amiss",
    ExitCode.CANNOT_SAY: "at least one operation of which keepclear cannot say, nothing worse",
    ExitCode.BAD_INPUT: "bad input or usage; nothing was answered",
    ExitCode.INTERNAL_ERROR: "a fault of keepclear, of a node or of its disk; nothing was answered",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C; nothing was answered",
    ExitCode.PIPE_CLOSED: "the reader of the output went away; the answer may be cut short",
}


def commands(
    command: click.Command, context: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    """The command and every command below it, each with its context, depth first."""
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from commands(below, click.Context(below, context, name, terminal_width=88))


def cli_page() -> str:
    """The help of every command, as it prints it."""
    names = root.context_settings["help_option_names"]
    context = click.Context(
        root, None, "keepclear", Session(), terminal_width=88, help_option_names=names
    )
    parts = ["# Commands", WRITTEN_BY]
    for command, its_context in commands(root, context):
        parts += [
            f"## {its_context.command_path}",
            f"```text\n{command.get_help(its_context)}\n```",
        ]
    return "\n\n".join(parts) + "\n"


def all_errors(kind: type[errors.KeepclearError]) -> Iterator[type[errors.KeepclearError]]:
    """The class and every class below it, depth first, in the order they are written."""
    yield kind
    for below in kind.__subclasses__():
        yield from all_errors(below)


def errors_page() -> str:
    """The error tree with codes, exit codes, meanings and remedies."""
    drawing = inspect.cleandoc(errors.__doc__ or "").split("\n\n")[1]
    parts = [
        "# Errors and exit codes",
        WRITTEN_BY,
        "## Exit codes",
        "\n".join(
            ("| code | meaning |", "|---|---|", *(f"| {c} | {m} |" for c, m in EXIT_CODES.items()))
        ),
        "The worst wins over all operations of a check.",
        "## The tree",
        f"```text\n{inspect.cleandoc(drawing)}\n```",
        MESSAGES,
    ]
    for kind in all_errors(errors.KeepclearError):
        code = exit_code_of(kind.__new__(kind))
        parts += [
            f"## {kind.code}",
            f"{first_line(kind)} Exit code {int(code)}, class `{kind.__name__}`.",
            f"Remedy: {kind.default_remedy}",
        ]
    return "\n\n".join(parts) + "\n"


def first_line(kind: type[object]) -> str:
    """The first sentence of a class's docstring."""
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check name the stale ones."""
    pages = {
        "cli.md": cli_page(),
        "config.md": reference_page(WRITTEN_BY),
        "errors.md": errors_page(),
    }
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 3
    stale = [name for name, text in pages.items() if current(REFERENCE / name) != text]
    if arguments == ["--check"]:
        for name in stale:
            print(f"docs/reference/{name} is stale: run `make docs-write`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (REFERENCE / name).write_text(pages[name])
        print(f"docs/reference/{name} written")
    return 0


def current(path: Path) -> str:
    """The page as it is; empty where it is missing."""
    return path.read_text() if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
