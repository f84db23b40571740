"""What of this node is published to F3548: own operations as intents, own zones as constraints."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.errors import NotFound
from keepclear.f3548.states import RECOVERABLE
from keepclear.f3548.verdicts import verdict_on
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.published import PublishedConstraint, PublishedIntent
from keepclear.formats.f3548 import VehicleTelemetry, moment_of
from keepclear.formats.times import iso_text
from keepclear.model.answer import Verdict
from keepclear.model.window import Window
from keepclear.services.uss.constraints import publish_zone, withdraw_zone
from keepclear.services.uss.publishing import publish, withdraw
from keepclear.services.uss.showing import take_telemetry
from keepclear.services.uss.wanted import Outcome, Result, state_of


class UssQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of what it is asked."""

    about: Annotated[
        Annotated[str, Meta(max_length=200)],
        Meta(description="An own operation or zone: nothing else is listed; empty: all are"),
    ] = ""


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
    is_wanted: Annotated[bool, Meta(description="False while it is being taken back")]
    note: Annotated[str, Meta(description="What stood against the last change; empty: nothing")]
    nonconforming_since: Annotated[
        Time | None, Meta(description="Since when it is off its plan and may come back")
    ]
    lost_at: Annotated[
        Time | None, Meta(description="When it counts as lost, and becomes Contingent by itself")
    ]


class PublishedReply(Told, frozen=True, kw_only=True):
    """What became of it."""

    result: Result
    why: Annotated[str, Meta(description="What stood against it; empty where nothing did")]
    conflicts: Annotated[int, Meta(description="How many intents it meets and may meet")]
    verdict: Annotated[
        Verdict | None,
        Meta(description="Of what was published; null where nothing was: `why` says it"),
    ]
    losses: Annotated[tuple[str, ...], Meta(description="What is published other than as filed")]
    intent: IntentRecord | None


class ConstraintRecord(Told, frozen=True, kw_only=True):
    """An own zone as it is published."""

    id: str
    zone: str
    zone_version: int
    version: Annotated[int, Meta(description="At the discovery service; 0 for none")]
    manager: Annotated[str, Meta(description="As whom we publish there")]
    start: Annotated[Time | None, Meta(description="From when it binds; null for no version")]
    end: Annotated[Time | None, Meta(description="Until when")]
    released_by: str
    released_at: Time


class UssReply(Told, frozen=True, kw_only=True):
    """This node as a USS."""

    base_url: Annotated[str, Meta(description="Where other USSs reach it")]
    roles: Annotated[tuple[str, ...], Meta(description="The scopes it may ask for")]
    intents: Annotated[tuple[IntentRecord, ...], Meta(description="Own operations, published")]
    constraints: Annotated[tuple[ConstraintRecord, ...], Meta(description="Own zones, published")]
    waiting: Annotated[int, Meta(description="Notifications still to be posted to others")]


def _uss(call: Call[UssQuery]) -> Reply:
    uss, about = call.node.coordination.demanded(), call.query.about
    with call.node.store.view() as view:
        waiting = len(view.waiting(limit=10_000))
    return Reply(
        {
            "base_url": uss.settings.base_url,
            "roles": sorted(uss.settings.scopes),
            "intents": [_intent(one) for one in uss.own.intents() if about in ("", one.id)],
            "constraints": [
                _constraint(one) for one in uss.own.constraints() if about in ("", one.zone)
            ],
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


def _reply(outcome: Outcome, losses: tuple[str, ...]) -> Reply:
    published = outcome.published
    return Reply(
        {
            "result": outcome.result.value,
            "why": outcome.why,
            "conflicts": outcome.conflicts,
            "verdict": _verdict(outcome),
            "losses": list(losses),
            "intent": None if published is None else _intent(published),
        }
    )


def _verdict(outcome: Outcome) -> str | None:
    state = state_of(outcome.published)
    if outcome.result is not Result.DONE or state is None:
        return None
    return verdict_on(state, outcome.conflicts).value


def _intent(published: PublishedIntent) -> dict[str, Any]:
    intent, since = published.intent, published.nonconforming_since
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
        "is_wanted": published.is_wanted,
        "note": published.note,
        "nonconforming_since": None if since is None else iso_text(since),
        "lost_at": None if since is None else iso_text(since + RECOVERABLE),
    }


def _constraint(published: PublishedConstraint) -> dict[str, Any]:
    reference = None if published.constraint is None else published.constraint.reference
    return {
        "id": published.id,
        "zone": published.zone,
        "zone_version": published.zone_version,
        "version": 0 if reference is None else reference.version,
        "manager": "" if reference is None else reference.manager,
        "start": None if reference is None else iso_text(moment_of(reference.time_start)),
        "end": None if reference is None else iso_text(moment_of(reference.time_end)),
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
        query=UssQuery,
        returns=(Returned(200, "The USS", UssReply),),
        errors=(errors.StateForbids,),
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
