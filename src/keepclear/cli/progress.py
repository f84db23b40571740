"""What the command says on stderr while it works; stdout holds answers only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how much of it is done, and how much there is."""


@contextmanager
def progress_on_stderr() -> Iterator[Progress]:
    """Show a bar for each stage while the block runs, if stderr is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def compile_kernels_once() -> None:
    """Compile the kernels on a machine's first run, and say so, or the wait looks like a hang."""
    from keepclear.deconflict.warming import compile_kernels
    from keepclear.geometry.compiled import kernels_are_cached

    if not kernels_are_cached():
        click.echo("compiling the geometry kernels, once, about 20 s …", err=True)
        try:
            compile_kernels()
        except OSError as error:
            click.echo(
                f"the compiled kernels cannot be kept ({error.strerror}); every run compiles "
                "anew until KEEPCLEAR_CACHE_DIR names a folder you may write to",
                err=True,
            )
