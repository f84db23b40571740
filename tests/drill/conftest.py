"""Two real nodes in two processes, with a line between them and a clock that tests turn.

A drill asks only what a person could ask, over HTTP; what it waits for, machines do at once.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.exercise_pair import Place, make_pair, pair_places, running
from keepclear.cli.progress import compile_kernels_once
from keepclear.cli.stage import HttpStage
from keepclear.compose.folder import NodeFolder
from keepclear.compose.machine import ExerciseClock
from keepclear.exercise.article import opening
from keepclear.exercise.article.words import line_at
from keepclear.exercise.generating import Exercise, build_exercise
from keepclear.model.plan_set import PlanSet

DAY = date(2026, 3, 14)
COMMAND = (
    sys.executable,
    "-c",
    "import sys; from keepclear.cli.main import main; sys.exit(main())",
)


@dataclass(frozen=True)
class Drill:
    """Two nodes that serve, and what a drill asks of them.

    Attributes:
        stage: both nodes, over HTTP.
        places: where they are.
    """

    stage: HttpStage
    places: dict[str, Place]

    def state(self, party: str) -> str:
        """The line's state as a party's node derives it now."""
        state: str = line_at(self.stage, party)["state"]
        return state

    def pass_time(self, **by: float) -> datetime:
        """Let time pass on both nodes at once; when it is then."""
        at = self.stage.now() + timedelta(**by)
        self.stage.turn_to(at)
        return at

    def message(self, party: str, message_id: str) -> Any:
        return self.stage.get(party, f"/messages/{message_id}")

    def entries(self, party: str, message_id: str) -> list[Any]:
        """What a party's ledger holds about a message, oldest first."""
        found: list[Any] = []
        after = "-1"
        while items := self.stage.get(party, "/ledger/entries", after=after, limit="200")["items"]:
            found += [each for each in items if each["subject"]["id"] == message_id]
            after = str(items[-1]["number"])
        return found


def ledger_verifies(folder: NodeFolder) -> bool:
    """Whether the command that verifies a ledger finds nothing; the node must be stopped."""
    command = [*COMMAND, "ledger", "verify", "--signatures", "--json", "--node", str(folder.path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return told.returncode == 0


def empty(exercise: Exercise) -> Exercise:
    """The exercise's parties and agreement, without its flights."""
    none = PlanSet()
    return replace(exercise, blue=none, amber=none, others=none)


@contextmanager
def two_nodes(folder: Path, silent_for: timedelta) -> Iterator[Drill]:
    """Two nodes that were brought into contact so long ago, and serve from now on."""
    exercise = empty(build_exercise(DAY))
    clock = ExerciseClock(exercise.now - silent_for)
    places = pair_places(folder, {"BLUE": 0, "AMBER": 0})
    compile_kernels_once()
    make_pair(exercise, places, clock)
    clock.turn_to(exercise.now)
    with running(places, clock) as stage:
        yield Drill(stage, places)


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    """Two nodes whose line is up and whose watches are manned."""
    with two_nodes(tmp_path, timedelta(minutes=1)) as made:
        opening.watch(made.stage)
        for party in ("BLUE", "AMBER"):
            made.stage.until(f"{party}'s first check", partial(_answered, made.stage, party))
        yield made


@pytest.fixture
def silent_drill(tmp_path: Path) -> Iterator[Drill]:
    """Two nodes that had no contact for thirteen months."""
    with two_nodes(tmp_path, timedelta(days=396)) as made:
        yield made


def _answered(stage: HttpStage, party: str) -> bool:
    return line_at(stage, party)["last_answered_check_at"] is not None
