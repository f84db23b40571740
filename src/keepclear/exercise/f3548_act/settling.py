"""The flight is flown and ended, the release of the other taken back; the line heard nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from keepclear.exercise.article.stage import Stage
from keepclear.exercise.article.words import LINE
from keepclear.exercise.f3548_act.flights import (
    AMBER,
    BLUE,
    asked,
    flight,
    learnt,
    published,
    turned,
)

_INTO_IT = timedelta(minutes=1)
_DESIGNATORS = {"BLUE": BLUE, "AMBER": AMBER}


def flown(stage: Stage) -> str:
    """The clock goes on to the take-off; BLUE activates, and what is published follows."""
    planned = flight(stage, "BLUE", BLUE)
    begins = datetime.fromisoformat(planned["volumes"][0]["start"]) + _INTO_IT
    stage.turn_to(max(begins, stage.now()))
    turned(stage, "BLUE", BLUE, state="active")

    def followed() -> Any:
        intent = published(stage, "BLUE", planned["id"])
        return intent if intent and intent["state"] == "Activated" else None

    def heard() -> Any:
        known = learnt(stage, "AMBER", planned["id"])
        return known if known and known["record"]["reference"]["state"] == "Activated" else None

    intent = stage.until(f"{BLUE} Activated at the DSS", followed)
    known = stage.until(f"{BLUE} Activated at AMBER's USS", heard)
    return (
        f"{stage.now():%H:%M}Z: {BLUE} is {intent['state']}, version {intent['version']}: what is "
        f"published followed the flight by itself; AMBER's USS has version {known['version']} "
        f"from {known['manager']}"
    )


def end(stage: Stage) -> str:
    """BLUE's drone has landed: its intent leaves the DSS, and AMBER's USS forgets it."""
    landed = flight(stage, "BLUE", BLUE)
    turned(stage, "BLUE", BLUE, state="ended", reason="completed")
    stage.until(
        f"the end of {BLUE} at the DSS", lambda: published(stage, "BLUE", landed["id"]) is None
    )
    stage.until(
        f"the end of {BLUE} at AMBER's USS", lambda: learnt(stage, "AMBER", landed["id"]) is None
    )
    return f"{BLUE} has left the DSS; AMBER's USS was told that it is gone, and holds it no more"


def apart(stage: Stage) -> str:
    """AMBER takes its release back; the ledgers hold every release, the line has heard of none."""
    asked(stage, "AMBER", AMBER, "withdraw", "done")
    kept = flight(stage, "AMBER", AMBER)
    ids = {party: flight(stage, party, each)["id"] for party, each in _DESIGNATORS.items()}
    held = "; ".join(
        f"{party}'s ledger: {', '.join(_kinds(stage, party, each))}" for party, each in ids.items()
    )
    heard = "has carried no word" if not _on_line(stage, ids.values()) else "HAS carried words"
    return f"{AMBER} is withdrawn and still {kept['state']}. {held}. The line {heard} of either"


def _kinds(stage: Stage, party: str, intent_id: str) -> list[str]:
    """What a party's ledger holds of an intent, in the order in which it came."""
    found: list[str] = []
    after: str | None = "-1"
    while after is not None:
        page = stage.get(party, "/ledger/entries", after=after, limit="200")
        found += [
            each["kind"]
            for each in page["items"]
            if (each["subject"]["kind"], each["subject"]["id"]) == ("intent", intent_id)
        ]
        after = page["next"]
    return found


def _on_line(stage: Stage, ids: Iterable[str]) -> bool:
    """Whether a message of the line names one of them, as either node holds it."""
    words = {*ids, *_DESIGNATORS.values()}
    for party in _DESIGNATORS:
        cursor = ""
        while True:
            page = stage.get(party, "/messages", line=LINE, limit="50", cursor=cursor)
            if any(word in json.dumps(page["items"]) for word in words):
                return True
            cursor = page["next"] or ""
            if not cursor:
                break
    return False
