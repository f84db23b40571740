"""What a node in the exercise shows of its script: the steps, how far it is, what was asked.

The conductor, a process of its own, plays both parties through their nodes' APIs. It reports
here and looks here for what the person at the console wants next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock

from keepclear.errors import InvalidInput

SLOWEST, FASTEST = 0.25, 60.0
"""The bounds of the speed at which the script is played; 1 takes about ten minutes."""


class StepState(StrEnum):
    """Where a step is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BoardStep:
    """One step of the script, as the consoles show it.

    Attributes:
        number: counts from 1.
        title: what happens, in a few words.
        phrase: the words of the article it stands for; empty where it stands for none.
        party: whose console shows it best.
        explains: what to look at, for a person who sees it for the first time.
        state: where it is.
        told: what came of it, or why it failed; empty before.
    """

    number: int
    title: str
    phrase: str
    party: str
    explains: str
    state: StepState = StepState.WAITING
    told: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person at a console wants of the conductor.

    Attributes:
        until: play up to and with this step; 0 for none.
        speed: how fast, as a multiple of the pace of talk.
        number: counts wishes, so that the conductor sees a new one.
    """

    until: int = 0
    speed: float = 1.0
    number: int = 0


class Board:
    """One node's board; asked by many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._steps: tuple[BoardStep, ...] = ()
        self._wish = Wish()

    def show(self, steps: Sequence[BoardStep]) -> None:
        """Show these steps from now on."""
        with self._lock:
            self._steps = tuple(steps)

    def wish(self, until: int, speed: float) -> Wish:
        """Ask for the script to be played.

        Raises:
            InvalidInput: no such step, or a speed nobody could follow.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise InvalidInput(f"a speed of {speed:g} is not {SLOWEST:g} to {FASTEST:g}")
        with self._lock:
            if not 0 <= until <= len(self._steps):
                raise InvalidInput(f"the script has no step {until}")
            self._wish = replace(self._wish, until=until, speed=speed, number=self._wish.number + 1)
            return self._wish

    def read(self) -> tuple[tuple[BoardStep, ...], Wish]:
        """The steps as they are, and the last wish."""
        with self._lock:
            return self._steps, self._wish
