"""Have a hazard warning passed back to a movement, whatever the reason it is due.

Source: domain study of keepclear, 5h, drill 10; 3: a notice that did not reach the units has
killed those who relied on it.
"""

from __future__ import annotations

import uuid

from keepclear.contact.humanitarian import warning_words
from keepclear.formats.documents.humanitarian import warning_document
from keepclear.formats.documents.message import stored_message
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.humanitarian import HazardWarning
from keepclear.model.message import Message
from keepclear.model.message_life import ClockKind, Life, Units
from keepclear.model.node import Subject
from keepclear.ports.store import Unit
from keepclear.services.line.keeping import Content, write
from keepclear.services.node import Node

MOVEMENT_CODE = "M14"
_WARNINGS = uuid.UUID("0a3c3c1e-0f5b-4a0f-8f0e-3f1c6b1de7a5")
"""Names the one warning that each reason gives rise to."""


def look_for_hazard(unit: Unit, node: Node, message: Message, before: Life, life: Life) -> None:
    """Have a movement warned once it is known that units were not told, or is not known in time."""
    if message.code != MOVEMENT_CODE or not life.terms.asks_units:
        return
    ran_out = ClockKind.UNITS in life.overdue and ClockKind.UNITS not in before.overdue
    cannot = life.units is Units.CANNOT and before.units is not Units.CANNOT
    if not ran_out and not cannot:
        return
    they = message.recipient
    why = (
        f"{they} says that not every one of its units can be told of you"
        if cannot
        else f"{they} has not said that its units were told of you"
    )
    raise_warning(unit, node, message.id, why, key="cannot" if cannot else "units")


def raise_warning(unit: Unit, node: Node, message_id: str, why: str, *, key: str) -> str:
    """Keep that a movement must be warned; the same reason again changes nothing; its id."""
    warning_id = str(uuid.uuid5(_WARNINGS, f"{message_id}/{key}"))
    stored = unit.message(message_id)
    if stored is None or unit.declaration(Subject.WARNING, warning_id) is not None:
        return warning_id
    message = stored_message(stored.content)
    warning = HazardWarning(
        id=warning_id,
        message=message_id,
        line=message.line,
        party=message.sender,
        organisation=str(message.fields.get("organisation", "")),
        contact=str(message.fields.get("contact", "")),
        at=to_millisecond(node.now()),
        why=why,
        words=warning_words(message, why),
    )
    write(unit, node, warning_content(node, warning), EntryKind.WARNING_DUE, actor="node")
    return warning_id


def warning_content(node: Node, warning: HazardWarning) -> Content:
    """A warning as it is kept: ours, whoever the movement is of."""
    party = node.identity.party
    return Content(Subject.WARNING, warning.id, party, warning_document(warning))
