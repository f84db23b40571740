"""The second act of the exercise: two USSs in two processes, a DSS, and tokens on their clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from drill.conftest import DAY, Drill, empty, ledger_verifies
from keepclear.cli.exercise_f3548 import give_roles, tokens_issued
from keepclear.cli.exercise_pair import make_pair, pair_places, running
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.machine import ExerciseClock
from keepclear.exercise.article.conducting import PARTIES, Conductor
from keepclear.exercise.board import StepState
from keepclear.exercise.f3548_act.flights import (
    AMBER,
    BLUE,
    flight,
    learnt,
    published,
)
from keepclear.exercise.f3548_act.playing import ACT_PLAYS
from keepclear.exercise.f3548_act.steps import act_steps
from keepclear.exercise.generating import build_exercise


@contextmanager
def two_uss(folder: Path) -> Iterator[Drill]:
    """Two nodes without flights: BLUE's is DSS and USS, AMBER's a USS."""
    exercise = empty(build_exercise(DAY))
    clock = ExerciseClock(exercise.now - timedelta(minutes=1))
    places = pair_places(folder, dict.fromkeys(PARTIES, 0), with_f3548=True)
    compile_kernels_once()
    make_pair(exercise, places, clock)
    clock.turn_to(exercise.now)
    with tokens_issued(folder, clock) as tokens:
        give_roles(places, tokens)
        with running(places, clock) as stage:
            yield Drill(stage, places)


def test_the_act_is_played_and_each_node_shows_what_it_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What somebody set to try a DSS in the same terminal is none of the exercise's.
    monkeypatch.setenv("KEEPCLEAR_F3548_PUBLIC_KEYS", "/nowhere.pem")
    with two_uss(tmp_path) as drill:
        stage, ids = drill.stage, {}
        conductor = Conductor(stage, act_steps(), ACT_PLAYS)

        def play(key: str) -> str:
            """Play the next step, see that it is this one and went well; what it tells."""
            step = conductor.play()
            assert step.state is StepState.DONE, step.told
            assert "NOT" not in step.told
            assert step.title == next(s.shown.title for s in act_steps() if s.key == key)
            return step.told

        def at(party: str, designator: str) -> tuple[str, int] | None:
            """State and version of an own intent, as a party publishes it."""
            ids[designator] = flight(stage, party, designator)["id"]
            intent = published(stage, party, ids[designator])
            return None if intent is None else (intent["state"], intent["version"])

        def known(party: str, designator: str) -> tuple[str, str] | None:
            """Manager and state of the other's intent, as a party learnt it."""
            intent = learnt(stage, party, ids[designator])
            return intent and (intent["manager"], intent["record"]["reference"]["state"])

        assert "managed by blue" in play("f3548-release")
        assert at("BLUE", BLUE) == ("Accepted", 1)
        assert known("AMBER", BLUE) is None

        told = play("f3548-refusal")
        assert "it conflicts with Accepted intent B-901 of blue: its priority is equal" in told
        assert at("AMBER", AMBER) is None
        assert flight(stage, "AMBER", AMBER)["state"] == "planned"
        assert known("AMBER", BLUE) == ("blue", "Accepted")
        assert known("BLUE", AMBER) is None

        assert "BLUE's USS was told" in play("f3548-change")
        assert at("AMBER", AMBER) == ("Accepted", 1)
        assert known("BLUE", AMBER) == ("amber", "Accepted")
        assert learnt(stage, "BLUE", ids[AMBER])["is_followed"]

        before = stage.now()
        play("f3548-flight")
        assert stage.now() > before + timedelta(minutes=9)
        assert at("BLUE", BLUE) == ("Activated", 2)
        assert known("AMBER", BLUE) == ("blue", "Activated")

        # A token lives for an hour: two hours on, all that is asked needs new ones.
        drill.pass_time(hours=2)
        play("f3548-end")
        assert at("BLUE", BLUE) is None
        assert known("AMBER", BLUE) is None

        assert "no word of either" in play("f3548-apart")
        assert flight(stage, "AMBER", AMBER)["state"] == "planned"
        assert at("AMBER", AMBER) is None
        # Nothing of BLUE's is near it any more, so that nobody told BLUE's USS; it says so.
        assert not learnt(stage, "BLUE", ids[AMBER])["is_followed"]
        kinds = [each["kind"] for each in drill.entries("BLUE", ids[BLUE])]
        assert {"intent published", "intent changed", "intent withdrawn"} <= set(kinds)
        kinds = [each["kind"] for each in drill.entries("AMBER", ids[AMBER])]
        assert {"intent refused", "intent published", "intent withdrawn"} <= set(kinds)
        assert failures(drill) == []
    for place in drill.places.values():
        assert ledger_verifies(place.folder)


def failures(drill: Drill) -> list[str]:
    """What operators were told because a DSS, a USS or a token could not be had."""
    told = [drill.stage.get(party, "/f3548/notices")["items"] for party in PARTIES]
    return [each["text"] for items in told for each in items if each["event"] == "GEN0400"]
