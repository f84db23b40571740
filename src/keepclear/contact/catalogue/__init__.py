"""The catalogue M01 to M28 and our M29 to M33, as data: it drives forms, checks, documents."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from keepclear.contact.catalogue.coverage_type import COVERAGE_TYPES
from keepclear.contact.catalogue.disclosure_types import DISCLOSURE_TYPES
from keepclear.contact.catalogue.kinds import AnswerRule, Field, FieldKind, MessageType
from keepclear.contact.catalogue.line_types import LINE_TYPES
from keepclear.contact.catalogue.movement_types import MOVEMENT_TYPES
from keepclear.contact.catalogue.notice_types import NOTICE_TYPES
from keepclear.contact.catalogue.safety_types import SAFETY_TYPES
from keepclear.contact.catalogue.talk_types import TALK_TYPES
from keepclear.errors import InvalidMessage
from keepclear.formats.property_values import advice

__all__ = ["CATALOGUE", "AnswerRule", "Field", "FieldKind", "MessageType", "type_of"]

_ALL = (
    *(*LINE_TYPES, *NOTICE_TYPES, *MOVEMENT_TYPES, *SAFETY_TYPES, *TALK_TYPES),
    *(*COVERAGE_TYPES, *DISCLOSURE_TYPES),
)

CATALOGUE: Final[Mapping[str, MessageType]] = MappingProxyType(
    {each.code: each for each in sorted(_ALL, key=lambda each: each.code)}
)
"""Every type by its code, in the order of the codes."""


def type_of(code: str) -> MessageType:
    """The type of a code.

    Raises:
        InvalidMessage: there is none; take one of the catalogue.
    """
    found = CATALOGUE.get(code)
    if found is None:
        raise InvalidMessage(
            f"code: there is no message {code!r:.20}", remedy=advice(code[:20], CATALOGUE)
        )
    return found
