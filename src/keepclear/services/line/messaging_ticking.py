"""What happens to messages when their clocks run out, and whom that wakes."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

from keepclear.canonical import JsonValue
from keepclear.contact.life import Effect, EffectKind, due
from keepclear.errors import KeepclearError
from keepclear.formats.times import dtg_or_iso
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.ports.store import Unit
from keepclear.services.line.messaging_held import Entered, Held, find, keep_clocks, keep_step
from keepclear.services.node import Node
from keepclear.services.recording import record

_log = logging.getLogger(__name__)


class Page(NamedTuple):
    """Somebody to be woken, once the step that asks for it is durable.

    Attributes:
        message: about which message.
        version: which version of it.
        level: who is woken.
        text: what they are told; the mode word stands first and last.
    """

    message: str
    version: int
    level: int
    text: str


def tick_message(unit: Unit, node: Node, known_id: str, now: datetime) -> tuple[Page, ...]:
    """Have the clocks of a message run out that are due; whom to wake once that is durable."""
    about = find(unit, known_id)
    if about is None:
        unit.put_deadlines(Subject.MESSAGE, known_id, [])
        return ()
    step = due(about.life, now)
    if step.life is about.life:
        keep_clocks(unit, known_id, about.life)
        return ()
    entered = Entered(EntryKind.MESSAGE_OVERDUE, {})
    kept = keep_step(unit, node, about, step.life, entered, now=now, effects=step.effects)
    pages = (each for each in step.effects if each.kind is EffectKind.PAGE)
    return tuple(_page(kept, each) for each in pages)


def wake(node: Node, pages: tuple[Page, ...]) -> None:
    """Wake people; that it was done, or failed, is recorded. A failing pager stops nothing."""
    pager = node.pager
    if pager is None:
        return
    for page in pages:
        why = ""
        try:
            pager.page(page.level, page.text)
        except KeepclearError as error:
            why = error.message
        except (OSError, RuntimeError, ValueError) as error:
            why = f"{type(error).__name__}: {error}"
        if why:
            _log.error("the pager failed: %s", why)
        _record(node, page, why)


def _record(node: Node, page: Page, why: str) -> None:
    kind = EntryKind.MESSAGE_PAGE_FAILED if why else EntryKind.MESSAGE_PAGED
    about = (Subject.MESSAGE, page.message, page.version)
    body: dict[str, JsonValue] = {"level": page.level, "text": page.text}
    entry = record(node.identity, kind, about, body, at=node.now(), note=why[:500])

    def work(unit: Unit) -> None:
        unit.append(entry)

    node.store.write(work)


def _page(about: Held, effect: Effect) -> Page:
    message = about.message
    duff = " NO DUFF" if message.no_duff else ""
    text = (
        f"{message.mode}{duff} {message.precedence} {message.code} {message.sender} to "
        f"{message.recipient} of {dtg_or_iso(message.originated_at)}: {effect.text} {message.mode}"
    )
    return Page(about.stored.id, about.stored.version, effect.level, text)
