"""Drill 5: thirteen months of silence, and a restoration that needs every proof.

Source: domain study of keepclear, 5h.5 and 5d (RESTORING).
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from drill.conftest import Drill
from keepclear.exercise.article import opening, talking
from keepclear.exercise.article.words import ACTOR, DUTY, LINE, line_at, text_of

STEPS = ("offer", "test", "verify", "list", "confirm")


def test_a_lapse_of_thirteen_months_ends_by_restoration_alone(silent_drill: Drill) -> None:
    drill, stage = silent_drill, silent_drill.stage
    for party in ("BLUE", "AMBER"):
        assert drill.state(party) == "lapsed"

    # Both datings of the last contact stand side by side, by source.
    opening.silence(stage)
    history = stage.get("BLUE", f"/lines/{LINE}/history")
    assert {each["source"] for each in history["datings"]} >= {"BLUE liaison log", "the article"}
    assert {each["text"] for each in history["datings"]} >= {"more than a year"}

    # A flight told before the silence has long ended; it must not come back.
    old = expired_flight(drill)
    opening.watch(stage)

    # Checks that are answered do not restore the line: only all proofs of both sides do.
    assert drill.state("BLUE") == "lapsed"
    for step in STEPS:
        for party in ("AMBER", "BLUE"):
            take(drill, party, step)
        if step != "confirm":
            both(drill, step)
            assert drill.state("BLUE") == "restoring"
    for party in ("AMBER", "BLUE"):
        stage.until(f"{party}'s line up", partial(is_up, drill, party))

    live = stage.get("BLUE", "/operations", text=old["designator"])["items"]
    assert [each["state"] for each in live] == ["ended"]

    # The first consultation is dated, and its clock runs.
    told = talking.consultation(stage)
    assert "proposed and confirmed" in told
    (series,) = stage.get("BLUE", "/consultations")["items"]
    assert series["proposed"] or series["next_at"]


def expired_flight(drill: Drill) -> Any:
    """A flight of BLUE whose time has passed."""
    stage = drill.stage
    start = stage.now() + timedelta(minutes=10)
    end = start + timedelta(minutes=20)
    volume = {
        "footprint": {
            "kind": "circle",
            "centre": {"latitude_deg": 34.5, "longitude_deg": 40.0},
            "radius_m": 9_000.0,
        },
        "lower": {"value_m": 3_000.0, "reference": "STD"},
        "upper": {"value_m": 3_600.0, "reference": "STD"},
        "start": text_of(start),
        "end": text_of(end),
    }
    body = {"designator": "B-900", "class": "manned", "category": "transport", "volumes": [volume]}
    filed = stage.put("BLUE", f"/operations/{stage.new_id()}", body, is_new=True)["operation"]
    stage.put(
        "BLUE",
        f"/operations/{filed['id']}/state",
        {"state": "ended", "reason": "cancelled"},
        version=filed["version"],
    )
    return filed


def take(drill: Drill, party: str, step: str) -> None:
    body = {"act": step, "role": DUTY}
    drill.stage.put(party, f"/lines/{LINE}/restoration", body, actor=ACTOR[party])


def both(drill: Drill, step: str) -> None:
    """Wait until both nodes hold a step of both sides."""

    def held(party: str) -> bool:
        restoration = line_at(drill.stage, party)["restoration"]
        return restoration is not None and all(
            step in restoration[whose] for whose in ("ours", "theirs")
        )

    for party in ("BLUE", "AMBER"):
        drill.stage.until(f"{step} of both at {party}", partial(held, party))


def is_up(drill: Drill, party: str) -> bool:
    return drill.state(party) == "up"
