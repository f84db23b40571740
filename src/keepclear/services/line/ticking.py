"""Have everything run out that is due: every timer of the node is a stored deadline."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from keepclear.errors import InvalidInput
from keepclear.model.node import Subject
from keepclear.ports.line_store import Due
from keepclear.ports.store import Unit
from keepclear.services.line import records
from keepclear.services.line.checking import tick_line
from keepclear.services.line.messaging_ticking import Page, tick_message, wake
from keepclear.services.node import Node
from keepclear.services.paper.mailbox_kept import tick_mailbox

_log = logging.getLogger(__name__)

_MOST_ROUNDS = 1_000
"""So many batches are looked at in one go; what is left comes with the next."""

Waking: TypeAlias = Callable[[Node, tuple[Page, ...]], object]
"""Wakes people, or sees to it that they are woken."""


def tick(node: Node, now: datetime, *, waking: Waking = wake) -> None:
    """Give each deadline that has come to its owner, each in a unit of work of its own.

    One that fails is logged and holds up no other; it is looked at again next time.

    Args:
        node: the node.
        now: the moment up to which deadlines have come.
        waking: how people are woken. A pager may take long, and the next clock waits for it;
            whoever ticks all the time therefore leaves it to a thread of its own.
    """
    seen: set[tuple[Subject, str, str]] = set()
    for _ in range(_MOST_ROUNDS):
        with node.store.view() as view:
            due = view.due(now, limit=len(seen) + 200)
        fresh = [each for each in due if (each.subject, each.id, each.kind) not in seen]
        if not fresh:
            return
        for each in fresh:
            seen.add((each.subject, each.id, each.kind))
            _tick_one(node, each, now, waking)


def _tick_one(node: Node, due: Due, now: datetime, waking: Waking) -> None:
    try:
        pages = node.store.write(lambda unit: _given(unit, node, due, now))
        if pages:
            waking(node, pages)
        if due.subject is Subject.MAILBOX:
            node.ring()  # whoever reads the inbox waits for it
    except InvalidInput:
        _log.exception("the deadline %s of %s %s failed", due.kind, due.subject, due.id)


def _given(unit: Unit, node: Node, due: Due, now: datetime) -> tuple[Page, ...]:
    """Have its owner deal with it; whom to wake once that is durable.

    Others may have waited long before this one, and people have acted since: it is done as of
    the moment at which it is done.
    """
    now = max(now, node.now())
    if due.subject is Subject.MESSAGE:
        return tick_message(unit, node, due.id, now)
    if due.subject is Subject.LINE:
        tick_line(unit, node, due.id, due.kind, now)
    elif due.subject is Subject.MAILBOX:
        tick_mailbox(unit, due, now)
    elif due.subject in records.SUBJECTS:
        records.tick(unit, node, due.subject, due.id, now)
    else:
        unit.drop_deadline(due.subject, due.id, due.kind)
    return ()
