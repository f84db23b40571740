"""How long each act on a message may take, and how those clocks yield to what it speaks of.

Source: domain study of keepclear, 5d (precedence and clocks); design 5 (time). The routine
alternate and escalation stand for "the next check": 17 h is the longest wait of the usual plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from keepclear.model.agreement import Clocks
from keepclear.model.operation import Precedence

_MINUTE, _HOUR = 60.0, 3_600.0

DEFAULT_CLOCKS: Final[Mapping[Precedence, Clocks]] = {
    Precedence.FLASH: Clocks(
        precedence=Precedence.FLASH,
        delivery_s=10.0,
        acknowledge_s=60.0,
        readback_s=3 * _MINUTE,
        escalate_s=60.0,
        alternate_s=120.0,
        top_level_s=5 * _MINUTE,
        answer_s=15 * _MINUTE,
    ),
    Precedence.IMMEDIATE: Clocks(
        precedence=Precedence.IMMEDIATE,
        delivery_s=30.0,
        acknowledge_s=5 * _MINUTE,
        readback_s=15 * _MINUTE,
        escalate_s=5 * _MINUTE,
        alternate_s=10 * _MINUTE,
        top_level_s=30 * _MINUTE,
        answer_s=_HOUR,
    ),
    Precedence.PRIORITY: Clocks(
        precedence=Precedence.PRIORITY,
        delivery_s=5 * _MINUTE,
        acknowledge_s=30 * _MINUTE,
        readback_s=2 * _HOUR,
        escalate_s=30 * _MINUTE,
        alternate_s=_HOUR,
        top_level_s=4 * _HOUR,
        answer_s=48 * _HOUR,
    ),
    Precedence.ROUTINE: Clocks(
        precedence=Precedence.ROUTINE,
        delivery_s=_HOUR,
        acknowledge_s=12 * _HOUR,
        readback_s=24 * _HOUR,
        escalate_s=17 * _HOUR,
        alternate_s=24 * _HOUR,
        top_level_s=None,
        answer_s=7 * 24 * _HOUR,
    ),
}
"""What holds where the agreement says nothing."""

MARGIN_S: Final[Mapping[Precedence, float]] = {
    Precedence.FLASH: 30.0,
    Precedence.IMMEDIATE: 5 * _MINUTE,
    Precedence.PRIORITY: 15 * _MINUTE,
    Precedence.ROUTINE: 30 * _MINUTE,
}
"""So long before what a message speaks of every clock of it has run out."""

UNITS_LEAD_S: Final = 30 * _MINUTE
"""So long before the start it must be said that units were told. Source: 5h, drill 10."""

LEAST_S: Final = 60.0
"""No clock is clamped to less, unless it was shorter: a person needs what a FLASH leaves them."""


def clocks_for(agreed: Iterable[Clocks], precedence: Precedence) -> Clocks:
    """The clocks of a precedence: as agreed, else the defaults."""
    return (
        next((each for each in agreed if each.precedence is precedence), None)
        or (DEFAULT_CLOCKS[precedence])
    )


def clamped(
    now: datetime,
    start: datetime,
    duration_s: float,
    *,
    speaks_of: datetime | None,
    margin_s: float,
) -> datetime:
    """When a clock runs out: before what its message speaks of, never before now.

    Args:
        now: the present moment.
        start: when it began to run.
        duration_s: how long it runs where nothing is awaited.
        speaks_of: when what the message speaks of begins; None where nothing does.
        margin_s: how long before that it must have run out.
    """
    due = start + timedelta(seconds=duration_s)
    if speaks_of is None:
        return max(due, now)
    floor = now + timedelta(seconds=min(duration_s, LEAST_S))
    limit = max(speaks_of - timedelta(seconds=margin_s), floor)
    return max(min(due, limit), now)
