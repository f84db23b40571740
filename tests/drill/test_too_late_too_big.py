"""Drill 3: twenty minutes' notice of a box of twenty miles is taken, scored, and answered.

Source: domain study of keepclear, 5h.3; 25 April 2017: 20 to 60 minutes, "very large box".
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drill.conftest import Drill
from keepclear.exercise.article.words import later, send, text_of

TWENTY_MILES_DEG = 20.0 / 60.0


def box(drill: Drill) -> dict[str, Any]:
    south, west = 36.3, 41.5
    ring = [
        (south, west),
        (south, west + TWENTY_MILES_DEG * 1.24),
        (south + TWENTY_MILES_DEG, west + TWENTY_MILES_DEG * 1.24),
        (south + TWENTY_MILES_DEG, west),
    ]
    return {
        "footprint": {
            "kind": "polygon",
            "rings": [[{"latitude_deg": lat, "longitude_deg": lon} for lat, lon in ring]],
        },
        "lower": {"value_m": 0.0, "reference": "QNH"},
        "upper": {"value_m": 1_000.0, "reference": "QNH"},
        "start": text_of(drill.stage.now() + timedelta(minutes=20, seconds=5)),
        "end": text_of(later(drill.stage, hours=3)),
    }


def test_too_late_and_too_big_is_taken_scored_and_a_formal_answer_is_drafted(drill: Drill) -> None:
    stage = drill.stage
    operation = stage.new_id()
    fields = {
        "operation": {"id": operation, "version": 1, "designator": "A-2504"},
        "category": "survey",
        "class": "unmanned",
        "number": "2-4",
        "volumes": [box(drill)],
    }
    # Ours carries the red mark before anybody else complains.
    draft_id = stage.new_id()
    draft = {"code": "M03", "line": "AMBER-BLUE", "fields": fields}
    stage.put("AMBER", f"/messages/{draft_id}", draft, is_new=True)
    before = stage.get("AMBER", f"/messages/{draft_id}/judgement")
    assert (before["score"], before["is_ours"]) == ("INSUFFICIENT", True)

    told = send(stage, "AMBER", "M03", fields)
    path = f"/messages/{told['id']}/judgement"
    judged = stage.get("BLUE", path)
    assert judged["score"] == "INSUFFICIENT"
    kinds = {each["kind"] for each in judged["findings"]}
    assert {"too late", "too big"} <= kinds
    assert any("20 min before" in each["reason"] for each in judged["findings"])

    # It is taken all the same: the operation is compared from now on.
    assert stage.get("BLUE", f"/operations/{operation}")["party"] == "AMBER"

    answer_id = stage.put("BLUE", f"{path}/answer", {})["message"]
    answer = drill.message("BLUE", answer_id)
    assert answer["document"]["code"] == "M20"
    assert answer["document"]["refs"] == [told["id"]]
    assert answer["life"]["state"] == "READY"  # a person releases it, or nobody
    assert not answer["problems"]
    definition = answer["document"]["fields"]["definition"]
    assert definition.startswith("INSUFFICIENT")
    assert "too late" in definition
    assert "too big" in definition
    assert stage.get("BLUE", "/judgements")["items"][0]["answer"] == answer_id
