"""Keep a series of consultations, and have it told when nobody dates the next session."""

from __future__ import annotations

from datetime import datetime

from keepclear.contact.overdue import consultation_due, consultation_overdue
from keepclear.errors import NotOurs
from keepclear.formats.documents.consultation import stored_consultation
from keepclear.ledger.entries import EntryKind
from keepclear.model.consultation import Consultation
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit
from keepclear.services.expected import Expected
from keepclear.services.line.keeping import (
    Kept,
    arm,
    content_of,
    keep,
    line_partner,
    note_overdue,
    write,
)
from keepclear.services.node import Node

DEADLINE = "next session"
_KINDS = (EntryKind.CONSULTATION_RECORDED, EntryKind.CONSULTATION_CHANGED)


def keep_consultation(
    node: Node, consultation: Consultation, *, expected: Expected, actor: str = ""
) -> Kept:
    """Keep our account of a series; its clock is armed anew.

    Raises:
        NotFound: there is no such line.
        NotOurs: it is another party's word.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> Kept:
        line_partner(unit, node, consultation.line)
        current = unit.declaration(Subject.CONSULTATION, consultation.id)
        before = None if current is None else stored_consultation(current.body)
        if current is not None and before == consultation:
            return Kept(current, created=False, changed=False)
        _require_ours(consultation, before, node.identity.party)
        content = content_of(
            Subject.CONSULTATION, consultation.id, consultation.party, consultation
        )
        kept = keep(unit, node, content, _KINDS, expected=expected, actor=actor)
        _arm(unit, consultation, before, node.now())
        return kept

    kept = node.store.write(work)
    node.ring()
    return kept


def take_consultation(unit: Unit, node: Node, consultation: Consultation) -> Kept:
    """Keep what another party proposed or confirmed, as their word.

    A proposal has no clock of ours: our own series, made from it, has.
    """
    content = content_of(Subject.CONSULTATION, consultation.id, consultation.party, consultation)
    kind = EntryKind.CONSULTATION_TAKEN
    return write(unit, node, content, kind, actor=consultation.party)


def tick_consultation(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Put on record that a series is overdue, once for each date."""
    consultation = stored_consultation(current.body)
    why = consultation_overdue(consultation, now)
    due = consultation_due(consultation)
    if why is None or due is None:
        return _arm(unit, consultation, None, now)
    note_overdue(unit, node, current, EntryKind.CONSULTATION_OVERDUE, why.value, due)
    return unit.put_deadlines(Subject.CONSULTATION, current.id, [])


def _arm(
    unit: Unit, consultation: Consultation, before: Consultation | None, now: datetime
) -> None:
    old = None if before is None else consultation_due(before)
    due = (DEADLINE, consultation_due(consultation), old)
    arm(unit, Subject.CONSULTATION, consultation.id, [due], now=now)


def _require_ours(consultation: Consultation, before: Consultation | None, us: str) -> None:
    if before is not None and before.from_line:
        raise NotOurs(
            f"the proposal is {before.party}'s word and stays as they sent it",
            remedy="Make a series of your own that names its message.",
        )
    if consultation.from_line or consultation.party != us:
        raise NotOurs(
            f"a series typed in here is {us}'s account",
            remedy="Leave `from_line` out; what the other party says comes over the line.",
        )
