"""Drill 1: the named person is absent, and the message reaches somebody all the same.

Source: domain study of keepclear, 5h.1; a caller held for one officer for 27 minutes, and 15
of 37 strikes fell in that time.
"""

from __future__ import annotations

from typing import Any

from drill.conftest import Drill
from keepclear.exercise.article.words import act, send

FLASH = {
    "subject": "two helicopters",
    "position": "35.4011N 035.9487E",
    "band": "FL010-FL030",
    "requested_action": "hold north of the river",
    "radio_tried": True,
}


def level(drill: Drill, party: str, message_id: str, at_least: int) -> Any:
    """Wait until a message climbed so high; its life then."""

    def found() -> Any:
        life = drill.message(party, message_id)["life"]
        return life if life["level"] >= at_least else None

    return drill.stage.until(f"level {at_least} at {party}", found)


def test_a_flash_climbs_at_60_s_tries_another_channel_at_120_s_and_any_role_takes_it(
    drill: Drill,
) -> None:
    told = send(drill.stage, "AMBER", "M09", FLASH)
    message_id = told["id"]
    assert told["document"]["precedence"] == "FLASH"

    drill.pass_time(seconds=50)
    for party in ("AMBER", "BLUE"):
        assert drill.message(party, message_id)["life"]["level"] == 0

    drill.pass_time(seconds=11)
    for party in ("AMBER", "BLUE"):
        assert level(drill, party, message_id, 1)["told"] == "senior watch"
    alarms = drill.stage.get("BLUE", "/alarms")["items"]
    assert alarms[0]["about"]["id"] == message_id
    assert alarms[0]["is_audible"]

    first = drill.message("AMBER", message_id)["life"]["channel"]
    drill.pass_time(seconds=60)

    def other_channel() -> bool:
        return bool(drill.message("AMBER", message_id)["life"]["channel"] != first)

    drill.stage.until("the alternate channel", other_channel)

    # Not the role it was sent to: whoever is on watch takes it.
    act(drill.stage, "BLUE", message_id, "acknowledge", role="senior watch officer")

    def taken() -> bool:
        return bool(drill.message("AMBER", message_id)["life"]["acknowledged_by"])

    drill.stage.until("the acknowledgement at AMBER", taken)
    life = drill.message("AMBER", message_id)["life"]
    assert life["acknowledged_by"] == "senior watch officer"
    acts = [step["act"] for step in life["history"]]
    assert "acknowledge" in acts

    for party, kinds in (
        ("AMBER", {"message released", "message overdue", "message acted on"}),
        ("BLUE", {"message received", "message overdue", "message acted on"}),
    ):
        assert kinds <= {entry["kind"] for entry in drill.entries(party, message_id)}
