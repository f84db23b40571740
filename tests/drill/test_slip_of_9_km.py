"""Drill 2: a place is passed 9 km wrong, and that is found before anybody acts on it.

Source: domain study of keepclear, 5h.2 and 0.3.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from drill.conftest import Drill
from keepclear.exercise.article.words import acknowledge, act, send
from keepclear.geometry.geodesy import geodesic_m
from keepclear.model.volume import Position

MEANT = "35.2300N 040.1500E"
SLIPPED = {"latitude_deg": 35.31, "longitude_deg": 40.15}
"""A right-looking wrong digit: nearly nine kilometres to the north."""
REQUEST = {
    "position": MEANT,
    "believed": "own troops on the hill are under fire",
    "confidence": "seen by own people",
    "call_back": "duty officer, EXERCISE 5551",
}


def test_a_slip_of_nine_kilometres_is_a_mismatch_before_it_is_sent_and_on_both_sides_after(
    drill: Drill,
) -> None:
    stage = drill.stage
    told = send(stage, "AMBER", "M10", REQUEST)
    message_id, sent = told["id"], told["document"]["fields"]
    acknowledge(stage, "BLUE", message_id)

    meant = Position(sent["position"]["latitude_deg"], sent["position"]["longitude_deg"])
    slip_m = geodesic_m(meant, Position(**SLIPPED))
    assert 8_500 < slip_m < 9_500

    heard = {**readable(told, sent), "position": SLIPPED}
    before = compared(drill, message_id, heard)
    assert not before["matches"]
    assert [each["key"] for each in before["differences"]] == ["position"]

    # Said back wrongly all the same: the sender's machine finds it, and both know.
    act(stage, "BLUE", message_id, "readback", heard=heard)
    for party in ("BLUE", "AMBER"):
        stage.until(f"the dispute at {party}", partial(disputed, drill, party, message_id))

    # The right place supersedes nothing: it is what was sent. Said back rightly, it is read back.
    act(stage, "BLUE", message_id, "readback", heard=readable(told, sent))
    for party in ("BLUE", "AMBER"):
        stage.until(f"the readback at {party}", partial(settled, drill, party, message_id))

    texts = [
        entry for entry in drill.entries("AMBER", message_id) if entry["kind"] == "message acted on"
    ]
    assert len(texts) >= 3  # acknowledged, read back wrongly, read back rightly: all are kept


def test_a_place_named_9_km_from_its_numbers_is_refused_before_release(drill: Drill) -> None:
    stage = drill.stage
    message_id = stage.new_id()
    fields = {**REQUEST, "position": {**SLIPPED, "text": MEANT}}
    draft = {"code": "M10", "line": "AMBER-BLUE", "fields": fields}
    kept = stage.put("AMBER", f"/messages/{message_id}", draft, is_new=True)
    (problem,) = [each for each in kept["problems"] if "position" in each["place"]]
    assert "lies" in problem["text"]
    assert " m from " in problem["text"]


def test_a_correction_supersedes_and_both_texts_are_kept(drill: Drill) -> None:
    stage = drill.stage
    wrong = send(stage, "AMBER", "M10", {**REQUEST, "position": "35.3100N 040.1500E"})
    right = send(stage, "AMBER", "M10", REQUEST, supersedes=wrong["id"])
    assert right["document"]["version"] == 2
    for party in ("BLUE", "AMBER"):
        old = drill.message(party, wrong["id"])
        assert old["life"]["superseded_by"] == right["id"]
        assert old["document"]["fields"]["position"]["latitude_deg"] == 35.31


def readable(told: Any, sent: Any) -> dict[str, Any]:
    keys = [each["field"]["key"] for each in told["readback"]]
    return {key: sent[key] for key in keys if key in sent}


def compared(drill: Drill, message_id: str, heard: dict[str, Any]) -> Any:
    return drill.stage.post("BLUE", f"/messages/{message_id}/comparison", {"heard": heard})


def disputed(drill: Drill, party: str, message_id: str) -> bool:
    return bool(drill.message(party, message_id)["life"]["disputes"] == 1)


def settled(drill: Drill, party: str, message_id: str) -> bool:
    life = drill.message(party, message_id)["life"]
    return any(
        step["act"] == "readback" and step["state"] != "DISPUTED" for step in life["history"]
    )
