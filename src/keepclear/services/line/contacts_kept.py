"""The contacts of a line as they are kept."""

from __future__ import annotations

from keepclear.formats.documents.contact_event import stored_event
from keepclear.model.line_state import ContactEvent
from keepclear.model.node import Subject
from keepclear.ports.store import View

_MANY = 1_000


def contacts_of(view: View, line_id: str) -> tuple[ContactEvent, ...]:
    """Every contact of a line, as each source has it, the latest first."""
    found: list[ContactEvent] = []
    after = ""
    while True:
        some = view.declarations_of(Subject.CONTACT, line_id, after=after, limit=_MANY)
        found += [stored_event(each.body) for each in some]
        if len(some) < _MANY:
            return tuple(sorted(found, key=lambda one: (one.at.latest, one.id), reverse=True))
        after = some[-1].id
