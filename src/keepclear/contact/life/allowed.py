"""Who may do what, in which state: the one table the machine, the API and the console share.

Source: domain study of keepclear, 5d (message life).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keepclear.model.message_life import ActKind, Life, MessageSide, State, Units

_SENDER: Final[Mapping[State, tuple[ActKind, ...]]] = {
    State.DRAFTED: (ActKind.VALIDATE, ActKind.WITHDRAW),
    State.READY: (ActKind.VALIDATE, ActKind.RELEASE, ActKind.WITHDRAW),
    State.RELEASED: (ActKind.SEND, ActKind.WITHDRAW),
    State.DISPUTED: (ActKind.CORRECTION, ActKind.WITHDRAW, ActKind.CANCEL),
}
_RECEIVER: Final[Mapping[State, tuple[ActKind, ...]]] = {
    State.DELIVERED: (ActKind.ACKNOWLEDGE,),
    State.READBACK_DUE: (ActKind.READBACK, ActKind.CANNOT_COMPLY),
    State.DISPUTED: (ActKind.READBACK,),
    State.AWAITING_ANSWER: (ActKind.ANSWER, ActKind.CONSIDER, ActKind.CANNOT_COMPLY),
    State.UNDER_CONSIDERATION: (ActKind.ANSWER, ActKind.CANNOT_COMPLY),
    State.PARTLY: (ActKind.ANSWER,),
    State.READ_BACK: (ActKind.CANNOT_COMPLY,),
    State.ACKNOWLEDGED: (ActKind.CANNOT_COMPLY,),
}
_WRITING: Final = (State.DRAFTED, State.READY, State.RELEASED)
_HELD: Final = (
    State.ACKNOWLEDGED,
    State.READBACK_DUE,
    State.DISPUTED,
    State.READ_BACK,
    State.AWAITING_ANSWER,
    State.UNDER_CONSIDERATION,
    State.ANSWERED,
    State.PARTLY,
    State.DECLINED,
    State.CLOSED,
)

_WAITS_FOR_UNITS: Final = (State.ACKNOWLEDGED, State.READ_BACK)

SENDERS: Final = frozenset(
    {ActKind.CORRECTION, ActKind.CANCEL, ActKind.WITHDRAW, ActKind.SUPERSEDE, ActKind.SEND}
)
"""What only the sender of a message does to it."""
RECEIVERS: Final = frozenset(
    {
        ActKind.DELIVER,
        ActKind.ACKNOWLEDGE,
        ActKind.ACKNOWLEDGE_CANCELLATION,
        ActKind.READBACK,
        ActKind.ANSWER,
        ActKind.CONSIDER,
        ActKind.PASSED_TO_UNITS,
        ActKind.CANNOT_COMPLY,
    }
)
"""What only its receiver does."""


DENIALS: Final = frozenset({ActKind.ANSWER, ActKind.CONSIDER, ActKind.CANNOT_COMPLY})
"""What never counts for a humanitarian notice: it is not answered with yes or no."""


def allowed(life: Life) -> tuple[ActKind, ...]:
    """What this side may do now, in the order it is likely wanted."""
    state = life.state
    if life.side is MessageSide.SENDER:
        found = _SENDER.get(state, ())
        is_told = state not in _WRITING and life.is_open and state is not State.CANCELLED
        if is_told:
            found = (*found, *(each for each in (ActKind.CANCEL,) if each not in found))
            found = (*found, ActKind.SUPERSEDE)
    else:
        found = _received(life, state)
    return (*found, ActKind.SILENCE) if _sounds(life) else found


def received_acts(side: MessageSide) -> frozenset[ActKind]:
    """What the other side may do to a message of which this side is `side`."""
    return RECEIVERS if side is MessageSide.SENDER else SENDERS


def _received(life: Life, state: State) -> tuple[ActKind, ...]:
    if state is State.CANCELLED and life.is_open:
        return (ActKind.ACKNOWLEDGE_CANCELLATION,)
    found = _RECEIVER.get(state, ())
    if life.terms.is_undeniable:
        found = tuple(each for each in found if each not in DENIALS)
    if state not in _HELD or life.units is Units.CONFIRMED:
        return found
    told = (ActKind.PASSED_TO_UNITS,)
    return (*told, *found) if state in _WAITS_FOR_UNITS else (*found, *told)


def _sounds(life: Life) -> bool:
    waits = life.is_open and life.state not in _WRITING
    return waits and life.silenced_level < life.level
