"""Give another party notice over a line: of an operation, or of what our set covers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.api.seconds import SecondBody, second_of
from keepclear.contact.rights import Capability
from keepclear.model.message_life import State
from keepclear.services.line.messaging import Held, Releasing
from keepclear.services.line.notifying import REASONS, notify, state_on_line


class NoticeBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Who gives notice; the message is then as released as any other."""

    message_id: Annotated[
        str, Meta(max_length=36, description="A UUID for the message; again changes nothing")
    ]
    role: Annotated[str, Meta(max_length=60, description="As what the person is on duty")]
    second: Annotated[
        Annotated[str, Meta(max_length=100)] | SecondBody,
        Meta(description="Who else has read it; where there are accounts, by password"),
    ] = ""
    reason: Annotated[
        str, Meta(max_length=40, description="Why a change is told: " + ", ".join(REASONS))
    ] = "other"


class NoticeReply(Told, frozen=True, kw_only=True):
    """The message that told it."""

    message_id: str
    code: Annotated[str, Meta(description="M03 at first, M04 for a change, M29 for coverage")]
    state: State


def _notify(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, NoticeBody)
    held = notify(
        call.node,
        call.path["line_id"],
        call.path["operation_id"],
        _releasing(call, body),
        message_id=body.message_id,
        reason=body.reason,
    )
    return _reply(held)


def _state(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, NoticeBody)
    held = state_on_line(
        call.node,
        call.path["line_id"],
        call.path["coverage_id"],
        _releasing(call, body),
        message_id=body.message_id,
    )
    return _reply(held)


def _releasing(call: Call[NoQuery], body: NoticeBody) -> Releasing:
    return Releasing(body.message_id, body.role, call.caller.actor, second_of(call, body.second))


def _reply(held: Held) -> Reply:
    return Reply(
        {
            "message_id": held.stored.id,
            "code": held.stored.code,
            "state": held.life.state.value,
        }
    )


_ERRORS = (
    errors.NotFound,
    errors.NotOurs,
    errors.StateForbids,
    errors.InvalidMessage,
    errors.NotPermitted,
    errors.KeyFault,
)

ENDPOINTS = (
    Endpoint(
        method="PUT",
        path="/api/v1/lines/{line_id}/notices/{operation_id}",
        summary="Give notice of an own operation, or tell what changed of it",
        description="The operation is released whole to that party (L3), by the role named.",
        needs=Capability.RELEASE,
        handler=_notify,
        body=Body(NoticeBody),
        returns=(Returned(200, "Told, now or before", NoticeReply),),
        errors=_ERRORS,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/lines/{line_id}/coverages/{coverage_id}",
        summary="Tell the other party what our released set covers",
        needs=Capability.RELEASE,
        handler=_state,
        body=Body(NoticeBody),
        returns=(Returned(200, "Told, now or before", NoticeReply),),
        errors=_ERRORS,
    ),
)
