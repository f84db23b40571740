"""Copies of messages that came as text, as the store keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from keepclear.errors import NotFound
from keepclear.formats.documents.text_copy import stored_text_copy, text_copy_document
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.text_copy import CopyState, TextCopy
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.line.keeping import Content, write
from keepclear.services.line.waiting import Waiting
from keepclear.services.node import Node

_WAITS: dict[CopyState, str] = {
    CopyState.WAITING: "authenticate by challenge and reply",
    CopyState.FAILED: "authentication failed: verify by another channel",
    CopyState.VERIFY: "acted on: verify by challenge and reply",
    CopyState.DISPUTED: "DISPUTED: the signed message says otherwise",
}
_URGENT = (CopyState.FAILED, CopyState.DISPUTED)


def copy_of(view: View, copy_id: str) -> TextCopy:
    """One copy.

    Raises:
        NotFound: there is none.
    """
    found = view.declaration(Subject.TEXT, copy_id)
    if found is None:
        raise NotFound(f"there is no text {copy_id}")
    return stored_text_copy(found.body)


def open_copies(view: View) -> tuple[TextCopy, ...]:
    """Every copy that is still of use: its envelope has not come, or says otherwise."""
    return tuple(stored_text_copy(each.body) for each in view.declarations(Subject.TEXT, live=True))


def copies_at(view: View, line: str, sender: str, epoch: int, serial: int) -> tuple[TextCopy, ...]:
    """The open copies of the message at a place."""
    place = (line, sender, epoch, serial)
    return tuple(
        each
        for each in open_copies(view)
        if (each.line, each.sender, each.epoch, each.serial) == place
    )


def keep_copy(
    unit: Unit, node: Node, copy: TextCopy, kind: EntryKind, *, actor: str, note: str = ""
) -> Declaration:
    """Keep a copy as it is now; one that is as signed asks for nobody any more."""
    content = Content(Subject.TEXT, copy.id, copy.sender, text_copy_document(copy))
    kept = write(unit, node, content, kind, actor=actor, note=note).declaration
    if copy.state is CopyState.MATCHED:
        kept = kept._replace(live=False)
        unit.put_declaration(kept, action="settled", at=node.now())
    return kept


def texts_waiting(view: View, now: datetime) -> Iterator[Waiting]:
    """Copies that wait for a person."""
    del now
    for each in open_copies(view):
        why = _WAITS.get(each.state)
        if why is not None:
            title = f"text copy of {each.code} {each.epoch}/{each.serial} of {each.sender}"
            yield Waiting(
                Subject.TEXT,
                each.id,
                each.line,
                why,
                each.compared_at or each.entered_at,
                title,
                is_urgent=each.state in _URGENT,
            )
