"""How long an account waits after wrong passwords: longer each time, and never for good.

A wait is per account, ends by itself, and touches neither open sessions nor the node's token.
So whoever sends wrong passwords slows the next signing in, and can stop nobody's work.

Source: NIST SP 800-63B, 5.2.2 (rate limiting by waits that grow).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

FREE_TRIES = 5
"""So many wrong passwords cost nothing but themselves: people mistype."""
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 300.0
FORGOTTEN_AFTER_S = 3_600.0
"""After so long without a try an account begins anew."""
_BUCKETS = 256


@dataclass(slots=True)
class _Tries:
    count: int = 0
    last_s: float = 0.0

    def wait_s(self, now_s: float) -> float:
        if self.count < FREE_TRIES:
            return 0.0
        doubled = FIRST_WAIT_S * 2.0 ** min(self.count - FREE_TRIES, 16)
        return max(0.0, self.last_s + min(doubled, LONGEST_WAIT_S) - now_s)


class Patience:
    """Wrong passwords in a row, by account; names nobody has share what is left.

    Args:
        seconds: a clock that only ever goes forward, in seconds.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._tries: dict[str, _Tries] = {}

    def begin(self, name: str, *, is_known: bool) -> float:
        """Count a try as wrong until `right` says otherwise, unless it must wait.

        Counting before looking keeps tries that come at once from all being looked at.

        Returns:
            0 where the password may be looked at, else how long until it would be.
        """
        now_s = self._seconds()
        with self._lock:
            tries = self._tries.setdefault(self._key(name, is_known=is_known), _Tries())
            if now_s - tries.last_s > FORGOTTEN_AFTER_S:
                tries.count = 0
            wait_s = tries.wait_s(now_s)
            if wait_s <= 0.0:
                tries.count += 1
                tries.last_s = now_s
            return wait_s

    def right(self, name: str) -> None:
        """Forget what was wrong: the right password was given."""
        with self._lock:
            self._tries.pop(self._key(name, is_known=True), None)

    def wrong_in_a_row(self, name: str) -> int:
        """How many were wrong since the last right one."""
        with self._lock:
            tries = self._tries.get(self._key(name, is_known=True))
            return 0 if tries is None else tries.count

    def waits_s(self, name: str) -> float:
        """How long until the next password of an account would be looked at; 0 for at once."""
        with self._lock:
            tries = self._tries.get(self._key(name, is_known=True))
            return 0.0 if tries is None else tries.wait_s(self._seconds())

    def _key(self, name: str, *, is_known: bool) -> str:
        """Names that nobody has are many; they must neither fill the memory nor tell a guesser."""
        if is_known:
            return name
        bucket = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[0]
        return f"?{bucket % _BUCKETS}"
