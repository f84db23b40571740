"""Alarms: what waits for a person now, with its clock; a sound may be silenced, an alarm not."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.contact.life.step import LEVELS
from keepclear.formats.times import iso_text
from keepclear.model.operation import Precedence
from keepclear.services.line.alarms import Alarm, AlarmLevel, alarms, silence


class AboutRecord(Told, frozen=True, kw_only=True):
    """What an alarm is about."""

    subject: str
    id: str


class AlarmRecord(Told, frozen=True, kw_only=True):
    """Something that waits for a person."""

    id: Annotated[str, Meta(description="Of a message: the message's own")]
    level: AlarmLevel
    what: Annotated[str, Meta(description="What is to be done")]
    about: AboutRecord
    line: Annotated[str, Meta(description="Empty for none")]
    precedence: Precedence | None
    since: Time
    due: Annotated[
        Time | None, Meta(description="When its time runs out, or ran out; null: none was set")
    ]
    remaining_s: Annotated[float | None, Meta(description="Below 0 once it ran out")]
    escalation_level: Annotated[int, Meta(description="0 watch, 1 senior watch, 2 top level")]
    told: Annotated[str, Meta(description="That level in words")]
    text: str
    channel: Annotated[str, Meta(description="By which means to try now; empty: nothing to try")]
    is_audible: bool


class AlarmPage(Told, frozen=True, kw_only=True):
    """Every alarm, the most urgent first."""

    total: int
    items: tuple[AlarmRecord, ...]
    next: None


class SilenceBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Who silences it."""

    role: Annotated[str, Meta(max_length=60, description="As what the person is on duty")]
    escalation_level: Annotated[
        Annotated[int, Meta(ge=0, le=9)] | None,
        Meta(description="As it was when they heard it; null: as it is"),
    ] = None


def _list(call: Call[NoQuery]) -> Reply:
    now = call.node.now()
    items = [
        _record(alarm, (alarm.due - now).total_seconds() if alarm.due else None)
        for alarm in alarms(call.node, is_discreet=call.permit.is_discreet)
    ]
    return Reply({"total": len(items), "items": items, "next": None})


def _silence(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, SilenceBody)
    silence(
        call.node,
        call.path["alarm_id"],
        role=body.role,
        level=body.escalation_level,
        actor=call.caller.actor,
    )
    return Reply(status=204)


def _record(alarm: Alarm, remaining_s: float | None) -> dict[str, object]:
    return {
        "id": alarm.id,
        "level": alarm.level.value,
        "what": alarm.what,
        "about": {"subject": alarm.subject.value, "id": alarm.about},
        "line": alarm.line,
        "precedence": alarm.precedence,
        "since": iso_text(alarm.since),
        "due": None if alarm.due is None else iso_text(alarm.due),
        "remaining_s": remaining_s,
        "escalation_level": alarm.escalation_level,
        "told": LEVELS[alarm.escalation_level],
        "text": alarm.text,
        "channel": alarm.channel,
        "is_audible": alarm.is_audible,
    }


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/alarms",
        summary="What waits for a person now, the most urgent first",
        handler=_list,
        returns=(Returned(200, "Every alarm", AlarmPage),),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/alarms/{alarm_id}/silence",
        summary="Silence an alarm until its next level; what it asks for stays",
        handler=_silence,
        body=Body(SilenceBody),
        returns=(Returned(204, "Silent, now or before", None, ""),),
        errors=(
            errors.NotFound,
            errors.NotPermitted,
            errors.StateForbids,
            errors.StoreFull,
        ),
    ),
)
