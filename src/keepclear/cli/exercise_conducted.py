"""The exercise as `make run` has it: two nodes, and a script in two acts that waits on both."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import click

from keepclear.cli.exercise_f3548 import give_roles, tokens_issued, told_roles
from keepclear.cli.exercise_pair import make_pair, pair_places, running
from keepclear.cli.listening import stoppable
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.machine import ExerciseClock, forward_seconds
from keepclear.exercise.article.conducting import Conductor
from keepclear.exercise.article.playing import PLAYS
from keepclear.exercise.article.steps import article_steps
from keepclear.exercise.f3548_act.playing import ACT_PLAYS
from keepclear.exercise.f3548_act.steps import act_steps
from keepclear.exercise.generating import Exercise
from keepclear.exercise.stocking import met_at

_LOOK_EVERY_S = 0.25


def serve_pair(exercise: Exercise, ports: Mapping[str, int], *, opening: bool) -> None:
    """Run BLUE's and AMBER's nodes in the exercise until somebody stops them.

    Between them are a line and, on ports of their own, F3548; the script has an act for each.

    Args:
        exercise: what both are stocked with.
        ports: of each party's console; 0 takes a free one.
        opening: open both consoles in a browser.
    """
    with TemporaryDirectory(prefix="keepclear-exercise-") as name, stoppable():
        places = pair_places(Path(name), ports, with_f3548=True)
        click.echo(f"EXERCISE  two nodes in one exercise; when it stops, this folder goes: {name}")
        clock = ExerciseClock(met_at(exercise))
        compile_kernels_once()
        make_pair(exercise, places, clock)
        options = ["--open"] if opening else []
        with tokens_issued(Path(name), clock) as tokens:
            give_roles(places, tokens)
            with running(places, clock, *options) as stage, suppress(KeyboardInterrupt):
                click.echo(told_roles(places, tokens))
                _conduct(Conductor(stage, (*article_steps(), *act_steps()), {**PLAYS, **ACT_PLAYS}))
    click.echo("stopped")


def _conduct(conductor: Conductor) -> None:
    """Show the script, and play it as the consoles want, until a signal ends the block."""
    conductor.show()
    click.echo(
        "the script waits on both consoles: one step at a time, or all of it at a chosen speed"
    )
    never, last_s = Event(), forward_seconds()
    while True:
        wished = conductor.listen()
        if wished and (conductor.is_pressed or forward_seconds() - last_s >= conductor.pause_s):
            step = conductor.play()
            click.echo(f"  {step.number:2}. {step.title}: {step.state}")
            last_s = forward_seconds()
        never.wait(_LOOK_EVERY_S)
