"""Two nodes for a drill: made, served, trained on, debriefed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill
from threading import Event
from typing import Any

import click

from keepclear.cli.exercise_pair import Place, make_pair, pair_places, running
from keepclear.cli.listening import stoppable
from keepclear.cli.progress import compile_kernels_once
from keepclear.cli.stage import HttpStage
from keepclear.compose.machine import ExerciseClock
from keepclear.errors import KeepclearError
from keepclear.exercise.article.opening import man
from keepclear.exercise.article.words import line_at
from keepclear.exercise.drills.debrief import Debrief, Manner
from keepclear.exercise.drills.drill import COUNTERPART, TRAINEE, Drill
from keepclear.exercise.drills.training import Training
from keepclear.exercise.generating import Exercise, build_exercise
from keepclear.formats.agreement import read_agreement
from keepclear.model.agreement import Agreement
from keepclear.model.plan_set import PlanSet

_LOOK_EVERY_S = 0.5
_STOPPED = "it was stopped by hand"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A drill as it is to be run.

    Attributes:
        drill: which.
        day: it is set on.
        port: of the trainee's console; 0 for a free one.
        manner: who is at that console.
        opening: open it in a browser.
    """

    drill: Drill
    day: date
    port: int
    manner: Manner
    opening: bool = False


class DrillHttpStage(HttpStage):
    """Fits the `DrillStage` port of the drills."""

    def __init__(self, stage: HttpStage, places: Mapping[str, Place], table: Path) -> None:
        """Drill on a stage.

        Args:
            stage: the nodes.
            places: where they are.
            table: the folder in which the trainee finds files.
        """
        super().__init__(stage.nodes, stage.clock)
        self._places = places
        self._table = table

    def bundle(self, party: str, line_id: str) -> bytes:
        """What waits on a line at a party's node, as a file that is carried."""
        return self.asked(party, "POST", f"/lines/{line_id}/bundle").content

    def take_bundle(self, party: str, line_id: str, content: bytes) -> Any:
        """Have a party's node take in such a file; what became of it."""
        return self.asked(party, "PUT", f"/lines/{line_id}/bundle", content=content).json()

    def folder(self, party: str) -> str:
        """Where a party's node is, for commands."""
        return str(self._places[party].folder.path)

    def lay_out(self, name: str, content: bytes) -> str:
        """Put a file where the trainee finds it; its path."""
        path = self._table / name
        path.write_bytes(content)
        return str(path)


def run_drill(wanted: Wanted, tell: Callable[[Debrief], int]) -> int:
    """Run a drill until it is over or stopped, and tell its debrief.

    Args:
        wanted: the drill.
        tell: prints the debrief; its exit code.

    Raises:
        InvalidInput: the port is taken.
        NodeUnreachable: a node did not start.
    """
    is_played = wanted.manner is not Manner.BY_HAND
    with TemporaryDirectory(prefix="keepclear-drill-") as name, stoppable():
        if not is_played:
            click.echo(f"EXERCISE  a drill in two nodes; when it ends, this folder goes: {name}")
            click.echo(fill(f"{wanted.drill.title}. {wanted.drill.briefing}", 80))
        with drilled(wanted, Path(name)) as training:
            _train(training, is_played=is_played)
            debrief = training.debrief()
            code = tell(debrief)
            training.show_debrief(debrief)
            if not is_played and not debrief.trouble:
                click.echo("the debrief is on the board; Ctrl-C ends the drill")
                with suppress(KeyboardInterrupt):
                    Event().wait()
    return code


@contextmanager
def drilled(wanted: Wanted, root: Path) -> Iterator[Training]:
    """Two nodes on which a drill is about to begin, while the block runs.

    Args:
        wanted: the drill.
        root: an empty folder for them.
    """
    drill = wanted.drill
    exercise = _empty(build_exercise(wanted.day))
    clock = ExerciseClock(exercise.now - drill.ground.silent_for)
    places = pair_places(root, {TRAINEE: wanted.port, COUNTERPART: 0})
    compile_kernels_once()
    make_pair(exercise, places, clock)
    clock.turn_to(exercise.now)
    served = _cut(places) if drill.ground.is_cut else places
    shown = (TRAINEE,) if wanted.manner is Manner.BY_HAND else ()
    options = ("--open",) if wanted.opening else ()
    with running(served, clock, *options, shown=shown) as reached:
        stage = DrillHttpStage(reached, served, root)
        _set_up(stage, drill)
        training = Training(stage, drill, _agreement(exercise), wanted.manner)
        training.show()
        yield training


def _empty(exercise: Exercise) -> Exercise:
    """The exercise's parties and agreement, without its flights."""
    none = PlanSet()
    return replace(exercise, blue=none, amber=none, others=none)


def _agreement(exercise: Exercise) -> Agreement:
    return read_agreement(exercise.agreement_toml.encode(), name="the exercise's agreement")


def _cut(places: Mapping[str, Place]) -> dict[str, Place]:
    """The same places, but other nodes are listened to where nobody looks for them."""
    elsewhere = pair_places(Path(), dict.fromkeys(places, 0))
    return {
        party: place._replace(peers_port=elsewhere[party].peers_port)
        for party, place in places.items()
    }


def _set_up(stage: DrillHttpStage, drill: Drill) -> None:
    """Man the watches, and wait until a line that is to be up is up."""
    ground = drill.ground
    if ground.mans_trainee:
        for party in (TRAINEE, COUNTERPART):
            man(stage, party)
    if ground.is_cut or ground.silent_for.days:
        return
    for party in (TRAINEE, COUNTERPART):

        def answered(party: str = party) -> bool:
            return line_at(stage, party)["last_answered_check_at"] is not None

        stage.until(f"{party}'s first check", answered)


def _train(training: Training, *, is_played: bool) -> None:
    """Run the drill's steps; a signal or a fault of a node ends it early."""
    try:
        if not is_played:
            click.echo("the drill waits on the console's board: Next step begins it")
        while not training.is_over:
            if is_played:
                training.play()
            else:
                _by_hand(training)
    except KeyboardInterrupt:
        training.stop(_STOPPED)
    except KeepclearError as error:
        training.stop(error.diagnostics())


def _by_hand(training: Training) -> None:
    """One step, at the pace of the person at the console."""
    never = Event()
    while not training.is_wanted():
        never.wait(_LOOK_EVERY_S)
    training.begin()
    while not training.look():
        never.wait(_LOOK_EVERY_S)
    step = training.end()
    click.echo(f"  {step.title}: {step.state}")
