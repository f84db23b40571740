"""Drill 12: a member leaves; its notices are cancelled, relays to it stop, others are told.

Source: domain study of keepclear, 5h.12 and 1: a member of a coalition suspended its flights
over the country for a time.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from drill.conftest import Drill
from drill.test_convoy_at_night import leg
from keepclear.errors import InvalidInput
from keepclear.exercise.article.words import ACTOR, DUTY, LINE, SECOND, acknowledge, came, send

WORDS = "BLUE-SEA flies no more under BLUE from now on"
QUERY = {
    "facts": "two transports landed",
    "question": "What are they for?",
}


def test_a_member_who_leaves_takes_its_flights_and_notices_with_it(drill: Drill) -> None:
    stage = drill.stage
    flights = {name: flight(drill, name) for name in ("BLUE-SEA", "BLUE-NORTH")}
    for operation in flights.values():
        told(drill, operation)
    asked = query(drill)
    stage.put("BLUE", f"/messages/{asked}/relay", {"relay": True, "role": DUTY})
    receipt(drill, asked, "BLUE-NORTH")

    left = stage.put("BLUE", "/members/BLUE-SEA/departure", departure(), actor=ACTOR["BLUE"])
    assert left["operations"] == [flights["BLUE-SEA"]]
    assert [each["operation"] for each in left["cancelled"]] == [flights["BLUE-SEA"]]
    assert (left["to_tell"], left["is_done"]) == (["BLUE-NORTH"], True)

    # AMBER has the cancellation and the declaration; the other member's flight stands.
    stage.until("the end at AMBER", partial(ended, drill, flights["BLUE-SEA"]))
    assert not ended(drill, flights["BLUE-NORTH"])
    cancelled = came(stage, "AMBER", left["cancelled"][0]["message"])
    assert (cancelled["document"]["code"], cancelled["document"]["fields"]["kind"]) == (
        "M04",
        "cancel",
    )
    (declared,) = left["told"]
    assert came(stage, "AMBER", declared)["document"]["fields"]["words"] == WORDS

    # Nothing is passed on to it any more, and the other member is to be told.
    relay = stage.get("BLUE", f"/messages/{asked}/relay")
    assert {"BLUE-NORTH", "BLUE-LOCAL"} <= set(relay["to"])
    assert relay["stopped"] == ["BLUE-SEA"]
    with pytest.raises(InvalidInput, match="BLUE-SEA left"):
        receipt(drill, asked, "BLUE-SEA")
    assert stage.get("BLUE", f"/messages/{declared}/relay")["missing"] == left["to_tell"]
    for member in left["to_tell"]:
        receipt(drill, declared, member, second="")
    assert stage.get("BLUE", f"/messages/{declared}/relay")["missing"] == []

    again = stage.put("BLUE", "/members/BLUE-SEA/departure", departure(), actor=ACTOR["BLUE"])
    assert again == left
    members = {each["id"]: each for each in stage.get("BLUE", "/members")["items"]}
    assert members["BLUE-SEA"]["has_left"]


def test_the_sender_learns_that_its_message_was_passed_on(drill: Drill) -> None:
    stage = drill.stage
    asked = query(drill)
    stage.put("BLUE", f"/messages/{asked}/relay", {"relay": True, "role": DUTY})
    name = receipt(drill, asked, "BLUE-NORTH")
    told_of = came(stage, "AMBER", name)["document"]
    assert (told_of["code"], told_of["fields"]["relayed_to"]) == ("M28", "BLUE-NORTH")
    assert told_of["fields"]["receipt"] == "read and understood"
    assert len(told_of["fields"]["original_hash"]) == 64


def flight(drill: Drill, member: str) -> str:
    """An operation of BLUE's that a member flies; its id."""
    operation = drill.stage.new_id()
    start = drill.stage.now() + timedelta(hours=8)
    body = {
        "designator": f"B-{member}",
        "class": "manned",
        "category": "transport",
        "member": member,
        "volumes": [leg(start)],
    }
    path = f"/operations/{operation}"
    drill.stage.put("BLUE", path, body, is_new=True, actor=ACTOR["BLUE"])
    return operation


def told(drill: Drill, operation: str) -> None:
    message = drill.stage.new_id()
    body = {"message_id": message, "role": "planner"}
    path = f"/lines/{LINE}/notices/{operation}"
    drill.stage.put("BLUE", path, body, actor=ACTOR["BLUE"])
    came(drill.stage, "AMBER", message)


def query(drill: Drill) -> str:
    """A question of AMBER's, acknowledged by BLUE; its id."""
    at = drill.stage.now() + timedelta(days=1)
    now = drill.stage.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {**QUERY, "observed_at": now, "answer_by": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    asked: str = send(drill.stage, "AMBER", "M16", fields)["id"]
    acknowledge(drill.stage, "BLUE", asked)
    return asked


def receipt(drill: Drill, message: str, to: str, second: str = SECOND) -> str:
    name = drill.stage.new_id()
    body = {
        "to": to,
        "means": "telephone",
        "role": DUTY,
        "receipt": "read and understood",
        "second": second,
    }
    path = f"/messages/{message}/relay/receipts/{name}"
    drill.stage.put("BLUE", path, body, actor=ACTOR["BLUE"])
    return name


def departure() -> dict[str, Any]:
    return {"words": WORDS, "second": SECOND, "role": DUTY}


def ended(drill: Drill, operation: str) -> bool:
    return bool(drill.stage.get("AMBER", f"/operations/{operation}")["state"] == "ended")
