"""Who is on watch, on both ends: roles and languages, never persons."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.people.kept import as_sent, remaining_s
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.errors import StateForbids
from keepclear.formats.documents.watch import WatchDocument, stored_watch, watch_from
from keepclear.formats.times import iso_text
from keepclear.model.node import Subject
from keepclear.model.watch import Watch
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import Declaration, View
from keepclear.services.line.discreet import discreet_waiting
from keepclear.services.line.records import waiting
from keepclear.services.line.watching import Untold, take_watch, watches
from keepclear.services.node import Node


class UntoldRecord(Told, frozen=True, kw_only=True):
    """A line that was not told, and why."""

    line: str
    why: str


class WatchNow(Told, frozen=True, kw_only=True):
    """What follows from a watch at this moment."""

    at: Annotated[Time, Meta(description="The node's clock")]
    is_ours: bool
    on_duty_s: Annotated[float, Meta(description="For how long")]
    remaining_s: Annotated[float | None, Meta(description="Until the handover; below 0: overdue")]
    is_overdue: bool
    has_linguist: Annotated[bool, Meta(description="Somebody certified to interpret is on duty")]
    spoken: Annotated[tuple[str, ...], Meta(description="Every language somebody speaks")]
    told: Annotated[tuple[str, ...], Meta(description="Lines told of it by this very change")]
    untold: Annotated[tuple[UntoldRecord, ...], Meta(description="Lines that could not be")]


class WatchRecord(WatchDocument, frozen=True, kw_only=True):
    """A watch as it is kept."""

    now: WatchNow


class WaitingRecord(Told, frozen=True, kw_only=True):
    """A record that waits for a person."""

    subject: Annotated[str, Meta(description="`consultation`, `request`, `posture` and so on")]
    id: str
    line: Annotated[str, Meta(description="Empty for the watch itself")]
    why: str
    since: Time
    title: str


class HandoverRecord(Told, frozen=True, kw_only=True):
    """What the next watch takes over."""

    open_messages: Annotated[int, Meta(description="Messages whose life is not over")]
    running_calls: tuple[str, ...]
    waiting: tuple[WaitingRecord, ...]


class OnWatchRecord(Told, frozen=True, kw_only=True):
    """Who is on watch on both ends, and what is open."""

    at: Time
    ours: Annotated[WatchRecord | None, Meta(description="null where nobody took it yet")]
    theirs: Annotated[tuple[WatchRecord, ...], Meta(description="As the parties stated (M02)")]
    handover: HandoverRecord


def _record(
    node: Node,
    declaration: Declaration,
    told: tuple[str, ...] = (),
    untold: tuple[Untold, ...] = (),
) -> dict[str, object]:
    watch, now = stored_watch(declaration.body), node.now()
    document: dict[str, object] = msgspec.json.decode(declaration.body)
    follows = WatchNow(
        at=iso_text(now),
        is_ours=watch.party == node.identity.party,
        on_duty_s=max((now - watch.since).total_seconds(), 0.0),
        remaining_s=remaining_s(watch.next_handover, now),
        is_overdue=watch.is_overdue(now),
        has_linguist=watch.has_linguist,
        spoken=watch.spoken,
        told=told,
        untold=tuple(UntoldRecord(line=each.line, why=each.why) for each in untold),
    )
    return {**document, "version": declaration.version, "now": follows}


def _handover(view: View, node: Node, *, is_discreet: bool) -> HandoverRecord:
    running = b'"ended_at":null'
    records = waiting(view, node, node.now())
    return HandoverRecord(
        open_messages=view.messages(MessageQuery(open_only=True), limit=1).total,
        running_calls=tuple(
            each.id for each in view.declarations(Subject.CALL) if running in each.body
        ),
        waiting=tuple(
            WaitingRecord(
                subject=each.subject.value,
                id=each.id,
                line=each.line,
                why=each.why,
                since=iso_text(each.since),
                title=each.title,
            )
            for each in (map(discreet_waiting, records) if is_discreet else records)
        ),
    )


def _get(call: Call[NoQuery]) -> Reply:
    node = call.node
    with node.store.view() as view:
        both = watches(view, node)
        handover = _handover(view, node, is_discreet=call.permit.is_discreet)
    content: dict[str, Any] = {
        "at": iso_text(node.now()),
        "ours": None if both.ours is None else _record(node, both.ours),
        "theirs": [_record(node, each) for each in both.theirs],
        "handover": handover,
    }
    return Reply(content, version=None if both.ours is None else both.ours.version)


def _put(call: Call[NoQuery]) -> Reply:
    node = call.node
    watch = watch_from(as_sent(call.body), party=node.identity.party)
    if call.equipment.roster.is_kept:
        _require_signed(node, watch)
    took = take_watch(node, watch, expected=expected_of(call.headers), actor=call.caller.actor)
    kept = took.kept
    record = _record(node, kept.declaration, took.told, took.untold)
    return Reply(record, 201 if kept.created else 200, version=kept.declaration.version)


def _require_signed(node: Node, watch: Watch) -> None:
    """Where people have accounts, a watch that somebody has is given by a handover alone.

    Raises:
        StateForbids: this would begin another shift.
    """
    with node.store.view() as view:
        ours = watches(view, node).ours
    if ours is not None and stored_watch(ours.body).since != watch.since:
        raise StateForbids(
            "somebody has the watch; it is handed over, signed by both officers",
            remedy="Prepare a handover; it may be overridden with a reason.",
        )


_PATH = "/api/v1/watch"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="Who is on watch on both ends, and what the next watch takes over",
        description="The entity tag is the version of our own watch.",
        handler=_get,
        returns=(Returned(200, "The watches", OnWatchRecord, has_version=True),),
    ),
    Endpoint(
        method="PUT",
        path=_PATH,
        summary="Take the watch, hand it over, or correct what is said of it",
        description="Every line is told by M02. `version` and `now` are not used. Where there "
        "are accounts, a watch that somebody has is given by a signed handover alone.",
        handler=_put,
        body=Body(WatchDocument),
        returns=(
            Returned(201, "Taken for the first time", WatchRecord, has_version=True),
            Returned(
                200, "Taken over or changed, or stored already", WatchRecord, has_version=True
            ),
        ),
        errors=(
            errors.InvalidOperation,
            errors.InvalidWindow,
            errors.NotOurs,
            errors.StateForbids,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
        may_make=True,
    ),
)
