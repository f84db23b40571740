"""The `keepclear` command: finds the sub-command, runs it, turns what happens to an exit code.

Sub-commands are imported when they are named, and import heavy libraries when they run,
so that `--help` is there at once.
"""

from __future__ import annotations

import hashlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import Any

import click

from keepclear import __version__
from keepclear.cli.exit_codes import DONE, ExitCode, exit_code_of
from keepclear.cli.groups import CommandGroup
from keepclear.errors import KeepclearError

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Plans in files": {
        "check": "keepclear.cli.check",
        "convert": "keepclear.cli.convert",
        "plans": "keepclear.cli.plans",
        "agreement": "keepclear.cli.agreement",
        "exercise": "keepclear.cli.exercise",
    },
    "A node, and who works with it": {
        "init": "keepclear.cli.init",
        "serve": "keepclear.cli.serve",
        "account": "keepclear.cli.account",
        "watch": "keepclear.cli.watch",
        "log": "keepclear.cli.log",
        "drill": "keepclear.cli.drill",
    },
    "Own plans and airspace": {
        "op": "keepclear.cli.op",
        "release": "keepclear.cli.release",
        "zone": "keepclear.cli.zone",
        "boundary": "keepclear.cli.boundary",
        "airfield": "keepclear.cli.airfield",
        "coverage": "keepclear.cli.coverage",
    },
    "The line to another party": {
        "peer": "keepclear.cli.peer",
        "line": "keepclear.cli.line",
        "message": "keepclear.cli.message",
        "alarm": "keepclear.cli.alarm",
        "quarantine": "keepclear.cli.quarantine",
        "card": "keepclear.cli.card",
        "keys": "keepclear.cli.keys",
    },
    "What is kept of contacts": {
        "call": "keepclear.cli.call",
        "consultation": "keepclear.cli.consultation",
        "readout": "keepclear.cli.readout",
        "request": "keepclear.cli.request",
        "query": "keepclear.cli.query",
        "posture": "keepclear.cli.posture",
    },
    "Those who must be told": {
        "unit": "keepclear.cli.unit",
        "movement": "keepclear.cli.movement",
        "site": "keepclear.cli.site",
    },
    "Drones (ASTM F3548-21)": {
        "f3548": "keepclear.cli.f3548",
        "dev": "keepclear.cli.dev",
    },
    "Upkeep and proof": {
        "doctor": "keepclear.cli.doctor",
        "ledger": "keepclear.cli.ledger",
        "backup": "keepclear.cli.backup",
        "restore": "keepclear.cli.restore",
        "version": "keepclear.cli.version",
    },
}
"""Each sub-command's module, as the help lists them; it holds the command as `command`."""

COMMANDS: Mapping[str, str] = {
    name: module for section in SECTIONS.values() for name, module in section.items()
}


@dataclass(slots=True)
class Session:
    """What holds for one run of the command line.

    Attributes:
        debug: show tracebacks of faults.
    """

    debug: bool = False


class LazyGroup(CommandGroup):
    """The group of all commands, which are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the sub-commands in the order a newcomer meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one sub-command; None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)  # noqa: S101  (a fault of ours, not input)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write them by what they are for."""
        for heading, commands in SECTIONS.items():
            self.write_commands(ctx, formatter, heading, list(commands))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="To see it at work: `keepclear exercise --serve --open`. Each command has its own "
    "--help.\n\nExit codes: 0 no conflict found, or done; 1 conflict, or refused; 2 cannot say; 3 "
    "bad input or usage; 4 internal error. keepclear is advisory: no answer is a permission.",
)
@click.version_option(__version__, prog_name="keepclear")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
@click.pass_obj
def root(session: Session, *, debug: bool) -> None:
    """Find what of your plans comes too close to what others plan, before anybody flies.

    And keep the line to those others: tested, answered, on record. Every answer is one of three:
    conflict, no conflict found, cannot say.
    """
    session.debug = debug


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    if "_KEEPCLEAR_COMPLETE" in os.environ:  # the shell asks for completions
        root.main(prog_name="keepclear")
    return run(root, sys.argv[1:] if arguments is None else arguments)


def run(group: click.Group, arguments: Sequence[str]) -> int:
    """Run one of a group's commands; whatever happens becomes an exit code."""
    session = Session()
    try:
        return _result(group, list(arguments), session)
    except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt) as stop:
        return _say_stop(stop, group, arguments)
    except KeepclearError as error:
        _say_error(error)
        return exit_code_of(error)
    except BrokenPipeError:
        # Python flushes stdout once more at its end; give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.PIPE_CLOSED
    except Exception as error:  # noqa: BLE001  (the edge: whatever is left is a fault of ours)
        _say_fault(error, session)
        return ExitCode.INTERNAL_ERROR


def _result(group: click.Group, arguments: list[str], session: Session) -> int:
    with group.make_context("keepclear", arguments, obj=session) as context:
        result: Any = group.invoke(context)
        sys.stdout.flush()
    return int(result) if isinstance(result, int) else DONE


def _say_error(error: KeepclearError) -> None:
    """Files of others are quoted in messages: nothing in them may steer the terminal."""
    from keepclear.reports.wording import plain

    what, _, remedy = error.diagnostics().rpartition("\n  remedy: ")
    click.echo(f"keepclear: {error.code}: {plain(what, 2_000)}", err=True)
    click.echo(f"  remedy: {plain(remedy, 2_000)}", err=True)


def _say_stop(stop: BaseException, group: click.Group, arguments: Sequence[str]) -> int:
    match stop:
        case click.exceptions.Exit():
            return stop.exit_code
        case click.ClickException():
            return _say_usage(stop, group, arguments)
        case _:
            click.echo("keepclear: interrupted; nothing was answered", err=True)
            return ExitCode.INTERRUPTED


def _say_usage(fault: click.ClickException, group: click.Group, arguments: Sequence[str]) -> int:
    """Wrong usage as every other error; a group alone shows its help, which is no answer."""
    from keepclear.cli.usage import is_help, usage_error

    if is_help(fault):
        fault.show()
    else:
        _say_error(usage_error(fault, group, arguments))
    return ExitCode.BAD_INPUT


def _say_fault(error: Exception, session: Session) -> None:
    if session.debug:
        traceback.print_exception(error)
    name = type(error).__name__
    click.echo(
        f"keepclear: internal error {fault_id(error)} ({name}: {error}); nothing was answered\n"
        "  remedy: run `keepclear --debug ...` and report the id with the traceback.",
        err=True,
    )


def fault_id(error: BaseException) -> str:
    """An id that is the same wherever the same line of the same version fails."""
    frames = traceback.extract_tb(error.__traceback__)
    trail = [f"{PurePath(frame.filename).name}:{frame.name}:{frame.lineno}" for frame in frames]
    text = "|".join([__version__, type(error).__name__, *trail])
    return "KC-" + hashlib.sha256(text.encode()).hexdigest()[:8]
