"""The life of a message as a pure state machine: `advance` for acts, `due` for clocks."""

from __future__ import annotations

from keepclear.contact.life.advancing import advance
from keepclear.contact.life.allowed import allowed, received_acts
from keepclear.contact.life.beginning import drafted, received
from keepclear.contact.life.clocking import due
from keepclear.contact.life.step import Effect, EffectKind, Step

__all__ = [
    "Effect",
    "EffectKind",
    "Step",
    "advance",
    "allowed",
    "drafted",
    "due",
    "received",
    "received_acts",
]
