"""The node's look at itself, kept for a moment: whoever asks often makes no work."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from keepclear.services.examining import Examined, examine
from keepclear.services.node import Node

HOLDS = timedelta(seconds=1)


class LastLook:
    """The last look; any thread may ask, and one looks for all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at: datetime | None = None
        self._examined: tuple[Examined, ...] = ()

    def now(self, node: Node) -> tuple[Examined, ...]:
        """How the node is, a second ago at most."""
        with self._lock:
            at = node.now()
            # A clock that was set back makes the last look count as old too.
            if self._at is None or abs(at - self._at) > HOLDS:
                self._examined = examine(node)
                self._at = at
            return self._examined
