"""The second act as a script: every step can be played, and its two flights meet and do not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keepclear.errors import PeerRefused
from keepclear.exercise.article.playing import PLAYS
from keepclear.exercise.article.steps import article_steps
from keepclear.exercise.f3548_act.flights import (
    AMBER,
    ASIDE,
    BLUE,
    LASTS,
    PLACES,
    RADIUS_M,
    asked,
    flight,
)
from keepclear.exercise.f3548_act.playing import ACT_PLAYS
from keepclear.exercise.f3548_act.steps import act_steps
from keepclear.f3548.extent import extent_of, meets
from keepclear.f3548.intersections import intersecting
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coordination import Area
from keepclear.model.volume import Circle, Position, Volume
from keepclear.model.window import Window

DOCUMENT = Path(__file__).parents[3] / "docs" / "explanation" / "exercise.md"
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ASKED_APART_M = 500.0
"""Between drones, by the exercise's own rule R3."""


def volume(place: Mapping[str, float], *, wider_m: float = 0.0) -> Volume:
    low, high = (Altitude(each, AltitudeReference.HAE) for each in (380.0, 500.0))
    return Volume(
        Circle(Position(place["latitude_deg"], place["longitude_deg"]), RADIUS_M + wider_m),
        AltitudeBand(low, high),
        Window(NOON, NOON + LASTS),
    )


def boxes_meet(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    extents = [
        extent_of([Area(volume(each).footprint, 380.0, 500.0, NOON, NOON + LASTS)])
        for each in (one, other)
    ]
    return meets(*extents)


def test_every_step_of_the_act_can_be_played_and_nothing_else_is() -> None:
    steps = act_steps()
    assert [step.key for step in steps] == list(ACT_PLAYS)
    assert not set(ACT_PLAYS) & set(PLAYS)


def test_the_act_goes_on_where_the_article_ends() -> None:
    whole = (*article_steps(), *act_steps())
    assert [step.shown.number for step in whole] == list(range(1, len(whole) + 1))


def test_no_step_of_the_act_claims_words_of_the_article() -> None:
    for step in act_steps():
        assert step.shown.phrase == ""
        assert step.shown.title.startswith("F3548: ")
        assert 0 < len(step.shown.explains) <= 600  # so much the console shows
        assert step.shown.party in ("BLUE", "AMBER")


def test_the_document_tells_every_step_of_the_act() -> None:
    text = DOCUMENT.read_text()
    for step in act_steps():
        title = step.shown.title.removeprefix("F3548: ")
        assert f"| {step.shown.number} | {title} |" in text


def test_played_at_the_pace_of_talk_the_act_takes_three_to_four_minutes() -> None:
    pace = timedelta(seconds=sum(step.pace_s for step in act_steps()))
    assert timedelta(minutes=3) <= pace <= timedelta(minutes=4)


def test_the_two_flights_meet_as_they_are_filed() -> None:
    assert intersecting([volume(PLACES[BLUE])], [volume(PLACES[AMBER])])


def test_aside_the_other_keeps_the_exercises_own_distance_between_drones() -> None:
    aside = [volume(ASIDE)]
    assert not intersecting([volume(PLACES[BLUE], wider_m=ASKED_APART_M)], aside)
    assert intersecting([volume(PLACES[BLUE], wider_m=2 * ASKED_APART_M)], aside)


def test_aside_the_boxes_still_meet_so_that_the_dss_tells_each_of_the_other() -> None:
    assert boxes_meet(PLACES[BLUE], ASIDE)


class OneAnswer:
    """A stage on which every node gives the same answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def now(self) -> datetime:
        return NOON

    def turn_to(self, at: datetime) -> None:
        raise AssertionError(at)

    def new_id(self) -> str:
        return "8d1f3f0e-0000-4000-8000-000000000000"

    def get(self, party: str, path: str, /, **query: str) -> Any:
        del party, path, query
        return self.answer

    def put(self, party: str, path: str, body: Mapping[str, Any], **more: Any) -> Any:
        del party, path, body, more
        return self.answer

    def until(self, what: str, found: Any) -> Any:
        del what
        return found()


def test_a_step_out_of_its_order_says_what_is_missing() -> None:
    with pytest.raises(PeerRefused, match="BLUE's node has no B-901"):
        flight(OneAnswer({"items": []}), "BLUE", BLUE)


def test_a_release_that_comes_out_otherwise_fails_its_step_with_the_reason() -> None:
    filed = {"id": "1", "designator": BLUE}
    stage = OneAnswer({"items": [filed], "result": "failed", "why": "the DSS does not answer"})
    with pytest.raises(PeerRefused, match=r"failed, and not done: the DSS does not answer"):
        asked(stage, "BLUE", BLUE, "publish", "done")
