"""What the next watch takes over, drawn up from the store at one moment.

A sheet is printed, and read by more people than keep movements and sites: it says that something
of theirs waits, and not what.

Source: domain study of keepclear, 5d (watch handover).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.printing import printed
from keepclear.contact.catalogue.terms import UNDENIABLE
from keepclear.contact.overdue import consultation_due, consultation_overdue
from keepclear.errors import InvalidMessage
from keepclear.formats.documents.call import stored_call
from keepclear.formats.documents.consultation import stored_consultation
from keepclear.formats.documents.handover_sheet import (
    ActiveOperation,
    DueTalk,
    HeldBack,
    LastWords,
    LineAtHandover,
    OpenMessage,
    RunningCall,
    RunningClock,
    Section,
    SheetDocument,
    ShiftNote,
    StandingAlarm,
)
from keepclear.formats.documents.watch import stored_watch
from keepclear.formats.times import iso_text
from keepclear.model.call import Call, LineEnd
from keepclear.model.node import Subject
from keepclear.model.operation import OperationState
from keepclear.model.watch import Watch
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import OperationQuery, View
from keepclear.services.line.alarms import alarms
from keepclear.services.line.discreet import discreet_find
from keepclear.services.line.messaging_held import Held, held_of
from keepclear.services.line.noting import NoteSearch, found_notes
from keepclear.services.line.pairing import lines
from keepclear.services.line.quarantine import quarantined
from keepclear.services.line.status import line_report
from keepclear.services.node import Node

MOST_SHOWN = 200
"""So many of one section stand on a sheet; how many there are stands beside them."""
CONSULTATION_AHEAD = timedelta(hours=24)
"""Talks that are due so soon are told to the next watch."""
_FAR = timedelta(days=3_650)
_LOOKED_BACK = 50
"""So many of their messages are looked through for the last one that says something."""
_MACHINES = frozenset({"M01", "M25", "M26", "M27", "M28", "M29", "M30", "M31", "M32", "M33"})
"""Checks, acts and answers of machines; whatever else came is what the other side said."""
_GOING_ON = frozenset(
    {OperationState.ACTIVE, OperationState.NONCONFORMING, OperationState.CONTINGENT}
)

Item = TypeVar("Item")


def sheet_of(node: Node) -> SheetDocument:
    """Everything that the next watch takes over, now."""
    standing = [
        StandingAlarm(
            id=each.id,
            level=each.level.value,
            what=each.what,
            line=each.line,
            since=iso_text(each.since),
            due=_told(each.due),
            text=each.text,
        )
        for each in alarms(node, is_discreet=True)
    ]
    now = node.now()
    with node.store.view() as view:
        ours = view.declaration(Subject.WATCH, node.identity.party)
        watch = None if ours is None else stored_watch(ours.body)
        calls = [stored_call(each.body) for each in view.declarations(Subject.CALL)]
        return SheetDocument(
            party=node.identity.party,
            mode=node.identity.mode,
            at=iso_text(now),
            since=None if watch is None else iso_text(watch.since),
            on_watch=() if watch is None else tuple(each.role for each in watch.roles),
            remark="" if watch is None else watch.remark,
            messages=_messages(view),
            clocks=_section(_clocks(view, now)),
            operations=_operations(view),
            lines=_section(_lines(view, now)),
            last_words=_section(_last_words(view, calls)),
            calls=_section(_running(calls)),
            alarms=_section(standing),
            quarantine=_section(_quarantine(view)),
            consultations=_section(_consultations(view, now)),
            notes=_section(_notes(view, watch)),
        )


def _section(items: Iterable[Item]) -> Section[Item]:
    every = tuple(items)
    return Section(total=len(every), items=every[:MOST_SHOWN])


def _told(at: datetime | None) -> str | None:
    return None if at is None else iso_text(at)


def _messages(view: View) -> Section[OpenMessage]:
    page = view.messages(MessageQuery(open_only=True), limit=MOST_SHOWN)
    return Section(total=page.total, items=tuple(_message(held_of(each)) for each in page.items))


def _message(held: Held) -> OpenMessage:
    message, life = held.message, held.life
    name = CATALOGUE[message.code].name if message.code in CATALOGUE else "unknown message"
    duff = "NO DUFF " if message.no_duff else ""
    return OpenMessage(
        id=message.id,
        code=message.code,
        line=message.line,
        is_ours=held.stored.outgoing,
        precedence=message.precedence.value,
        state=life.state.value,
        at=iso_text(message.originated_at),
        due=_told(min((each.due for each in life.deadlines), default=None)),
        text=f"{duff}{name}, {message.sender} to {message.recipient}",
    )


def _clocks(view: View, now: datetime) -> Iterator[RunningClock]:
    for each in view.due(now + _FAR, limit=10_000):
        yield RunningClock(
            subject=each.subject.value,
            id=each.id,
            kind=each.kind,
            due=iso_text(each.due),
            is_overdue=each.due <= now,
        )


def _operations(view: View) -> Section[ActiveOperation]:
    page = view.find(OperationQuery(states=_GOING_ON), limit=MOST_SHOWN)
    found = tuple(
        ActiveOperation(
            id=one.id,
            party=one.party,
            designator=one.designator,
            operation_class=one.operation_class.value,
            state=one.state.value,
            start=iso_text(one.window.start),
            end=iso_text(one.window.end),
        )
        for one in (stored.operation for stored in page.items)
    )
    return Section(total=page.total, items=found)


def _lines(view: View, now: datetime) -> Iterator[LineAtHandover]:
    for line in lines(view):
        report = line_report(view, line, now)
        last = report.last_check
        yield LineAtHandover(
            id=line.id,
            state=report.status.state.value,
            since=iso_text(report.since),
            reasons=tuple(report.status.reasons),
            last_check_at=None if last is None else iso_text(last.at),
            next_check_at=_told(report.next_check),
            unacknowledged_in=report.traffic.unacknowledged_in,
            unacknowledged_out=report.traffic.unacknowledged_out,
            waiting=report.traffic.waiting,
        )


def _last_words(view: View, calls: Sequence[Call]) -> Iterator[LastWords]:
    """On each line the last message of theirs that says something, and their last point of a call.

    Both where both are there: which one counts is for the officers to say.
    """
    for line in lines(view):
        query = MessageQuery(line=line.id, outgoing=False)
        page = view.messages(query, limit=_LOOKED_BACK)
        said = (held_of(each) for each in page.items if each.code not in _MACHINES)
        held = next(said, None)
        if held is not None:
            yield LastWords(
                line=line.id,
                party=line.them,
                at=iso_text(held.message.originated_at),
                by="message",
                id=held.message.id,
                text=_words(held),
            )
        spoken = [each for each in calls if each.line == line.id and _theirs(each)]
        if spoken:
            call = max(spoken, key=lambda each: each.started_at)
            yield LastWords(
                line=line.id,
                party=line.them,
                at=iso_text(call.ended_at or call.started_at),
                by="call",
                id=call.id,
                text=_theirs(call)[-1],
            )


def _words(held: Held) -> str:
    """A message as people read it, on one line, without the mode words at its ends."""
    if held.message.code in UNDENIABLE:
        return f"{held.message.code} {CATALOGUE[held.message.code].name}; read it under Movements"
    try:
        lines_of = printed(held.message)
    except InvalidMessage:
        return held.message.remark
    return "; ".join(lines_of[1:-1])


def _theirs(call: Call) -> list[str]:
    return [point.said for point in call.points if point.side is LineEnd.THEIRS]


def _running(calls: Iterable[Call]) -> Iterator[RunningCall]:
    for call in calls:
        if call.ended_at is None:
            yield RunningCall(id=call.id, line=call.line, started_at=iso_text(call.started_at))


def _quarantine(view: View) -> Iterator[HeldBack]:
    for each in map(discreet_find, quarantined(view)):
        yield HeldBack(
            id=each.id,
            source=each.source,
            reason=each.reason,
            detail=each.detail,
            at=iso_text(each.at),
            asks_for_somebody=each.alarm,
        )


def _consultations(view: View, now: datetime) -> Iterator[DueTalk]:
    for each in view.declarations(Subject.CONSULTATION):
        one = stored_consultation(each.body)
        due, why = consultation_due(one), consultation_overdue(one, now)
        is_soon = one.next_at is not None and now <= one.next_at <= now + CONSULTATION_AHEAD
        if why is not None or (is_soon and one.concluded_at is None):
            reason = "next session" if why is None else why.value
            yield DueTalk(id=one.id, line=one.line, title=one.title, why=reason, at=_told(due))


def _notes(view: View, watch: Watch | None) -> Iterator[ShiftNote]:
    for note in found_notes(view, NoteSearch()).notes:
        if watch is None or note.at >= watch.since:
            yield ShiftNote(
                id=note.id,
                at=iso_text(note.at),
                actor=note.actor,
                role=note.role,
                line=note.line,
                text=note.text,
            )
