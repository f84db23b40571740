"""Series of consultations: next date, agenda, actions, sessions held, and what is overdue."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, NoQuery
from keepclear.api.people.calls import open_actions, readouts_about
from keepclear.api.people.kept import (
    ActionNow,
    Kind,
    NowTold,
    common_now,
    endpoints_of,
    remaining_s,
)
from keepclear.api.preconditions import expected_of
from keepclear.contact.overdue import (
    Overdue,
    consultation_due,
    consultation_overdue,
    is_date_met,
)
from keepclear.formats.documents.consultation import (
    ConsultationDocument,
    consultation_from,
    stored_consultation,
)
from keepclear.formats.times import iso_text
from keepclear.model.consultation import Consultation
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, View
from keepclear.services.line.consulting import keep_consultation
from keepclear.services.line.keeping import Kept
from keepclear.services.node import Node


class ConsultationNow(NowTold, frozen=True, kw_only=True):
    """What follows from a series at this moment."""

    is_concluded: bool
    is_next_dated: Annotated[bool, Meta(description="A session is dated that was not held")]
    due_at: Annotated[Time | None, Meta(description="From when it is overdue; null: concluded")]
    remaining_s: Annotated[float | None, Meta(description="Until then; below 0 once overdue")]
    overdue: Annotated[Overdue | None, Meta(description="Why it is overdue; null: it is not")]
    open_actions: tuple[ActionNow, ...]
    readouts: Annotated[tuple[str, ...], Meta(description="Ids of the readouts of it")]
    related: Annotated[
        tuple[str, ...], Meta(description="Series that go back to the same messages")
    ]
    acts: Annotated[tuple[str, ...], Meta(description="What may be done next")]


class ConsultationRecord(ConsultationDocument, frozen=True, kw_only=True):
    """A series as it is kept."""

    now: ConsultationNow


class ConsultationPage(Told, frozen=True, kw_only=True):
    """A page of series, the one opened last first."""

    total: int
    items: tuple[ConsultationRecord, ...]
    next: str | None


def _acts(one: Consultation) -> tuple[str, ...]:
    if one.from_line:
        return ("make our series of it",)
    if one.concluded_at is not None:
        return ("change",)
    return ("change", "date the next session", "record a session", "conclude", "read out")


def _related(view: View, one: Consultation) -> tuple[str, ...]:
    if not one.messages:
        return ()
    mine = set(one.messages)
    return tuple(
        each.id
        for each in view.declarations(Subject.CONSULTATION)
        if each.id != one.id and mine & set(stored_consultation(each.body).messages)
    )


def _now(view: View, node: Node, declaration: Declaration) -> ConsultationNow:
    one, now = stored_consultation(declaration.body), node.now()
    due = None if one.from_line else consultation_due(one)
    return ConsultationNow(
        **common_now(node, declaration, () if one.from_line else ("*",)),
        is_concluded=one.concluded_at is not None,
        is_next_dated=one.next_at is not None and not is_date_met(one),
        due_at=None if due is None else iso_text(due),
        remaining_s=remaining_s(due, now),
        overdue=None if one.from_line else consultation_overdue(one, now),
        open_actions=open_actions(one.actions, node),
        readouts=readouts_about(view, one.id),
        related=_related(view, one),
        acts=_acts(one),
    )


def _keep(call: Call[NoQuery], sent: object, consultation_id: str) -> Kept:
    party = call.node.identity.party
    told = consultation_from(sent, consultation_id=consultation_id, party=party)
    return keep_consultation(
        call.node, told, expected=expected_of(call.headers), actor=call.caller.actor
    )


_KIND = Kind(
    subject=Subject.CONSULTATION,
    plural="consultations",
    part="consultation_id",
    document=ConsultationDocument,
    told=ConsultationRecord,
    page=ConsultationPage,
    moment="opened_at",
    now=_now,
    keep=_keep,
    keeping="Keep a series of consultations; its clock is armed anew",
)

ENDPOINTS = endpoints_of(_KIND)
