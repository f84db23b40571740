"""Presence: how many notices are active, in bands of numbers; all that L0 tells (M32)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import msgspec

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.line import Line
from keepclear.model.message import message_id
from keepclear.model.node import Subject
from keepclear.model.volume_question import Presence
from keepclear.ports.store import Unit, View
from keepclear.services.line.count_bands import band_of_count
from keepclear.services.line.keeping import Content, Kept, write
from keepclear.services.line.pairing import line_of
from keepclear.services.line.posting import post
from keepclear.services.line.speaking import message_of
from keepclear.services.line.taken import Taken
from keepclear.services.line.watches_seen import role_on_duty
from keepclear.services.node import Node

_STORED = msgspec.json.Decoder(Presence)


def tell_presence(node: Node, line_id: str, told_id: str, *, actor: str = "") -> Presence:
    """Tell the other party how many notices we have, in bands; the same again changes nothing.

    Args:
        node: ours.
        line_id: to whom.
        told_id: a UUID for the message.
        actor: who has it told; empty for the node itself.

    Raises:
        NotFound: there is no such line.
    """
    message_id(told_id)

    def work(unit: Unit) -> Presence:
        line = line_of(unit, line_id)
        presence = counted(unit, node, line, node.now())
        if unit.envelope_of(told_id, outgoing=True) is None:
            post_presence(unit, node, line, presence, told_id, actor=actor)
        return presence

    presence = node.store.write(work)
    node.ring()
    return presence


def counted(view: View, node: Node, line: Line, now: datetime) -> Presence:
    """What we have now, as it would be told."""
    standing, us = node.picture.standing(), node.identity.party
    notices = standing.notices.get(us)
    zones = Counter(each.declared_by for each in standing.frame.zones)
    del view
    return Presence(
        party=us,
        line=line.id,
        as_of=to_millisecond(now),
        notices=(("all", band_of_count(0 if notices is None else notices.number)),),
        zones=band_of_count(zones[us]),
        received_at=to_millisecond(now),
    )


def post_presence(
    unit: Unit, node: Node, line: Line, presence: Presence, told_id: str, *, actor: str = ""
) -> None:
    """Put it into the outbox and on record."""
    fields: dict[str, JsonValue] = {
        "notices": dict(presence.notices),
        "zones": presence.zones,
        "as_of": iso_text(presence.as_of),
    }
    role = role_on_duty(unit, line.us)
    message = message_of(node, line, "M32", fields, presence.as_of, role=role, message_id=told_id)
    post(unit, node, line, message)
    _keep(unit, node, presence, EntryKind.PRESENCE_TOLD, actor=actor)


def take_presence(unit: Unit, node: Node, taken: Taken) -> None:
    """Keep what another party says it has, in place of what it said before."""
    fields: Any = taken.message.fields
    try:
        notices = {str(key)[:40]: str(band)[:20] for key, band in dict(fields["notices"]).items()}
        presence = Presence(
            party=taken.message.sender,
            line=taken.line.id,
            as_of=moment(fields["as_of"]),
            notices=tuple(sorted(notices.items())[:20]),
            zones=str(fields["zones"])[:20],
            received_at=to_millisecond(taken.received_at),
        )
    except (InvalidInput, KeyError, TypeError, ValueError):
        return  # it says nothing that anybody could rely on
    known = presence_of(unit, taken.line.id, presence.party)
    if known is None or known.as_of < presence.as_of:
        _keep(unit, node, presence, EntryKind.PRESENCE_TAKEN, actor=presence.party)


def presence_of(view: View, line_id: str, party: str) -> Presence | None:
    """What a party said last on a line, or we told; None where nothing was."""
    found = view.declaration(Subject.PRESENCE, f"{line_id}/{party}")
    return None if found is None else _STORED.decode(found.body)


def presences(view: View) -> tuple[Presence, ...]:
    """Everything that was said or told, by line and party."""
    return tuple(_STORED.decode(each.body) for each in view.declarations(Subject.PRESENCE))


def _keep(unit: Unit, node: Node, presence: Presence, kind: EntryKind, *, actor: str) -> Kept:
    name = f"{presence.line}/{presence.party}"
    content = Content(Subject.PRESENCE, name, presence.party, plain_document(presence))
    return write(unit, node, content, kind, actor=actor)
