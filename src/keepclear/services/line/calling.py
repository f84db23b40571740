"""Keep the record of a call, while it runs and once it has ended."""

from __future__ import annotations

from keepclear.errors import StateForbids
from keepclear.formats.documents.call import stored_call
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.call import Call, CallEnding
from keepclear.model.line_state import ContactEvent, ContactKind, Dating, SourceSide
from keepclear.model.node import Subject
from keepclear.ports.store import Unit
from keepclear.services.expected import Expected
from keepclear.services.line.keeping import Kept, content_of, keep, line_partner
from keepclear.services.line.remembering import note_contact
from keepclear.services.node import Node

_KINDS = (EntryKind.CALL_RECORDED, EntryKind.CALL_CHANGED)
_ENDED = (EntryKind.CALL_RECORDED, EntryKind.CALL_ENDED)


def keep_call(node: Node, call: Call, *, expected: Expected, actor: str = "") -> Kept:
    """Keep a call's record; one that ended becomes part of the history of contacts.

    Raises:
        NotFound: there is no such line.
        StateForbids: it ended before, and shall run again.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> Kept:
        line_partner(unit, node, call.line)
        current = unit.declaration(Subject.CALL, call.id)
        before = None if current is None else stored_call(current.body)
        if before is not None and call.is_running and not before.is_running:
            raise StateForbids(
                "the call has ended; it does not run again",
                remedy="Correct ended_at, or record another call.",
            )
        ends = before is not None and before.is_running and not call.is_running
        content = content_of(Subject.CALL, call.id, node.identity.party, call)
        kinds = _ENDED if ends else _KINDS
        kept = keep(unit, node, content, kinds, expected=expected, actor=actor)
        event = _contact(call, node.identity.party)
        if kept.changed and event is not None and event != _before(before, node.identity.party):
            note_contact(unit, node, event, actor=actor)
        return kept

    return node.store.write(work)


def _before(before: Call | None, party: str) -> ContactEvent | None:
    return None if before is None else _contact(before, party)


def _contact(call: Call, party: str) -> ContactEvent | None:
    """What an ended call is in the history of contacts; nothing where nobody was reached."""
    if call.is_running or call.ending is CallEnding.NOT_ANSWERED:
        return None
    return ContactEvent(
        id=call.id,
        line=call.line,
        kind=ContactKind.CALL,
        level=call.level,
        channel=call.channel,
        at=Dating(iso_text(call.started_at), call.started_at, call.started_at),
        side=SourceSide.OWN,
        source=f"{party}, record of the call",
    )
