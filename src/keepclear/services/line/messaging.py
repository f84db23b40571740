"""Messages on a line: what other services and the API call, in one place."""

from __future__ import annotations

from keepclear.services.line.messaging_acting import Acting, act_on, preview, silence
from keepclear.services.line.messaging_drafting import drop_draft, problems_of, save_draft
from keepclear.services.line.messaging_held import Held, find, held, held_of
from keepclear.services.line.messaging_releasing import Releasing, release, send
from keepclear.services.line.messaging_taking import delivered, take_message
from keepclear.services.line.messaging_ticking import Page, tick_message, wake
from keepclear.services.line.messaging_told import take_act

__all__ = [
    "Acting",
    "Held",
    "Page",
    "Releasing",
    "act_on",
    "delivered",
    "drop_draft",
    "find",
    "held",
    "held_of",
    "preview",
    "problems_of",
    "release",
    "save_draft",
    "send",
    "silence",
    "take_act",
    "take_message",
    "tick_message",
    "wake",
]
