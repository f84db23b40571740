"""Keep that somebody was shown a humanitarian site: each look is an entry of the ledger."""

from __future__ import annotations

from typing import NamedTuple

from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.operation import DisclosureLevel
from keepclear.model.site import Site
from keepclear.ports.store import Unit
from keepclear.services.disclosing.viewing import Seen, log_view
from keepclear.services.node import Node
from keepclear.services.recording import record


class Look(NamedTuple):
    """One look at a site.

    Attributes:
        by: the party that was shown it.
        actor: who of our own people looked, or showed it.
        what: on what occasion.
        about: the id of the occasion; empty where it has none.
    """

    by: str
    actor: str
    what: str
    about: str = ""


def note_site_view(unit: Unit, node: Node, site: Site, version: int, look: Look) -> None:
    """Keep who was shown a site, and on what occasion. The place itself is not repeated.

    What another party was shown, and what was shown of another party's, is in the view log too;
    no level shows a site, so it stands there as the whole of it.
    """
    now, about = node.now(), (Subject.SITE, site.id, version)
    body = {"party": site.party, "by": look.by, "occasion": look.what}
    kind = EntryKind.SITE_VIEWED
    unit.append(record(node.identity, kind, about, body, at=now, actor=look.actor))
    us = node.identity.party
    if look.by != us or site.party != us:
        occasion = look.about or now.isoformat()
        level = DisclosureLevel.L3
        seen = Seen(site.id, look.by, level, look.what, "", now, occasion, actor=look.actor)
        log_view(unit, node, seen)
