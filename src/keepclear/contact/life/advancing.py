"""One act on a message: refused here if it is ours and may not be, kept whatever it is if theirs.

Source: domain study of keepclear, 5d (message life, 1 to 10).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from keepclear.contact.life.allowed import DENIALS, allowed, received_acts
from keepclear.contact.life.deadlines import armed
from keepclear.contact.life.facts import with_fact
from keepclear.contact.life.step import Effect, EffectKind, Step
from keepclear.errors import InvalidMessage, StateForbids
from keepclear.model.message_life import Act, ActKind, Life, MessageSide, State, Transition

MOST_MISMATCHES: Final = 3
"""After so many readbacks that differed, people speak, with a second linguist."""

_UNTOLD: Final = (
    ActKind.VALIDATE,
    ActKind.RELEASE,
    ActKind.SEND,
    ActKind.DELIVER,
    ActKind.SUPERSEDE,
    ActKind.SILENCE,
)
"""What the other side learns in another way, or need not learn."""
_OVER: Final = (State.EXPIRED, State.WITHDRAWN, State.SUPERSEDED, State.CANCELLED)


def advance(life: Life, act: Act, now: datetime, *, is_checked: bool = True) -> Step:
    """What comes of one act.

    An act that was taken before changes nothing. An act of the other side is never refused:
    what cannot count is kept in the history, marked late where the message was over.

    Args:
        life: up to now.
        act: what is done.
        now: the present moment, by this node's clock.
        is_checked: refuse an act of this side that its state does not allow. An answer that
            is a message of its own is never held back: it counts when the rest is proved.

    Raises:
        StateForbids: an act of this side that its state does not allow.
        InvalidMessage: an act of this side lacks what its kind needs.
    """
    if life.has_seen(act.id):
        return Step(life)
    is_ours = act.by is life.side
    if is_ours and is_checked:
        _require_allowed(life, act)
        _require_complete(act)
    counts = (is_ours or act.kind in received_acts(life.side)) and not _denies(life, act)
    changed = with_fact(life, act, now) if counts else life
    changed = changed if is_ours else _in_time(changed, act)
    late = _is_late(life, act)
    changed = replace(changed, is_late=changed.is_late or late)
    changed = armed(life, changed, now)
    line = Transition(
        at=now,
        act=act.kind.value,
        state=changed.state,
        act_id=act.id,
        role=act.role,
        actor=act.actor,
        reason=act.reason if counts else f"{_why_not(life, act)}; {act.reason}".rstrip("; "),
        their_at=act.their_at,
        late=late,
    )
    changed = replace(changed, history=(*changed.history, line))
    return Step(changed, _effects(life, changed, act, is_ours=is_ours))


def _in_time(life: Life, act: Act) -> Life:
    """The life of what expired here, where the last proof was given there while it was valid.

    It was on its way when the validity ended; the other side holds the message as done, and so
    must we.
    """
    until, given = life.terms.valid_until, act.their_at
    if life.expired_at is None or until is None or given is None or given > until:
        return life
    proved = replace(life, was_in_time=True)
    return life if proved.is_open else proved


def _denies(life: Life, act: Act) -> bool:
    return life.terms.is_undeniable and act.kind in DENIALS


def _why_not(life: Life, act: Act) -> str:
    if _denies(life, act):
        return "a humanitarian notice is never denied: kept as their words alone"
    return "not theirs to do"


def _require_allowed(life: Life, act: Act) -> None:
    may = allowed(life)
    if act.kind in may:
        return
    remedy = f"Possible now: {', '.join(may)}." if may else "Nothing more can be done to it."
    raise StateForbids(f"{act.kind!s}: the message is {life.state}", remedy=remedy)


def _require_complete(act: Act) -> None:
    lacks = {
        ActKind.ANSWER: ("answer", act.answer),
        ActKind.CONSIDER: ("until", act.until),
        ActKind.PASSED_TO_UNITS: ("units", act.units),
        ActKind.SUPERSEDE: ("successor", act.successor or None),
    }.get(act.kind)
    if lacks is not None and lacks[1] is None:
        raise InvalidMessage(f"{lacks[0]}: missing", remedy=f"Give it; {act.kind} needs it.")


def _is_late(life: Life, act: Act) -> bool:
    if act.kind in (ActKind.ACKNOWLEDGE_CANCELLATION, ActKind.SILENCE):
        return False
    return life.state in _OVER


def _effects(before: Life, life: Life, act: Act, *, is_ours: bool) -> tuple[Effect, ...]:
    effects: list[Effect] = []
    was_sent = before.sent_at is not None
    if is_ours and was_sent and act.kind not in _UNTOLD:
        effects.append(Effect(EffectKind.TELL))
    if act.kind is ActKind.READBACK and not act.matches and life.read_back_at is None:
        effects.append(Effect(EffectKind.ALARM, life.level, text="the readback differs"))
        if life.mismatches >= MOST_MISMATCHES:
            text = f"{life.mismatches} readbacks differed: speak, with a second linguist"
            effects.append(Effect(EffectKind.VOICE, life.level, text=text))
    if not is_ours and life.side is MessageSide.RECEIVER and act.kind is ActKind.CANCEL:
        effects.append(Effect(EffectKind.ALARM, life.level, text="the message is cancelled"))
    if not is_ours and life.is_late and not before.is_late:
        effects.append(Effect(EffectKind.ALARM, life.level, text="an act came late; it is kept"))
    return tuple(effects)
