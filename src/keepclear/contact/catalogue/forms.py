"""The catalogue as plain data: what a console needs to draw forms, so that it holds no rules.

Source: domain study of keepclear, 5f.
"""

from __future__ import annotations

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.kinds import Field, MessageType
from keepclear.contact.catalogue.releasing import needs_second, roles_for
from keepclear.model.operation import Precedence


def catalogue_items() -> list[dict[str, JsonValue]]:
    """Every message type, in the order of the codes."""
    return [type_item(kind) for kind in CATALOGUE.values()]


def type_item(kind: MessageType) -> dict[str, JsonValue]:
    """One message type."""
    answer = kind.answer
    return {
        "code": kind.code,
        "name": kind.name,
        "purpose": kind.purpose,
        "precedence": kind.precedence.value,
        "fields": [field_item(field) for field in kind.fields],
        "needs_readback": kind.readback,
        "needs_answer": answer is not None,
        "answer_when": (
            {"field": answer.key, "words": list(answer.words)}
            if answer is not None and answer.key
            else None
        ),
        "answered_by": [] if answer is None else list(answer.codes),
        "asks_units": kind.units,
        "roles": [role.value for role in roles_for(kind, Precedence.ROUTINE)],
        "needs_second": needs_second(kind, Precedence.ROUTINE),
        "needs_validity": kind.validity,
        "written_by_hand": kind.written_by_hand,
    }


def field_item(field: Field) -> dict[str, JsonValue]:
    """One field."""
    return {
        "key": field.key,
        "label": field.label,
        "kind": field.kind.value,
        "explanation": field.explanation,
        "mandatory": field.mandatory,
        "read_back": field.read_back,
        "choices": list(field.choices),
        "most": field.most,
        "must_lie_ahead": field.future,
    }
