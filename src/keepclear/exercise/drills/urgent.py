"""Drills of urgent messages: a person who is absent, and a place that is nine kilometres off.

Source: domain study of keepclear, 0.1 to 0.3, 1.5, 5d (clocks, life 5 and 6), 5h.1 and 5h.2.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keepclear.exercise.article.words import act
from keepclear.exercise.drills.acting import (
    does,
    heard_of,
    nothing,
    passes_time,
    reads_back,
    sends,
    writes,
)
from keepclear.exercise.drills.debrief import Seen
from keepclear.exercise.drills.drill import COUNTERPART, TRAINEE, Drill, DrillStep, Expected, Scene
from keepclear.exercise.drills.records import (
    acknowledged,
    answered,
    doing,
    first_of,
    read_back,
    sent,
)
from keepclear.exercise.drills.times import acknowledging, answering, at_most, reading_back
from keepclear.geometry.geodesy import geodesic_m
from keepclear.model.volume import Position

_SENIOR = "senior watch officer"
_STRIKES: dict[str, Any] = {
    "position": "35.2300N 040.1500E",
    "extent": "2 km around it",
    "believed": "our troops on the hill are under fire from the air",
    "confidence": "seen by own people",
    "call_back": "duty officer, EXERCISE 5551",
}


def _asks_for_one_man(scene: Scene) -> str:
    sends(scene, "request", "M10", _STRIKES, to_role=_SENIOR)
    return "AMBER asks for your senior watch officer by office. That officer is away."


def _waits_for_him(scene: Scene) -> None:
    passes_time(scene, minutes=27, seconds=5)
    does("request", "acknowledge", role=_SENIOR)(scene)


NAMED_PERSON_ABSENT = Drill(
    name="named-person-absent",
    title="The named person is absent",
    briefing="A caller had a message that would stop an air strike. He asked for one officer, "
    "who was away, and waited 27 minutes; 15 of 37 strikes fell in that time. Once it "
    "was through, it stopped within five minutes. You take the call.",
    source="domain study of keepclear, 0.1, 0.2, 1.5 (17 Sep 2016) and 5h.1",
    slip="the message waits 27 minutes for the one it was addressed to",
    lesson="Any role on watch takes any urgent message. Acknowledging means a person has it, and "
    "the minute for it does not wait for a name. Read it back, then answer, and let the senior "
    "officer hear of it from you.",
    steps=(
        DrillStep(
            title="A FLASH for somebody who is away",
            todo="Messages: acknowledge the request (M10) as what you are on watch. Do not look "
            "for the one it names.",
            act=_asks_for_one_man,
            expected=Expected(
                "Acknowledge it, any role",
                acknowledging("request"),
                "acknowledge, FLASH",
                acknowledged("request"),
            ),
            right=does("request", "acknowledge"),
            wrong=_waits_for_him,
        ),
        DrillStep(
            title="What did they say, and where?",
            todo="Messages: read it back, the place digit by digit.",
            expected=Expected(
                "Read it back",
                reading_back("request"),
                "readback, FLASH",
                read_back("request"),
            ),
            right=reads_back("request"),
        ),
        DrillStep(
            title="Stop, and say so",
            todo="Messages: answer it: what is stopped, who looks, when you call back.",
            expected=Expected(
                "Answer it",
                answering("request"),
                "answer, FLASH",
                answered("request"),
            ),
            right=does("request", "answer", answer="answered", text="Stopped. We look and call."),
        ),
    ),
)


_GIVEN = Position(35.23, 40.15)
_SLIP_DEG = 0.08
"""A right-looking wrong digit: nearly nine kilometres."""
_NEAR_M = 500.0


def _report(scene: Scene) -> str:
    del scene
    return (
        "Your own post reports by radio: own troops under fire at 35.2300N 040.1500E. It is for "
        "AMBER to stop."
    )


def _place_sent(scene: Scene) -> Seen | None:
    found = ((at, each["document"]["fields"]["position"]) for at, each in sent(scene, "M10"))
    return first_of(found, _off)


def _off(position: Any) -> str:
    there = Position(position["latitude_deg"], position["longitude_deg"])
    off_m = geodesic_m(_GIVEN, there)
    return "" if off_m <= _NEAR_M else f"the place is {off_m / 1_000.0:.1f} km off"


def _last_sent(scene: Scene) -> tuple[datetime, Any] | None:
    every = list(sent(scene, "M10"))
    return every[-1] if every else None


def _hears_it_wrong(scene: Scene) -> str:
    last = _last_sent(scene)
    if last is None:
        return "AMBER has had no request, so it reads nothing back."
    scene.made["request"] = last[1]["id"]
    request = scene.made["request"]
    act(scene.stage, COUNTERPART, request, "acknowledge")
    heard = heard_of(scene, COUNTERPART, request)
    there = heard["position"]
    heard["position"] = {
        "latitude_deg": round(there["latitude_deg"] + _SLIP_DEG, 4),
        "longitude_deg": there["longitude_deg"],
    }
    act(scene.stage, COUNTERPART, request, "readback", heard=heard)
    scene.stage.until("AMBER's readback", lambda: doing("request", "readback")(scene))
    return "AMBER reads your request back, and a digit of the place is another."


def _hears_it_right(scene: Scene) -> str:
    if "request" not in scene.made:
        return ""
    request = scene.made["request"]
    act(
        scene.stage,
        COUNTERPART,
        request,
        "readback",
        heard=heard_of(scene, COUNTERPART, request),
    )
    return "AMBER reads it back once more, now as it was sent."


def _passes_a_place(scene: Scene) -> str:
    fields = {
        "who": "a transport aircraft",
        "position": "35.3100N 040.1500E",
        "since": scene.stage.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "state": "engine fire",
        "intention": "lands on the road",
    }
    sends(scene, "distress", "M12", fields)
    return (
        "AMBER sends M12, a crew in distress. On the telephone their officer says: latitude 35 "
        "point 2 3, longitude 40 point 1 5."
    )


def _heard(scene: Scene) -> Seen | None:
    """The first readback must be what was heard: it differs, and that is found."""
    differs = doing("distress", "readback", to="DISPUTED")(scene)
    if differs is not None:
        return differs
    same = doing("distress", "readback")(scene)
    wrong = "read from the screen: the place that was said is 9 km away, and nobody noticed"
    return None if same is None else Seen(same.at, wrong=wrong)


def _says_what_was_heard(scene: Scene) -> None:
    does("distress", "acknowledge")(scene)
    heard = heard_of(scene, TRAINEE, scene.made["distress"])
    heard["position"] = {"latitude_deg": 35.23, "longitude_deg": 40.15}
    act(scene.stage, TRAINEE, scene.made["distress"], "readback", heard=heard)


def _reads_from_the_screen(scene: Scene) -> None:
    does("distress", "acknowledge")(scene)
    reads_back("distress")(scene)


def _writes(position: str) -> Any:
    def play(scene: Scene) -> None:
        writes(scene, "M10", {**_STRIKES, "position": position})

    return play


def _corrects(scene: Scene) -> None:
    does("request", "correct", text="The place is as sent.")(scene)


WRONG_PLACE = Drill(
    name="wrong-place",
    title="Wrong place by 9 km",
    briefing="Before a strike a party told the other by telephone where it would fall. The place "
    "it passed was wrong by about nine kilometres, and spoken words alone did not show "
    "it. You pass a place, and you are passed one.",
    source="domain study of keepclear, 0.3, 1.5 (17 Sep 2016) and 5h.2",
    slip="a digit slips when the place is typed, and the other's place is read from the screen",
    lesson="A place is passed as digits and as a distance from a place people know; the second "
    "finds what is wrong with the first. Read back what you heard, never what stands before "
    "you. A readback that differs is the procedure at work: correct it, do not argue.",
    steps=(
        DrillStep(
            title="Pass a place",
            todo="Messages: write STOP-AND-CHECK (M10) with the place your post gave: 35.2300N "
            "040.1500E. Compare the distance from a known place before you release it.",
            act=_report,
            expected=Expected(
                "Send M10 with the right place",
                at_most(minutes=5),
                "the drill's own",
                _place_sent,
            ),
            right=_writes("35.2300N 040.1500E"),
            wrong=_writes("35.3100N 040.1500E"),
        ),
        DrillStep(
            title="Their readback differs",
            todo="Messages: it is DISPUTED. Look which digit differs, and correct it.",
            act=_hears_it_wrong,
            expected=Expected(
                "Correct the readback",
                reading_back("request"),
                "readback, FLASH",
                doing("request", "correction"),
            ),
            right=_corrects,
            wrong=nothing,
            after=_hears_it_right,
        ),
        DrillStep(
            title="Take a place",
            todo="Messages: acknowledge M12, then read back what was said on the telephone: "
            "35.2300N 040.1500E, whatever stands on the screen.",
            act=_passes_a_place,
            expected=Expected(
                "Read back what was heard",
                reading_back("distress"),
                "readback, FLASH",
                _heard,
            ),
            right=_says_what_was_heard,
            wrong=_reads_from_the_screen,
        ),
    ),
)
