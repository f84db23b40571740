"""Which clocks run in which part of a life, and when each runs out.

Source: domain study of keepclear, 5d (precedence and clocks).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from keepclear.contact.clocks import MARGIN_S, UNITS_LEAD_S, clamped
from keepclear.model.message_life import ClockKind, Deadline, Life, MessageSide, State


class Phase(StrEnum):
    """What a message waits for; the watch's ladder begins anew with each."""

    WRITING = "writing"
    ACKNOWLEDGEMENT = "acknowledgement"
    READBACK = "readback"
    ANSWER = "answer"
    UNITS = "units"
    CANCELLATION = "cancellation"
    OVER = "over"


_PHASES: Final[Mapping[State, Phase]] = {
    State.DRAFTED: Phase.WRITING,
    State.READY: Phase.WRITING,
    State.RELEASED: Phase.WRITING,
    State.SENT: Phase.ACKNOWLEDGEMENT,
    State.UNDELIVERED: Phase.ACKNOWLEDGEMENT,
    State.DELIVERED: Phase.ACKNOWLEDGEMENT,
    State.READBACK_DUE: Phase.READBACK,
    State.DISPUTED: Phase.READBACK,
    State.AWAITING_ANSWER: Phase.ANSWER,
    State.UNDER_CONSIDERATION: Phase.ANSWER,
    State.CANCELLED: Phase.CANCELLATION,
}
_LADDER: Final = frozenset({ClockKind.ESCALATE, ClockKind.TOP_LEVEL})
_RUNNING: Final[Mapping[Phase, frozenset[ClockKind]]] = {
    Phase.ACKNOWLEDGEMENT: _LADDER
    | {ClockKind.DELIVERY, ClockKind.ACKNOWLEDGE, ClockKind.ALTERNATE, ClockKind.UNITS},
    Phase.READBACK: _LADDER | {ClockKind.READBACK, ClockKind.UNITS},
    Phase.ANSWER: _LADDER | {ClockKind.ANSWER, ClockKind.UNITS},
    Phase.UNITS: _LADDER | {ClockKind.UNITS},
    Phase.CANCELLATION: _LADDER | {ClockKind.CANCELLATION},
}
"""Those that may run in a phase."""


def phase_of(life: Life) -> Phase:
    """What the message waits for."""
    if not life.is_open:
        return Phase.OVER
    return _PHASES.get(life.state, Phase.UNITS)


def armed(before: Life, life: Life, now: datetime) -> Life:
    """The life with the clocks that its state asks for; those that run go on running."""
    phase = phase_of(life)
    may_run = _may_run(life, phase)
    kept = {each.kind: each for each in life.deadlines if each.kind in may_run}
    life = replace(life, overdue=tuple(each for each in life.overdue if each in may_run))
    if phase_of(before) is not phase:
        still = tuple(each for each in life.overdue if each not in _LADDER)
        life = replace(life, level=0, silenced_level=-1, overdue=still)
        kept = {kind: each for kind, each in kept.items() if kind not in _LADDER}
    for kind, due in _starting(life, phase, now):
        if kind not in kept and kind not in life.overdue:
            kept[kind] = Deadline(kind, due)
    ordered = sorted(kept.values(), key=lambda each: (each.due, each.kind))
    return replace(life, deadlines=tuple(ordered))


def without(life: Life, *kinds: ClockKind) -> Life:
    """The life with these clocks neither running nor run out, so that they can begin anew."""
    return replace(
        life,
        deadlines=tuple(each for each in life.deadlines if each.kind not in kinds),
        overdue=tuple(each for each in life.overdue if each not in kinds),
    )


def beginning(life: Life, kind: ClockKind, duration_s: float, now: datetime) -> Life:
    """The life with one clock that begins now, in place of the one of its kind."""
    cleaned = without(life, kind)
    due = _clamped(life, now, now, duration_s)
    deadlines = (*cleaned.deadlines, Deadline(kind, due))
    ordered = tuple(sorted(deadlines, key=lambda each: (each.due, each.kind)))
    return replace(cleaned, deadlines=ordered)


def _may_run(life: Life, phase: Phase) -> frozenset[ClockKind]:
    if phase in (Phase.WRITING, Phase.OVER):
        return frozenset()
    runs = _RUNNING[phase]
    if life.state is not State.SENT:
        runs -= {ClockKind.DELIVERY}
    if life.side is MessageSide.RECEIVER:
        runs -= {ClockKind.ALTERNATE}
    if not life.units_wait:
        runs -= {ClockKind.UNITS}
    return runs if phase is Phase.CANCELLATION else runs | {ClockKind.EXPIRY}


def _starting(life: Life, phase: Phase, now: datetime) -> list[tuple[ClockKind, datetime]]:
    """The clocks that a phase starts, with the moments at which they run out."""
    if phase in (Phase.WRITING, Phase.OVER):
        return []
    found = [
        (kind, _clamped(life, now, _start_of(life, now), duration_s))
        for kind, duration_s in _durations(life, phase).items()
        if kind in _may_run(life, phase)
    ]
    if phase is not Phase.CANCELLATION:
        found += _dated(life, phase, now)
    return found


def _durations(life: Life, phase: Phase) -> dict[ClockKind, float]:
    clocks = life.terms.clocks
    match phase:
        case Phase.ACKNOWLEDGEMENT:
            top = {} if clocks.top_level_s is None else {ClockKind.TOP_LEVEL: clocks.top_level_s}
            return {
                ClockKind.DELIVERY: clocks.delivery_s,
                ClockKind.ACKNOWLEDGE: clocks.acknowledge_s,
                ClockKind.ESCALATE: clocks.escalate_s,
                ClockKind.ALTERNATE: clocks.alternate_s,
                **top,
            }
        case Phase.READBACK:
            return {ClockKind.READBACK: clocks.readback_s}
        case Phase.ANSWER if life.considered_until is None and life.terms.answer_by is None:
            return {ClockKind.ANSWER: clocks.answer_s}
        case Phase.CANCELLATION:
            return {ClockKind.CANCELLATION: clocks.acknowledge_s}
        case _:
            return {}


def _dated(life: Life, phase: Phase, now: datetime) -> list[tuple[ClockKind, datetime]]:
    """The clocks that run out at a moment that was said."""
    found = []
    answer_by = life.considered_until or life.terms.answer_by
    if phase is Phase.ANSWER and answer_by is not None:
        seconds = max((answer_by - now).total_seconds(), 0.0)
        found.append((ClockKind.ANSWER, _clamped(life, now, now, seconds)))
    if life.units_wait and life.terms.speaks_of is not None:
        due = clamped(
            now,
            life.terms.speaks_of,
            0.0,
            speaks_of=life.terms.speaks_of,
            margin_s=UNITS_LEAD_S,
        )
        found.append((ClockKind.UNITS, due))
    elif life.units_wait and phase is Phase.UNITS:
        found.append((ClockKind.UNITS, _clamped(life, now, now, life.terms.clocks.readback_s)))
    if life.terms.valid_until is not None:
        found.append((ClockKind.EXPIRY, max(life.terms.valid_until, now)))
    return found


def _start_of(life: Life, now: datetime) -> datetime:
    """From when the clocks of a message run: since it was sent, or came, or was cancelled."""
    return life.cancelled_at or life.sent_at or now


def _clamped(life: Life, now: datetime, start: datetime, duration_s: float) -> datetime:
    return clamped(
        now,
        start,
        duration_s,
        speaks_of=life.terms.speaks_of,
        margin_s=MARGIN_S[life.terms.clocks.precedence],
    )
