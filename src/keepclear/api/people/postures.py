"""Declared postures, kept as said, with the date on which to look again."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, NoQuery
from keepclear.api.people.kept import Kind, NowTold, common_now, endpoints_of, remaining_s
from keepclear.api.preconditions import expected_of
from keepclear.contact.overdue import posture_due
from keepclear.formats.documents.posture import PostureDocument, posture_from, stored_posture
from keepclear.formats.times import iso_text
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, View
from keepclear.services.line.keeping import Kept
from keepclear.services.line.posturing import keep_posture
from keepclear.services.node import Node


class PostureNow(NowTold, frozen=True, kw_only=True):
    """What follows from a posture at this moment."""

    came_over_the_line: bool
    is_current: Annotated[bool, Meta(description="Within the time it was said for")]
    due_at: Annotated[Time | None, Meta(description="When to look again; null: never")]
    remaining_s: Annotated[float | None, Meta(description="Until then; below 0 once overdue")]
    is_overdue: bool
    acts: Annotated[tuple[str, ...], Meta(description="What may be done next")]


class PostureRecord(PostureDocument, frozen=True, kw_only=True):
    """A posture as it is kept."""

    now: PostureNow


class PosturePage(Told, frozen=True, kw_only=True):
    """A page of postures, the latest first."""

    total: int
    items: tuple[PostureRecord, ...]
    next: str | None


def _now(view: View, node: Node, declaration: Declaration) -> PostureNow:
    del view
    one, now = stored_posture(declaration.body), node.now()
    due = posture_due(one)
    may_change = ("translation", "review_at", "reviews") if one.message else ("*",)
    has_begun = one.start is None or one.start <= now
    return PostureNow(
        **common_now(node, declaration, may_change),
        came_over_the_line=bool(one.message),
        is_current=has_begun and (one.end is None or now <= one.end),
        due_at=None if due is None else iso_text(due),
        remaining_s=remaining_s(due, now),
        is_overdue=due is not None and due <= now,
        acts=("review", "set the review date"),
    )


def _keep(call: Call[NoQuery], sent: object, posture_id: str) -> Kept:
    told = posture_from(sent, posture_id=posture_id, party=call.node.identity.party)
    return keep_posture(
        call.node, told, expected=expected_of(call.headers), actor=call.caller.actor
    )


_KIND = Kind(
    subject=Subject.POSTURE,
    plural="postures",
    part="posture_id",
    document=PostureDocument,
    told=PostureRecord,
    page=PosturePage,
    moment="declared_at",
    now=_now,
    keep=_keep,
    keeping="Keep a posture as said, or what was found on looking again",
)

ENDPOINTS = endpoints_of(_KIND)
