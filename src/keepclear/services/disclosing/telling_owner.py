"""A broker tells the owner of an operation who was told of it, and the owner keeps that (M33).

It names the asker, the level, and each operation with its conflict; of what was asked it tells
nothing. So the owner's own node says who saw what, and nobody has to ask the broker's people.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from keepclear.canonical import JsonValue
from keepclear.disclose.answering import MOST_TOLD
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import moment, require_line
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.message import message_id
from keepclear.model.node import Subject
from keepclear.model.operation import DisclosureLevel
from keepclear.model.volume_question import VolumeQuestion
from keepclear.ports.store import Unit
from keepclear.services.disclosing.viewing import Seen, log_view
from keepclear.services.line.pairing import lines
from keepclear.services.line.posting import post
from keepclear.services.line.speaking import message_of
from keepclear.services.line.taken import Taken
from keepclear.services.line.watches_seen import role_on_duty
from keepclear.services.node import Node
from keepclear.services.recording import record

_TOLD: Final = uuid.UUID("6d0f2b0e-5f0c-4b5e-8d7a-3f6f1b9f2c10")
_LONGEST: Final = 80


def tell_owner(
    unit: Unit, node: Node, question: VolumeQuestion, seen: Sequence[Seen], now: datetime
) -> None:
    """Tell a party that a broker named its operations to another; nothing without a line to it."""
    line = next((each for each in lines(unit) if each.them == question.about), None)
    if line is None or not seen:
        return
    at = to_millisecond(now)
    views: list[JsonValue] = [
        {"operation": each.operation, "conflict": each.conflict} for each in seen[:MOST_TOLD]
    ]
    fields: dict[str, JsonValue] = {
        "question": question.id,
        "asker": question.asker,
        "level": seen[0].level.name,
        "views": {"items": views},
        "at": iso_text(at),
    }
    if question.member:
        fields["member"] = question.member
    name = str(uuid.uuid5(_TOLD, question.id))
    role = role_on_duty(unit, line.us)
    post(unit, node, line, message_of(node, line, "M33", fields, at, role=role, message_id=name))


def take_views_told(unit: Unit, node: Node, taken: Taken) -> None:
    """Keep who was told of operations of ours, under the name of who says so."""
    try:
        seen = _seen(taken)
    except (InvalidInput, KeyError, TypeError, ValueError) as error:
        _note_unusable(unit, node, taken, str(error))
        return
    ours = [each for each in seen if _is_ours(unit, node, each.operation)]
    for each in ours:
        log_view(unit, node, each)
    if len(ours) < len(seen):
        _note_unusable(unit, node, taken, "it speaks of operations that are not ours")


def _seen(taken: Taken) -> list[Seen]:
    fields: Any = taken.message.fields
    asker, member = str(fields["asker"]), str(fields.get("member", ""))
    for name in (asker, member):
        require_line(name)
    if not asker or len(asker) > _LONGEST or len(member) > _LONGEST:
        raise InvalidInput("it does not say who was told")
    level, at = DisclosureLevel[fields["level"]], moment(fields["at"])
    question = message_id(fields["question"])
    return [
        Seen(
            operation=message_id(each["operation"]),
            party=asker,
            level=level,
            what=f"answer at {level.name} by {taken.message.sender}",
            line=taken.line.id,
            at=at,
            about=question,
            member=member,
            conflict=str(each["conflict"])[:_LONGEST],
        )
        for each in fields["views"]["items"][:MOST_TOLD]
    ]


def _is_ours(unit: Unit, node: Node, operation_id: str) -> bool:
    stored = unit.operation(operation_id)
    return stored is not None and stored.operation.party == node.identity.party


def _note_unusable(unit: Unit, node: Node, taken: Taken, why: str) -> None:
    message = taken.message
    about = (Subject.MESSAGE, message.id, message.version)
    body = {"code": message.code, "reason": "unusable", "detail": why[:500]}
    kind = EntryKind.MESSAGE_UNUSABLE
    unit.append(record(node.identity, kind, about, body, at=taken.received_at))
