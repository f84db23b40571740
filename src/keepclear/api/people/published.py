"""What of this node is published to F3548, what it learnt there, what operators were told."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import PageQuery, cut
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.errors import NotFound
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.published import PublishedConstraint, PublishedIntent
from keepclear.formats.f3548 import VehicleTelemetry
from keepclear.formats.times import iso_text
from keepclear.model.window import Window
from keepclear.ports.uss_store import LearntSort
from keepclear.services.uss.constraints import publish_zone, withdraw_zone
from keepclear.services.uss.publishing import publish, withdraw
from keepclear.services.uss.showing import take_telemetry
from keepclear.services.uss.wanted import Outcome, Result

_NOTICES_KEPT = timedelta(days=1)
_MOST_LEARNT = 10_000


class PublishBody(Struct, frozen=True, forbid_unknown_fields=True):
    """That an operation is published, or no more."""

    role: Annotated[str, Meta(max_length=60, description="As what the person is on duty")]
    act: Literal["publish", "withdraw"] = "publish"
    priority: Annotated[
        Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] | None,
        Meta(description="As the regulator has it; null: as it is"),
    ] = None


class PublishZoneBody(Struct, frozen=True, forbid_unknown_fields=True):
    """That a zone is published as a constraint, or no more."""

    role: Annotated[str, Meta(max_length=60, description="As what the person is on duty")]
    act: Literal["publish", "withdraw"] = "publish"
    start: Annotated[
        Annotated[str, Meta(max_length=40)] | None,
        Meta(description="From when; null: now, or the zone's own windows where no end is given"),
    ] = None
    end: Annotated[Annotated[str, Meta(max_length=40)] | None, Meta(description="Until when")] = (
        None
    )


class IntentRecord(Told, frozen=True, kw_only=True):
    """An own operation as it is published."""

    id: str
    designator: str
    operation_version: Annotated[int, Meta(description="Of the operation it speaks of")]
    state: Annotated[
        str, Meta(description="In the standard's words; empty while the service has not taken it")
    ]
    priority: int
    version: Annotated[int, Meta(description="At the discovery service; 0 for none")]
    manager: Annotated[str, Meta(description="As whom we publish there")]
    released_by: str
    released_at: Time
    is_settled: Annotated[bool, Meta(description="Whether the service said all that is wanted")]
    note: Annotated[str, Meta(description="What stood against the last change; empty: nothing")]


class PublishedReply(Told, frozen=True, kw_only=True):
    """What became of it."""

    result: Result
    why: Annotated[str, Meta(description="What stood against it; empty where nothing did")]
    conflicts: Annotated[int, Meta(description="How many intents it meets and may meet")]
    losses: Annotated[tuple[str, ...], Meta(description="What is published other than as filed")]
    intent: IntentRecord | None


class ConstraintRecord(Told, frozen=True, kw_only=True):
    """An own zone as it is published."""

    id: str
    zone: str
    zone_version: int
    version: Annotated[int, Meta(description="At the discovery service; 0 for none")]
    released_by: str
    released_at: Time


class UssReply(Told, frozen=True, kw_only=True):
    """This node as a USS."""

    base_url: Annotated[str, Meta(description="Where other USSs reach it")]
    roles: Annotated[tuple[str, ...], Meta(description="The scopes it may ask for")]
    intents: Annotated[tuple[IntentRecord, ...], Meta(description="Own operations, published")]
    constraints: Annotated[tuple[ConstraintRecord, ...], Meta(description="Own zones, published")]
    waiting: Annotated[int, Meta(description="Notifications still to be posted to others")]


class LearntRecord(Told, frozen=True, kw_only=True):
    """An intent or constraint of another USS, as its manager told it."""

    id: str
    sort: LearntSort
    manager: str
    version: int
    told: Annotated[bool, Meta(description="Its manager told it of itself; else we asked")]
    ends: Time
    learnt_at: Time
    record: Annotated[Any, Meta(description="As its manager wrote it")]


class LearntPage(Told, frozen=True, kw_only=True):
    """A page of what was learnt."""

    total: int
    items: tuple[LearntRecord, ...]
    next: str | None


class NoticeRecord(Told, frozen=True, kw_only=True):
    """Something operators were told."""

    number: int
    at: Time
    event_at: Annotated[Time, Meta(description="When what it speaks of happened")]
    event: Annotated[str, Meta(description="The requirement of F3548-21 that asks for it")]
    operation: Annotated[str, Meta(description="The own operation; empty for none")]
    conflicts: int
    text: str


class NoticePage(Told, frozen=True, kw_only=True):
    """What operators were told in the last day, the newest first."""

    total: int
    items: tuple[NoticeRecord, ...]
    next: None


def _uss(call: Call[NoQuery]) -> Reply:
    uss = call.node.coordination.demanded()
    with call.node.store.view() as view:
        waiting = len(view.waiting(limit=10_000))
    return Reply(
        {
            "base_url": uss.settings.base_url,
            "roles": sorted(uss.settings.scopes),
            "intents": [_intent(each) for each in uss.own.intents()],
            "constraints": [_constraint(each) for each in uss.own.constraints()],
            "waiting": waiting,
        }
    )


def _get(call: Call[NoQuery]) -> Reply:
    operation_id = call.path["operation_id"]
    published = call.node.coordination.demanded().own.intent(operation_id)
    if published is None:
        raise NotFound(f"operation {operation_id} is not published to F3548")
    return Reply(_intent(published))


def _put(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, PublishBody)
    uss, operation_id = call.node.coordination.demanded(), call.path["operation_id"]
    if body.act == "withdraw":
        return _reply(withdraw(uss, operation_id, role=body.role, actor=call.caller.actor), ())
    actor = call.caller.actor
    done = publish(uss, operation_id, role=body.role, priority=body.priority, actor=actor)
    return _reply(done.outcome, done.losses)


def _put_telemetry(call: Call[NoQuery]) -> Reply:
    telemetry = body_of(call.body, VehicleTelemetry)
    take_telemetry(call.node.coordination.demanded(), call.path["operation_id"], telemetry)
    return Reply(status=204)


def _put_zone(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, PublishZoneBody)
    uss, zone_id = call.node.coordination.demanded(), call.path["thing_id"]
    actor = call.caller.actor
    if body.act == "withdraw":
        withdraw_zone(uss, zone_id, role=body.role, actor=actor)
        return Reply(status=204)
    span = None
    if body.end is not None:
        begin = call.node.now() if body.start is None else moment(body.start)
        span = Window(begin, moment(body.end))
    return Reply(_constraint(publish_zone(uss, zone_id, span, role=body.role, actor=actor)))


def _learnt(call: Call[PageQuery], sort: LearntSort) -> Reply:
    query = call.query
    with call.node.store.view() as view:
        every = view.all_learnt(sort, limit=_MOST_LEARNT)
    page = cut(every, lambda each: each.id, cursor=query.cursor, limit=query.limit)
    items = [
        {
            "id": each.id,
            "sort": each.sort.value,
            "manager": each.manager,
            "version": each.version,
            "told": each.is_told,
            "ends": iso_text(each.ends),
            "learnt_at": iso_text(each.at),
            "record": msgspec.Raw(each.body),
        }
        for each in page.items
    ]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _learnt_intents(call: Call[PageQuery]) -> Reply:
    return _learnt(call, LearntSort.INTENT)


def _learnt_constraints(call: Call[PageQuery]) -> Reply:
    return _learnt(call, LearntSort.CONSTRAINT)


def _notices(call: Call[NoQuery]) -> Reply:
    now = call.node.now()
    with call.node.store.view() as view:
        notices = view.operator_notices(now - _NOTICES_KEPT, now)
    items = [
        {
            "number": each.number,
            "at": iso_text(each.at),
            "event_at": iso_text(each.event_at),
            "event": each.event,
            "operation": each.operation,
            "conflicts": each.conflicts,
            "text": each.text,
        }
        for each in reversed(notices)
    ]
    return Reply({"total": len(items), "items": items, "next": None})


def _reply(outcome: Outcome, losses: tuple[str, ...]) -> Reply:
    published = outcome.published
    return Reply(
        {
            "result": outcome.result.value,
            "why": outcome.why,
            "conflicts": outcome.conflicts,
            "losses": list(losses),
            "intent": None if published is None else _intent(published),
        }
    )


def _intent(published: PublishedIntent) -> dict[str, Any]:
    intent = published.intent
    return {
        "id": published.id,
        "designator": published.designator,
        "operation_version": published.operation_version,
        "state": "" if intent is None else intent.reference.state.value,
        "priority": 0 if intent is None else intent.details.priority or 0,
        "version": 0 if intent is None else intent.reference.version,
        "manager": "" if intent is None else intent.reference.manager,
        "released_by": published.released_by,
        "released_at": iso_text(published.released_at),
        "is_settled": published.is_wanted and not published.is_tried,
        "note": published.note,
    }


def _constraint(published: PublishedConstraint) -> dict[str, Any]:
    constraint = published.constraint
    return {
        "id": published.id,
        "zone": published.zone,
        "zone_version": published.zone_version,
        "version": 0 if constraint is None else constraint.reference.version,
        "released_by": published.released_by,
        "released_at": iso_text(published.released_at),
    }


_RELEASE_ERRORS = (
    errors.InvalidInput,
    errors.NotFound,
    errors.NotOurs,
    errors.NotPermitted,
    errors.StateForbids,
    errors.InvalidAltitude,
    errors.InvalidFootprint,
    errors.InvalidWindow,
    errors.PeerSilent,
    errors.PeerRefused,
    errors.PeerNonsense,
    errors.VersionConflict,
    errors.UssIsDown,
    errors.StoreFull,
)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/f3548",
        summary="This node as a USS: what it publishes, and what it must still tell",
        handler=_uss,
        returns=(Returned(200, "The USS", UssReply),),
        errors=(errors.StateForbids,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/f3548/intents",
        summary="Operational intents of other USSs, as their managers told them",
        handler=_learnt_intents,
        query=PageQuery,
        returns=(Returned(200, "A page", LearntPage),),
        errors=(errors.InvalidInput,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/f3548/constraints",
        summary="Constraints of other USSs, as their managers told them",
        handler=_learnt_constraints,
        query=PageQuery,
        returns=(Returned(200, "A page", LearntPage),),
        errors=(errors.InvalidInput,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/f3548/notices",
        summary="What operators were told because F3548 asks for it, in the last day",
        handler=_notices,
        returns=(Returned(200, "The newest first", NoticePage),),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/operations/{operation_id}/f3548",
        summary="An own operation as it is published to F3548",
        handler=_get,
        returns=(Returned(200, "As the discovery service last took it", IntentRecord),),
        errors=(errors.NotFound, errors.StateForbids),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/operations/{operation_id}/f3548",
        summary="Publish an own operation to F3548, or take that back",
        description="A release of one operation. From then on the intent follows it. What the "
        "standard's rules refuse is told as `refused`; the operation itself stays as it is.",
        handler=_put,
        body=Body(PublishBody),
        returns=(Returned(200, "What became of it", PublishedReply),),
        errors=_RELEASE_ERRORS,
        needs=Capability.RELEASE,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/operations/{operation_id}/f3548/telemetry",
        summary="Where the aircraft of a published operation was seen",
        description="Told to other USSs while the intent is Nonconforming or Contingent.",
        handler=_put_telemetry,
        body=Body(VehicleTelemetry),
        returns=(Returned(204, "Kept", None, ""),),
        errors=(errors.NotFound, errors.StateForbids),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/zones/{thing_id}/f3548",
        summary="Publish an own zone to F3548 as a constraint, or take that back",
        handler=_put_zone,
        body=Body(PublishZoneBody),
        returns=(
            Returned(200, "Published", ConstraintRecord),
            Returned(204, "Taken back", None, ""),
        ),
        errors=_RELEASE_ERRORS,
        needs=Capability.RELEASE,
    ),
)
