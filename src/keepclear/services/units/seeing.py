"""Who saw a message: persons who acted on it, units that were told, allies it was passed on to."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from keepclear.ports.store import View
from keepclear.services.line.messaging_held import held
from keepclear.services.units.relaying import relay_of
from keepclear.services.units.tellings import telling_of

_CLOCK = "clock"


class Seen(NamedTuple):
    """Somebody who saw a message.

    Attributes:
        at: when, by this node's clock.
        who: a role, a unit, or an ally; never a person's name.
        what: what they did with it.
        side: ours, or theirs.
        words: what they said to it.
    """

    at: datetime
    who: str
    what: str
    side: str
    words: str = ""


def seen_by(view: View, message_id: str) -> tuple[Seen, ...]:
    """Everybody who is on record as having seen a message, the first first.

    Raises:
        NotFound: there is no such message.
    """
    about = held(view, message_id)
    found = [
        Seen(
            step.at,
            step.role,
            step.act,
            "ours" if step.their_at is None else "theirs",
            step.reason,
        )
        for step in about.life.history
        if step.role and step.role != _CLOCK
    ]
    telling = telling_of(view, message_id)
    for one in () if telling is None else telling.units:
        found += [
            Seen(step.at, one.name, step.word.value, "ours", step.words) for step in one.steps
        ]
    relay = relay_of(view, message_id)
    for each in () if relay is None else relay.receipts:
        found.append(Seen(each.relayed_at, each.to, "passed on", "ours", each.receipt))
    return tuple(sorted(found, key=lambda each: each.at))
