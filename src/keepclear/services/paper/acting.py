"""Have a copy that came as text become a message that waits for people, and says what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from keepclear.formats.documents.message import message_from
from keepclear.ledger.entries import EntryKind
from keepclear.model.text_copy import TextCopy
from keepclear.ports.store import Unit
from keepclear.services.line.pairing import line_of
from keepclear.services.line.taken import Taken
from keepclear.services.line.taking import take
from keepclear.services.node import Node
from keepclear.services.paper.copies_kept import keep_copy

VERIFY: Final = "TEXT COPY that nobody signed: act on it, and verify"
AUTHENTICATED: Final = "TEXT COPY, authenticated by challenge and reply; not signed"
COPY: Final = "TEXT COPY"
"""Begins every doubt that says so."""


def act_on_copy(unit: Unit, node: Node, copy: TextCopy, why: str, *, actor: str) -> TextCopy:
    """Take a copy's message in as if it had come over the network, marked as what it is.

    Raises:
        InvalidInput: it cannot be taken; nothing of it was written.
    """
    now = node.now()
    message = message_from(dict(copy.document))
    doubts = "; ".join((f"{why} (by {copy.by}, {copy.id})", *copy.doubts))
    taken = Taken(
        line=line_of(unit, copy.line),
        envelope_hash=b"",
        epoch=copy.epoch,
        serial=copy.serial,
        at_theirs=message.originated_at,
        received_at=now,
        message=message,
        copy=doubts,
    )
    take(unit, node, taken)
    acted = replace(copy, acted_at=now)
    keep_copy(unit, node, acted, EntryKind.TEXT_ACTED, actor=actor)
    return acted
