"""The article, replayed from the first step to the last on two real nodes."""

from __future__ import annotations

from pathlib import Path

from drill.conftest import DAY, ledger_verifies
from keepclear.cli.exercise_pair import make_pair, pair_places, running
from keepclear.cli.progress import compile_kernels_once
from keepclear.cli.stage import HttpStage
from keepclear.compose.folder import NodeFolder
from keepclear.compose.machine import ExerciseClock
from keepclear.exercise.article.conducting import PARTIES, Conductor
from keepclear.exercise.article.playing import PLAYS
from keepclear.exercise.article.steps import article_steps
from keepclear.exercise.board import StepState
from keepclear.exercise.generating import build_exercise
from keepclear.exercise.stocking import met_at


def test_every_step_of_the_article_plays_and_both_ledgers_verify(tmp_path: Path) -> None:
    exercise = build_exercise(DAY)
    clock = ExerciseClock(met_at(exercise))
    places = pair_places(tmp_path, dict.fromkeys(PARTIES, 0))
    compile_kernels_once()
    make_pair(exercise, places, clock)
    steps = article_steps()
    with running(places, clock) as stage:
        conductor = Conductor(stage, steps, PLAYS)
        conductor.show()
        stage.put("AMBER", "/exercise/wish", {"until": len(steps), "speed": 60.0})
        assert conductor.listen()
        for number in range(1, len(steps) + 1):
            step = conductor.play()
            assert (step.number, step.state) == (number, StepState.DONE), step.told
        told = {step["title"]: step["told"] for step in stage.get("BLUE", "/exercise")["steps"]}
        assert "the same" in told["Two logs that agree"]
        assert "NOT" not in told["Two logs that agree"]
        assert not _doubts_about_amber(stage)
    for place in places.values():
        assert ledger_verifies(NodeFolder(place.folder.path))


def _doubts_about_amber(stage: HttpStage) -> set[str]:
    """What keeps BLUE from relying on what AMBER released, for a flight that meets nothing."""
    flights = stage.get("BLUE", "/operations", text="B-103")["items"]
    (flight,) = (each for each in flights if each["designator"] == "B-103")
    answer = stage.get("BLUE", f"/operations/{flight['id']}/answer")["answer"]
    return {each["reason"] for each in answer["doubts"] if each["party"] == "AMBER"}
