"""Our members and affiliates, as the agreements in force name them, less those who left."""

from __future__ import annotations

from typing import NamedTuple

from keepclear.formats.documents.telling import stored_departure
from keepclear.model.node import Subject
from keepclear.model.relay import AllyKind
from keepclear.ports.store import View
from keepclear.services.node import Node


class Ally(NamedTuple):
    """A member or an affiliate of ours.

    Attributes:
        id: as agreements name it.
        name: for people.
        kind: how it is bound.
        is_answered_for: whether we answer for its conduct.
        has_left: it is passed nothing any more.
    """

    id: str
    name: str
    kind: AllyKind
    is_answered_for: bool
    has_left: bool


def allies(view: View, node: Node) -> tuple[Ally, ...]:
    """Every body that an agreement names as ours, by id."""
    us, gone = node.identity.party, departed(view)
    found: dict[str, Ally] = {}
    for agreement in node.picture.standing().frame.agreements:
        party = agreement.party(us)
        for member in () if party is None else party.members:
            found[member.id] = Ally(
                member.id, member.name, AllyKind.MEMBER, True, member.id in gone
            )
        for one in () if party is None else party.affiliates:
            kind, answers = AllyKind.AFFILIATE, one.answered_for
            found.setdefault(one.id, Ally(one.id, one.name, kind, answers, one.id in gone))
    return tuple(sorted(found.values()))


def departed(view: View) -> frozenset[str]:
    """The members that left."""
    every = view.declarations(Subject.MEMBER)
    return frozenset(stored_departure(each.body).member for each in every)
