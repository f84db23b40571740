"""What a serving node does by itself: merge its index, end what expired, let go of the rest."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from keepclear.compose.machine import forward_seconds
from keepclear.errors import KeepclearError
from keepclear.logs import say
from keepclear.services.expiring import expire
from keepclear.services.node import Node
from keepclear.services.retaining import KEEP_EVERYTHING, Retention, apply_retention

MERGE_EVERY_S = 2.0
EXPIRE_EVERY_S = 60.0
RETAIN_EVERY_S = 86_400.0
"""Once at the start, then daily."""


@contextmanager
def upkeep(node: Node, retention: Retention) -> Iterator[None]:
    """Keep a node in order while the block runs; ends before the block is left."""
    stop = Event()
    merging = Thread(target=_merge, args=(node, stop), name="keepclear-merging")
    expiring = Thread(target=_expire, args=(node, stop), name="keepclear-expiring")
    retaining = Thread(target=_retain, args=(node, retention, stop), name="keepclear-retaining")
    threads = [merging, expiring, *([] if retention == KEEP_EVERYTHING else [retaining])]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _merge(node: Node, stop: Event) -> None:
    while not stop.wait(MERGE_EVERY_S):
        node.picture.merge()


def _expire(node: Node, stop: Event) -> None:
    while True:
        try:
            ended = expire(node)
        except KeepclearError as error:
            say("expiring failed", level=logging.ERROR, part="upkeep", error=error.code)
        else:
            if ended:
                say("operations expired", part="upkeep", ended=ended)
        if stop.wait(EXPIRE_EVERY_S):
            return


def _retain(node: Node, retention: Retention, stop: Event) -> None:
    due_s = forward_seconds()
    while not stop.wait(max(0.0, due_s - forward_seconds())):
        due_s += RETAIN_EVERY_S
        try:
            done = apply_retention(node, retention, actor="retention")
        except KeepclearError as error:
            say("retention failed", level=logging.ERROR, part="upkeep", error=error.code)
        else:
            if any(done):
                removed, pruned = done
                say("retention done", part="upkeep", removed=removed, pruned=pruned)
