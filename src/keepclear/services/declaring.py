"""Declare zones, boundaries, airfields and coverage, change them, and take them back.

Source: domain study of keepclear, 4.1 and 5g: a declared area ends by expiry or
cancellation, never by the word inactive.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import NotFound, NotOurs, StateForbids
from keepclear.formats.documents.airspace import (
    airfield_document,
    boundary_document,
    zone_document,
)
from keepclear.formats.documents.coverage import coverage_document
from keepclear.geometry.footprint import require_sound
from keepclear.ledger.entries import EntryKind
from keepclear.model.coverage import Coverage
from keepclear.model.node import Subject
from keepclear.model.zone import Airfield, Boundary, Zone
from keepclear.ports.store import Declaration, Unit
from keepclear.services.expected import Expected, require_expected
from keepclear.services.node import Node
from keepclear.services.recording import record

_WORDS: Mapping[Subject, tuple[EntryKind, EntryKind, EntryKind]] = {
    Subject.ZONE: (EntryKind.ZONE_DECLARED, EntryKind.ZONE_CHANGED, EntryKind.ZONE_CANCELLED),
    Subject.BOUNDARY: (
        EntryKind.BOUNDARY_DECLARED,
        EntryKind.BOUNDARY_CHANGED,
        EntryKind.BOUNDARY_CANCELLED,
    ),
    Subject.AIRFIELD: (
        EntryKind.AIRFIELD_DECLARED,
        EntryKind.AIRFIELD_CHANGED,
        EntryKind.AIRFIELD_CANCELLED,
    ),
    Subject.COVERAGE: (
        EntryKind.COVERAGE_STATED,
        EntryKind.COVERAGE_CHANGED,
        EntryKind.COVERAGE_WITHDRAWN,
    ),
}
"""What the ledger calls the first version, a later one, and the end."""


class Declared(NamedTuple):
    """What became of a declaration.

    Attributes:
        declaration: its current version.
        created: whether there was none before.
    """

    declaration: Declaration
    created: bool


class Wording(NamedTuple):
    """Something to be declared, as it is stored."""

    subject: Subject
    id: str
    party: str
    document: Mapping[str, JsonValue]


def declare(
    node: Node, thing: Zone | Boundary | Airfield, *, expected: Expected, actor: str = ""
) -> Declared:
    """Declare a zone, boundary or airfield, or change it.

    A zone without a declaring party is ours. The same content again changes nothing.

    Raises:
        InvalidFootprint: its shape is unusable.
        NotOurs: another party declared it.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    wording = wording_of(thing, node.identity.party)
    if wording.party != node.identity.party:
        raise NotOurs(f"{wording.id} is of {wording.party}, this is the node of {_us(node)}")
    return node.store.write(lambda unit: put(unit, node, wording, expected=expected, actor=actor))


def state_coverage(
    node: Node, coverage_id: str, coverage: Coverage, *, expected: Expected, actor: str = ""
) -> Declared:
    """State what a party's released set covers, or correct the statement.

    Another party's statement is taken as they gave it, by whoever types or reads it in.

    Raises:
        InvalidFootprint: its area is unusable.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    wording = coverage_wording(coverage_id, coverage)
    return node.store.write(lambda unit: put(unit, node, wording, expected=expected, actor=actor))


def wording_of(thing: Zone | Boundary | Airfield, party: str) -> Wording:
    """How a zone, boundary or airfield is stored; a zone that names no party is `party`'s.

    Raises:
        InvalidFootprint: its shape is unusable.
    """
    match thing:
        case Zone():
            require_sound(thing.footprint)
            owned = thing if thing.declared_by else replace(thing, declared_by=party)
            return Wording(Subject.ZONE, thing.id, owned.declared_by, zone_document(owned))
        case Airfield():
            for way in thing.corridors:
                require_sound(way.corridor)
            return Wording(Subject.AIRFIELD, thing.id, party, airfield_document(thing))
        case Boundary():
            return Wording(Subject.BOUNDARY, thing.id, party, boundary_document(thing))


def coverage_wording(coverage_id: str, coverage: Coverage) -> Wording:
    """How a coverage statement is stored.

    Raises:
        InvalidFootprint: its area is unusable.
    """
    require_sound(coverage.area)
    document = coverage_document(coverage, coverage_id=coverage_id)
    return Wording(Subject.COVERAGE, coverage_id, coverage.party, document)


def put(unit: Unit, node: Node, wording: Wording, *, expected: Expected, actor: str) -> Declared:
    """Store a declaration inside a unit of work; the same content again changes nothing."""
    current = unit.declaration(wording.subject, wording.id)
    body = canonical_bytes(wording.document)
    if current is not None and current.live and current.body == body:
        return Declared(current, created=False)
    known = current.version if current is not None and current.live else None
    require_expected(expected, known, f"{wording.subject} {wording.id}")
    if current is not None and current.party != wording.party:
        raise NotOurs(f"{wording.id} is of {current.party}, not of {wording.party}")
    first, later, _ = _WORDS[wording.subject]
    kind = first if known is None else later
    version = 1 if current is None else current.version + 1
    stored = _store(unit, node, wording, version, kind=kind, live=True, actor=actor)
    return Declared(stored, created=known is None)


def cancel(
    node: Node, subject: Subject, thing_id: str, *, expected: int | None, actor: str = ""
) -> Declared:
    """Cancel a zone, boundary or airfield, or withdraw a coverage statement.

    It stays in the ledger and in the lists of what was. Cancelled again, nothing happens.

    Raises:
        NotFound: there never was one.
        NotOurs: another party declared it.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    if subject not in _WORDS:
        raise StateForbids(f"a thing of the sort {subject} cannot be cancelled")

    def work(unit: Unit) -> Declared:
        current = unit.declaration(subject, thing_id)
        if current is None:
            raise NotFound(f"there is no {subject} {thing_id}")
        if not current.live:
            return Declared(current, created=False)
        require_expected(expected, current.version, f"{subject} {thing_id}")
        if subject is not Subject.COVERAGE and current.party != node.identity.party:
            raise NotOurs(f"{thing_id} is of {current.party}, this is the node of {_us(node)}")
        return Declared(withdraw(unit, node, current, actor=actor), created=False)

    return node.store.write(work)


def withdraw(unit: Unit, node: Node, current: Declaration, *, actor: str) -> Declaration:
    """End a live declaration inside a unit of work."""
    wording = Wording(current.subject, current.id, current.party, _plain(current.body))
    kind = _WORDS[current.subject][2]
    return _store(unit, node, wording, current.version + 1, kind=kind, live=False, actor=actor)


def _store(
    unit: Unit,
    node: Node,
    wording: Wording,
    version: int,
    *,
    kind: EntryKind,
    live: bool,
    actor: str,
) -> Declaration:
    at = node.now()
    subject = (wording.subject, wording.id, version)
    entry = unit.append(record(node.identity, kind, subject, wording.document, at=at, actor=actor))
    declaration = Declaration(
        subject=wording.subject,
        id=wording.id,
        party=wording.party,
        version=version,
        live=live,
        body=canonical_bytes(wording.document),
        entry=entry,
    )
    unit.put_declaration(declaration, action=kind.value.rpartition(" ")[2], at=at)
    return declaration


def _plain(body: bytes) -> Mapping[str, JsonValue]:
    document: Mapping[str, JsonValue] = json.loads(body)
    return document


def _us(node: Node) -> str:
    return node.identity.party
