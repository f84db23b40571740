"""Keep humanitarian movements and sites of ours, by form, from a table or from an e-mail.

Keeping tells nobody: each recipient is told by a release of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue.checking import check_fields
from keepclear.errors import InvalidMessage, NotOurs
from keepclear.formats.documents.movement import movement_fields, stored_movement
from keepclear.formats.documents.site import site_fields, stored_site
from keepclear.ledger.entries import EntryKind
from keepclear.model.humanitarian import Movement, RecordSource
from keepclear.model.node import Subject
from keepclear.model.site import Site
from keepclear.ports.store import Unit
from keepclear.services.expected import Expected
from keepclear.services.humanitarian.entries import movement_content, site_content
from keepclear.services.humanitarian.expiring import arm_entry
from keepclear.services.line.keeping import Kept, keep
from keepclear.services.node import Node

Entry = TypeVar("Entry", Movement, Site)

_MOVEMENT = (EntryKind.MOVEMENT_KEPT, EntryKind.MOVEMENT_CHANGED)
_SITE = (EntryKind.SITE_KEPT, EntryKind.SITE_CHANGED)
SOMEBODY = "RECIPIENT"
"""Stands for a recipient while the rest of a site is checked."""


def keep_movement(node: Node, movement: Movement, *, expected: Expected, actor: str = "") -> Kept:
    """Keep a movement of ours, or change it; who was told of it is the node's to say.

    Raises:
        InvalidMessage: a field cannot be told of in an M14; the place first.
        NotOurs: another party notified it, or an assurance of others is changed.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> Kept:
        current = unit.declaration(Subject.MOVEMENT, movement.id)
        before = None if current is None else stored_movement(current.body)
        fresh = _as_node_says(movement, before, node.identity.party)
        if before is None or movement_fields(fresh) != movement_fields(before):
            _require_fields(node, "M14", movement_fields(fresh))
        content = movement_content(fresh)
        kept = keep(unit, node, content, _MOVEMENT, expected=expected, actor=actor)
        arm_entry(unit, Subject.MOVEMENT, fresh, node.now())
        return kept

    kept = node.store.write(work)
    node.ring()
    return kept


def keep_site(node: Node, site: Site, *, expected: Expected, actor: str = "") -> Kept:
    """Keep a site of ours, or change it; who was told of it is the node's to say.

    Raises:
        InvalidMessage: a field cannot be told of in an M15, as a place that is not where it
            was typed to be.
        NotOurs: another party notified it, or an assurance of others is changed.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> Kept:
        current = unit.declaration(Subject.SITE, site.id)
        before = None if current is None else stored_site(current.body)
        fresh = _as_node_says(site, before, node.identity.party)
        if before is None or site_fields(fresh, SOMEBODY) != site_fields(before, SOMEBODY):
            _require_fields(node, "M15", site_fields(fresh, SOMEBODY))
        kept = keep(unit, node, site_content(fresh), _SITE, expected=expected, actor=actor)
        arm_entry(unit, Subject.SITE, fresh, node.now())
        return kept

    kept = node.store.write(work)
    node.ring()
    return kept


def _as_node_says(entry: Entry, before: Entry | None, us: str) -> Entry:
    if before is None:
        source = RecordSource.FORM if entry.source is RecordSource.LINE else entry.source
        return replace(entry, party=us, releases=(), message="", source=source)
    if before.party != us:
        raise NotOurs(
            f"the entry is of {before.party}",
            remedy="Ask them to change it; it is received, passed on and warned about.",
        )
    if entry.assurances[: len(before.assurances)] != before.assurances:
        raise NotOurs(
            "assurances: what others said stays as they said it",
            remedy="Add what they said later; nothing is taken back here.",
        )
    return replace(
        entry, party=us, releases=before.releases, message=before.message, source=before.source
    )


def _require_fields(node: Node, code: str, fields: Mapping[str, JsonValue]) -> None:
    problems = check_fields(code, fields, node.now())
    if problems:
        first = problems[0]
        raise InvalidMessage(f"{first.place}: {first.text}", remedy=first.remedy)
