"""A noun as plain values, field by field under its own names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, cast

from keepclear.canonical import JsonValue
from keepclear.formats.times import iso_text


def plain_document(noun: Any) -> dict[str, JsonValue]:
    """A dataclass as a document: moments in ISO 8601, words by their value, every field written."""
    return {each.name: plain_value(getattr(noun, each.name)) for each in fields(noun)}


def plain_value(value: object) -> JsonValue:
    """A value of a field as JSON has it."""
    if isinstance(value, Enum):
        return cast("JsonValue", value.value)
    if isinstance(value, datetime):
        return iso_text(value)
    if is_dataclass(value):
        return plain_document(value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain_value(each) for each in value]
    return cast("JsonValue", value)
