"""What a serving node does with its inbox by itself: read it when that is due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread

from keepclear.compose.attempting import attempted, tell
from keepclear.compose.bell import Bell
from keepclear.compose.sending import IDLE_S
from keepclear.ports.mail import Inbox
from keepclear.services.node import Node
from keepclear.services.paper.mailbox_kept import is_to_be_read
from keepclear.services.paper.polling import begin_polling, poll

STUCK_S = 5.0
"""So long it waits where what was read could not be kept."""


@contextmanager
def mail_running(node: Node, bell: Bell, every_s: float) -> Iterator[None]:
    """Read the inbox at an interval while the block runs; never, without inbox or interval.

    In a thread of its own: a mail server may take its time, and no clock of a message waits.
    """
    inbox = node.inbox
    begin_polling(node, 0.0 if inbox is None else every_s)
    if inbox is None or every_s <= 0.0:
        yield
        return
    stop = Event()
    args = (node, inbox, every_s, bell.ear(), stop)
    thread = Thread(target=_read, args=args, name="keepclear-mail")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        bell.ring()
        thread.join()


def _read(node: Node, inbox: Inbox, every_s: float, ear: Event, stop: Event) -> None:
    failed: Exception | None = None
    while not stop.is_set():
        ear.clear()
        with node.store.view() as view:
            is_due = is_to_be_read(view)
        if not is_due:
            ear.wait(IDLE_S)
            continue
        before, failed = failed, attempted(partial(_once, node, inbox, every_s))
        if failed is not None:
            if before is None:
                tell("mail could not be taken in", failed)
            stop.wait(STUCK_S)


def _once(node: Node, inbox: Inbox, every_s: float) -> None:
    poll(node, inbox, every_s)
