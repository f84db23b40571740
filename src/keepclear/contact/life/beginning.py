"""How a message's life begins on each side.

Source: domain study of keepclear, 5d (message life, 1 and 4).
"""

from __future__ import annotations

from datetime import datetime

from keepclear.contact.life.deadlines import armed
from keepclear.contact.life.step import Effect, EffectKind, Step
from keepclear.model.message_life import Life, MessageSide, State, Terms, Transition, Units
from keepclear.model.operation import Precedence

_AUDIBLE = (Precedence.FLASH, Precedence.IMMEDIATE)


def drafted(terms: Terms, *, ready: bool = False) -> Life:
    """The life of a message that is being written; `ready` where nothing stands against it."""
    return Life(MessageSide.SENDER, terms, ready=ready, units=_units(terms))


def received(
    terms: Terms, now: datetime, *, their_at: datetime | None, doubts: tuple[str, ...] = ()
) -> Step:
    """The life of a message that just came over the line.

    Args:
        terms: what must be proved of it.
        now: when it came, by this node's clock.
        their_at: when it was sent, by theirs.
        doubts: what whoever reads it must know.
    """
    first = Transition(now, "delivered", State.DELIVERED, their_at=their_at)
    life = Life(
        MessageSide.RECEIVER,
        terms,
        sent_at=now,
        delivered_at=now,
        units=_units(terms),
        doubts=doubts,
        history=(first,),
    )
    sounds = terms.clocks.precedence in _AUDIBLE
    text = f"a {terms.clocks.precedence} message came"
    effects = (Effect(EffectKind.ALARM, text=text),) if sounds else ()
    return Step(armed(life, life, now), effects)


def _units(terms: Terms) -> Units:
    return Units.ASKED if terms.asks_units else Units.NONE
