"""Members and affiliates: who they are, what is passed on to them, and one who leaves."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.api.seconds import SecondBody, second_of
from keepclear.api.telling_record import RelayRecord, relay_record
from keepclear.contact.rights import Capability
from keepclear.formats.times import iso_text
from keepclear.model.relay import AllyKind, Departure
from keepclear.model.unit import MeansKind
from keepclear.services.line.messaging_held import held
from keepclear.services.units.allies import allies
from keepclear.services.units.leaving import Leaving, departures, leave
from keepclear.services.units.relaying import (
    Deciding,
    Receiving,
    decide_relay,
    keep_receipt,
    relay_of,
)

_Second = Annotated[
    Annotated[str, Meta(max_length=100)] | SecondBody,
    Meta(description="Who else has read it; where there are accounts, by password"),
]


class CancelledRecord(Told, frozen=True, kw_only=True):
    """A notice that was cancelled on a line."""

    operation: str
    designator: str
    line: str
    message: Annotated[str, Meta(description="The M04 that cancelled it")]


class DepartureRecord(Told, frozen=True, kw_only=True):
    """A member who left."""

    member: str
    left_at: Time
    role: str
    second: str
    actor: str
    words: str
    operations: Annotated[tuple[str, ...], Meta(description="Its flights that were ended")]
    cancelled: tuple[CancelledRecord, ...]
    relays_stopped: tuple[str, ...]
    told: Annotated[tuple[str, ...], Meta(description="Messages that tell the other parties")]
    to_tell: Annotated[tuple[str, ...], Meta(description="Members still to be told by us")]
    is_done: bool


class AllyRecord(Told, frozen=True, kw_only=True):
    """A member or an affiliate of ours."""

    id: str
    name: str
    kind: AllyKind
    is_answered_for: bool
    has_left: bool


class AllyPage(Told, frozen=True, kw_only=True):
    """Every ally, and those who left."""

    total: int
    items: tuple[AllyRecord, ...]
    departures: tuple[DepartureRecord, ...]


class DepartureBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a member leaves."""

    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]
    second: _Second
    words: Annotated[str, Meta(min_length=1, max_length=2_000, description="As others read it")]


class RelayBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a message is passed on."""

    relay: Annotated[bool, Meta(description="Yes or no; there is no default")]
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]
    to: Annotated[tuple[str, ...], Meta(description="To whom; empty for every ally")] = ()
    words: Annotated[str, Meta(max_length=500, description="Why")] = ""


class ReceiptBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That it was passed on to one ally, and what they said."""

    to: Annotated[str, Meta(max_length=80, description="To whom")]
    means: MeansKind
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]
    receipt: Annotated[str, Meta(max_length=280, description="What they said to it")] = ""
    second: _Second = ""


def _list(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        found = allies(view, call.node)
    items = [
        AllyRecord(
            id=each.id,
            name=each.name,
            kind=each.kind,
            is_answered_for=each.is_answered_for,
            has_left=each.has_left,
        )
        for each in found
    ]
    left = [_departure(each) for each in departures(call.node)]
    return Reply({"total": len(items), "items": items, "departures": left})


def _leave(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, DepartureBody)
    second = second_of(call, body.second)
    leaving = Leaving(body.role, second, body.words, call.caller.actor)
    return Reply(_departure(leave(call.node, call.path["member"], leaving)))


def _relay(call: Call[NoQuery]) -> Reply:
    message_id = call.path["message_id"]
    with call.node.store.view() as view:
        held(view, message_id)
        return Reply(relay_record(message_id, relay_of(view, message_id)))


def _decide(call: Call[NoQuery]) -> Reply:
    body, message_id = body_of(call.body, RelayBody), call.path["message_id"]
    deciding = Deciding(body.relay, body.role, body.to, body.words, call.caller.actor)
    return Reply(relay_record(message_id, decide_relay(call.node, message_id, deciding)))


def _receive(call: Call[NoQuery]) -> Reply:
    body, message_id = body_of(call.body, ReceiptBody), call.path["message_id"]
    second = second_of(call, body.second)
    receiving = Receiving(body.to, body.means, body.role, body.receipt, second, call.caller.actor)
    kept = keep_receipt(call.node, message_id, call.path["receipt_id"], receiving)
    return Reply(relay_record(message_id, kept))


def _departure(left: Departure) -> DepartureRecord:
    return DepartureRecord(
        member=left.member,
        left_at=iso_text(left.left_at),
        role=left.role,
        second=left.second,
        actor=left.actor,
        words=left.words,
        operations=left.operations,
        cancelled=tuple(
            CancelledRecord(
                operation=each.operation,
                designator=each.designator,
                line=each.line,
                message=each.message,
            )
            for each in left.cancelled
        ),
        relays_stopped=left.relays_stopped,
        told=left.told,
        to_tell=left.to_tell,
        is_done=left.is_done,
    )


_RELAY = "/api/v1/messages/{message_id}/relay"
_RELAYED = Returned(200, "What was decided, and what they said", RelayRecord)
_ACTING_ERRORS = (
    errors.InvalidInput,
    errors.NotFound,
    errors.NotPermitted,
    errors.StateForbids,
    errors.KeyFault,
    errors.StoreFull,
)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/members",
        summary="Members and affiliates of ours, and those who left",
        handler=_list,
        returns=(Returned(200, "Every ally", AllyPage),),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/members/{member}/departure",
        summary="A member leaves: flights end, notices are cancelled, relays stop, others are told",
        description="The same again does nothing twice; one that was interrupted goes on.",
        handler=_leave,
        body=Body(DepartureBody),
        returns=(Returned(200, "What was done", DepartureRecord),),
        errors=_ACTING_ERRORS,
        needs=Capability.RELEASE,
    ),
    Endpoint(
        method="GET",
        path=_RELAY,
        summary="Whether a message is passed on to allies, and what they said",
        handler=_relay,
        returns=(_RELAYED,),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_RELAY,
        summary="Decide whether a message is passed on to allies, and to whom",
        handler=_decide,
        body=Body(RelayBody),
        returns=(_RELAYED,),
        errors=_ACTING_ERRORS,
    ),
    Endpoint(
        method="PUT",
        path=f"{_RELAY}/receipts/{{receipt_id}}",
        summary="Keep that it was passed on to one ally; with a second person an M28 tells so",
        handler=_receive,
        body=Body(ReceiptBody),
        returns=(_RELAYED,),
        errors=_ACTING_ERRORS,
    ),
)
