"""Keep a record of a line: its document, its versions, an entry in the ledger for each.

Records are our account. What came over the line, or was published by another party, is kept
as theirs, under their name; the same content again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import NotFound, NotOurs
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.line import line_id
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.expected import Expected, require_expected
from keepclear.services.line.pairing import lines
from keepclear.services.node import Node
from keepclear.services.recording import record


class Kept(NamedTuple):
    """What became of a record.

    Attributes:
        declaration: its current version.
        created: whether there was none before.
        changed: whether this made a new version.
    """

    declaration: Declaration
    created: bool
    changed: bool


class Content(NamedTuple):
    """A record to be kept.

    Attributes:
        subject: what sort of record.
        id: its id.
        party: whose account it is.
        document: what it says.
    """

    subject: Subject
    id: str
    party: str
    document: Mapping[str, JsonValue]


def content_of(subject: Subject, record_id: str, party: str, noun: Any) -> Content:
    """A noun as it is kept."""
    return Content(subject, record_id, party, plain_document(noun))


def keep(
    unit: Unit,
    node: Node,
    content: Content,
    kinds: tuple[EntryKind, EntryKind],
    *,
    expected: Expected,
    actor: str,
) -> Kept:
    """Keep a record inside a unit of work; the same content again changes nothing.

    Args:
        unit: the unit of work.
        node: the node.
        content: the record.
        kinds: what the ledger calls its first version, and a later one.
        expected: the version the caller saw.
        actor: who does it.

    Raises:
        NotOurs: it is kept as the account of another party.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    current = unit.declaration(content.subject, content.id)
    if current is not None and current.body == canonical_bytes(content.document):
        return Kept(current, created=False, changed=False)
    known = None if current is None else current.version
    require_expected(expected, known, f"{content.subject} {content.id}")
    if current is not None and current.party != content.party:
        raise NotOurs(
            f"{content.subject} {content.id} is the account of {current.party}",
            remedy="Keep another account under an id of its own; accounts are never merged.",
        )
    kind = kinds[0] if current is None else kinds[1]
    return write(unit, node, content, kind, actor=actor)


def write(
    unit: Unit, node: Node, content: Content, kind: EntryKind, *, actor: str, note: str = ""
) -> Kept:
    """Write the next version of a record, whatever stood before."""
    current = unit.declaration(content.subject, content.id)
    version = 1 if current is None else current.version + 1
    at = node.now()
    about = (content.subject, content.id, version)
    entry = unit.append(
        record(node.identity, kind, about, content.document, at=at, actor=actor, note=note)
    )
    stored = Declaration(
        subject=content.subject,
        id=content.id,
        party=content.party,
        version=version,
        live=True,
        body=canonical_bytes(content.document),
        entry=entry,
    )
    unit.put_declaration(stored, action=_action(kind), at=at)
    return Kept(stored, created=current is None, changed=True)


def note_overdue(
    unit: Unit, node: Node, current: Declaration, kind: EntryKind, why: str, due: datetime
) -> None:
    """Put on record that a thing is overdue, without a new version of it.

    Whoever follows the changes is told; nobody's edit is disturbed.
    """
    body: JsonValue = {"id": current.id, "why": why, "due": iso_text(due)}
    about = (current.subject, current.id, current.version)
    unit.append(record(node.identity, kind, about, body, at=node.now()))
    unit.put_declaration(current, action=_action(kind), at=node.now())


def arm(
    unit: Unit,
    subject: Subject,
    thing_id: str,
    deadlines: Sequence[tuple[str, datetime | None, datetime | None]],
    *,
    now: datetime,
) -> None:
    """Keep a thing's deadlines; one that has passed and was armed before is not armed again.

    Args:
        unit: the unit of work.
        subject: what sort of thing.
        thing_id: which one.
        deadlines: of each its kind, when it is due now, and when it was due before.
        now: the present moment.
    """
    armed = [
        (kind, due)
        for kind, due, before in deadlines
        if due is not None and (due > now or due != before)
    ]
    unit.put_deadlines(subject, thing_id, armed)


def line_partner(view: View, node: Node, line: str) -> str:
    """The other party of one of our lines.

    Raises:
        NotFound: no agreement and no pairing ever made such a line.
    """
    us = node.identity.party
    for paired in lines(view):
        if paired.id == line:
            return paired.them
    signed = {
        party.id
        for agreement in node.picture.standing().frame.agreements
        for party in agreement.parties
        if us in {each.id for each in agreement.parties}
    }
    for them in signed - {us}:
        if line_id(us, them) == line:
            return them
    raise NotFound(
        f"there is no line {line}", remedy="Name a line as the list of lines does, as AMBER-BLUE."
    )


def found(view: View, subject: Subject, thing_id: str) -> Declaration:
    """One record.

    Raises:
        NotFound: there is none.
    """
    declaration = view.declaration(subject, thing_id)
    if declaration is None:
        raise NotFound(f"there is no {subject} {thing_id}")
    return declaration


def _action(kind: EntryKind) -> str:
    return kind.value.rpartition(" ")[2]
