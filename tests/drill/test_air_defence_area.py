"""Drill 11: an air-defence area is switched on at the airfield; whose flights it touches.

Source: domain study of keepclear, 5h.11 and 5g: no system data anywhere in the message.
"""

from __future__ import annotations

import json
from typing import Any

from drill.conftest import Drill
from keepclear.exercise.article.words import later, send, text_of

NAMES = ("missile", "radar", "range", "battery", "launcher", "weapon", "target", "system", "type")


def circle(drill: Drill, radius_m: float, **at: float) -> dict[str, Any]:
    return {
        "footprint": {
            "kind": "circle",
            "centre": {"latitude_deg": at.get("lat", 35.4011), "longitude_deg": 35.9487},
            "radius_m": radius_m,
        },
        "lower": {"value_m": 3_048.0, "reference": "STD"},
        "upper": {"value_m": 6_096.0, "reference": "STD"},
        "start": text_of(later(drill.stage, hours=2)),
        "end": text_of(later(drill.stage, hours=4)),
    }


def file(drill: Drill, designator: str, volume: dict[str, Any], member: str = "") -> str:
    operation_id = drill.stage.new_id()
    document = {
        "designator": designator,
        "class": "manned",
        "category": "transport",
        "contact": "130.000",
        "volumes": [volume],
        **({"member": member} if member else {}),
    }
    drill.stage.put("BLUE", f"/operations/{operation_id}", document, is_new=True)
    return operation_id


def test_the_affected_operations_of_all_members_are_found_and_no_system_is_described(
    drill: Drill,
) -> None:
    own = file(drill, "B-1", circle(drill, 5_000.0))
    members = file(drill, "B-2", circle(drill, 5_000.0, lat=35.45), member="GREEN")
    far = file(drill, "B-3", circle(drill, 5_000.0, lat=34.6))
    area = {
        "place": "Latakia airfield",
        "volumes": [circle(drill, 20_000.0)],
        "status": "active",
        "safe_approach": "call first, come from the sea below 3,000 ft",
        "contact": "EXERCISE 5552",
    }
    told = send(drill.stage, "AMBER", "M06", area)

    def found() -> Any:
        seen = drill.stage.get("BLUE", f"/messages/{told['id']}/affected")
        return seen if seen["complete"] and seen["touched"] else None

    seen = drill.stage.until("the affected operations", found)
    assert {each["id"] for each in seen["touched"]} == {own, members}
    assert far not in {each["id"] for each in seen["touched"]}
    assert {each["member"] for each in seen["touched"]} == {"", "GREEN"}
    assert "NOTAM" in seen["civil_notice"]

    keys = set(drill.message("BLUE", told["id"])["document"]["fields"])
    assert keys == {"place", "volumes", "status", "safe_approach", "contact"}
    text = json.dumps(drill.message("BLUE", told["id"])["document"]["fields"]).lower()
    assert not [name for name in NAMES if name in text]

    # Nor could it be put in: a field for it is refused before release.
    draft_id = drill.stage.new_id()
    draft = {"code": "M06", "line": "AMBER-BLUE", "fields": {**area, "weapon_range": "40 km"}}
    kept = drill.stage.put("AMBER", f"/messages/{draft_id}", draft, is_new=True)
    assert any("weapon" in each["place"] for each in kept["problems"])
