"""What waits for a person now, the most urgent first, with the clock of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.life.advancing import MOST_MISMATCHES
from keepclear.contact.life.step import TOP
from keepclear.errors import NotFound, StateForbids
from keepclear.model.line_state import LineState
from keepclear.model.message_life import ClockKind, MessageSide, State
from keepclear.model.node import Subject
from keepclear.model.operation import Precedence
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import View
from keepclear.services.line.discreet import discreet_find, discreet_waiting
from keepclear.services.line.messaging_acting import silence as silence_message
from keepclear.services.line.messaging_held import Held, held_of
from keepclear.services.line.pairing import lines
from keepclear.services.line.quarantine import Quarantined, quarantined, see
from keepclear.services.line.records import waiting
from keepclear.services.line.status import line_status
from keepclear.services.line.waiting import Waiting
from keepclear.services.node import Node

MOST_OPEN = 5_000
"""So many open messages are looked at; a line with more has other troubles first."""
_PAGE = 500


class AlarmLevel(StrEnum):
    """How urgently a person is asked for."""

    WARNING = "warning"
    CAUTION = "caution"
    ADVISORY = "advisory"


class Alarm(NamedTuple):
    """Something that waits for a person.

    Attributes:
        id: what it is called; the same as long as it stands.
        level: how urgently.
        what: what is to be done, in a few words.
        subject, about: the thing it is about.
        line: on which line; empty for none.
        precedence: of a message; None of anything else.
        since: since when it waits.
        due: when its time runs out, or ran out; None where none was set.
        escalation_level: how far it went up the ladder.
        text: what it is about, for a person.
        channel: by which means to try now; empty where there is nothing to try.
        is_audible: whether it sounds.
    """

    id: str
    level: AlarmLevel
    what: str
    subject: Subject
    about: str
    line: str
    precedence: Precedence | None
    since: datetime
    due: datetime | None
    escalation_level: int
    text: str
    channel: str
    is_audible: bool


_ORDER = {level: place for place, level in enumerate(AlarmLevel)}
_HASTE = {each: place for place, each in enumerate(Precedence)}
_OURS: dict[State, str] = {
    State.DELIVERED: "acknowledge",
    State.READBACK_DUE: "read back",
    State.DISPUTED: "disputed: read back again",
    State.AWAITING_ANSWER: "answer",
    State.UNDER_CONSIDERATION: "answer, as promised",
    State.CANCELLED: "acknowledge the cancellation",
}
"""What a message of theirs asks of us."""
_THEIRS: dict[State, str] = {
    State.UNDELIVERED: "not delivered: try another channel",
    State.SENT: "not delivered yet",
    State.DELIVERED: "not acknowledged by them",
    State.READBACK_DUE: "not read back by them",
    State.DISPUTED: "disputed: correct, supersede or withdraw",
    State.AWAITING_ANSWER: "not answered by them",
    State.UNDER_CONSIDERATION: "not answered by them as promised",
    State.CANCELLED: "the cancellation is not acknowledged by them",
}
"""What one of ours waits for."""
_SPEAK = "speak, with a second linguist: three readbacks differed"
_SHOWN = frozenset(
    {
        ClockKind.ACKNOWLEDGE,
        ClockKind.READBACK,
        ClockKind.ANSWER,
        ClockKind.UNITS,
        ClockKind.CANCELLATION,
    }
)
_LINE_LEVELS: dict[LineState, AlarmLevel] = {
    LineState.LAPSED: AlarmLevel.CAUTION,
    LineState.SUSPENDED: AlarmLevel.ADVISORY,
    LineState.SUSPENDED_BUT_ANSWERING: AlarmLevel.ADVISORY,
    LineState.DEGRADED: AlarmLevel.ADVISORY,
}


def alarms(node: Node, *, is_discreet: bool = False) -> tuple[Alarm, ...]:
    """Everything that waits for a person now, the most urgent first.

    Args:
        node: the node.
        is_discreet: leave out what only those may read who keep movements and sites.
    """
    now = node.now()
    with node.store.view() as view:
        finds, records = quarantined(view), waiting(view, node, now)
        if is_discreet:
            finds = tuple(discreet_find(each) for each in finds)
            records = tuple(discreet_waiting(each) for each in records)
        found = [*_messages(view), *_quarantine(finds), *_lines(view, now), *_records(records)]
    return tuple(sorted(found, key=_urgency))


def silence(
    node: Node, alarm_id: str, *, role: str, level: int | None = None, actor: str = ""
) -> None:
    """Silence an alarm until its next level. What it is about stays open, and listed.

    Args:
        node: the node.
        alarm_id: which alarm.
        role: as what whoever silences it is on duty.
        level: how far up the ladder it was when they heard it; None for what it is at now.
        actor: how they call themselves.

    Raises:
        NotFound: no such alarm stands.
        StateForbids: it makes no sound, or it went up a level meanwhile.
        NotPermitted: no role on watch is called that.
    """
    alarm = next((each for each in alarms(node) if each.id == alarm_id), None)
    if alarm is None:
        raise NotFound(f"there is no alarm {alarm_id}")
    if alarm.subject is Subject.MESSAGE:
        heard = alarm.escalation_level if level is None else level
        silence_message(node, alarm.about, role, level=heard, actor=actor)
    elif alarm.subject is Subject.QUARANTINE:
        see(node, alarm.about, actor=actor)
    else:
        raise StateForbids("this alarm makes no sound", remedy="Do what it asks for.")


def _urgency(alarm: Alarm) -> tuple[int, int, int, datetime, str]:
    haste = len(_HASTE) if alarm.precedence is None else _HASTE[alarm.precedence]
    return (
        _ORDER[alarm.level],
        -alarm.escalation_level,
        haste,
        alarm.due or alarm.since,
        alarm.id,
    )


def _messages(view: View) -> Iterator[Alarm]:
    query, cursor, count = MessageQuery(open_only=True), "", 0
    while count < MOST_OPEN:
        page = view.messages(query, cursor=cursor, limit=_PAGE)
        for stored in page.items:
            alarm = _of_message(held_of(stored))
            if alarm is not None:
                yield alarm
        count += len(page.items)
        cursor = page.following
        if not cursor:
            return


def _of_message(held: Held) -> Alarm | None:
    life = held.life
    what = _what(held)
    if what is None:
        return None
    level = _level(held)
    due = next((each.due for each in life.deadlines if each.kind in _SHOWN), None)
    ran_out = [each.due or each.at for each in life.history if each.act.startswith("clock: ")]
    message = held.message
    name = CATALOGUE[message.code].name if message.code in CATALOGUE else "unknown message"
    duff = "NO DUFF " if message.no_duff else ""
    is_tried = life.side is MessageSide.SENDER and life.acknowledged_at is None
    return Alarm(
        id=held.stored.id,
        level=level,
        what=what,
        subject=Subject.MESSAGE,
        about=held.stored.id,
        line=message.line,
        precedence=message.precedence,
        since=life.history[-1].at if not ran_out else ran_out[-1],
        due=ran_out[-1] if due is None and ran_out else due,
        escalation_level=life.level,
        text=f"{duff}{message.code} {name}, {message.sender} to {message.recipient}",
        channel=life.terms.channels[life.channel] if is_tried else "",
        is_audible=level is not AlarmLevel.ADVISORY and life.silenced_level < life.level,
    )


def _what(held: Held) -> str | None:
    """What is to be done about a message; None where nobody need do anything now."""
    life = held.life
    if life.state is State.DISPUTED and life.mismatches >= MOST_MISMATCHES:
        return _SPEAK
    if life.side is MessageSide.RECEIVER:
        return _OURS.get(life.state) or ("tell units" if life.units_wait else None)
    has_waited = life.overdue or life.level > 0
    if life.state is State.DISPUTED or has_waited:
        waits_for_units = "not said by them that units were told"
        return _THEIRS.get(life.state) or (waits_for_units if life.units_wait else None)
    return None


def _level(held: Held) -> AlarmLevel:
    life, precedence = held.life, held.message.precedence
    is_unread = life.side is MessageSide.RECEIVER and life.acknowledged_at is None
    if life.level >= TOP or (is_unread and precedence is Precedence.FLASH):
        return AlarmLevel.WARNING
    if life.state is State.DISPUTED and life.mismatches >= MOST_MISMATCHES:
        return AlarmLevel.WARNING
    has_waited = life.level > 0 or any(each in _SHOWN for each in life.overdue)
    is_urgent = is_unread and precedence is Precedence.IMMEDIATE
    # What FLASH still asks of us is due in minutes.
    is_urgent |= precedence is Precedence.FLASH and life.state in _OURS and not held.stored.outgoing
    if has_waited or is_urgent or life.state in (State.DISPUTED, State.UNDELIVERED):
        return AlarmLevel.CAUTION
    return AlarmLevel.ADVISORY


def _quarantine(finds: Iterable[Quarantined]) -> Iterator[Alarm]:
    for each in finds:
        if each.alarm:
            name = hashlib.sha256(each.id.encode()).hexdigest()[:32]
            yield Alarm(
                id=f"quarantine-{name}",
                level=AlarmLevel.WARNING,
                what="verify by voice",
                subject=Subject.QUARANTINE,
                about=each.id,
                line=each.source,
                precedence=None,
                since=each.at,
                due=None,
                escalation_level=0,
                text=f"{each.reason}: {each.detail}",
                channel="telephone",
                is_audible=True,
            )


def _lines(view: View, now: datetime) -> Iterator[Alarm]:
    for line in lines(view):
        status = line_status(view, line, now)
        level = _LINE_LEVELS.get(status.state)
        if level is not None:
            yield Alarm(
                id=f"line-{line.id}",
                level=level,
                what=f"the line is {status.state}",
                subject=Subject.LINE,
                about=line.id,
                line=line.id,
                precedence=None,
                since=status.since or now,
                due=None,
                escalation_level=0,
                text="; ".join(status.reasons),
                channel="",
                is_audible=False,
            )


def _records(records: Iterable[Waiting]) -> Iterator[Alarm]:
    for each in records:
        yield Alarm(
            id=f"{each.subject}-{each.id}".replace(" ", "-").replace("/", "-"),
            level=AlarmLevel.WARNING if each.is_urgent else AlarmLevel.ADVISORY,
            what=each.why,
            subject=each.subject,
            about=each.id,
            line=each.line,
            precedence=None,
            since=each.since,
            due=each.due,
            escalation_level=0,
            text=each.title,
            channel="",
            is_audible=False,
        )
