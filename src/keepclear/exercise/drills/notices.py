"""Drills of notices: one that comes too late and is too big, and an area switched on.

Source: domain study of keepclear, 0.5, 1.5 (25 Apr 2017, 24 Nov 2015), 5h.3 and 5h.11.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from keepclear.exercise.article.words import SECOND, act
from keepclear.exercise.article.words import came as comes
from keepclear.exercise.drills.acting import (
    circle,
    does,
    files,
    nothing,
    notifies,
    puts,
    reads_back,
    sends,
    soon,
)
from keepclear.exercise.drills.debrief import Seen
from keepclear.exercise.drills.drill import COUNTERPART, TRAINEE, Drill, DrillStep, Expected, Scene
from keepclear.exercise.drills.records import (
    acknowledged,
    entries,
    first_of,
    moment,
    read_back,
    sent,
)
from keepclear.exercise.drills.times import acknowledging, at_most, reading_back

_WIDE_M = 74_080.0
"""Forty nautical miles: a box in which anything may be."""


def _notifies_late(scene: Scene) -> str:
    start = soon(scene, minutes=21)
    volume = circle((34.8, 40.3), _WIDE_M, (0.0, 9_000.0), start, timedelta(hours=8))
    told = notifies(scene, COUNTERPART, files(scene, COUNTERPART, "A-777", volume)["id"])
    comes(scene.stage, TRAINEE, told)
    scene.made["notice"] = told
    return "AMBER gives notice of A-777: it begins in 20 minutes, and is 80 miles across."


def _insufficient(scene: Scene) -> Seen | None:
    found = ((at, each["document"]["fields"]) for at, each in sent(scene, "M20"))
    return first_of(found, _names_nothing)


def _names_nothing(fields: Any) -> str:
    said = f"{fields.get('definition', '')} {fields.get('rule', '')}".upper()
    named = "INSUFFICIENT" in said or "NOTICE" in said
    return "" if named else "it does not say that the notice is insufficient"


def _answers_formally(scene: Scene) -> None:
    answer = f"/messages/{scene.made['notice']}/judgement/answer"
    drafted = puts(scene, answer, {})["message"]
    act(scene.stage, TRAINEE, drafted, "release", second=SECOND)


TOO_LATE_TOO_BIG = Drill(
    name="too-late-too-big",
    title="Too late and too big",
    briefing="Before an air attack close to other forces notice came 20 to 60 minutes ahead, with "
    "a very large box and forces six miles away: notification, not coordination. Such a notice "
    "comes to you. It is taken, and it is answered.",
    source="domain study of keepclear, 0.5, 1.5 (25 Apr 2017) and 5h.3",
    slip="the notice is acknowledged, and nobody says that it is of no use",
    lesson="A bad notice is still a notice: it is taken, shown and compared. But acknowledged "
    "alone it is later read as consent to it. INSUFFICIENT, with the agreement's reasons, is a "
    "formal answer; keepclear drafts it and you release it before the flight begins.",
    steps=(
        DrillStep(
            title="A notice comes",
            todo="Messages: acknowledge the notice (M03). It means that you have it.",
            act=_notifies_late,
            expected=Expected(
                "Acknowledge the notice",
                at_most(minutes=5),
                "before A-777 begins",
                acknowledged("notice"),
            ),
            right=does("notice", "acknowledge"),
        ),
        DrillStep(
            title="Is it of any use?",
            todo="Messages: look how the notice is scored, have the answer drafted (M20), read it "
            "and release it.",
            expected=Expected(
                "Release INSUFFICIENT with reasons",
                at_most(minutes=20),
                "before A-777 begins",
                _insufficient,
            ),
            right=_answers_formally,
            wrong=nothing,
        ),
    ),
)


_AIRFIELD = (35.4011, 35.9487)
_RADIUS_M = 18_520.0


def _switches_on(scene: Scene) -> str:
    start = soon(scene, hours=3)
    own = circle((35.45, 36.05), 6_000.0, (3_000.0, 3_600.0), start, timedelta(hours=1))
    scene.made["flight"] = files(scene, TRAINEE, "B-310", own)["id"]
    area = circle(_AIRFIELD, _RADIUS_M, (0.0, 6_000.0), soon(scene, hours=1), timedelta(days=1))
    fields = {
        "place": "Latakia airfield",
        "volumes": [area],
        "status": "active",
        "safe_approach": "From the sea on the published corridor, after contact.",
        "contact": "EXERCISE AMBER approach, 121.500 MHz",
    }
    sends(scene, "area", "M06", fields)
    scene.stage.until("the area in BLUE's answer", lambda: _entered_area(scene))
    return "AMBER tells of an air-defence hazard area, active in one hour. B-310 flies through it."


def _entered_area(scene: Scene) -> bool:
    answer = scene.stage.get(TRAINEE, f"/operations/{scene.made['flight']}/answer")["answer"]
    return any(each["airspace_id"].startswith("AMBER: ") for each in answer["infringements"])


def _out_of_it(scene: Scene) -> Seen | None:
    flight = scene.made["flight"]
    changes = [
        each
        for each in entries(scene, "operation changed", "operation cancelled", "operation ended")
        if each["subject"]["id"] == flight
    ]
    if not changes:
        return None
    at = moment(changes[-1]["at"])
    if scene.stage.get(TRAINEE, f"/operations/{flight}")["state"] == "ended":
        return Seen(at)
    return Seen(at, wrong="B-310 still enters the area" if _entered_area(scene) else "")


def _changes(scene: Scene, **volume: Any) -> None:
    path = f"/operations/{scene.made['flight']}"
    flight = scene.stage.get(TRAINEE, path)
    names = ("designator", "class", "category", "contact")
    body = {name: flight[name] for name in names}
    body["volumes"] = [{**flight["volumes"][0], **volume}]
    puts(scene, path, body, version=flight["version"])


def _moves_away(scene: Scene) -> None:
    centre = {"latitude_deg": 35.45, "longitude_deg": 36.9}
    _changes(scene, footprint={"kind": "circle", "centre": centre, "radius_m": 6_000.0})


def _climbs_a_little(scene: Scene) -> None:
    _changes(
        scene,
        lower={"value_m": 3_600.0, "reference": "STD"},
        upper={"value_m": 4_200.0, "reference": "STD"},
    )


AIR_DEFENCE_AREA = Drill(
    name="air-defence-area",
    title="An air-defence area is switched on",
    briefing="After an aircraft was shot down, air defence followed at an airfield, and the "
    "flights of many contingents around it went on. A hazard area says where, when and "
    "whom to call, nothing of any system. You receive one that a flight of yours would "
    "enter.",
    source="domain study of keepclear, 1.5 (24 Nov 2015), 5f (M06) and 5h.11",
    slip="the flight climbs a little, and is still inside",
    lesson="Take the area as it was told and find your own flights in it at once, members' too. "
    "Change or end them, and look at the answer again: a change that still enters is no change. "
    "Nobody asks what stands there; that is not for this line.",
    steps=(
        DrillStep(
            title="A hazard area comes",
            todo="Messages: acknowledge M06.",
            act=_switches_on,
            expected=Expected(
                "Acknowledge the area",
                acknowledging("area"),
                "acknowledge, its precedence",
                acknowledged("area"),
            ),
            right=does("area", "acknowledge"),
        ),
        DrillStep(
            title="Extent, times, contact",
            todo="Messages: read it back.",
            expected=Expected(
                "Read the area back",
                reading_back("area"),
                "readback, its precedence",
                read_back("area"),
            ),
            right=reads_back("area"),
        ),
        DrillStep(
            title="Your flight in it",
            todo="Operations: change B-310 so that it keeps out, or end it. Look at its answer "
            "before you are done.",
            expected=Expected(
                "Take B-310 out of the area",
                at_most(minutes=60),
                "before it is active",
                _out_of_it,
            ),
            right=_moves_away,
            wrong=_climbs_a_little,
        ),
    ),
)
