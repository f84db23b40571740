"""Answers by the id of their request: who asks again because an answer was lost gets the same."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from msgspec import Struct

MOST_KEPT = 1_000


class Answered:
    """The last answers, for use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], Struct] = OrderedDict()

    def find(self, thing_id: str, request_id: str) -> Struct | None:
        """What was answered to a request about a thing; None where nothing was, or long ago."""
        with self._lock:
            return self._kept.get((thing_id, request_id))

    def keep(self, thing_id: str, request_id: str, answer: Struct) -> None:
        """Keep an answer; the oldest is forgotten for it."""
        with self._lock:
            self._kept[thing_id, request_id] = answer
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
