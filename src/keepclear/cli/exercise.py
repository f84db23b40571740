"""`keepclear exercise`: the main job on the built-in exercise, from plans to report page."""

from __future__ import annotations

from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepclear.cli.exit_codes import DONE, OF_VERDICT
from keepclear.cli.files import require_report, write_file
from keepclear.cli.parameters import DAY, PATH
from keepclear.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from socket import socket

    from keepclear.exercise.generating import Exercise
    from keepclear.reports.subject import CheckSubject
    from keepclear.web.pages import Page

PORT = 8600
"""Where the report page is served unless told otherwise."""


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
@click.option("--serve", "serving", is_flag=True, help="Serve the report page to this machine.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=PORT,
    show_default=True,
    help="Where to serve it; 0 takes any free port.",
)
@click.option("--no-suggest", is_flag=True, help="Search no changes that would mend conflicts.")
def command(
    *,
    day: date | None,
    folder: Path | None,
    html_path: Path | None,
    serving: bool,
    port: int,
    no_suggest: bool,
) -> int:
    """Run the check on the built-in exercise: invented parties, plans and agreement.

    Without --write, exit codes are those of the answer: the exercise holds conflicts, so 1.
    With --serve, 0 once it is stopped.
    """
    from keepclear import compose
    from keepclear.exercise.generating import build_exercise

    exercise = build_exercise(day or compose.clock().now().date())
    if folder is not None:
        _write_inputs(exercise, folder)
        if html_path is None and not serving:
            return DONE
    return _check(exercise, html_path, port if serving else None, suggest=not no_suggest)


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


def _check(exercise: Exercise, html_path: Path | None, port: int | None, *, suggest: bool) -> int:
    from keepclear.cli.checking import print_table, report_page
    from keepclear.web.serving import open_port

    if html_path is not None:
        require_report(html_path)
    # The port is taken first: a check that nobody can look at is a wait for nothing.
    with nullcontext() if port is None else closing(open_port(port)) as listener:
        subject = answered(exercise, suggest=suggest)
        print_table(subject)
        if html_path is not None:
            write_file(html_path, report_page(subject))
            click.echo(f"{html_path} written")
        if listener is None:
            return OF_VERDICT[subject.report.overall]
        _serve(listener, pages_of(exercise, subject))
    return DONE


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


def pages_of(exercise: Exercise, subject: CheckSubject) -> dict[str, Page]:
    """What is served: the report page, the answer as JSON, and the input files to save."""
    from keepclear.cli.checking import answer_json, report_page
    from keepclear.exercise.writing import write_exercise
    from keepclear.web.pages import HTML, Page

    pages = {
        "/": Page(HTML, report_page(subject)),
        "/check.json": Page("application/json", answer_json(subject)),
    }
    for name, data in write_exercise(exercise).items():
        pages[f"/files/{name}"] = Page("application/octet-stream", data, download_as=name)
    return pages


def _serve(listener: socket, pages: Mapping[str, Page]) -> None:
    from keepclear.web.pages import application
    from keepclear.web.serving import LOOPBACK, serve

    port = listener.getsockname()[1]

    def announce() -> None:
        click.echo(f"EXERCISE  report on http://{LOOPBACK}:{port}/, Ctrl-C stops it  EXERCISE")

    serve(listener, application(pages, port=port), when_ready=announce)
    click.echo("stopped")
