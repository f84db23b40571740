"""What the plays of the script have in common: roles, the line, messages written and carried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from keepclear.exercise.article.stage import Stage

LINE = "AMBER-BLUE"
OTHER = {"BLUE": "AMBER", "AMBER": "BLUE"}
DUTY = "duty officer"
LIAISON = "liaison officer"
ACTOR = {"BLUE": "BLUE watch (script)", "AMBER": "AMBER watch (script)"}
SECOND = "second officer (script)"


def later(stage: Stage, **by: float) -> datetime:
    """A moment of the exercise so much from now, on the full minute."""
    return (stage.now() + timedelta(**by)).replace(second=0, microsecond=0)


def text_of(at: datetime) -> str:
    """A moment as the API takes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def line_at(stage: Stage, party: str) -> Any:
    """The line as a party's node shows it."""
    return stage.get(party, f"/lines/{LINE}")


def send(
    stage: Stage,
    party: str,
    code: str,
    fields: Mapping[str, Any],
    *,
    role: str = DUTY,
    **header: Any,
) -> Any:
    """Write a message, release it, and wait until it is at the other node; as it is there.

    Its people have read what it tells beyond a level, and confirm it.
    """
    message_id = stage.new_id()
    draft = {"code": code, "line": LINE, "fields": fields, **header}
    kept = stage.put(party, f"/messages/{message_id}", draft, is_new=True, actor=ACTOR[party])
    seen = [each["id"] for each in kept["cautions"]]
    act(stage, party, message_id, "release", role=role, second=SECOND, confirmed=seen)
    return came(stage, OTHER[party], message_id)


def came(stage: Stage, party: str, message_id: str) -> Any:
    """A message once it is at a party's node."""

    def found() -> Any:
        page = stage.get(party, "/messages", line=LINE, limit="50")
        return next((each for each in page["items"] if each["id"] == message_id), None)

    return stage.until(f"message {message_id} at {party}", found)


def act(stage: Stage, party: str, message_id: str, kind: str, **said: Any) -> Any:
    """Do something to a message, as a person on duty would."""
    body = {"kind": kind, "role": DUTY, **said}
    path = f"/messages/{message_id}/acts/{stage.new_id()}"
    return stage.put(party, path, body, actor=ACTOR[party])


def acknowledge(stage: Stage, party: str, message_id: str) -> None:
    """Acknowledge a message, and wait until its sender knows."""
    act(stage, party, message_id, "acknowledge")

    def known() -> Any:
        seen = stage.get(OTHER[party], f"/messages/{message_id}")
        return any(step["act"] == "acknowledge" for step in seen["life"]["history"])

    stage.until(f"the acknowledgement of {message_id}", known)


def read_back(stage: Stage, party: str, message_id: str) -> Any:
    """Read a message back as it stands, and wait for the sender's verdict; the message there."""
    message = stage.get(party, f"/messages/{message_id}")
    fields = message["document"]["fields"]
    keys = [each["field"]["key"] for each in message["readback"]]
    heard = {key: fields[key] for key in keys if key in fields}
    act(stage, party, message_id, "readback", heard=heard)

    def judged() -> Any:
        seen = stage.get(OTHER[party], f"/messages/{message_id}")
        return seen if any(s["act"] == "readback" for s in seen["life"]["history"]) else None

    return stage.until(f"the readback of {message_id}", judged)
