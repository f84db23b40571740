"""The air: a hazard area, first notices, one conflict settled, and the proof of it all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from keepclear.exercise.article.stage import Stage
from keepclear.exercise.article.words import (
    ACTOR,
    DUTY,
    LINE,
    acknowledge,
    came,
    later,
    read_back,
    send,
    text_of,
)

_PLACE = {"latitude_deg": 34.05, "longitude_deg": 41.35}
"""Where the two flights meet: empty desert, away from all else that the exercise shows."""
_LATAKIA = {"latitude_deg": 35.4011, "longitude_deg": 35.9487}
_BLUE, _AMBER = "B-801", "A-801"
_APART_M = 2_500.0


def hazard(stage: Stage) -> str:
    """AMBER gives notice of a hazard area around the airfield."""
    start = later(stage, hours=2)
    fields = {
        "place": "Latakia airfield",
        "volumes": [_volume(_LATAKIA, 18_520.0, (0.0, 6_000.0), start, start + timedelta(days=1))],
        "status": "treat as active",
        "safe_approach": "From the sea on the published corridor, transponder on, after contact.",
        "contact": "EXERCISE AMBER approach, 121.500 MHz",
    }
    told = send(stage, "AMBER", "M06", fields)
    acknowledge(stage, "BLUE", told["id"])
    read_back(stage, "BLUE", told["id"])
    return "BLUE has the area on its map; extent, times, contact and approach, nothing else"


def notices(stage: Stage) -> str:
    """AMBER says what its set covers, and gives notice of a flight that BLUE meets."""
    start = later(stage, hours=7)
    _file(stage, "BLUE", _BLUE, 6_100.0, start)
    theirs = _file(stage, "AMBER", _AMBER, 6_250.0, start)
    coverage = _restated_coverage(stage)
    for path in (f"notices/{theirs['id']}", f"coverages/{coverage}"):
        message_id = stage.new_id()
        body = {"message_id": message_id, "role": "planner"}
        stage.put("AMBER", f"/lines/{LINE}/{path}", body, actor=ACTOR["AMBER"])
        told = came(stage, "BLUE", message_id)
        acknowledge(stage, "BLUE", told["id"])
        if told["life"]["needs_readback"]:
            read_back(stage, "BLUE", told["id"])
    conflict = stage.until("the conflict at BLUE", lambda: _conflict(stage))
    return f"{_BLUE} and {_AMBER} are in conflict under {conflict['rule_id']}, as both nodes say"


def conflict(stage: Stage) -> str:
    """Advise, acknowledge, read back, answer, move: four acts, and the conflict is gone."""
    seen, ours = _conflict(stage), _operation(stage, "BLUE", _BLUE)
    theirs = _operation(stage, "AMBER", _AMBER)
    fields = {
        "conflict": seen["id"],
        "operation": _named(ours),
        "other": _named(theirs),
        "window": {"start": ours["volumes"][0]["start"], "end": ours["volumes"][0]["end"]},
        "rule": seen["rule_id"],
        "asked_change": "higher or later",
    }
    advised = send(stage, "BLUE", "M07", fields)
    acknowledge(stage, "AMBER", advised["id"])
    read_back(stage, "AMBER", advised["id"])
    moved = _file(stage, "AMBER", _AMBER, 6_250.0 + _APART_M, _start(theirs), before=theirs)
    answer = {
        "advisory": advised["id"],
        "answer": "will move",
        "operation": _named(moved),
        "by": text_of(later(stage, minutes=30)),
    }
    told = send(stage, "AMBER", "M08", answer)
    acknowledge(stage, "BLUE", told["id"])
    read_back(stage, "BLUE", told["id"])
    _tell_change(stage, theirs["id"])
    stage.until("the end of the conflict at BLUE", lambda: _conflict(stage) is None)
    return f"AMBER moved {_AMBER} {_APART_M:,.0f} m higher; no conflict found between the two"


def proof(stage: Stage) -> str:
    """Both sides hold the same words, and both ledgers are signed."""
    note = {
        "role": DUTY,
        "text": "First day on the line. One conflict settled within minutes of the notice.",
        "line": LINE,
    }
    for party in ("BLUE", "AMBER"):
        path = f"/watch-log/{stage.new_id()}"
        stage.put(party, path, note, is_new=True, actor=ACTOR[party])
    held = {party: _said(stage, party) for party in ("BLUE", "AMBER")}
    same = held["BLUE"] == held["AMBER"]
    sizes = {party: stage.get(party, "/node")["ledger"]["size"] for party in held}
    word = "the same" if same else "NOT the same"
    return (
        f"both hold {word} {len(held['BLUE'])} messages; signed ledgers over "
        f"{sizes['BLUE']:,} and {sizes['AMBER']:,} entries (`keepclear ledger verify`)"
    )


def _said(stage: Stage, party: str) -> dict[str, Any]:
    """Every message of the line as a node holds it, by id."""
    found: dict[str, Any] = {}
    cursor = ""
    while True:
        page = stage.get(party, "/messages", line=LINE, limit="50", cursor=cursor)
        found |= {each["id"]: each["document"] for each in page["items"] if each["entry"]}
        cursor = page["next"] or ""
        if not cursor:
            return found


def _file(
    stage: Stage,
    party: str,
    designator: str,
    height_m: float,
    start: datetime,
    *,
    before: dict[str, Any] | None = None,
) -> dict[str, Any]:
    operation_id = stage.new_id() if before is None else before["id"]
    end = start + timedelta(minutes=40)
    body = {
        "designator": designator,
        "class": "manned",
        "category": "patrol",
        "volumes": [_volume(_PLACE, 15_000.0, (height_m, height_m + 300.0), start, end)],
        "contact": f"EXERCISE {party} control, 133.100 MHz",
    }
    version = None if before is None else before["version"]
    filed: dict[str, Any] = stage.put(
        party,
        f"/operations/{operation_id}",
        body,
        version=version,
        is_new=before is None,
        actor=ACTOR[party],
    )["operation"]
    return filed


def _tell_change(stage: Stage, operation_id: str) -> None:
    message_id = stage.new_id()
    body = {"message_id": message_id, "role": "planner", "reason": "conflict answered"}
    stage.put("AMBER", f"/lines/{LINE}/notices/{operation_id}", body, actor=ACTOR["AMBER"])
    told = came(stage, "BLUE", message_id)
    acknowledge(stage, "BLUE", told["id"])
    read_back(stage, "BLUE", told["id"])


def _volume(
    centre: dict[str, float],
    radius_m: float,
    band_m: tuple[float, float],
    start: datetime,
    end: datetime,
) -> dict[str, Any]:
    lower_m, upper_m = band_m
    return {
        "footprint": {"kind": "circle", "centre": centre, "radius_m": radius_m},
        "lower": {"value_m": lower_m, "reference": "STD"},
        "upper": {"value_m": upper_m, "reference": "STD"},
        "start": text_of(start),
        "end": text_of(end),
    }


def _named(operation: dict[str, Any]) -> dict[str, Any]:
    return {name: operation[name] for name in ("id", "version", "designator")}


def _operation(stage: Stage, party: str, designator: str) -> dict[str, Any]:
    page = stage.get(party, "/operations", text=designator)
    found: dict[str, Any] = next(each for each in page["items"] if each["designator"] == designator)
    return found


def _start(operation: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(operation["volumes"][0]["start"])


def _conflict(stage: Stage) -> Any:
    """BLUE's conflict with AMBER's flight; None where there is none."""
    ours = _operation(stage, "BLUE", _BLUE)
    answer = stage.get("BLUE", f"/operations/{ours['id']}/answer")["answer"]
    return next((c for c in answer["conflicts"] if c["theirs"]["designator"] == _AMBER), None)


def _restated_coverage(stage: Stage) -> str:
    """AMBER's statement, drawn up anew with the flight that has come into its set; its id."""
    page = stage.get("AMBER", "/coverages")
    stated = next(each for each in page["items"] if each["party"] == "AMBER")
    live = ("planned", "active", "nonconforming", "contingent")
    flights = stage.get("AMBER", "/operations", party="AMBER", limit="200")["items"]
    body = {name: each for name, each in stated.items() if name not in ("version", "live")}
    body["as_of"] = text_of(stage.now())
    body["notice_count"] = sum(each["state"] in live for each in flights)
    found: str = stated["id"]
    stage.put("AMBER", f"/coverages/{found}", body, version=stated["version"])
    return found
