"""Keep the list of own units; what is still to be told follows it."""

from __future__ import annotations

from keepclear.errors import StateForbids
from keepclear.formats.documents.unit import unit_document
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.unit import OwnUnit
from keepclear.ports.store import Unit, View
from keepclear.services.expected import Expected
from keepclear.services.line.keeping import Content, Kept, keep
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node
from keepclear.services.units.tellings import listed_units, reconsider

_KINDS = (EntryKind.UNIT_LISTED, EntryKind.UNIT_CHANGED)


def keep_unit(node: Node, own: OwnUnit, *, expected: Expected, actor: str = "") -> Kept:
    """List a unit of ours, change it, or list it no more.

    What open messages ask of units follows at once: a unit that is listed now must be told of
    what came before; one that is listed no more need not be, unless it was told already.

    Raises:
        StateForbids: another unit on the list has its name.
        NotPermitted: the role that tells it is none of this watch.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> Kept:
        role_on_watch(unit, node, own.told_by)
        _require_other_name(unit, own)
        content = Content(Subject.UNIT, own.id, node.identity.party, unit_document(own))
        kept = keep(unit, node, content, _KINDS, expected=expected, actor=actor)
        if kept.changed:
            reconsider(unit, node, listed_units(unit))
        return kept

    kept = node.store.write(work)
    node.ring()
    return kept


def _require_other_name(view: View, own: OwnUnit) -> None:
    name = own.name.casefold()
    if not own.is_listed:
        return
    for each in listed_units(view):
        if each.id != own.id and each.name.casefold() == name:
            raise StateForbids(
                f"name: there is another unit called {each.name}",
                remedy="Give it a name of its own, or change the one that is there.",
            )
