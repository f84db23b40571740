"""Threads that go on whatever happens: what a try raised is told, once, and tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable

from keepclear.errors import KeepclearError, PeerTrouble
from keepclear.logs import say


def attempted(work: Callable[[], object]) -> Exception | None:
    """Do a work; what it raised, or None."""
    try:
        work()
    except Exception as error:  # noqa: BLE001  (a thread of the line must outlive whatever it is)
        return error
    return None


def tell(sentence: str, error: Exception, *, party: str = "") -> None:
    """Write into the log that a work failed; trouble with a peer is no fault of ours."""
    name = error.code if isinstance(error, KeepclearError) else type(error).__name__
    level = logging.WARNING if isinstance(error, PeerTrouble) else logging.ERROR
    say(sentence, level=level, party=party or None, error=name)
