"""`keepclear drill`: a scripted counterpart against one node, for training, with a debrief."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.parameters import DAY, PATH
from keepclear.errors import InvalidInput

if TYPE_CHECKING:
    from keepclear.exercise.drills.debrief import Debrief, Manner

PORT = 8600
"""Where the trainee's console is served unless told otherwise."""
AMISS = 1
"""The exit code of a drill that was not all as it should be."""


@click.command("drill")
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="List the drills, and start none.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=PORT,
    show_default=True,
    help="Where to serve the trainee's console; 0 takes a free port.",
)
@click.option("--open", "opening", is_flag=True, help="Open the console in a browser.")
@click.option("--date", "day", type=DAY, help="The day it is set on, in UTC; today if left out.")
@click.option(
    "--html", "html_path", type=PATH, metavar="FILE", help="Write the debrief as a page, too."
)
@click.option(
    "--play", "plays", is_flag=True, help="Have a scripted trainee do it as it should be."
)
@click.option(
    "--play-wrong",
    "plays_wrong",
    is_flag=True,
    help="Have a scripted trainee make the usual mistake, to see how the debrief tells it.",
)
def command(
    *,
    name: str | None,
    listing: bool,
    port: int,
    opening: bool,
    day: date | None,
    html_path: Path | None,
    plays: bool,
    plays_wrong: bool,
) -> int:
    """Train with a drill: NAME against a scripted AMBER, at BLUE's console. EXERCISE only.

    Two nodes of their own are started, and go when it ends. The console shows what to do; times
    are measured from the node's records by the agreement's clocks. Ctrl-C debriefs what was done
    so far.

    Exit codes: 0 everything was as it should be, 1 something was not.
    """
    if listing or name is None:
        return _list()
    if plays and plays_wrong:
        raise InvalidInput("--play and --play-wrong exclude each other", remedy="Give one of them.")
    from keepclear import compose
    from keepclear.cli.drilling import Wanted, run_drill
    from keepclear.exercise.drills.debrief import Manner
    from keepclear.exercise.drills.registry import drill_of

    drill = drill_of(name)
    if html_path is not None:
        from keepclear.cli.files import require_report

        require_report(html_path)
    manner: Manner = Manner.BY_HAND
    if plays or plays_wrong:
        manner = Manner.PLAYED if plays else Manner.PLAYED_WRONG
    wanted = Wanted(drill, day or compose.clock().now().date(), port, manner, opening=opening)
    return run_drill(wanted, lambda debrief: _tell(debrief, html_path))


def _list() -> int:
    import textwrap

    from keepclear.exercise.drills.registry import DRILLS

    for drill in DRILLS.values():
        click.echo(f"{drill.name:22}{drill.title}, {len(drill.steps)} steps")
        text = f"Usual mistake: {drill.slip}."
        click.echo(textwrap.fill(text, 80, initial_indent=" " * 22, subsequent_indent=" " * 22))
    click.echo("start one: keepclear drill NAME")
    return DONE


def _tell(debrief: Debrief, html_path: Path | None) -> int:
    """Print the debrief, write its page, and say by the exit code how it went."""
    from keepclear.cli.files import write_file
    from keepclear.reports.debrief.page import debrief_page
    from keepclear.reports.debrief.table import debrief_table

    click.echo(debrief_table(debrief))
    if html_path is not None:
        write_file(html_path, debrief_page(debrief))
        click.echo(f"{html_path} written")
    return DONE if debrief.is_as_it_should_be else AMISS
