"""Run a drill: show it, have the counterpart act, watch for the trainee, and look back on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from keepclear.errors import KeepclearError
from keepclear.exercise.article.conducting import told_step
from keepclear.exercise.board import BoardStep, StepState
from keepclear.exercise.drills.debrief import Debrief, Manner, Outcome, Seen, Word, time_words
from keepclear.exercise.drills.drill import TRAINEE, Drill, DrillStage, DrillStep, Play, Scene
from keepclear.model.agreement import Agreement

PATIENCE = timedelta(minutes=5)
"""So long a person may take over a step whose time is longer; then the clock is turned."""
_FIRST = 2
"""The number on the board of the drill's first step; the briefing stands before it."""


@dataclass(slots=True)
class _Begun:
    """A step that began."""

    at: datetime
    within: timedelta
    seen: Seen | None = None


class Training:
    """One drill under way on two nodes.

    Attributes:
        scene: where it is played.
    """

    def __init__(
        self, stage: DrillStage, drill: Drill, agreement: Agreement, manner: Manner
    ) -> None:
        """Begin a drill.

        Args:
            stage: the two nodes.
            drill: which.
            agreement: that binds their line.
            manner: who is at the trainee's console.
        """
        now = stage.now()
        size = int(stage.get(TRAINEE, "/node")["ledger"]["size"])
        self.scene = Scene(stage, agreement, now, now, size)
        self._drill = drill
        self._manner = manner
        self._begun: list[_Begun] = []
        self._is_running = False
        self._until = self._heard = 0
        self._board = _board_of(drill)
        self._trouble = ""
        self._was_pressed = False

    @property
    def is_over(self) -> bool:
        """Whether every step is over."""
        return not self._is_running and len(self._begun) == len(self._drill.steps)

    def show(self) -> None:
        """Report the drill to the trainee's board."""
        told = {"steps": [told_step(each) for each in self._board]}
        self.scene.stage.put(TRAINEE, "/exercise", told)

    def is_wanted(self) -> bool:
        """Whether the trainee wants the next step; one that follows from the last comes itself."""
        self._listen()
        place = len(self._begun)
        follows = 0 < place < len(self._drill.steps) and self._drill.steps[place].act is None
        return follows or self._until >= place + _FIRST

    def begin(self) -> None:
        """Begin the next step: the counterpart acts, and the clock runs."""
        step = self._drill.steps[len(self._begun)]
        self.scene.step_at = self.scene.stage.now()
        told = "" if step.act is None else self._played(step.act)
        self.scene.step_at = now = self.scene.stage.now()
        within = step.expected.within(self.scene)
        self._begun.append(_Begun(now, within))
        self._is_running = True
        self._note(StepState.RUNNING, told, explains=_explained(step, within))

    def look(self) -> bool:
        """Look whether the step is over: done, its time up, or its wait stopped at the console."""
        current = self._begun[-1]
        current.seen = self._seen(len(self._begun) - 1)
        if current.seen is not None:
            return True
        waits = current.within * 2 if current.within <= PATIENCE else PATIENCE
        if self.scene.stage.now() >= current.at + waits:
            return True
        self._listen()
        return self._until < len(self._begun) - 1 + _FIRST and self._was_pressed

    def end(self) -> BoardStep:
        """End the step; where it was not done, past its time."""
        current, step = self._begun[-1], self._drill.steps[len(self._begun) - 1]
        told = self._board[self._place].told
        if current.seen is None:
            told = f"{told} {self._turned_past(current)}"
            current.seen = self._seen(len(self._begun) - 1)
        outcome = self._outcome(len(self._begun) - 1)
        state = StepState.DONE if outcome.word is Word.AS_IT_SHOULD_BE else StepState.FAILED
        told = f"{told} {_came_of(outcome)}"
        if step.after is not None:
            told = f"{told} {self._played(step.after)}"
        self._is_running = False
        return self._note(state, told.strip())

    def play(self) -> BoardStep:
        """Play the next step for the trainee, as it should be done or with its usual mistake."""
        self.begin()
        place = len(self._begun) - 1
        step = self._drill.steps[place]
        is_slip = self._manner is Manner.PLAYED_WRONG and step.wrong is not None
        doing = step.wrong if is_slip and step.wrong is not None else step.right
        try:
            doing(self.scene)
            if not is_slip:
                self.scene.stage.until(step.expected.what, lambda: self._seen(place))
        except KeepclearError as error:
            if not is_slip:
                self._trouble = error.diagnostics()
        self._begun[-1].seen = self._seen(place)
        return self.end()

    def stop(self, why: str) -> None:
        """Note why the drill ends before its last step."""
        self._trouble = self._trouble or why

    def debrief(self) -> Debrief:
        """Look back on what was done; what was done after its step was over is late."""
        for place, begun in enumerate(self._begun):
            if begun.seen is None:
                begun.seen = self._seen(place)
        drill = self._drill
        return Debrief(
            drill=drill.name,
            title=drill.title,
            briefing=drill.briefing,
            source=drill.source,
            lesson=drill.lesson,
            party=TRAINEE,
            begun_at=self.scene.begun_at,
            ended_at=self.scene.stage.now(),
            manner=self._manner,
            outcomes=tuple(self._outcome(place) for place in range(len(self._begun))),
            steps=len(drill.steps),
            trouble=self._trouble,
        )

    def show_debrief(self, debrief: Debrief) -> None:
        """Put the debrief on the board."""
        state = StepState.DONE if debrief.is_as_it_should_be else StepState.FAILED
        rows = [f"{each.expected}: {each.word}" for each in debrief.outcomes]
        told = "; ".join([debrief.summary, *rows])
        self._board[-1] = replace(self._board[-1], state=state, told=told, explains=debrief.lesson)
        self.show()

    @property
    def _place(self) -> int:
        """Where the step under way stands on the board."""
        return len(self._begun) - 1 + _FIRST - 1

    def _listen(self) -> None:
        board: Any = self.scene.stage.get(TRAINEE, "/exercise")
        self._was_pressed = board["wish"] > self._heard
        self._heard, self._until = board["wish"], board["until"]

    def _played(self, play: Play) -> str:
        """What came of something the counterpart does, or why it could not."""
        try:
            return play(self.scene)
        except KeepclearError as error:
            if self._manner is Manner.PLAYED:
                self.stop(error.diagnostics())
            return f"AMBER could not go on: {error.message}."

    def _seen(self, place: int) -> Seen | None:
        self.scene.step_at = self._begun[place].at
        try:
            return self._drill.steps[place].expected.seen(self.scene)
        finally:
            self.scene.step_at = self._begun[-1].at

    def _turned_past(self, current: _Begun) -> str:
        due = current.at + current.within
        if self.scene.stage.now() > due:
            return ""
        self.scene.stage.turn_to(due + timedelta(seconds=1))
        return "The clock was turned forward past its time."

    def _outcome(self, place: int) -> Outcome:
        begun, expected = self._begun[place], self._drill.steps[place].expected
        after_s = None
        if begun.seen is not None:
            since = begun.seen.since or begun.at
            after_s = max(0.0, (begun.seen.at - since).total_seconds())
        return Outcome(
            expected=expected.what,
            within_s=begun.within.total_seconds(),
            clock=expected.clock,
            after_s=after_s,
            wrong="" if begun.seen is None else begun.seen.wrong,
        )

    def _note(self, state: StepState, told: str, *, explains: str = "") -> BoardStep:
        shown = self._board[self._place]
        shown = replace(shown, state=state, told=told, explains=explains or shown.explains)
        self._board[self._place] = shown
        self.show()
        return shown


def _board_of(drill: Drill) -> list[BoardStep]:
    def shown(number: int, title: str, explains: str) -> BoardStep:
        return BoardStep(number, title, "", TRAINEE, explains)

    how = (
        "Next step begins the first one, Play on all of them. While a step waits for you, Stop "
        f"ends the wait. After {PATIENCE.seconds // 60} minutes of waiting the drill turns the "
        "clock forward."
    )
    briefing = replace(shown(1, drill.title, how), state=StepState.DONE, told=drill.briefing)
    steps = [
        shown(number, step.title, step.todo)
        for number, step in enumerate(drill.steps, start=_FIRST)
    ]
    last = shown(len(drill.steps) + _FIRST, "Debrief", "What was done, and when.")
    return [briefing, *steps, last]


def _explained(step: DrillStep, within: timedelta) -> str:
    time = time_words(within.total_seconds())
    return f"{step.todo} Within {time} ({step.expected.clock})."


def _came_of(outcome: Outcome) -> str:
    if outcome.after_s is None:
        return f"{outcome.expected}: {outcome.word}."
    why = f" ({outcome.wrong})" if outcome.wrong else ""
    return f"{outcome.expected}: after {time_words(outcome.after_s)}, {outcome.word}{why}."
