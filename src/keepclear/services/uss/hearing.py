"""Of what others told, and of what was learnt by asking, lately: what came in which order.

Details are asked for outside the store's writer. What arrives there meanwhile by another way is
noted here by whoever writes it, in the writer, so that the later of two never goes by what the
earlier had not seen yet.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from keepclear.ports.uss_store import LearntSort

MOST_KEPT = 10_000
Thing = tuple[LearntSort, str]


class Hearing:
    """The last that was heard of, for use from any thread; forgotten with the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0
        self._forgotten = 0
        self._heard: OrderedDict[Thing, int] = OrderedDict()

    def mark(self) -> int:
        """This moment, to ask from."""
        with self._lock:
            return self._count

    def note(self, sort: LearntSort, entity_id: str) -> None:
        """Something is heard of one; called inside the work that keeps it."""
        with self._lock:
            self._count += 1
            self._heard[sort, entity_id] = self._count
            self._heard.move_to_end((sort, entity_id))
            if len(self._heard) > MOST_KEPT:
                _, self._forgotten = self._heard.popitem(last=False)

    def is_since(self, mark: int, sort: LearntSort, entity_id: str) -> bool:
        """Whether something may have been heard of one since a mark; true where that is lost."""
        with self._lock:
            return self._heard.get((sort, entity_id), self._forgotten) > mark

    def since(self, mark: int) -> list[Thing]:
        """What was heard of since a mark, the last first; all that is kept where some is lost."""
        found: list[Thing] = []
        with self._lock:
            for thing, at in reversed(self._heard.items()):
                if at <= mark:
                    break
                found.append(thing)
        return found
