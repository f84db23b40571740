"""A bell that wakes whoever waits for something to do."""

from __future__ import annotations

from threading import Event, Lock


class Bell:
    """Rings for every ear there is; a ring is never lost, several may count as one."""

    def __init__(self) -> None:
        self._ears: list[Event] = []
        self._lock = Lock()

    def ear(self) -> Event:
        """An event that every later ring sets; who waits for it clears it."""
        ear = Event()
        with self._lock:
            self._ears.append(ear)
        return ear

    def ring(self) -> None:
        """Wake everybody; returns at once, from any thread."""
        with self._lock:
            ears = tuple(self._ears)
        for ear in ears:
            ear.set()
