"""A copy that came as text beside the signed message, field by field.

Source: domain study of keepclear, 5d (6); design 5 (text copies: a difference is DISPUTED).
"""

from __future__ import annotations

from typing import Any

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.kinds import Field
from keepclear.contact.catalogue.printing import field_text
from keepclear.contact.readback import values_differ
from keepclear.model.message import Message
from keepclear.model.text_copy import CopyDifference


def compared(copied: Message, sent: Message) -> tuple[CopyDifference, ...]:
    """What a copy says otherwise than the signed message; empty where it says the same.

    Seconds of origin, and the words a position was typed in, are not carried by text.
    """
    found = [_around(*each) for each in _parts(copied, sent)]
    kind = CATALOGUE.get(sent.code)
    fields = () if kind is None else kind.fields
    if copied.code == sent.code:
        found += [_of_field(field, copied, sent) for field in fields]
    return tuple(each for each in found if each is not None)


def _parts(copied: Message, sent: Message) -> list[tuple[str, str, Any, Any]]:
    def minute(message: Message) -> str:
        return f"{message.originated_at:%d%H%M}Z {message.originated_at:%b %Y}".upper()

    def each(name: str, label: str) -> tuple[str, str, Any, Any]:
        return name, label, getattr(copied, name), getattr(sent, name)

    return [
        each("code", "Type"),
        each("version", "Version"),
        each("from_role", "From the role"),
        each("to_role", "To the role"),
        each("mode", "Mode"),
        each("no_duff", "NO DUFF"),
        each("precedence", "Precedence"),
        ("originated_at", "Written", minute(copied), minute(sent)),
        each("valid", "Valid"),
        each("supersedes", "Supersedes"),
        each("refs", "About"),
        each("remark", "Remark"),
        each("renderings", "In other languages"),
    ]


def _around(name: str, label: str, copied: Any, sent: Any) -> CopyDifference | None:
    return None if copied == sent else CopyDifference(name, label, str(copied), str(sent))


def _of_field(field: Field, copied: Message, sent: Message) -> CopyDifference | None:
    one, other = copied.fields.get(field.key), sent.fields.get(field.key)
    if one is None and other is None:
        return None
    if one is not None and other is not None and not values_differ(field, other, one):
        return None
    return CopyDifference(field.key, field.label, _shown(field, one), _shown(field, other))


def _shown(field: Field, value: Any) -> str:
    return "not there" if value is None else field_text(field, value)
