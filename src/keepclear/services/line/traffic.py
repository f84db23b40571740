"""What the messages of a line tell of its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from keepclear.model.message_life import State
from keepclear.model.operation import Precedence
from keepclear.ports.line_store import MessageQuery, StoredMessage
from keepclear.ports.store import View

_URGENT = frozenset({Precedence.FLASH.value, Precedence.IMMEDIATE.value})
_LOOKED_AT = 20
"""So many of our last messages are looked at for a sign of the other side."""
_MOST_OPEN = 1_000
_SIGNS = ("acknowledged_at", "read_back_at", "answered_at")
"""Facts of a life that only the other side's people can have brought."""
_NOT_ACKNOWLEDGED = frozenset(
    {State.SENT.value, State.DELIVERED.value, State.UNDELIVERED.value, State.RELEASED.value}
)


class Traffic(NamedTuple):
    """Messages of a line that wait for a person.

    Attributes:
        unacknowledged_in: theirs that nobody here has acknowledged.
        unacknowledged_out: ours that nobody there has.
        overdue: FLASH and IMMEDIATE ones for which a clock ran out.
        waiting: envelopes that the other node does not have yet.
    """

    unacknowledged_in: int
    unacknowledged_out: int
    overdue: int
    waiting: int


def traffic_of(view: View, line_id: str) -> Traffic:
    """The messages of a line that wait for a person, counted."""
    counts = view.open_counts(line_id)
    waiting = [(out, n) for (out, state), n in counts.items() if state in _NOT_ACKNOWLEDGED]
    return Traffic(
        unacknowledged_in=sum(count for out, count in waiting if not out),
        unacknowledged_out=sum(count for out, count in waiting if out),
        overdue=overdue_count(view, line_id),
        waiting=view.waiting_count(line_id),
    )


def overdue_count(view: View, line_id: str) -> int:
    """How many FLASH and IMMEDIATE messages have a clock that ran out and are still open."""
    query = MessageQuery(line=line_id, open_only=True)
    found = view.messages(query, limit=_MOST_OPEN).items if view.open_counts(line_id) else ()
    return sum(1 for each in found if each.precedence in _URGENT and _life(each).get("overdue"))


def contact_by_messages(view: View, line_id: str) -> datetime | None:
    """When their people last did something to a message of ours; None where they never did."""
    found = view.messages(MessageQuery(line=line_id, outgoing=True), limit=_LOOKED_AT).items
    signs = [_life(each).get(name) for each in found for name in _SIGNS]
    moments = [datetime.fromisoformat(each) for each in signs if isinstance(each, str)]
    return max(moments, default=None)


def _life(message: StoredMessage) -> Mapping[str, Any]:
    life = msgspec.json.decode(message.life) if message.life else {}
    return life if isinstance(life, dict) else {}
