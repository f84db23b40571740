"""This machine's clock and randomness; the only lines that read one or draw the other."""

from __future__ import annotations

import ctypes
import gc
import secrets  # noqa: TID251  (the one place that draws secrets)
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import RLock


class SystemClock:
    """The clock of this machine; fits the `Clock` port."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)  # noqa: TID251  (the one place that reads the clock)


class ExerciseClock:
    """A clock that began at a moment of an exercise and goes forward from there.

    It fits the `TurnableClock` port, for use from any thread. Only nodes in EXERCISE may have one.
    """

    def __init__(self, begins: datetime) -> None:
        self._begins = begins
        self._from_s = time.monotonic()
        self._lock = RLock()

    def turn_to(self, at: datetime) -> None:
        """Go on from another moment."""
        with self._lock:
            self._begins, self._from_s = at, time.monotonic()

    def now(self) -> datetime:
        """The present moment of the exercise, in UTC."""
        with self._lock:
            return self._begins + timedelta(seconds=time.monotonic() - self._from_s)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no other thread read it while the block runs: clocks elsewhere are turned first."""
        with self._lock:
            yield


class SystemEntropy:
    """The randomness of this machine; fits the `Entropy` port."""

    def new_id(self) -> str:
        """A fresh UUID version 4."""
        return str(uuid.uuid4())  # noqa: TID251  (the one place that draws identifiers)

    def new_bytes(self, count: int) -> bytes:
        """So many bytes nobody can guess."""
        return secrets.token_bytes(count)

    def new_secret(self) -> str:
        """A text of 43 letters, digits, - and _ that nobody can guess: a token."""
        return secrets.token_urlsafe(32)


def forward_seconds() -> float:
    """Seconds by a clock that only goes forward, whatever is done to the wall clock."""
    return time.monotonic()


_M_MMAP_THRESHOLD, _LARGE_BYTES = -3, 1 << 20
_M_ARENA_MAX, _ARENAS = -8, 2


def give_memory_back() -> None:
    """Hand freed memory back to the system, where its library can; loading leaves much of it.

    From the first call on, whatever is large goes back by itself once it is freed, and threads
    share what is kept. Otherwise the library raises that limit as it sees fit, what is left of
    a merged index stays, and each thread keeps some of its own.

    Source: glibc, malloc_trim(3), mallopt(3).
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        library.mallopt(_M_ARENA_MAX, _ARENAS)
        library.malloc_trim(0)


def settle_to_serve() -> None:
    """Make this process ready to answer many: what was loaded stays, threads take turns often.

    What is there by now lives as long as the process, so the collector need not look at it;
    and no request waits longer than a blink for another's turn.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sys.setswitchinterval(0.001)
