"""What scripts do in drills, for the counterpart and for a trainee that is played."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from keepclear.exercise.article.words import (
    ACTOR,
    DUTY,
    LINE,
    act,
    later,
    send,
    text_of,
)
from keepclear.exercise.drills.drill import COUNTERPART, TRAINEE, Doing, Scene

Fields = Mapping[str, Any]


def nothing(scene: Scene) -> None:
    """The trainee does nothing."""
    del scene


def sends(scene: Scene, key: str, code: str, fields: Fields, **header: Any) -> Any:
    """Have the counterpart send a message; it is known by `key` from then on."""
    told = send(scene.stage, COUNTERPART, code, fields, **header)
    scene.made[key] = told["id"]
    return told


def writes(scene: Scene, code: str, fields: Fields, **header: Any) -> Any:
    """Have the trainee send a message."""
    return send(scene.stage, TRAINEE, code, fields, **header)


def does(key: str, kind: str, **said: Any) -> Doing:
    """The trainee does something to a message of the drill."""

    def play(scene: Scene) -> None:
        act(scene.stage, TRAINEE, scene.made[key], kind, **said)

    return play


def reads_back(key: str) -> Doing:
    """The trainee reads a message back as it stands."""

    def play(scene: Scene) -> None:
        heard = heard_of(scene, TRAINEE, scene.made[key])
        act(scene.stage, TRAINEE, scene.made[key], "readback", heard=heard)

    return play


def heard_of(scene: Scene, party: str, message_id: str) -> dict[str, Any]:
    """What whoever reads a message back says, field by field."""
    message = scene.stage.get(party, f"/messages/{message_id}")
    fields = message["document"]["fields"]
    keys = [each["field"]["key"] for each in message["readback"]]
    return {key: fields[key] for key in keys if key in fields}


def puts(scene: Scene, path: str, body: Fields, **how: Any) -> Any:
    """The trainee puts something on their node."""
    return scene.stage.put(TRAINEE, path, body, actor=ACTOR[TRAINEE], **how)


def notes(scene: Scene, text: str) -> None:
    """The trainee writes into the watch log."""
    body = {"role": DUTY, "text": text, "line": LINE}
    puts(scene, f"/watch-log/{scene.stage.new_id()}", body, is_new=True)


def passes_time(scene: Scene, **by: float) -> str:
    """Turn both clocks forward; how to tell the trainee."""
    return turned_to(scene, scene.stage.now() + timedelta(**by))


def turned_to(scene: Scene, at: datetime) -> str:
    """Turn both clocks forward to a moment; how to tell the trainee."""
    scene.stage.turn_to(at)
    return f"The clock was turned forward; it is {at:%d %b %H:%MZ} now."


def circle(
    centre: tuple[float, float],
    radius_m: float,
    band_m: tuple[float, float],
    start: datetime,
    length: timedelta,
) -> dict[str, Any]:
    """A volume as the API takes it."""
    latitude_deg, longitude_deg = centre
    return {
        "footprint": {
            "kind": "circle",
            "centre": {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg},
            "radius_m": radius_m,
        },
        "lower": {"value_m": band_m[0], "reference": "STD"},
        "upper": {"value_m": band_m[1], "reference": "STD"},
        "start": text_of(start),
        "end": text_of(start + length),
    }


def files(scene: Scene, party: str, designator: str, volume: Fields, **more: Any) -> Any:
    """File an operation for a party; as it was filed."""
    body = {
        "designator": designator,
        "class": "manned",
        "category": "transport",
        "volumes": [volume],
        "contact": f"EXERCISE {party} control, 133.100 MHz",
        **more,
    }
    path = f"/operations/{scene.stage.new_id()}"
    return scene.stage.put(party, path, body, is_new=True, actor=ACTOR[party])["operation"]


def notifies(scene: Scene, party: str, operation_id: str) -> str:
    """Give notice of a filed operation on the line; the id of the message."""
    message_id = scene.stage.new_id()
    body = {"message_id": message_id, "role": "planner"}
    path = f"/lines/{LINE}/notices/{operation_id}"
    scene.stage.put(party, path, body, actor=ACTOR[party])
    return message_id


def soon(scene: Scene, **by: float) -> datetime:
    """A moment of the exercise so much from now, on the full minute."""
    return later(scene.stage, **by)
