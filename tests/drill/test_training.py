"""Drills for training, played on two real nodes: as they should be done, and with the slip."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from drill.conftest import COMMAND, DAY
from keepclear.cli.drilling import Wanted, drilled
from keepclear.cli.main import main
from keepclear.exercise.article.words import act
from keepclear.exercise.board import StepState
from keepclear.exercise.drills.debrief import Debrief, Manner, Word
from keepclear.exercise.drills.registry import drill_of

GOOD, LATE = Word.AS_IT_SHOULD_BE, Word.LATE
MISSING, WRONG = Word.NOT_DONE, Word.DONE_WRONGLY


def played(name: str, manner: Manner, root: Path) -> Debrief:
    with drilled(Wanted(drill_of(name), DAY, 0, manner), root) as training:
        while not training.is_over:
            training.play()
        return training.debrief()


@pytest.mark.parametrize(
    "name", ["convoy-at-night", "off-line-week", "probing", "restoration", "air-defence-area"]
)
def test_a_drill_done_right_is_as_it_should_be(name: str, tmp_path: Path) -> None:
    debrief = played(name, Manner.PLAYED, tmp_path)
    assert not debrief.trouble
    assert debrief.is_as_it_should_be, debrief.outcomes


@pytest.mark.parametrize(
    ("name", "words", "reason"),
    [
        ("wrong-place", [WRONG, MISSING, WRONG], "the place is 8.9 km off"),
        ("member-leaves", [WRONG, MISSING], "nobody was told that the member left"),
    ],
)
def test_the_usual_mistake_shows_in_the_debrief(
    name: str, words: list[Word], reason: str, tmp_path: Path
) -> None:
    debrief = played(name, Manner.PLAYED_WRONG, tmp_path)
    assert [each.word for each in debrief.outcomes] == words
    assert reason in debrief.outcomes[0].wrong


def test_the_command_plays_a_drill_prints_the_debrief_and_says_by_its_code_how_it_went(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "debrief.html"
    arguments = ["drill", "named-person-absent", "--play-wrong", "--port", "0"]
    assert main([*arguments, "--date", f"{DAY}", "--html", str(page)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("EXERCISE  drill named-person-absent")
    rows = [line for line in told.splitlines() if line.rstrip().endswith(str(LATE))]
    assert len(rows) == 3
    assert all("27 min" in row for row in rows)
    assert "27 minutes" in page.read_text()


def test_a_person_at_the_console_is_measured_by_what_their_node_wrote_down(
    tmp_path: Path,
) -> None:
    wanted = Wanted(drill_of("named-person-absent"), DAY, 0, Manner.BY_HAND)
    with drilled(wanted, tmp_path) as training:
        stage = training.scene.stage
        assert not training.is_wanted()
        stage.put("BLUE", "/exercise/wish", {"until": 2, "speed": 1.0})
        assert training.is_wanted()
        training.begin()
        assert not training.look()
        act(stage, "BLUE", training.scene.made["request"], "acknowledge")
        assert training.look()
        assert training.end().state is StepState.DONE
        shown = {each["title"]: each for each in stage.get("BLUE", "/exercise")["steps"]}
        assert "as it should be" in shown["A FLASH for somebody who is away"]["told"]
        debrief = training.debrief()
    (outcome,) = debrief.outcomes
    assert outcome.word is GOOD
    assert outcome.after_s is not None
    assert 0.0 < outcome.after_s < 60.0
    assert not debrief.is_as_it_should_be  # two steps were not reached


def test_ctrl_c_debriefs_what_was_done_so_far() -> None:
    command = [*COMMAND, "drill", "lapse", "--port", "0", "--date", f"{DAY}"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        said = process.stdout
        assert said is not None
        while "Next step begins it" not in (line := said.readline()):
            assert line, "it ended before the drill began"
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no step began" in told
    assert "4 not reached" in told
    assert "stopped by hand" in told
