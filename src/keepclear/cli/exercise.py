"""`keepclear exercise`: the main job on the built-in exercise, from plans to report page."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from keepclear.cli.exit_codes import DONE, OF_VERDICT
from keepclear.cli.files import require_report, write_file
from keepclear.cli.parameters import DAY, PATH
from keepclear.errors import InvalidInput

if TYPE_CHECKING:
    from keepclear.exercise.generating import Exercise
    from keepclear.reports.subject import CheckSubject

PORT = 8600
"""Where BLUE's node is served unless told otherwise; its peers reach it on the next port."""
AMBER_ABOVE = 100
"""AMBER's node is served so far above BLUE's."""
HIGHEST_PORT = 65_535


@click.command("exercise")
@click.option("--date", "day", type=DAY, help="The day it is set on, in UTC; today if left out.")
@click.option(
    "--write",
    "folder",
    type=PATH,
    metavar="DIR",
    help="Write its plans and its agreement into DIR, check nothing.",
)
@click.option("--html", "html_path", type=PATH, metavar="FILE", help="Write the report page.")
@click.option(
    "--serve",
    "serving",
    is_flag=True,
    help="Run BLUE's and AMBER's nodes in the exercise, with a line and F3548 between them.",
)
@click.option(
    "--open", "opening", is_flag=True, help="With --serve, open the consoles in a browser."
)
@click.option(
    "--port",
    type=click.IntRange(0, HIGHEST_PORT),
    default=PORT,
    show_default=True,
    help="Where to serve BLUE's node, AMBER's 100 above it, each with the two ports that follow "
    "for other nodes and for F3548 clients; 0 takes free ports.",
)
@click.option("--alone", is_flag=True, help="With --serve, BLUE's node alone: no line, no F3548.")
@click.option("--no-suggest", is_flag=True, help="Search no changes that would mend conflicts.")
def command(
    *,
    day: date | None,
    folder: Path | None,
    html_path: Path | None,
    serving: bool,
    opening: bool,
    port: int,
    alone: bool,
    no_suggest: bool,
) -> int:
    """Run the check on the built-in exercise: invented parties, plans and agreement.

    Without --write, exit codes are those of the answer: the exercise holds conflicts, so 1.
    With --serve two nodes run instead, their clocks set to the exercise, and a script waits on
    their consoles: it replays the article, then has a flight released to F3548, where BLUE's
    node is DSS and USS and AMBER's a USS. 0 once they are stopped.
    """
    from keepclear import compose
    from keepclear.exercise.generating import build_exercise

    ports = _ports_from(port) if serving and not alone else {}
    exercise = build_exercise(day or compose.clock().now().date())
    if folder is not None:
        _write_inputs(exercise, folder)
        if html_path is None and not serving:
            return DONE
    if serving and alone:
        return _serve(exercise, port, opening=opening)
    if serving:
        from keepclear.cli.exercise_conducted import serve_pair

        serve_pair(exercise, ports, opening=opening)
        return DONE
    return _check(exercise, html_path, suggest=not no_suggest)


def _ports_from(port: int) -> dict[str, int]:
    """Each party's port where BLUE's is this one; zeros where free ones are to be taken.

    Raises:
        InvalidInput: AMBER's would lie above the highest there is.
    """
    from keepclear.cli.exercise_pair import F3548_ABOVE

    if not port:
        return {"BLUE": 0, "AMBER": 0}
    above = AMBER_ABOVE + F3548_ABOVE
    if port + above > HIGHEST_PORT:
        raise InvalidInput(
            f"port {port} leaves no room for AMBER's node, which takes ports up to {above} above",
            remedy=f"Name one up to {HIGHEST_PORT - above}, or 0 for free ones.",
        )
    return {"BLUE": port, "AMBER": port + AMBER_ABOVE}


def _write_inputs(exercise: Exercise, folder: Path) -> None:
    from keepclear.exercise.writing import write_exercise

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"{folder} cannot be made ({error.strerror})",
            remedy="Name a folder in a place that you may write to.",
        ) from None
    for name, data in write_exercise(exercise).items():
        write_file(folder / name, data)
        click.echo(f"{folder / name} written")
    click.echo(f"it speaks of {exercise.now:%Y-%m-%dT%H:%MZ}; give that to `check` as --now")


def _check(exercise: Exercise, html_path: Path | None, *, suggest: bool) -> int:
    from keepclear.cli.checking import print_table, report_page

    if html_path is not None:
        require_report(html_path)
    subject = answered(exercise, suggest=suggest)
    print_table(subject)
    if html_path is not None:
        write_file(html_path, report_page(subject))
        click.echo(f"{html_path} written")
    return OF_VERDICT[subject.report.overall]


def answered(exercise: Exercise, *, suggest: bool) -> CheckSubject:
    """BLUE's plans checked against each other and against what the other three released."""
    from keepclear.cli.checking import check_and_show
    from keepclear.formats.agreement import read_agreement

    return check_and_show(
        exercise.blue,
        exercise.amber.joined(exercise.others),
        read_agreement(exercise.agreement_toml.encode(), name="the exercise's agreement"),
        now=exercise.now,
        own=True,
        suggest=suggest,
    )


def _serve(exercise: Exercise, port: int, *, opening: bool) -> int:
    """Run BLUE's node in the exercise, in a folder that goes when it is stopped."""
    import os

    from keepclear.cli.listening import open_listener, stoppable
    from keepclear.cli.node_log import log_kept
    from keepclear.cli.running import run_node
    from keepclear.cli.settings import config_of
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.machine import ExerciseClock
    from keepclear.compose.making import make_node
    from keepclear.exercise.stocking import PARTY, begins_at, stock_node
    from keepclear.model.node import NodeKind
    from keepclear.model.operation import Mode
    from keepclear.web.headers import LOOPBACK

    # The port is taken first: a node that nobody can look at is a wait for nothing.
    with (
        closing(open_listener(LOOPBACK, port)) as listener,
        TemporaryDirectory(prefix="keepclear-exercise-") as name,
        stoppable(),
    ):
        folder, clock = NodeFolder(Path(name)), ExerciseClock(begins_at(exercise))
        make_node(
            folder,
            party=PARTY,
            mode=Mode.EXERCISE,
            kind=NodeKind.INTEGRATED,
            agreement=exercise.agreement_toml.encode(),
            clock=clock,
        )
        config = config_of(folder, os.environ)
        click.echo(
            f"EXERCISE  {PARTY}'s node in the exercise; when it stops, this folder goes: {name}"
        )
        with log_kept(folder, config):
            run_node(
                folder,
                config,
                listener,
                opening=opening,
                clock=clock,
                prepare=lambda node: stock_node(node, exercise, clock.turn_to),
            )
    return DONE
