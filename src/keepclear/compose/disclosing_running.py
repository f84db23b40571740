"""What a serving node tells and asks by itself as its own operations change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Lock, Thread

from keepclear.compose.attempting import attempted, tell
from keepclear.model.node import Subject
from keepclear.ports.store import Committed
from keepclear.services.disclosing.following import behind, follow
from keepclear.services.node import Node

AT_ONCE = 500
STUCK_S = 5.0
"""So long it waits where something could not be told."""
_MOVES = frozenset({Subject.OPERATION, Subject.COVERAGE, Subject.RELEASE})


class _Heard:
    """Operations that changed and were not followed yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ids: dict[str, None] = {}
        self.ear = Event()

    def take_in(self, committed: Committed) -> None:
        """Note what changed; in the writer's thread, so as little as can be."""
        meant = [each for each in committed.changes if each.subject in _MOVES]
        if not meant:
            return
        ids = [each.id for each in meant if each.subject is Subject.OPERATION]
        ids += [each.id.partition("/")[0] for each in meant if each.subject is Subject.RELEASE]
        self.add(ids)

    def add(self, ids: list[str]) -> None:
        """Note that these are to be followed."""
        with self._lock:
            self._ids.update(dict.fromkeys(ids))
        self.ear.set()

    def some(self) -> list[str]:
        """The next of them; they are noted no more."""
        with self._lock:
            found = list(self._ids)[:AT_ONCE]
            for each in found:
                del self._ids[each]
            if self._ids:
                self.ear.set()
            return found


@contextmanager
def disclosing_running(node: Node) -> Iterator[None]:
    """Tell and ask by itself while the block runs; what a stop left undone is done first."""
    stop, heard = Event(), _Heard()
    node.store.on_change(heard.take_in)
    thread = Thread(target=_follow, args=(node, heard, stop), name="keepclear-disclosing")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        heard.ear.set()
        thread.join()


def _follow(node: Node, heard: _Heard, stop: Event) -> None:
    failed: Exception | None = None
    is_behind = True

    def once(ids: list[str]) -> None:
        nonlocal is_behind
        if is_behind:
            heard.add(list(behind(node)))
            is_behind = False
        follow(node, ids)

    heard.ear.set()
    while not stop.is_set():
        heard.ear.wait()
        heard.ear.clear()
        ids = [] if stop.is_set() else heard.some()
        if stop.is_set():
            return
        before, failed = failed, attempted(partial(once, ids))
        if failed is not None:
            if before is None:
                tell("what was released could not be told", failed)
            heard.add(ids)
            stop.wait(STUCK_S)
