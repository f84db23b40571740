"""What was reported lately of faults of others, so that each is told once and not all day."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

ONCE_IN = timedelta(hours=1)
MOST_AT_ONCE = 100
"""So many reports in an hour, to whomever; the field has fewer faults than that, or too many."""


class Fault(StrEnum):
    """What went wrong, as far as it tells one report from another."""

    INTENT = "details of an intent"
    CONSTRAINT = "details of a constraint"
    NOTIFICATION = "a notification that is not taken"
    SERVICE = "the discovery service"


class Complaints:
    """What was reported lately, for use from any thread; forgotten with the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: dict[tuple[str, Fault], datetime] = {}

    def begin(self, whom: str, fault: Fault, now: datetime) -> bool:
        """Whether a report of a fault is to be made; nobody else makes it then."""
        with self._lock:
            self._made = {what: at for what, at in self._made.items() if now - at < ONCE_IN}
            if (whom, fault) in self._made or len(self._made) >= MOST_AT_ONCE:
                return False
            self._made[whom, fault] = now
            return True

    def forget(self, whom: str, fault: Fault) -> None:
        """Nothing was reported after all."""
        with self._lock:
            self._made.pop((whom, fault), None)
