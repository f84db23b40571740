"""Requests made and received, each with its life. Considered is not accepted."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, NoQuery
from keepclear.api.people.kept import Kind, NowTold, common_now, endpoints_of, remaining_s
from keepclear.api.preconditions import expected_of
from keepclear.contact.asking import acts_of, due_of, is_late, state_of
from keepclear.formats.documents.request import RequestDocument, request_from, stored_request
from keepclear.formats.times import iso_text
from keepclear.model.node import Subject
from keepclear.model.request import RequestAct, RequestState
from keepclear.ports.store import Declaration, View
from keepclear.services.line.asking import keep_request
from keepclear.services.line.keeping import Kept
from keepclear.services.node import Node


class RequestNow(NowTold, frozen=True, kw_only=True):
    """What follows from a request at this moment."""

    state: RequestState
    acts: Annotated[tuple[RequestAct, ...], Meta(description="Steps that may be added next")]
    due_at: Annotated[Time | None, Meta(description="When its clock ends; null: none runs")]
    remaining_s: Annotated[float | None, Meta(description="Until then; below 0 once overdue")]
    is_overdue: bool
    is_late: Annotated[bool, Meta(description="Answered or declined after its clock ended")]


class RequestRecord(RequestDocument, frozen=True, kw_only=True):
    """A request as it is kept."""

    now: RequestNow


class RequestPage(Told, frozen=True, kw_only=True):
    """A page of requests, the latest first."""

    total: int
    items: tuple[RequestRecord, ...]
    next: str | None


def _now(view: View, node: Node, declaration: Declaration) -> RequestNow:
    del view
    one, now = stored_request(declaration.body), node.now()
    due = due_of(one)
    return RequestNow(
        **common_now(node, declaration),
        state=state_of(one),
        acts=acts_of(one),
        due_at=None if due is None else iso_text(due),
        remaining_s=remaining_s(due, now),
        is_overdue=due is not None and due <= now,
        is_late=is_late(one),
    )


def _keep(call: Call[NoQuery], sent: object, request_id: str) -> Kept:
    told = request_from(sent, request_id=request_id)
    return keep_request(
        call.node, told, expected=expected_of(call.headers), actor=call.caller.actor
    )


_KIND = Kind(
    subject=Subject.REQUEST,
    plural="requests",
    part="request_id",
    document=RequestDocument,
    told=RequestRecord,
    page=RequestPage,
    moment="asked_at",
    now=_now,
    keep=_keep,
    keeping="Keep a request, or add what became of it as a step at the end",
)

ENDPOINTS = endpoints_of(_KIND)
