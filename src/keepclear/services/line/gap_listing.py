"""What we have open on a line at the moment of restoring it, as a list of names.

It holds ids, versions and ends, and no content: what may be seen is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from keepclear.contact.gaps import Gap, gap_between
from keepclear.formats.documents.message import stored_message
from keepclear.identity.fingerprints import key_id
from keepclear.model.line import Line
from keepclear.model.node import Subject
from keepclear.model.operation import DisclosureLevel, OperationState
from keepclear.model.restoration import GapList, Listed
from keepclear.ports.line_store import MessageQuery, StoredMessage
from keepclear.ports.store import OperationQuery, View
from keepclear.services.node import Node

NOTICES = frozenset({"M03", "M04", "M05", "M06", "M11", "M12", "M13", "M14", "M15", "M27"})
"""The messages that are notices: they speak of what will fly, move or be where."""
_PAGE = 500
_MOST_MESSAGES = 300
_MOST_THINGS = 1_000
"""A list must fit into one envelope; what does not is counted."""


def gap_list(view: View, node: Node, line: Line, now: datetime) -> GapList:
    """What we have open on a line at this moment."""
    open_messages, more_open = _messages(view, MessageQuery(line=line.id, open_only=True))
    notices, more_notices = _messages(
        view, MessageQuery(line=line.id, outgoing=True, codes=NOTICES)
    )
    things = list(islice(_live_things(view, line, now), _MOST_THINGS))
    return GapList(
        party=line.us,
        made_at=now,
        sent=tuple((each.epoch, each.serial) for each in view.streams(line.id, outgoing=True)),
        held=tuple((each.epoch, each.serial) for each in view.streams(line.id, outgoing=False)),
        messages=tuple(_listed(each) for each in open_messages),
        things=tuple(things),
        missed=tuple(_listed(each) for each in notices if _is_missed(view, each)),
        fingerprints=_fingerprints(node, line),
        left_out=more_open + more_notices + max(0, _live_count(view, line) - len(things)),
    )


def gap_found(view: View, ours: GapList, theirs: GapList, now: datetime) -> Gap:
    """What the gap left on our side, from both lists and from what we hold."""
    held: dict[str, int] = {}
    for each in (*theirs.things, *theirs.missed):
        version = _held_version(view, each)
        if version:
            held[each.id] = version
    return gap_between(ours, theirs, held, now)


def _messages(view: View, query: MessageQuery) -> tuple[tuple[StoredMessage, ...], int]:
    """The newest messages meant, and how many there are besides."""
    page = view.messages(query, limit=_MOST_MESSAGES)
    return page.items, page.total - len(page.items)


def _live_count(view: View, line: Line) -> int:
    """How many operations of ours are live, whoever may know of them."""
    counts = view.counts()
    return sum(
        count
        for (party, state), count in counts.items()
        if party == line.us and state is not OperationState.ENDED
    )


def _listed(stored: StoredMessage) -> Listed:
    message = stored_message(stored.content)
    until = None if message.valid is None else message.valid.end
    return Listed(stored.id, message.version, stored.code, until)


def _is_missed(view: View, stored: StoredMessage) -> bool:
    """Whether a notice of ours was sent and never known to have come."""
    envelope = view.envelope_of(stored.id, outgoing=True)
    return envelope is not None and envelope.delivered_at is None


def _live_things(view: View, line: Line, now: datetime) -> Iterable[Listed]:
    """Our live operations and declared airspace; what nobody may know of is left out."""
    for subject in (Subject.ZONE, Subject.BOUNDARY, Subject.AIRFIELD, Subject.COVERAGE):
        for each in view.declarations(subject):
            if each.party == line.us:
                yield Listed(each.id, each.version, subject.value)
    live = frozenset(OperationState) - {OperationState.ENDED}
    query = OperationQuery(states=live, parties=frozenset((line.us,)))
    cursor = ""
    while True:
        page = view.find(query, cursor=cursor, limit=_PAGE)
        for stored in page.items:
            operation = stored.operation
            if operation.window.end > now and operation.level > DisclosureLevel.L0:
                yield Listed(operation.id, operation.version, "operation", operation.window.end)
        cursor = page.following
        if not cursor:
            return


def _held_version(view: View, listed: Listed) -> int:
    """Which version of a thing of theirs we hold; 0 for none."""
    if listed.sort == Subject.OPERATION.value:
        stored = view.operation(listed.id)
        return 0 if stored is None else stored.operation.version
    if listed.sort in {each.value for each in Subject}:
        found = view.declaration(Subject(listed.sort), listed.id)
        return 0 if found is None else found.version
    message = view.message(listed.id)
    return 0 if message is None else listed.version


def _fingerprints(node: Node, line: Line) -> tuple[tuple[str, str], ...]:
    """Both roots as we know them, by party: the other side's list must hold the same."""
    theirs = (line.them, key_id(line.peer.root_public_key))
    if node.certificate is None:
        return (theirs,)
    return tuple(sorted((theirs, (line.us, node.certificate.root_id))))
