"""How often somebody may ask: buckets of tokens that fill again with time."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

MOST_NAMES = 1_024
"""So many who asked are remembered; the one that asked longest ago is forgotten first."""


class Rate(NamedTuple):
    """How often is often enough.

    Attributes:
        per_s: so many requests a second, for as long as one likes.
        burst: so many at once after a pause.
    """

    per_s: float
    burst: float


class Limits:
    """Counts requests by who asks; for one thread, the event loop's.

    Args:
        rate: the same for each.
        seconds: a clock that only ever goes forward, in seconds.
    """

    def __init__(self, rate: Rate, seconds: Callable[[], float]) -> None:
        self._rate = rate
        self._seconds = seconds
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str) -> int:
        """Count a request; 0 where it may go on, else after how many seconds it may come again."""
        now_s = self._seconds()
        left, at_s = self._left.pop(name, (self._rate.burst, now_s))
        left = min(self._rate.burst, left + (now_s - at_s) * self._rate.per_s)
        is_allowed = left >= 1.0
        self._left[name] = (left - 1.0 if is_allowed else left, now_s)
        if len(self._left) > MOST_NAMES:
            self._left.popitem(last=False)
        return 0 if is_allowed else max(1, math.ceil((1.0 - left) / self._rate.per_s))
