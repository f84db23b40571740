"""Write a message: nothing typed is lost, and what stands against it is said place by place.

A draft is local: the other side learns nothing of it, and the ledger does not hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.contact.catalogue import type_of
from keepclear.contact.catalogue.checking import (
    Problem,
    canonical_fields,
    check_fields,
    check_header,
)
from keepclear.contact.catalogue.kinds import FieldKind
from keepclear.contact.catalogue.terms import begins_at, terms_of
from keepclear.contact.life import drafted
from keepclear.errors import InvalidMessage, NotFound, StateForbids
from keepclear.formats.documents.message import message_document, message_from
from keepclear.formats.times import iso_text
from keepclear.ledger.moments import to_millisecond
from keepclear.model.agreement import Clocks
from keepclear.model.line import Line
from keepclear.model.message import Message, Role, message_id
from keepclear.ports.store import Unit, View
from keepclear.services.expected import Expected, require_expected
from keepclear.services.line.messaging_held import Held, find, held, keep_draft, unstored
from keepclear.services.line.pairing import agreement_of, line_of
from keepclear.services.node import Node

_NODE_SAYS = ("id", "from", "to", "mode", "version", "originated_at")
"""What a draft need not say, and cannot say otherwise."""


def save_draft(
    node: Node, draft_id: str, document: Mapping[str, Any], *, expected: Expected
) -> Held:
    """Keep a draft of a message, complete or not; the same content again changes nothing.

    Args:
        node: the node.
        draft_id: a UUID, the id the message will have.
        document: the message's document as far as it is written: at least `code` and `line`.
        expected: the draft's version that was seen, or NEW.

    Raises:
        InvalidMessage: no code or line, or a part that cannot be of a message at all.
        NotFound: there is no such line, or no message that it would supersede.
        StateForbids: the message was released; what was said stays said.
        VersionMissing, VersionMismatch: somebody changed it meanwhile, or nothing was said.
    """
    known_id = message_id(draft_id)
    now = node.now()

    def work(unit: Unit) -> Held:
        before = find(unit, known_id)
        if before is not None and before.stored.entry is not None:
            raise StateForbids(
                f"the message is {before.life.state}; what was released stays as it is",
                remedy="Write a new message that supersedes it.",
            )
        message = _completed(unit, node, known_id, document, now)
        if before is not None and _same(before.message, message):
            return before
        known = None if before is None else before.stored.version
        require_expected(expected, known, f"the draft {known_id}")
        line = line_of(unit, message.line)
        is_ready = not problems_of(unit, node, message, now)
        life = drafted(terms_of(message, agreed_clocks(unit, line, now)), ready=is_ready)
        stored = unstored(message, life, now) if before is None else before.stored
        return keep_draft(unit, Held(stored, message, life), now=now)

    return node.store.write(work)


def drop_draft(node: Node, draft_id: str, *, expected: Expected) -> None:
    """Throw a draft away.

    Raises:
        NotFound: there is none.
        StateForbids: it was released.
        VersionMissing, VersionMismatch: somebody changed it meanwhile, or nothing was said.
    """
    now = node.now()

    def work(unit: Unit) -> None:
        before = held(unit, message_id(draft_id))
        if before.stored.entry is None:
            require_expected(expected, before.stored.version, f"the draft {draft_id}")
        unit.drop_message(before.stored.id, at=now)

    node.store.write(work)


def problems_of(view: View, node: Node, message: Message, now: datetime) -> tuple[Problem, ...]:
    """Everything that stands against releasing a message, place by place."""
    if not message.from_role:  # whoever releases it gives the role
        message = replace(message, from_role=Role.DUTY_OFFICER.value)
    return (
        *check_header(message, node.identity.mode, now),
        *check_fields(message.code, message.fields, now),
        *_reference_problems(view, message),
    )


def validate(view: View, node: Node, message: Message, now: datetime) -> None:
    """Refuse a message that cannot be released as it stands.

    Raises:
        InvalidMessage: the first thing that stands against it, and how many more there are.
    """
    problems = problems_of(view, node, message, now)
    if problems:
        first, more = problems[0], len(problems) - 1
        also = f" (and {more} more)" if more else ""
        place = f"{first.place}: " if first.place else ""
        raise InvalidMessage(f"{place}{first.text}{also}", remedy=first.remedy)


def agreed_clocks(view: View, line: Line, now: datetime) -> tuple[Clocks, ...]:
    """The clocks of the agreement that binds a line; empty where none is filed."""
    try:
        return agreement_of(view, line.agreement_id, now).clocks
    except NotFound:
        return ()


def as_sent(message: Message, role: str, now: datetime) -> dict[str, JsonValue]:
    """The document of a message that is released now: whose role, when, in one spelling."""
    fields = canonical_fields(message.code, message.fields, now)
    begins = message.speaks_of or begins_at(message.code, fields)
    return {
        **message_document(message),
        "from_role": role,
        "originated_at": iso_text(to_millisecond(now)),
        "speaks_of": None if begins is None else iso_text(begins),
        "fields": fields,
    }


def _completed(
    unit: Unit, node: Node, known_id: str, document: Mapping[str, Any], now: datetime
) -> Message:
    """The message of a draft, with what the node says of it."""
    code, line_id = document.get("code"), document.get("line")
    if not isinstance(code, str) or not isinstance(line_id, str):
        place = "line" if isinstance(code, str) else "code"
        raise InvalidMessage(f"{place}: missing", remedy="Say which message, on which line.")
    kind, line = type_of(code), line_of(unit, line_id)
    if not kind.written_by_hand:
        raise InvalidMessage(
            f"code: {code} {kind.name} is not written by hand",
            remedy="Use the line's own checks and restoration, or act on the message meant.",
        )
    superseded = _superseded(unit, document, line)
    fields = document.get("fields", {})
    if not isinstance(fields, Mapping):
        raise InvalidMessage("fields: they are no object", remedy="Write them between { and }.")
    told = {name: each for name, each in document.items() if name not in _NODE_SAYS}
    settled = {
        "to_role": Role.DUTY_OFFICER.value,
        "from_role": "",
        "precedence": kind.precedence.value,
        **told,
        "id": known_id,
        "version": 1 if superseded is None else superseded.message.version + 1,
        "from": line.us,
        "to": line.them,
        "mode": node.identity.mode.value,
        "originated_at": iso_text(to_millisecond(now)),
        "fields": canonical_fields(code, fields, now),
    }
    return message_from(settled)


def _superseded(view: View, document: Mapping[str, Any], line: Line) -> Held | None:
    named = document.get("supersedes")
    if not named:
        return None
    before = held(view, message_id(named))
    if not before.stored.outgoing or before.stored.line != line.id:
        raise InvalidMessage(
            "supersedes: that message is not ours on this line",
            remedy="Only our own message is superseded by another.",
        )
    return before


def _same(before: Message, message: Message) -> bool:
    def said(each: Message) -> bytes:
        return canonical_bytes({**message_document(each), "originated_at": ""})

    return said(before) == said(message)


def _reference_problems(view: View, message: Message) -> list[Problem]:
    named = [("refs", each) for each in message.refs]
    for field in type_of(message.code).fields:
        value = message.fields.get(field.key)
        if field.kind is FieldKind.MESSAGE and isinstance(value, str):
            named.append((f"fields.{field.key}", value))
    return [
        Problem(place, f"there is no message {ref:.40}", "Name one of this line.")
        for place, ref in named
        if view.message(ref) is None
    ]
