"""The script on a node's board, and the clock that only an exercise turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from api.asking import BEARER, ORIGIN, TOKEN, Asked, InProcess, Seconds
from keepclear.api.application import node_application
from keepclear.api.auth import Access
from keepclear.exercise.board import Board
from node_fixture import START, exercise_node

STEP = {"number": 1, "title": "Silence", "phrase": "more than a year", "party": "BLUE"}


@pytest.fixture
def played(tmp_path: Path) -> Iterator[httpx.Client]:
    """A node in an exercise: its clock is turned, and it has a board."""
    with ExitStack() as stack:
        running = stack.enter_context(exercise_node(tmp_path))
        node = replace(running.node, is_clock_set=True)
        access = Access(TOKEN, node.entropy, Seconds())
        application = node_application(node, access, port=8600, board=Board())
        stack.callback(application.close)
        transport = InProcess(application)
        yield stack.enter_context(
            httpx.Client(base_url=ORIGIN, transport=transport, headers=BEARER)
        )


def test_a_node_that_is_in_no_exercise_has_neither_board_nor_turnable_clock(asked: Asked) -> None:
    assert asked.http.get("/api/v1/exercise").status_code == 404
    body = {"now": "2026-03-14T12:00:00Z"}
    assert asked.http.put("/api/v1/exercise/clock", json=body).status_code == 409
    assert asked.running.clock.now() == START


def test_the_board_shows_what_the_conductor_reports_and_keeps_the_last_wish(
    played: httpx.Client,
) -> None:
    assert played.put("/api/v1/exercise", json={"steps": [STEP]}).status_code == 200
    wished = played.put("/api/v1/exercise/wish", json={"until": 1, "speed": 10.0}).json()
    assert (wished["until"], wished["speed"], wished["wish"]) == (1, 10.0, 1)
    (step,) = played.get("/api/v1/exercise").json()["steps"]
    assert (step["title"], step["state"]) == ("Silence", "waiting")


@pytest.mark.parametrize("wish", [{"until": 7}, {"until": 1, "speed": 0.0}, {}])
def test_a_wish_that_cannot_be_is_refused(played: httpx.Client, wish: dict[str, float]) -> None:
    played.put("/api/v1/exercise", json={"steps": [STEP]})
    assert played.put("/api/v1/exercise/wish", json=wish).status_code == 400


def test_the_clock_of_an_exercise_is_turned(played: httpx.Client) -> None:
    told = played.put("/api/v1/exercise/clock", json={"now": "2026-03-15T09:30:00Z"})
    assert told.json()["now"] == "2026-03-15T09:30:00Z"
    assert played.get("/api/v1/node").json()["now"] == "2026-03-15T09:30:00Z"
    assert played.put("/api/v1/exercise/clock", json={"now": "2026-03-15T09:30"}).status_code == 400
