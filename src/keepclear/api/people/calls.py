"""Calls on the line: a live form while one runs, its record for good."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Call, NoQuery
from keepclear.api.people.kept import (
    ActionNow,
    Kind,
    NowTold,
    common_now,
    endpoints_of,
    remaining_s,
)
from keepclear.api.preconditions import expected_of
from keepclear.formats.documents.call import CallDocument, call_from, stored_call
from keepclear.model.call import Action
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, View
from keepclear.services.line.calling import keep_call
from keepclear.services.line.keeping import Kept
from keepclear.services.node import Node


class CallNow(NowTold, frozen=True, kw_only=True):
    """What follows from a call at this moment."""

    is_running: bool
    duration_s: Annotated[float, Meta(description="So far, while it runs")]
    has_certified_interpreter: bool
    open_actions: tuple[ActionNow, ...]
    readouts: Annotated[tuple[str, ...], Meta(description="Ids of the readouts of it")]
    acts: Annotated[tuple[str, ...], Meta(description="What may be done next")]


class CallRecord(CallDocument, frozen=True, kw_only=True):
    """A call as it is kept."""

    now: CallNow


class CallPage(Told, frozen=True, kw_only=True):
    """A page of calls, the latest first."""

    total: int
    items: tuple[CallRecord, ...]
    next: str | None


def open_actions(actions: tuple[Action, ...], node: Node) -> tuple[ActionNow, ...]:
    """The actions that are not done, with their clocks."""
    now = node.now()
    return tuple(
        ActionNow(
            number=each.number,
            remaining_s=remaining_s(each.due_at, now),
            is_overdue=each.is_overdue(now),
        )
        for each in actions
        if each.done_at is None
    )


def readouts_about(view: View, about: str) -> tuple[str, ...]:
    """The ids of the readouts of one talk."""
    mark = f'"about":"{about}"'.encode()
    return tuple(each.id for each in view.declarations(Subject.READOUT) if mark in each.body)


def _now(view: View, node: Node, declaration: Declaration) -> CallNow:
    call, common = stored_call(declaration.body), common_now(node, declaration)
    acts = ("change", "end") if call.is_running else ("change", "read out", "compare readouts")
    return CallNow(
        **common,
        is_running=call.is_running,
        duration_s=call.duration_s(node.now()),
        has_certified_interpreter=any(each.certified for each in call.interpreters),
        open_actions=open_actions(call.actions, node),
        readouts=readouts_about(view, call.id),
        acts=acts,
    )


def _keep(call: Call[NoQuery], sent: object, call_id: str) -> Kept:
    told = call_from(sent, call_id=call_id)
    return keep_call(call.node, told, expected=expected_of(call.headers), actor=call.caller.actor)


_KIND = Kind(
    subject=Subject.CALL,
    plural="calls",
    part="call_id",
    document=CallDocument,
    told=CallRecord,
    page=CallPage,
    moment="started_at",
    now=_now,
    keep=_keep,
    keeping="Keep the record of a call, running or ended",
)

ENDPOINTS = endpoints_of(_KIND)
