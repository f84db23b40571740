"""Changes as they come, for consoles that stay open.

Every stream reads the store's change sequence by itself, from wherever it stands; the
writer only wakes it. So a slow reader holds up nobody, nothing is kept for it, and whoever
comes back with the last number he saw misses nothing.

Source: WHATWG HTML, 9.2 (server-sent events).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from threading import Lock

import msgspec

from keepclear.api.workers import Workers
from keepclear.errors import NodeBusy, NodeStopping
from keepclear.formats.times import iso_text
from keepclear.model.node import Change, Subject
from keepclear.ports.store import Committed, Store

HEARTBEAT_S = 15.0
"""After this long without a change a comment tells that the line still stands."""
GATHER_S = 0.05
"""Changes that follow each other faster than this go out together."""
MOST_STREAMS = 64
CHUNK = 500
"""How many changes are read at once."""
RECONNECT_MS = 2_000


class Feed:
    """Wakes every stream at each change, and ends them all when the node stops."""

    def __init__(self, store: Store, workers: Workers) -> None:
        self._store = store
        self._workers = workers
        self._lock = Lock()
        self._streams: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._stopping = False
        store.on_change(self._tell)

    def stop(self) -> None:
        """End every stream, and open no more; from any thread."""
        self._stopping = True
        self._wake()

    def _last(self) -> int:
        with self._store.view() as view:
            return view.sequence

    def _changes(self, after: int) -> Sequence[Change]:
        with self._store.view() as view:
            return view.changes(after=after, limit=CHUNK)

    def _resync(self, last: int) -> bytes:
        identity = self._store.identity
        data = {
            "change": last,
            "kind": Subject.NODE.value,
            "id": identity.id,
            "version": 1,
            "action": "resync",
            "at": iso_text(identity.made_at),
        }
        return _event("resync", last, data)

    def _tell(self, _committed: Committed) -> None:
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            streams = tuple(self._streams.items())
        for event, loop in streams:
            # A loop that has ended meanwhile has no stream left to wake.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(event.set)

    def _open(self) -> asyncio.Event:
        if self._stopping:
            raise NodeStopping("the node is stopping")
        with self._lock:
            if len(self._streams) >= MOST_STREAMS:
                raise NodeBusy(
                    f"{MOST_STREAMS} streams are open already",
                    remedy="Close consoles that nobody looks at.",
                )
            event = asyncio.Event()
            self._streams[event] = asyncio.get_running_loop()
        return event

    async def follow(
        self, after: int | None, is_over: Callable[[], bool]
    ) -> AsyncGenerator[bytes, None]:
        """Changes above a number, then each as it comes, until the node stops.

        Args:
            after: the last change the reader knows; None begins with what comes next. One
                that the store has not reached, as after a backup was restored, is answered
                with an event `resync`: everything has to be read anew.
            is_over: tells that the reader may hear no more.
        """
        woken = self._open()
        try:
            last = await self._workers.run(self._last)
            yield f": keepclear\nretry: {RECONNECT_MS}\n\n".encode()
            if after is not None and after > last:
                yield self._resync(last)
            seen = last if after is None else min(after, last)
            while not self._stopping and not is_over():
                woken.clear()
                changes = await self._workers.run(self._changes, seen)
                if changes:
                    seen = changes[-1].sequence
                    yield b"".join(map(told, changes))
                    await asyncio.sleep(GATHER_S)
                elif not await _woken(woken):
                    yield b": still here\n\n"
        finally:
            with self._lock:
                self._streams.pop(woken, None)


async def _woken(event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(HEARTBEAT_S):
            await event.wait()
    except TimeoutError:
        return False
    return True


def told(change: Change) -> bytes:
    """One change as an event."""
    data = {
        "change": change.sequence,
        "kind": change.subject.value,
        "id": change.id,
        "version": change.version,
        "action": change.action,
        "at": iso_text(change.at),
    }
    return _event(change.subject.value, change.sequence, data)


def _event(name: str, number: int, data: object) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), msgspec.json.encode(data))
