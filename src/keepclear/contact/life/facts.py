"""What each act adds to the facts of a life. Facts are only ever added, never taken back.

So acts that come twice, late or in another order lead to the same facts: an answer that comes
before its acknowledgement is kept, and counts when the acknowledgement is there.

Source: domain study of keepclear, 5d (message life).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from keepclear.contact.life.deadlines import without
from keepclear.model.message_life import Act, ActKind, AnswerWord, ClockKind, Life, Units

_Fact: TypeAlias = Callable[[Life, Act, datetime], Life]


def with_fact(life: Life, act: Act, now: datetime) -> Life:
    """The life with what an act adds to it; the same where it adds nothing."""
    return _FACTS[act.kind](life, act, now)


def _validate(life: Life, act: Act, now: datetime) -> Life:
    del act, now
    return replace(life, ready=True)


def _release(life: Life, act: Act, now: datetime) -> Life:
    del act
    return replace(life, released_at=life.released_at or now)


def _send(life: Life, act: Act, now: datetime) -> Life:
    del act
    return replace(life, sent_at=life.sent_at or now)


def _deliver(life: Life, act: Act, now: datetime) -> Life:
    del act
    return replace(life, delivered_at=life.delivered_at or now, undelivered=False)


def _acknowledge(life: Life, act: Act, now: datetime) -> Life:
    if life.acknowledged_at is not None:
        return life
    held = _deliver(life, act, now)  # what a person has, a machine had
    return replace(held, acknowledged_at=now, acknowledged_by=act.role)


def _acknowledge_cancellation(life: Life, act: Act, now: datetime) -> Life:
    del act
    return replace(life, cancellation_acknowledged_at=life.cancellation_acknowledged_at or now)


def _readback(life: Life, act: Act, now: datetime) -> Life:
    if act.matches:
        return replace(life, read_back_at=life.read_back_at or now)
    return replace(life, mismatches=life.mismatches + 1)


def _correction(life: Life, act: Act, now: datetime) -> Life:
    del act, now
    begun = _ladder_anew(without(life, ClockKind.READBACK))
    return replace(begun, corrections=life.corrections + 1)


def _answer(life: Life, act: Act, now: datetime) -> Life:
    if act.answer is None or life.answer in (AnswerWord.ANSWERED, AnswerWord.DECLINED):
        return life  # a final answer stands; what came after it is in the history
    return replace(life, answer=act.answer, answered_at=now)


def _cannot_comply(life: Life, act: Act, now: datetime) -> Life:
    return _answer(life, replace(act, answer=AnswerWord.DECLINED), now)


def _consider(life: Life, act: Act, now: datetime) -> Life:
    del now
    if act.until is None or life.considered_until is not None:
        return life  # the clock is armed anew once only
    return replace(_ladder_anew(without(life, ClockKind.ANSWER)), considered_until=act.until)


def _passed_to_units(life: Life, act: Act, now: datetime) -> Life:
    del now
    if act.units is None or life.units is Units.CONFIRMED:
        return life
    return replace(life, units=act.units)


def _cancel(life: Life, act: Act, now: datetime) -> Life:
    del act
    return replace(life, cancelled_at=life.cancelled_at or now)


def _withdraw(life: Life, act: Act, now: datetime) -> Life:
    del act
    return replace(life, withdrawn_at=life.withdrawn_at or now)


def _supersede(life: Life, act: Act, now: datetime) -> Life:
    del now
    return replace(life, superseded_by=life.superseded_by or act.successor)


def _silence(life: Life, act: Act, now: datetime) -> Life:
    del act, now
    return replace(life, silenced_level=life.level)


def _ladder_anew(life: Life) -> Life:
    return replace(without(life, ClockKind.ESCALATE), level=0, silenced_level=-1)


_FACTS: Final[Mapping[ActKind, _Fact]] = {
    ActKind.VALIDATE: _validate,
    ActKind.RELEASE: _release,
    ActKind.SEND: _send,
    ActKind.DELIVER: _deliver,
    ActKind.ACKNOWLEDGE: _acknowledge,
    ActKind.ACKNOWLEDGE_CANCELLATION: _acknowledge_cancellation,
    ActKind.READBACK: _readback,
    ActKind.CORRECTION: _correction,
    ActKind.ANSWER: _answer,
    ActKind.CONSIDER: _consider,
    ActKind.PASSED_TO_UNITS: _passed_to_units,
    ActKind.CANNOT_COMPLY: _cannot_comply,
    ActKind.CANCEL: _cancel,
    ActKind.WITHDRAW: _withdraw,
    ActKind.SUPERSEDE: _supersede,
    ActKind.SILENCE: _silence,
}
