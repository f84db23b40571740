"""Drill 10: a convoy is notified, and half an hour before its start nobody said that units know.

Source: domain study of keepclear, 5h.10 and 0.10: the crew over a notified convoy did not know.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from drill.conftest import Drill
from keepclear.exercise.article.words import ACTOR, DUTY, LINE, SECOND, acknowledge, came, text_of

MOVER = "movement officer"
TOWER: dict[str, Any] = {
    "name": "NORTHGATE TOWER",
    "kind": "tower",
    "means": [
        {"kind": "telephone", "address": "EXERCISE 5510"},
        {"kind": "radio", "address": "130.000"},
    ],
    "area": {
        "kind": "circle",
        "centre": {"latitude_deg": 35.2, "longitude_deg": 36.1},
        "radius_m": 40_000.0,
    },
}
DRONES: dict[str, Any] = {**TOWER, "name": "EASTERN DRONES", "kind": "uas", "classes": ["unmanned"]}


def test_a_convoy_of_which_units_were_not_told_is_warned_and_it_is_known_who_saw_it(
    drill: Drill,
) -> None:
    stage = drill.stage
    units = [listed(drill, each) for each in (TOWER, DRONES)]
    notice = notified(drill, hours=2)
    acknowledge(stage, "AMBER", notice)

    # One unit confirms; of the other nothing is heard.
    say(drill, notice, units[0], "confirmed", words="plotted, crew told")
    waits = stage.get("AMBER", f"/messages/{notice}/units")
    assert waits["passed"] == "asked"
    assert [each["word"] for each in waits["units"]] == ["confirmed", "to be told"] or [
        each["word"] for each in waits["units"]
    ] == ["to be told", "confirmed"]

    drill.pass_time(minutes=85)
    assert not stage.get("BLUE", "/warnings")["items"]

    # Half an hour before the start both sides raise it, and the convoy is to be warned.
    drill.pass_time(minutes=6)
    (warning,) = stage.until("the warning", lambda: stage.get("BLUE", "/warnings")["items"])
    assert warning["words"].startswith("EXERCISE.")
    assert warning["words"].endswith("EXERCISE")
    assert warning["contact"] == "EXERCISE convoy 5577"
    for party in ("BLUE", "AMBER"):
        stage.until(f"{party} to raise it", partial(raised, drill, party, notice))
    subjects = {each["about"]["subject"]: each for each in stage.get("BLUE", "/alarms")["items"]}
    assert subjects["warning"]["level"] == "warning"
    # The telephone had its time.
    stage.until(
        "the radio to be asked for at AMBER",
        lambda: [
            each
            for each in stage.get("AMBER", "/alarms")["items"]
            if each["about"]["subject"] == "telling" and "EASTERN DRONES by radio" in each["what"]
        ],
    )

    # The convoy is reached by the second means, and says what it does.
    passed(drill, warning["id"], "telephone", reached=False, words="no answer")
    assert stage.get("BLUE", "/warnings")["items"][0]["is_due"]
    passed(drill, warning["id"], "radio", reached=True, words="we wait at Northgate")
    assert not stage.get("BLUE", "/warnings")["items"][0]["is_due"]

    seen = stage.get("AMBER", f"/messages/{notice}/seen")["items"]
    assert {DUTY, "NORTHGATE TOWER"} <= {each["who"] for each in seen}
    assert "EASTERN DRONES" not in {each["who"] for each in seen}
    kinds = [entry["kind"] for entry in drill.entries("BLUE", warning["id"])]
    assert kinds == ["warning due", "warning passed", "warning passed"]


def test_a_convoy_of_which_every_unit_knows_is_not_warned(drill: Drill) -> None:
    stage = drill.stage
    unit = listed(drill, TOWER)
    notice = notified(drill, hours=2)
    acknowledge(stage, "AMBER", notice)
    say(drill, notice, unit, "confirmed", words="understood")
    stage.until("the units at BLUE", partial(confirmed, drill, notice))
    drill.pass_time(minutes=95)
    assert not stage.get("BLUE", "/warnings")["items"]
    (told,) = stage.get("BLUE", "/movements")["items"][0]["now"]["told"]
    assert (told["party"], told["units"]) == ("AMBER", "confirmed")


def raised(drill: Drill, party: str, notice: str) -> bool:
    return bool(drill.message(party, notice)["life"]["level"] >= 1)


def listed(drill: Drill, unit: dict[str, Any]) -> str:
    unit_id = drill.stage.new_id()
    drill.stage.put("AMBER", f"/units/{unit_id}", unit, is_new=True, actor=ACTOR["AMBER"])
    return unit_id


def notified(drill: Drill, hours: float) -> str:
    """A convoy of BLUE's that starts so long from now; its notice at AMBER."""
    stage = drill.stage
    start = stage.now() + timedelta(hours=hours)
    movement, notice = stage.new_id(), stage.new_id()
    body = {
        "organisation": "Relief Example",
        "mode": "road",
        "route": "Northgate to Southfield by the valley road, at night",
        "legs": [leg(start)],
        "marks": "blue flag on each roof; not seen at night",
        "contact": "EXERCISE convoy 5577",
        "cargo": "food",
        "expiry": text_of(start + timedelta(hours=6)),
        "recipients": ["AMBER"],
    }
    stage.put("BLUE", f"/movements/{movement}", body, is_new=True, actor=ACTOR["BLUE"])
    release = {"line": LINE, "role": MOVER, "second": SECOND}
    path = f"/movements/{movement}/releases/{notice}"
    stage.put("BLUE", path, release, actor=ACTOR["BLUE"])
    came(stage, "AMBER", notice)
    return notice


def leg(start: Any) -> dict[str, Any]:
    return {
        "footprint": {
            "kind": "corridor",
            "centreline": [
                {"latitude_deg": 35.1, "longitude_deg": 36.1},
                {"latitude_deg": 35.4, "longitude_deg": 36.2},
            ],
            "half_width_m": 1_000.0,
        },
        "lower": {"value_m": 0.0, "reference": "AGL"},
        "upper": {"value_m": 100.0, "reference": "AGL"},
        "start": text_of(start),
        "end": text_of(start + timedelta(hours=2)),
    }


def say(drill: Drill, notice: str, unit: str, word: str, **more: str) -> None:
    path = f"/messages/{notice}/units/{unit}/words/{drill.stage.new_id()}"
    body = {"word": word, "role": DUTY, "means": "telephone", **more}
    drill.stage.put("AMBER", path, body, actor=ACTOR["AMBER"])


def passed(drill: Drill, warning: str, means: str, **more: Any) -> None:
    path = f"/warnings/{warning}/steps/{drill.stage.new_id()}"
    body = {"role": MOVER, "means": means, **more}
    drill.stage.put("BLUE", path, body, actor=ACTOR["BLUE"])


def confirmed(drill: Drill, notice: str) -> bool:
    return bool(drill.message("BLUE", notice)["life"]["units"] == "confirmed")
