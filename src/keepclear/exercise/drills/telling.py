"""Drills of those who must be told: units under a convoy, and members when one of them leaves.

Source: domain study of keepclear, 0.10, 1.4, 1.5, 5h.10 and 5h.12.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from keepclear.exercise.article.words import ACTOR, DUTY, LINE, SECOND, came, text_of
from keepclear.exercise.drills.acting import (
    circle,
    does,
    files,
    nothing,
    notifies,
    puts,
    soon,
)
from keepclear.exercise.drills.debrief import Seen
from keepclear.exercise.drills.drill import (
    COUNTERPART,
    TRAINEE,
    Doing,
    Drill,
    DrillStep,
    Expected,
    Scene,
)
from keepclear.exercise.drills.records import acknowledged, entries, moment
from keepclear.exercise.drills.times import acknowledging, at_most

_MOVER = "movement officer"
_AREA = {
    "kind": "circle",
    "centre": {"latitude_deg": 35.2, "longitude_deg": 36.1},
    "radius_m": 40_000.0,
}
_UNITS = {"tower": ("NORTHGATE TOWER", "tower"), "drones": ("EASTERN DRONES", "uas")}


def _lists_units(scene: Scene) -> None:
    for key, (name, kind) in _UNITS.items():
        scene.made[key] = scene.stage.new_id()
        body = {
            "name": name,
            "kind": kind,
            "means": [{"kind": "telephone", "address": "EXERCISE 5510"}],
            "area": _AREA,
        }
        puts(scene, f"/units/{scene.made[key]}", body, is_new=True)


def _notifies_convoy(scene: Scene) -> str:
    _lists_units(scene)
    start = soon(scene, hours=2)
    line = [
        {"latitude_deg": 35.1, "longitude_deg": 36.1},
        {"latitude_deg": 35.4, "longitude_deg": 36.2},
    ]
    leg = {
        "footprint": {"kind": "corridor", "centreline": line, "half_width_m": 1_000.0},
        "lower": {"value_m": 0.0, "reference": "AGL"},
        "upper": {"value_m": 100.0, "reference": "AGL"},
        "start": text_of(start),
        "end": text_of(start + timedelta(hours=2)),
    }
    body = {
        "organisation": "Relief Example",
        "mode": "road",
        "route": "Northgate to Southfield by the valley road, at night",
        "legs": [leg],
        "marks": "blue flag on each roof; not seen at night",
        "contact": "EXERCISE convoy 5577",
        "cargo": "food",
        "expiry": text_of(start + timedelta(hours=6)),
        "recipients": [TRAINEE],
    }
    movement, notice = scene.stage.new_id(), scene.stage.new_id()
    actor, path = ACTOR[COUNTERPART], f"/movements/{movement}"
    scene.stage.put(COUNTERPART, path, body, is_new=True, actor=actor)
    release = {"line": LINE, "role": _MOVER, "second": SECOND}
    scene.stage.put(COUNTERPART, f"{path}/releases/{notice}", release, actor=actor)
    came(scene.stage, TRAINEE, notice)
    scene.made["convoy"] = notice
    return (
        "AMBER passes on a relief convoy that starts in two hours, at night. Your NORTHGATE TOWER "
        "and EASTERN DRONES work along its road."
    )


def _all_told(scene: Scene) -> Seen | None:
    told = scene.stage.get(TRAINEE, f"/messages/{scene.made['convoy']}/units")
    said = [each["steps"][-1] for each in told["units"] if each["steps"]]
    if told["passed"] == "cannot":
        return Seen(_last(said), wrong="a unit that works there was given up, not told")
    return Seen(_last(said)) if told["passed"] == "confirmed" else None


def _last(steps: list[Any]) -> Any:
    return max(moment(each["at"]) for each in steps)


def _confirms(scene: Scene, key: str) -> None:
    path = f"/messages/{scene.made['convoy']}/units/{scene.made[key]}/words/{scene.stage.new_id()}"
    body = {"word": "confirmed", "role": DUTY, "means": "telephone", "words": "crew told"}
    puts(scene, path, body)


def _tells(*keys: str) -> Doing:
    def play(scene: Scene) -> None:
        for key in keys:
            _confirms(scene, key)

    return play


CONVOY_AT_NIGHT = Drill(
    name="convoy-at-night",
    title="A convoy at night",
    briefing="A relief convoy had been notified, and the office that took the notice knew of it. "
    "The crew of the drone above the convoy did not. Such a notice comes to you, at "
    "night: whoever flies there must know before it starts.",
    source="domain study of keepclear, 0.10, 3 and 5h.10",
    slip="one of the two units is told, and the notice passes for handled",
    lesson="To have a notice is not to have passed it on. PASSED TO UNITS follows from what each "
    "unit confirmed and from nothing else; half an hour before the start, silence becomes an "
    "alarm on both sides. A humanitarian notice is never approved and never denied.",
    steps=(
        DrillStep(
            title="A convoy is notified",
            todo="Messages: acknowledge the notice (M14).",
            act=_notifies_convoy,
            expected=Expected(
                "Acknowledge the notice",
                acknowledging("convoy"),
                "acknowledge, its precedence",
                acknowledged("convoy"),
            ),
            right=does("convoy", "acknowledge"),
        ),
        DrillStep(
            title="Who must know?",
            todo="Messages, units: tell each unit that is listed there, and put on record what it "
            "said. The drones too.",
            expected=Expected(
                "Have every unit confirm",
                at_most(minutes=90),
                "half an hour before start",
                _all_told,
            ),
            right=_tells("tower", "drones"),
            wrong=_tells("tower"),
        ),
    ),
)


_LEAVER, _STAYER = "BLUE-NORTH", "BLUE-SEA"


def _wants_to_leave(scene: Scene) -> str:
    start = soon(scene, hours=30)
    volume = circle((36.2, 39.6), 12_000.0, (8_600.0, 9_000.0), start, timedelta(hours=2))
    flight = files(scene, TRAINEE, "B-210", volume, member=_LEAVER)
    scene.made["flight"] = flight["id"]
    came(scene.stage, COUNTERPART, notifies(scene, TRAINEE, flight["id"]))
    return (
        f"{_LEAVER} tells you by telephone: it flies no more under BLUE from now on. AMBER holds "
        "notice of its flight B-210."
    )


def _left(scene: Scene) -> Seen | None:
    for each in entries(scene, "member left"):
        return Seen(moment(each["at"]))
    ended = [
        each
        for each in entries(scene, "operation cancelled", "operation ended")
        if each["subject"]["id"] == scene.made["flight"]
    ]
    wrong = "the flight was ended, but nobody was told that the member left"
    return Seen(moment(ended[0]["at"]), wrong=wrong) if ended else None


def _stayer_told(scene: Scene) -> Seen | None:
    for each in entries(scene, "relay received"):
        receipts = each["payload"]["body"]["receipts"]
        if any(one["to"] == _STAYER for one in receipts):
            return Seen(moment(each["at"]))
    return None


def _declares_departure(scene: Scene) -> None:
    body = {
        "words": f"{_LEAVER} flies no more under BLUE from now on",
        "second": SECOND,
        "role": DUTY,
    }
    left = puts(scene, f"/members/{_LEAVER}/departure", body)
    scene.made["declared"] = left["told"][0]


def _tells_stayer(scene: Scene) -> None:
    path = f"/messages/{scene.made['declared']}/relay/receipts/{scene.stage.new_id()}"
    body = {
        "to": _STAYER,
        "means": "telephone",
        "role": DUTY,
        "receipt": "read and understood",
    }
    puts(scene, path, body)


def _ends_flight_alone(scene: Scene) -> None:
    path = f"/operations/{scene.made['flight']}"
    version = scene.stage.get(TRAINEE, path)["version"]
    body = {"state": "ended", "reason": "cancelled"}
    puts(scene, f"{path}/state", body, version=version)


MEMBER_LEAVES = Drill(
    name="member-leaves",
    title="A member leaves",
    briefing="When a line was declared suspended, one member of a coalition stopped its flights "
    "at once. A notice of a flight that will not be flown misleads whoever plans around "
    "it. A member tells you that it leaves.",
    source="domain study of keepclear, 1.4 (19 Jun 2017) and 5h.12",
    slip="its flight is ended, and nobody is told that the member left",
    lesson="A departure is one act with a second person: its flights end, their notices are "
    "cancelled, relays to it stop, the other party is told in your words. What machines cannot "
    "do is to tell the members who stay; that takes a call and a receipt.",
    steps=(
        DrillStep(
            title="BLUE-NORTH flies no more",
            todo="Members: put on record that BLUE-NORTH leaves, in words the others may read, "
            "with a second person.",
            act=_wants_to_leave,
            expected=Expected(
                "Declare the departure",
                at_most(minutes=30),
                "the drill's own",
                _left,
            ),
            right=_declares_departure,
            wrong=_ends_flight_alone,
        ),
        DrillStep(
            title="Those who stay",
            todo="Members: call BLUE-SEA, and put its receipt on record beside the declaration.",
            expected=Expected(
                "Tell BLUE-SEA, with a receipt",
                at_most(minutes=60),
                "the drill's own",
                _stayer_told,
            ),
            right=_tells_stayer,
            wrong=nothing,
        ),
    ),
)
