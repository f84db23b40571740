"""What a message must prove, and by when, from its type, its fields and the agreement.

Source: domain study of keepclear, 5d (clocks) and 5f (catalogue).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.kinds import FieldKind, MessageType
from keepclear.contact.clocks import clocks_for
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import moment
from keepclear.model.agreement import Clocks
from keepclear.model.channel import CHANNELS
from keepclear.model.message import Message
from keepclear.model.message_life import Terms

UNDENIABLE: Final = frozenset({"M14", "M15"})
"""Humanitarian notices: no act of anybody declines them. Source: 5g and 0.9."""
_BY_HAND: Final = ("courier", "intermediary")
"""Channels that are chosen by people, never by a clock."""
TRIED: Final = tuple(each.id for each in CHANNELS if each.id not in _BY_HAND)
"""The channels a clock goes through, in order."""


def terms_of(message: Message, agreed: Iterable[Clocks]) -> Terms:
    """What a message must prove, and how long each proof may take.

    Args:
        message: the message.
        agreed: the clocks of the agreement; defaults hold for what it leaves out.
    """
    kind = CATALOGUE.get(message.code)
    clocks = clocks_for(agreed, message.precedence)
    if kind is None:  # from a newer node: it must still reach a person
        return Terms(clocks, speaks_of=message.speaks_of, channels=TRIED)
    return Terms(
        clocks=clocks,
        needs_readback=kind.readback,
        needs_answer=asks_answer(kind, message.fields),
        asks_units=_asks_units(kind, message.fields),
        speaks_of=message.speaks_of,
        valid_until=_valid_until(message),
        answer_by=_answer_by(kind, message.fields),
        channels=TRIED,
        is_undeniable=message.code in UNDENIABLE,
    )


def begins_at(code: str, fields: Mapping[str, Any]) -> datetime | None:
    """When what a message speaks of begins; None where its type or fields do not say."""
    kind = CATALOGUE.get(code)
    field = None if kind is None else kind.field(kind.begins)
    given = None if field is None else fields.get(field.key)
    if field is None or given is None:
        return None
    match field.kind:
        case FieldKind.WINDOW if isinstance(given, Mapping):
            return _moment(given.get("start"))
        case FieldKind.VOLUMES if isinstance(given, list | tuple):
            starts = [_moment(each.get("start")) for each in given if isinstance(each, Mapping)]
            return min((at for at in starts if at is not None), default=None)
        case FieldKind.MOMENT:
            return _moment(given)
        case _:
            return None


def asks_answer(kind: MessageType, fields: Mapping[str, Any]) -> bool:
    """Whether a message of the type, with these fields, asks for an answer."""
    if kind.answer is None:
        return False
    return not kind.answer.key or fields.get(kind.answer.key) in kind.answer.words


def _asks_units(kind: MessageType, fields: Mapping[str, Any]) -> bool:
    return kind.units and fields.get("acknowledgement_wanted", "passed to units") != "acknowledged"


def _answer_by(kind: MessageType, fields: Mapping[str, Any]) -> datetime | None:
    if kind.answer is None or not kind.answer.by:
        return None
    return _moment(fields.get(kind.answer.by))


def _valid_until(message: Message) -> datetime | None:
    """When a message expires: its validity, or the expiry its fields state, the earlier."""
    ends = [_moment(message.fields.get("expiry"))]
    if message.valid is not None:
        ends.append(message.valid.end)
    return min((at for at in ends if at is not None), default=None)


def _moment(given: Any) -> datetime | None:
    try:
        return moment(given) if isinstance(given, str) else None
    except InvalidInput:
        return None
