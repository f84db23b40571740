"""Records of the line as clocks and messages move them, inside a unit of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from keepclear.contact.asking import due_of, state_of
from keepclear.contact.overdue import (
    Overdue,
    consultation_due,
    consultation_overdue,
    posture_due,
)
from keepclear.formats.documents.consultation import stored_consultation
from keepclear.formats.documents.posture import stored_posture
from keepclear.formats.documents.query import stored_query
from keepclear.formats.documents.request import stored_request
from keepclear.formats.documents.watch import stored_watch
from keepclear.model.call import LineEnd
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.model.query import QueryState
from keepclear.model.readout import AboutKind
from keepclear.model.request import RequestState
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.coordination import notices_waiting
from keepclear.services.disclosing.running_out import tick_question, tick_release
from keepclear.services.disclosing.waiting import searches_waiting
from keepclear.services.humanitarian.expiring import tick_movement, tick_site
from keepclear.services.humanitarian.taking import take_hazard, take_movement, take_site
from keepclear.services.humanitarian.waiting import humanitarian_waiting
from keepclear.services.line.asking import tick_request
from keepclear.services.line.consulting import take_consultation, tick_consultation
from keepclear.services.line.posturing import take_posture, tick_posture
from keepclear.services.line.querying import take_declaration, take_question, tick_query
from keepclear.services.line.reading_out import take_readout
from keepclear.services.line.told_records import consultation_told, posture_told, readout_told
from keepclear.services.line.waiting import Waiting
from keepclear.services.line.watch_stated import take_statement, tick_watch
from keepclear.services.node import Node
from keepclear.services.paper.copies_kept import texts_waiting
from keepclear.services.paper.mailbox_kept import mailbox_waiting
from keepclear.services.units.tellings import tick_telling
from keepclear.services.units.waiting import units_waiting

_Tick = Callable[[Unit, Node, Declaration, datetime], None]
_TICKS: Mapping[Subject, _Tick] = {
    Subject.CONSULTATION: tick_consultation,
    Subject.REQUEST: tick_request,
    Subject.POSTURE: tick_posture,
    Subject.QUERY: tick_query,
    Subject.WATCH: tick_watch,
    Subject.TELLING: tick_telling,
    Subject.QUESTION: tick_question,
    Subject.RELEASE: tick_release,
    Subject.MOVEMENT: tick_movement,
    Subject.SITE: tick_site,
}
SUBJECTS = frozenset(_TICKS)
"""Whose deadlines `tick` takes."""
CODES = frozenset({"M02", "M09", "M14", "M15", "M16", "M17", "M21", "M22"})
"""Messages that become records."""


def tick(unit: Unit, node: Node, subject: Subject, thing_id: str, now: datetime) -> None:
    """Do what is due of one record; a deadline whose record is gone is dropped."""
    current = unit.declaration(subject, thing_id)
    if current is None:
        unit.put_deadlines(subject, thing_id, [])
        return
    _TICKS[subject](unit, node, current, now)


def take(unit: Unit, node: Node, message: Message) -> None:
    """Keep what a message says as a record, under the name of who sent it.

    For messages that came, and for M14 to M17 of ours once they are sent: a question has
    its clock and a declaration its place beside it whoever asked. Other codes are no records.
    """
    is_ours = message.sender == node.identity.party
    match message.code:
        case "M16":
            take_question(unit, node, message)
        case "M17":
            take_declaration(unit, node, message)
            is_posture = message.fields.get("kind") != "ownership" and message.fields.get("words")
            if is_posture and _is_new(unit, Subject.POSTURE, message):
                take_posture(unit, node, posture_told(message))
        case "M14":
            take_movement(unit, node, message)
        case "M15":
            take_site(unit, node, message)
        case "M09" if not is_ours:
            take_hazard(unit, node, message)
        case "M02" if not is_ours:
            take_statement(unit, node, message)
        case "M21" if not is_ours and _is_new(unit, Subject.CONSULTATION, message):
            take_consultation(unit, node, consultation_told(message))
        case "M22" if not is_ours and _is_new(unit, Subject.READOUT, message):
            take_readout(unit, node, readout_told(message, _kind_of(unit, message)))
        case _:
            pass


def _is_new(view: View, subject: Subject, message: Message) -> bool:
    return view.declaration(subject, message.id) is None


def waiting(view: View, node: Node, now: datetime) -> tuple[Waiting, ...]:
    """Every record of ours that waits for a person, the longest first."""
    every = [*_consultations(view, now), *_postures(view, now), *_watch(view, node, now)]
    every += [*_requests(view, now), *_queries(view, now)]
    every += [*texts_waiting(view, now), *searches_waiting(view, now)]
    every += [*units_waiting(view, now), *humanitarian_waiting(view, now)]
    every += [*mailbox_waiting(view, now), *notices_waiting(view, now)]
    return tuple(sorted(every, key=lambda each: (each.since, each.id)))


def _consultations(view: View, now: datetime) -> Iterator[Waiting]:
    for each in view.declarations(Subject.CONSULTATION):
        one = stored_consultation(each.body)
        why, due = consultation_overdue(one, now), consultation_due(one)
        if why is not None and due is not None and not one.from_line:
            yield Waiting(each.subject, one.id, one.line, why.value, due, one.title, due)


def _postures(view: View, now: datetime) -> Iterator[Waiting]:
    for each in view.declarations(Subject.POSTURE):
        one = stored_posture(each.body)
        due = posture_due(one)
        if due is not None and due <= now:
            why = Overdue.REVIEW_DUE.value
            yield Waiting(each.subject, one.id, one.line, why, due, one.words, due)


def _watch(view: View, node: Node, now: datetime) -> Iterator[Waiting]:
    ours = view.declaration(Subject.WATCH, node.identity.party)
    watch = None if ours is None else stored_watch(ours.body)
    if watch is not None and watch.next_handover is not None and watch.is_overdue(now):
        why = Overdue.HANDOVER_DUE.value
        due = watch.next_handover
        yield Waiting(Subject.WATCH, watch.party, "", why, due, watch.room, due)


def _requests(view: View, now: datetime) -> Iterator[Waiting]:
    for each in view.declarations(Subject.REQUEST):
        one = stored_request(each.body)
        due = due_of(one)
        if one.asked_by is LineEnd.THEIRS and due is not None and due <= now:
            yield Waiting(each.subject, one.id, one.line, "answer due", due, one.words, due)
        elif state_of(one) is RequestState.NO_ANSWER:
            lapsed = one.steps[-1].at
            yield Waiting(each.subject, one.id, one.line, "no answer", lapsed, one.words, lapsed)


def _queries(view: View, now: datetime) -> Iterator[Waiting]:
    for each in view.declarations(Subject.QUERY):
        one = stored_query(each.body)
        lapsed, due = one.lapsed_at, one.answer_by
        if one.state is QueryState.NO_ANSWER and lapsed is not None:
            yield Waiting(each.subject, one.id, one.line, "no answer", lapsed, one.question, lapsed)
        elif one.state is QueryState.OPEN and due is not None and due <= now:
            yield Waiting(each.subject, one.id, one.line, "answer due", due, one.question, due)


def _kind_of(view: View, message: Message) -> AboutKind:
    """Of a call or a consultation, as far as the thing is recorded here."""
    about = str(message.fields.get("about", "")).lower()
    is_consultation = view.declaration(Subject.CONSULTATION, about) is not None
    return AboutKind.CONSULTATION if is_consultation else AboutKind.CALL
