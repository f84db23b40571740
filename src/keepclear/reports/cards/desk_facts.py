"""What the cards for the desk say of a line, gathered from the node."""

from __future__ import annotations

from keepclear.contact.clocks import DEFAULT_CLOCKS, clocks_for
from keepclear.errors import NotFound
from keepclear.formats.documents.watch import stored_watch
from keepclear.identity.fingerprints import fingerprint
from keepclear.model.agreement import Agreement
from keepclear.model.channel import CHANNELS
from keepclear.model.node import Subject
from keepclear.model.watch import Watch
from keepclear.ports.store import View
from keepclear.reports.cards.desk import DeskLine
from keepclear.services.line.pairing import agreement_of, line_of
from keepclear.services.node import Node
from keepclear.services.paper.authenticating import standing_of_cards


def desk_line(node: Node, line_id: str) -> DeskLine:
    """What cards say of a line now.

    Raises:
        NotFound: there is no such line.
    """
    mark = standing_of_cards(node, line_id).mark
    with node.store.view() as view:
        line = line_of(view, line_id)
        agreed = _agreed(view, line.agreement_id, node)
        ours, theirs = _watch(view, line.us), _watch(view, line.them)
    clocks = () if agreed is None else agreed.clocks
    times = () if agreed is None else agreed.check_plan.times_z
    return DeskLine(
        us=line.us,
        them=line.them,
        mode=line.mode,
        channels=tuple(each.id for each in CHANNELS),
        our_roles=_roles(ours),
        their_roles=_roles(theirs),
        our_languages=() if ours is None else ours.spoken,
        their_languages=() if theirs is None else theirs.spoken,
        fingerprint=fingerprint(line.peer.root_public_key),
        check_times=tuple(f"{each:%H%M}Z" for each in times),
        factor=1.5 if agreed is None else agreed.caution_factor,
        clocks=tuple(clocks_for(clocks, each) for each in DEFAULT_CLOCKS),
        mark=mark,
    )


def _agreed(view: View, agreement_id: str, node: Node) -> Agreement | None:
    try:
        return agreement_of(view, agreement_id, node.now())
    except NotFound:
        return None


def _watch(view: View, party: str) -> Watch | None:
    found = view.declaration(Subject.WATCH, party)
    return None if found is None or not found.live else stored_watch(found.body)


def _roles(watch: Watch | None) -> tuple[str, ...]:
    return () if watch is None else tuple(each.role for each in watch.roles)
