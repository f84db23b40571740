"""Play the script on two nodes, as far and as fast as the person at a console wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from keepclear.errors import KeepclearError
from keepclear.exercise.article.stage import Stage
from keepclear.exercise.article.steps import ArticleStep
from keepclear.exercise.board import BoardStep, StepState

Play = Callable[[Stage], str]
"""Plays one step on the stage; what came of it, in a sentence."""

PARTIES = ("BLUE", "AMBER")


class Conductor:
    """Knows how far the script is; plays on when a console asks for it.

    Attributes:
        is_pressed: whether a console asked since the last step: then nothing is waited for.
    """

    def __init__(
        self, stage: Stage, steps: tuple[ArticleStep, ...], plays: Mapping[str, Play]
    ) -> None:
        """Conduct a script.

        Args:
            stage: the two nodes.
            steps: the script.
            plays: what plays each step, by its key.
        """
        self._stage = stage
        self._steps = steps
        self._plays = plays
        self._shown: list[BoardStep] = [step.shown for step in steps]
        self._heard = dict.fromkeys(PARTIES, 0)
        self._until = 0
        self._speed = 1.0
        self.is_pressed = False

    @property
    def done(self) -> int:
        """How many steps were played."""
        return sum(step.state is StepState.DONE for step in self._shown)

    @property
    def pause_s(self) -> float:
        """How long to let a person look before the next step, at the speed asked for."""
        if not self.done:
            return 0.0
        return self._steps[self.done - 1].pace_s / self._speed

    def show(self) -> None:
        """Report the script to both boards."""
        told = {"steps": [told_step(step) for step in self._shown]}
        for party in PARTIES:
            self._stage.put(party, "/exercise", told)

    def listen(self) -> bool:
        """Hear what the consoles want; whether there is a step to be played."""
        for party in PARTIES:
            board: Any = self._stage.get(party, "/exercise")
            if board["wish"] > self._heard[party]:
                self._heard[party] = board["wish"]
                self._until, self._speed = board["until"], board["speed"]
                self.is_pressed = True
        has_failed = any(step.state is StepState.FAILED for step in self._shown)
        return not has_failed and self.done < min(self._until, len(self._steps))

    def play(self) -> BoardStep:
        """Play the next step and report it; a failure is shown and ends the script."""
        self.is_pressed = False
        place = self.done
        step = self._steps[place]
        self._note(place, StepState.RUNNING, "")
        try:
            told = self._plays[step.key](self._stage)
        except KeepclearError as error:
            self._note(place, StepState.FAILED, error.diagnostics())
        else:
            self._note(place, StepState.DONE, told)
        return self._shown[place]

    def _note(self, place: int, state: StepState, told: str) -> None:
        self._shown[place] = replace(self._shown[place], state=state, told=told)
        self.show()


def told_step(step: BoardStep) -> dict[str, Any]:
    """A step as it is reported to a board."""
    return {
        "number": step.number,
        "title": step.title,
        "phrase": step.phrase,
        "party": step.party,
        "explains": step.explains,
        "state": step.state.value,
        "told": step.told[:2_000],
    }
