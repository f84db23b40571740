"""What happens to a message when its clocks run out: alarms, the ladder, other channels.

Source: domain study of keepclear, 5d (4 and 5: retry, escalation; 9: expiry) and 0.2: a caller
who waits for one named person waits too long, so the ladder names roles.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepclear.contact.life.deadlines import armed, beginning
from keepclear.contact.life.step import LEVELS, TOP, Effect, EffectKind, Step
from keepclear.model.message_life import ClockKind, Deadline, Life, MessageSide, State, Transition

_NOT_DONE = {
    ClockKind.ACKNOWLEDGE: "not acknowledged",
    ClockKind.READBACK: "not read back",
    ClockKind.ANSWER: "not answered",
    ClockKind.UNITS: "not said that units were told",
    ClockKind.CANCELLATION: "the cancellation is not acknowledged",
}


def due(life: Life, now: datetime) -> Step:
    """What comes of every clock that has run out by now, the earliest first."""
    effects: list[Effect] = []
    for _ in range(len(ClockKind) * (len(life.terms.channels) + len(LEVELS))):
        if not life.deadlines or life.deadlines[0].due > now:
            break
        step = _fired(life, life.deadlines[0], now)
        life = step.life
        effects += step.effects
    return Step(life, tuple(effects))


def _fired(life: Life, deadline: Deadline, now: datetime) -> Step:
    rest = tuple(each for each in life.deadlines if each is not deadline)
    ran_out = replace(life, deadlines=rest, overdue=(*life.overdue, deadline.kind))
    match deadline.kind:
        case ClockKind.DELIVERY:
            step = _not_delivered(ran_out, now)
        case ClockKind.ACKNOWLEDGE:
            text = _NOT_DONE[deadline.kind]
            step = Step(ran_out, (Effect(EffectKind.ALARM, ran_out.level, text=text),))
        case ClockKind.ESCALATE:
            step = _raised(ran_out, now, "still waits")
        case ClockKind.TOP_LEVEL:
            step = _raised(ran_out, now, "still not acknowledged", level=TOP)
        case ClockKind.ALTERNATE:
            step = _other_channel(ran_out, "not acknowledged on this channel")
        case ClockKind.EXPIRY:
            step = _expired(ran_out, now)
        case _:
            step = _raised(ran_out, now, _NOT_DONE[deadline.kind])
    changed = armed(life, step.life, now)
    line = Transition(
        at=now,
        act=f"clock: {deadline.kind}",
        state=changed.state,
        role="clock",
        reason="; ".join(effect.text for effect in step.effects),
        due=deadline.due,
    )
    return Step(replace(changed, history=(*changed.history, line)), step.effects)


def _raised(life: Life, now: datetime, text: str, *, level: int | None = None) -> Step:
    """One level up, or to the one given; the ladder goes on until the top."""
    reached = max(life.level, min(life.level + 1, TOP) if level is None else level)
    raised = replace(life, level=reached)
    if reached < TOP and not _climbs_by_itself(raised):
        raised = beginning(raised, ClockKind.ESCALATE, life.terms.clocks.escalate_s, now)
    told = f"{text}; told: {LEVELS[reached]}"
    effects = (
        Effect(EffectKind.ALARM, reached, text=told),
        Effect(EffectKind.PAGE, reached, text=told),
    )
    return Step(raised, effects)


def _climbs_by_itself(life: Life) -> bool:
    """Whether the top level's own clock runs, or is left to people as for routine messages."""
    runs = any(each.kind is ClockKind.TOP_LEVEL for each in life.deadlines)
    return runs or life.terms.clocks.top_level_s is None


def _not_delivered(life: Life, now: datetime) -> Step:
    if life.channel + 1 < len(life.terms.channels):
        step = _other_channel(life, "not delivered")
        again = beginning(step.life, ClockKind.DELIVERY, life.terms.clocks.delivery_s, now)
        return Step(again, step.effects)
    return _raised(replace(life, undelivered=True), now, "not delivered on any channel")


def _other_channel(life: Life, text: str) -> Step:
    place = min(life.channel + 1, len(life.terms.channels) - 1)
    channel = life.terms.channels[place]
    effect = Effect(EffectKind.ALTERNATE, life.level, channel, f"{text}; try {channel}")
    return Step(replace(life, channel=place), (effect,))


def _expired(life: Life, now: datetime) -> Step:
    what = "unread" if life.acknowledged_at is None else f"while {life.state}"
    who = "theirs" if life.side is MessageSide.RECEIVER else "ours"
    text = f"{who} expired {what}"
    expired = replace(life, expired_at=now)
    if life.state is State.CANCELLED:
        return Step(life)
    return Step(expired, (Effect(EffectKind.ALARM, life.level, text=text),))
