"""The article as a script: every step can be played, goes as far as asked, and shows failures."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from keepclear.errors import InvalidInput
from keepclear.exercise.article.conducting import Conductor
from keepclear.exercise.article.playing import PLAYS
from keepclear.exercise.article.stage import Stage
from keepclear.exercise.article.steps import article_steps
from keepclear.exercise.board import Board, BoardStep, StepState

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


class TwoBoards:
    """A stage that is nothing but two boards and a clock."""

    def __init__(self) -> None:
        self.boards = {"BLUE": Board(), "AMBER": Board()}
        self.at = NOON
        self._count = itertools.count()

    def now(self) -> datetime:
        return self.at

    def turn_to(self, at: datetime) -> None:
        self.at = at

    def new_id(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(next(self._count))))

    def get(self, party: str, path: str, /, **query: str) -> Any:
        del path, query
        steps, wish = self.boards[party].read()
        return {
            "steps": [step.state for step in steps],
            "wish": wish.number,
            "until": wish.until,
            "speed": wish.speed,
        }

    def put(
        self,
        party: str,
        path: str,
        body: Mapping[str, Any],
        *,
        version: int | None = None,
        is_new: bool = False,
        actor: str = "",
    ) -> Any:
        del path, version, is_new, actor
        steps = [BoardStep(**{**told, "state": StepState(told["state"])}) for told in body["steps"]]
        self.boards[party].show(steps)

    def until(self, what: str, found: Callable[[], Any]) -> Any:
        del what
        return found()


def conductor(stage: TwoBoards, play: Callable[[Stage], str]) -> Conductor:
    steps = article_steps()
    made = Conductor(stage, steps, {step.key: play for step in steps})
    made.show()
    return made


def states(stage: TwoBoards, party: str = "AMBER") -> list[StepState]:
    return [step.state for step in stage.boards[party].read()[0]]


def test_every_step_of_the_file_can_be_played_and_nothing_else_is() -> None:
    steps = article_steps()
    assert [step.key for step in steps] == list(PLAYS)
    assert [step.shown.number for step in steps] == list(range(1, len(steps) + 1))


def test_played_at_the_pace_of_talk_the_article_takes_some_ten_minutes() -> None:
    assert timedelta(minutes=8) <= timedelta(seconds=sum(s.pace_s for s in article_steps()))
    assert timedelta(seconds=sum(s.pace_s for s in article_steps())) <= timedelta(minutes=12)


def test_every_step_says_which_words_of_the_article_it_stands_for_and_where_to_look() -> None:
    for step in article_steps():
        assert 0 < len(step.shown.phrase.split()) <= 10
        assert step.shown.explains
        assert step.shown.party in ("BLUE", "AMBER")


def test_nothing_is_played_before_somebody_asks() -> None:
    made = conductor(TwoBoards(), lambda _: "done")
    assert not made.listen()
    assert made.done == 0


def test_the_script_goes_as_far_as_either_console_asks() -> None:
    stage = TwoBoards()
    made = conductor(stage, lambda _: "done")
    stage.boards["AMBER"].wish(2, 1.0)
    while made.listen():
        made.play()
    assert made.done == 2
    assert states(stage, "BLUE")[:3] == [StepState.DONE, StepState.DONE, StepState.WAITING]
    stage.boards["BLUE"].wish(3, 4.0)
    assert made.listen()
    assert made.is_pressed
    assert made.pause_s == article_steps()[1].pace_s / 4.0
    made.play()
    assert not made.listen()


def test_a_step_that_fails_is_shown_with_its_reason_and_ends_the_script() -> None:
    stage = TwoBoards()

    def fails(_: Stage) -> str:
        raise InvalidInput("the line is cut", remedy="Mend it.")

    made = conductor(stage, fails)
    stage.boards["BLUE"].wish(5, 1.0)
    assert made.listen()
    step = made.play()
    assert step.state is StepState.FAILED
    assert "the line is cut" in step.told
    assert not made.listen()
    assert states(stage)[:2] == [StepState.FAILED, StepState.WAITING]


@pytest.mark.parametrize(("until", "speed"), [(-1, 1.0), (99, 1.0), (1, 0.0), (1, 1_000.0)])
def test_a_wish_that_cannot_be_is_refused(until: int, speed: float) -> None:
    stage = TwoBoards()
    conductor(stage, lambda _: "done")
    with pytest.raises(InvalidInput):
        stage.boards["BLUE"].wish(until, speed)
