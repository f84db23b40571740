"""What comes of an act or a clock: the life from now on, and what is to be done outside.

Source: domain study of keepclear, 5d (escalation; it need not find a named person).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from keepclear.model.message_life import Life

LEVELS: Final = ("watch", "senior watch", "top level")
"""Who is told, step by step."""
TOP: Final = len(LEVELS) - 1


class EffectKind(StrEnum):
    """What is to be done outside the machine."""

    TELL = "tell"
    """Send this act to the other side."""
    ALARM = "alarm"
    """Sound, at this side's screens."""
    PAGE = "page"
    """Wake the people of a level."""
    ALTERNATE = "alternate"
    """Try the next channel, with the same serial and hash."""
    VOICE = "voice"
    """Speak, with a second linguist: three readbacks differed."""


class Effect(NamedTuple):
    """One thing to be done.

    Attributes:
        kind: what sort of thing.
        level: which level of the ladder, for alarms and pages.
        channel: which channel, for alternates.
        text: why, for a person.
    """

    kind: EffectKind
    level: int = 0
    channel: str = ""
    text: str = ""


class Step(NamedTuple):
    """What came of it.

    Attributes:
        life: from now on.
        effects: what is to be done, in order.
    """

    life: Life
    effects: tuple[Effect, ...] = ()
