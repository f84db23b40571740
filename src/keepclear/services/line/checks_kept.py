"""The checks of lines as they are kept: one, those of a line, and how to keep one."""

from __future__ import annotations

from keepclear.formats.documents.check import check_document, stored_check
from keepclear.ledger.entries import EntryKind
from keepclear.model.line_state import Check
from keepclear.model.node import Subject
from keepclear.ports.store import Unit, View
from keepclear.services.line.keeping import Content, write
from keepclear.services.node import Node

_MANY = 1_000


def check_of(view: View, check_id: str) -> Check | None:
    """One check; None where the node never held it."""
    found = view.declaration(Subject.CHECK, check_id)
    return None if found is None else stored_check(found.body)


def checks_of(view: View, line_id: str) -> tuple[Check, ...]:
    """Every check of a line, the newest first."""
    found: list[Check] = []
    after = ""
    while True:
        some = view.declarations_of(Subject.CHECK, line_id, after=after, limit=_MANY)
        found += [stored_check(each.body) for each in some]
        if len(some) < _MANY:
            return tuple(sorted(found, key=lambda one: (one.at, one.id), reverse=True))
        after = some[-1].id


def keep_check(unit: Unit, node: Node, check: Check, kind: EntryKind, *, actor: str = "") -> int:
    """Keep a check as it stands now; its version.

    A check belongs to both parties, so it is kept under its line.
    """
    content = Content(Subject.CHECK, check.id, check.line, check_document(check))
    return write(unit, node, content, kind, actor=actor).declaration.version
