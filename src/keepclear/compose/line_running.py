"""What a serving node does on its lines by itself: deliver, and do what is due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from queue import Queue
from threading import Event, Thread
from typing import TypeAlias

from keepclear.compose.attempting import attempted, tell
from keepclear.compose.bell import Bell
from keepclear.compose.sending import IDLE_S, Sender, Sending
from keepclear.model.node import Subject
from keepclear.ports.peers import Peers
from keepclear.ports.store import Committed
from keepclear.services.line.messaging_ticking import Page, wake
from keepclear.services.line.pairing import lines
from keepclear.services.line.ticking import tick
from keepclear.services.node import Node

SOONEST_S = 0.02
"""Between two looks at what is due passes at least so long."""
STUCK_S = 1.0
"""So long it waits where something due could not be done."""
_QUIET = frozenset({Subject.OPERATION, Subject.DRAFT, Subject.IMPORT})
"""Changes that give a line nothing to do."""
_Pages: TypeAlias = "Queue[tuple[Page, ...]]"
"""Whom to wake; nobody at the end."""


@contextmanager
def line_running(node: Node, bell: Bell, peers: Peers) -> Iterator[None]:
    """Deliver on every line and do what is due while the block runs; ends with it.

    Args:
        node: ours; its `ring` is the bell's.
        bell: rings when there is something to send, or a deadline moved.
        peers: how nodes are reached.
    """
    stop = Event()

    def heard(committed: Committed) -> None:
        if any(change.subject not in _QUIET for change in committed.changes):
            bell.ring()

    node.store.on_change(heard)
    pages: _Pages = Queue()
    paging = Thread(target=_wake, args=(node, pages), name="keepclear-paging")
    running = [
        Thread(target=_send, args=(node, bell, peers, stop), name="keepclear-lines"),
        Thread(target=_tick, args=(node, bell.ear(), stop, pages), name="keepclear-ticking"),
    ]
    for thread in (paging, *running):
        thread.start()
    try:
        yield
    finally:
        stop.set()
        bell.ring()
        for thread in running:
            thread.join()
        pages.put(())
        paging.join()


def _send(node: Node, bell: Bell, peers: Peers, stop: Event) -> None:
    """Keep two senders for each line, one of them for FLASH, also for lines made meanwhile."""
    ear = bell.ear()
    threads: dict[str, list[Thread]] = {}
    while not stop.is_set():
        ear.clear()
        with node.store.view() as view:
            found = [line for line in lines(view) if line.id not in threads]
        for line in found:
            threads[line.id] = [
                Thread(
                    target=Sender(Sending(node, peers, stop, bell.ear()), line, flash).run,
                    name=f"keepclear-{'flash' if flash else 'line'}-{line.them}",
                )
                for flash in (True, False)
            ]
            for thread in threads[line.id]:
                thread.start()
        ear.wait(IDLE_S)
    bell.ring()
    for pair in threads.values():
        for thread in pair:
            thread.join()


def _wake(node: Node, pages: _Pages) -> None:
    """Wake people, one after the other; a pager that takes its time holds up no clock."""
    while some := pages.get():
        failed = attempted(partial(wake, node, some))
        if failed is not None:
            tell("that people were woken could not be put on record", failed)


def _tick(node: Node, ear: Event, stop: Event, pages: _Pages) -> None:
    """Do what is due as soon as it is."""
    failed: Exception | None = None
    wait_s = 0.0

    def once() -> None:
        nonlocal wait_s
        wait_s = _ticked(node, pages)

    while not stop.is_set():
        ear.clear()
        before, failed = failed, attempted(once)
        if failed is None:
            ear.wait(wait_s)
            stop.wait(SOONEST_S)
            continue
        if before is None:
            tell("what is due could not be done", failed)
        stop.wait(STUCK_S)


def _ticked(node: Node, pages: _Pages) -> float:
    """Do what is due now; after how many seconds something is due again."""
    due_s = _due_s(node)
    if due_s <= 0.0:
        tick(node, node.now(), waking=lambda _, some: pages.put(some))
        due_s = _due_s(node)
        if due_s <= 0.0:
            return STUCK_S
    return min(due_s, IDLE_S)


def _due_s(node: Node) -> float:
    with node.store.view() as view:
        due = view.next_due()
    return IDLE_S if due is None else (due - node.now()).total_seconds()
