"""What this node learnt of other USSs' intents and constraints, and what operators were told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, Endpoint, Returned
from keepclear.api.paging import PageQuery, cut
from keepclear.api.replies import Reply
from keepclear.formats.documents.shapes import VolumeDocument, volume_document
from keepclear.formats.f3548 import (
    Constraint,
    OperationalIntent,
    Volume4D,
    decode,
    moment_of,
    volume_of,
)
from keepclear.formats.times import iso_text
from keepclear.ports.store import View
from keepclear.ports.uss_store import Learnt, LearntSort
from keepclear.services.uss import OwnPublished

_NOTICES_KEPT = timedelta(days=1)
_READ_AT_ONCE = 1_000
_Read: TypeAlias = tuple[tuple[Volume4D, ...], dict[str, Any]]
"""Everywhere it may be, and what of the record depends on its sort."""


class LearntQuery(PageQuery, frozen=True, forbid_unknown_fields=True):
    """Which of them, and how much of each."""

    live: Annotated[bool, Meta(description="Leave out what is over")] = False
    brief: Annotated[bool, Meta(description="Leave `record` out")] = False


class OperatorNoticesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of what they were told."""

    about: Annotated[
        Annotated[str, Meta(max_length=200)],
        Meta(description="An own operation; empty: of anything"),
    ] = ""


class LearntRecord(Told, frozen=True, kw_only=True):
    """An intent or constraint of another USS, as its manager told it."""

    id: str
    sort: LearntSort
    manager: str
    version: int
    state: Annotated[str, Meta(description="In the standard's words; empty of a constraint")]
    priority: int
    told: Annotated[bool, Meta(description="Its manager told it of itself; else we asked")]
    is_followed: Annotated[
        bool, Meta(description="Whether its changes are told to us: something of ours is near it")
    ]
    starts: Time
    ends: Time
    learnt_at: Time
    volumes: Annotated[
        tuple[VolumeDocument, ...], Meta(description="Everywhere it may be, to be looked at")
    ]
    record: Annotated[Any, Meta(description="As its manager wrote it; null where left out")]


class LearntPage(Told, frozen=True, kw_only=True):
    """A page of what was learnt."""

    total: int
    items: tuple[LearntRecord, ...]
    next: str | None


class OperatorNoticeRecord(Told, frozen=True, kw_only=True):
    """Something operators were told."""

    number: int
    at: Time
    event_at: Annotated[Time, Meta(description="When what it speaks of happened")]
    event: Annotated[str, Meta(description="The requirement of F3548-21 that asks for it")]
    operation: Annotated[str, Meta(description="The own operation; empty for none")]
    conflicts: int
    text: str


class OperatorNoticePage(Told, frozen=True, kw_only=True):
    """What operators were told in the last day, the newest first."""

    total: int
    items: tuple[OperatorNoticeRecord, ...]
    next: None


def _learnt(call: Call[LearntQuery], sort: LearntSort) -> Reply:
    query, now = call.query, call.node.now()
    with call.node.store.view() as view:
        every = list(_every(view, sort))
    if query.live:
        every = [each for each in every if each.ends > now]
    page = cut(every, lambda each: each.id, cursor=query.cursor, limit=query.limit)
    uss = call.node.coordination.uss
    items = [_record(each, None if uss is None else uss.own, query) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _every(view: View, sort: LearntSort) -> Iterator[Learnt]:
    after = ""
    while some := view.all_learnt(sort, after=after, limit=_READ_AT_ONCE):
        yield from some
        after = some[-1].id


def _learnt_intents(call: Call[LearntQuery]) -> Reply:
    return _learnt(call, LearntSort.INTENT)


def _learnt_constraints(call: Call[LearntQuery]) -> Reply:
    return _learnt(call, LearntSort.CONSTRAINT)


def _record(learnt: Learnt, own: OwnPublished | None, query: LearntQuery) -> dict[str, Any]:
    if learnt.sort is LearntSort.INTENT:
        extents, read = _of_intent(decode(OperationalIntent, learnt.body))
    else:
        extents, read = _of_constraint(decode(Constraint, learnt.body))
    return {
        "id": learnt.id,
        "sort": learnt.sort.value,
        "manager": learnt.manager,
        "version": learnt.version,
        **read,
        "told": learnt.is_told,
        "is_followed": own is not None and own.follows(extents),
        "ends": iso_text(learnt.ends),
        "learnt_at": iso_text(learnt.at),
        "volumes": _volumes(extents),
        "record": None if query.brief else msgspec.Raw(learnt.body),
    }


def _of_intent(intent: OperationalIntent) -> _Read:
    details = intent.details
    extents = (*(details.volumes or ()), *(details.off_nominal_volumes or ()))
    return extents, {
        "state": intent.reference.state.value,
        "priority": details.priority or 0,
        "starts": iso_text(moment_of(intent.reference.time_start)),
    }


def _of_constraint(constraint: Constraint) -> _Read:
    return constraint.details.volumes, {
        "state": "",
        "priority": 0,
        "starts": iso_text(moment_of(constraint.reference.time_start)),
    }


def _volumes(extents: tuple[Volume4D, ...]) -> list[dict[str, Any]]:
    """Exact: what is not a sound volume is never learnt (`faults_of_intent`)."""
    return [volume_document(volume_of(each)) for each in extents]


def _notices(call: Call[OperatorNoticesQuery]) -> Reply:
    about, now = call.query.about, call.node.now()
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
        if about in ("", each.operation)
    ]
    return Reply({"total": len(items), "items": items, "next": None})


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/f3548/intents",
        summary="Operational intents of other USSs, as their managers told them",
        handler=_learnt_intents,
        query=LearntQuery,
        returns=(Returned(200, "A page", LearntPage),),
        errors=(errors.InvalidInput,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/f3548/constraints",
        summary="Constraints of other USSs, as their managers told them",
        handler=_learnt_constraints,
        query=LearntQuery,
        returns=(Returned(200, "A page", LearntPage),),
        errors=(errors.InvalidInput,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/f3548/notices",
        summary="What operators were told because F3548 asks for it, in the last day",
        handler=_notices,
        query=OperatorNoticesQuery,
        returns=(Returned(200, "The newest first", OperatorNoticePage),),
    ),
)
