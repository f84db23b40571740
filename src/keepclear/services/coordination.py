"""Where a running node keeps its USS, so that people's services find it; what operators must see.

Source: ASTM F3548-21, SCD0090, SCD0095, GEN0400.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from keepclear.errors import StateForbids
from keepclear.model.node import Subject
from keepclear.ports.store import View
from keepclear.services.line.waiting import Waiting

if TYPE_CHECKING:
    from keepclear.services.uss.uss import Uss

_SHOWN_FOR: Final = timedelta(minutes=30)
_WHY: Final = {
    "SCD0090": "it now meets an intent in F3548",
    "SCD0095": "an intent in F3548 now meets it",
    "GEN0400": "F3548 could not be told",
}
"""What an operator has to look at, by the requirement that asks to tell them."""


@dataclass(slots=True)
class Coordination:
    """A node's USS, while it runs.

    Attributes:
        uss: None where the node is none, or is opened for a single command.
    """

    uss: Uss | None = None

    def demanded(self) -> Uss:
        """The USS.

        Raises:
            StateForbids: the node is none now; give it the role and serve it.
        """
        if self.uss is None:
            raise StateForbids(
                "this node is no running USS",
                remedy="Set f3548.roles to uss or both, dss_url, base_url and token_url, and "
                "serve the node.",
            )
        return self.uss


def notices_waiting(view: View, now: datetime) -> Iterator[Waiting]:
    """What an operator was lately told of an operation that goes on: the last of each."""
    last = {
        each.operation: each
        for each in view.operator_notices(now - _SHOWN_FOR, now)
        if each.event in _WHY
    }
    for each in last.values():
        if view.is_live(each.operation):
            yield Waiting(
                Subject.OPERATION,
                each.operation,
                "",
                _WHY[each.event],
                each.at,
                each.text,
                is_urgent=each.event == "SCD0095",
            )
