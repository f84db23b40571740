"""Who was shown something of an operation: kept for its owner, and told when asked.

What a machine answers is logged where it is answered. What was told whole is the notice itself,
which is on record as a message, so it is read from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import moment
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.operation import DisclosureLevel
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import Unit, View
from keepclear.services.line.keeping import Content, write
from keepclear.services.line.messaging_held import held_of
from keepclear.services.node import Node

_PAGE = 200
_NOTICES = frozenset({"M03", "M04"})


class Seen(NamedTuple):
    """One view of an operation.

    Attributes:
        operation: which.
        party: who was shown it.
        level: how much of it.
        what: by what: an answer, a notice.
        line: over which line.
        at: when.
        about: the question or message.
        member: the member of that party; empty for the party.
        conflict: the conflict that was named; empty for a notice.
        actor: who of our own people looked, where it is another party's; empty otherwise.
    """

    operation: str
    party: str
    level: DisclosureLevel
    what: str
    line: str
    at: datetime
    about: str
    member: str = ""
    conflict: str = ""
    actor: str = ""


def log_view(unit: Unit, node: Node, seen: Seen) -> None:
    """Keep that somebody was shown something; the same view again changes nothing."""
    name = f"{seen.operation}/{seen.about}/{seen.party}/{seen.conflict}{seen.actor}"
    if unit.declaration(Subject.VIEW, name) is not None:
        return
    content = Content(Subject.VIEW, name, node.identity.party, _document(seen))
    write(unit, node, content, EntryKind.VIEW_LOGGED, actor=seen.actor or seen.party)


def views_of(view: View, node: Node, operation_id: str) -> tuple[Seen, ...]:
    """Everybody who was shown something of an operation, the latest first."""
    found = [*_logged(view, node, operation_id), *_notices(view, operation_id)]
    return tuple(sorted(found, key=lambda each: (each.at, each.about), reverse=True))


def _logged(view: View, node: Node, operation_id: str) -> Iterator[Seen]:
    after = f"{operation_id}."
    while True:
        page = view.declarations_of(Subject.VIEW, node.identity.party, after=after, limit=_PAGE)
        for each in page:
            if not each.id.startswith(f"{operation_id}/"):
                return
            yield _seen(msgspec.json.decode(each.body))
        if len(page) < _PAGE:
            return
        after = page[-1].id


def _notices(view: View, operation_id: str) -> Iterator[Seen]:
    """Notices of it that we sent: the whole of it, to the other end of each line."""
    query = MessageQuery(codes=_NOTICES, outgoing=True, text=operation_id)
    cursor = ""
    while True:
        page = view.messages(query, cursor=cursor, limit=_PAGE)
        for stored in page.items:
            message = held_of(stored).message
            named: Any = message.fields.get("operation", {})
            if stored.entry is not None and named.get("id") == operation_id:
                yield Seen(
                    operation_id,
                    message.recipient,
                    DisclosureLevel.L3,
                    f"notice {message.code}",
                    message.line,
                    message.originated_at,
                    message.id,
                )
        cursor = page.following
        if not cursor:
            return


def _document(seen: Seen) -> dict[str, JsonValue]:
    return {**seen._asdict(), "level": seen.level.name, "at": iso_text(seen.at)}


def _seen(document: dict[str, Any]) -> Seen:
    level, at = DisclosureLevel[document["level"]], moment(document["at"])
    return Seen(**{**document, "level": level, "at": at})
