"""Keep declared postures as said, and have them looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepclear.contact.overdue import Overdue, posture_due
from keepclear.errors import NotOurs
from keepclear.formats.documents.posture import stored_posture
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.posture import Posture
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

DEADLINE = "review"
_KINDS = (EntryKind.POSTURE_RECORDED, EntryKind.POSTURE_CHANGED)


def keep_posture(node: Node, posture: Posture, *, expected: Expected, actor: str = "") -> Kept:
    """Keep a posture as a party declared it, or what we found when we looked again.

    Of one that came over the line only what we add may change: translation and reviews.

    Raises:
        NotFound: there is no such line.
        NotOurs: it came over the line, and its words are changed.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> Kept:
        line_partner(unit, node, posture.line)
        current = unit.declaration(Subject.POSTURE, posture.id)
        before = None if current is None else stored_posture(current.body)
        _require_as_sent(posture, before)
        content = content_of(Subject.POSTURE, posture.id, posture.party, posture)
        kept = keep(unit, node, content, _KINDS, expected=expected, actor=actor)
        if kept.changed:
            _arm(unit, posture, before, node.now())
        return kept

    kept = node.store.write(work)
    node.ring()
    return kept


def take_posture(unit: Unit, node: Node, posture: Posture) -> Kept:
    """Keep a posture that was declared over the line, by either side."""
    content = content_of(Subject.POSTURE, posture.id, posture.party, posture)
    return write(unit, node, content, EntryKind.POSTURE_TAKEN, actor=posture.party)


def tick_posture(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Put on record that a posture's review is overdue, once for each date."""
    posture = stored_posture(current.body)
    due = posture_due(posture)
    if due is None or now < due:
        return _arm(unit, posture, None, now)
    why = Overdue.REVIEW_DUE.value
    note_overdue(unit, node, current, EntryKind.POSTURE_OVERDUE, why, due)
    return unit.put_deadlines(Subject.POSTURE, current.id, [])


def _arm(unit: Unit, posture: Posture, before: Posture | None, now: datetime) -> None:
    old = None if before is None else posture_due(before)
    arm(unit, Subject.POSTURE, posture.id, [(DEADLINE, posture_due(posture), old)], now=now)


def _require_as_sent(posture: Posture, before: Posture | None) -> None:
    came = "" if before is None else before.message
    if posture.message != came:
        raise NotOurs(
            "the message a posture came in is the node's to say", remedy="Leave `message` out."
        )
    if before is None or not came:
        return
    ours = replace(
        before,
        translation=posture.translation,
        review_at=posture.review_at,
        reviews=posture.reviews,
    )
    if ours != posture:
        raise NotOurs(
            f"the posture is {before.party}'s and stays as they said it",
            remedy="Change only `translation`, `review_at` and `reviews`.",
        )
