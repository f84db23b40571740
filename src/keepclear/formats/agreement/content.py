"""What an agreement says, as plain values, and the digest both parties compare.

Each noun becomes a map of its fields, whatever they are called in the text: a figure added
to the model cannot be forgotten here. Notation, order of keys, comments and blank space leave
no trace. The order of entries does, except where the model says that it means nothing. What
is None or empty is left out, so that a later release may add terms which say nothing unless
used, and agreements without them keep their digests.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, time
from enum import IntEnum
from typing import Any

from keepclear.canonical import digest_hex
from keepclear.errors import InvalidAgreement
from keepclear.model.agreement import Agreement
from keepclear.model.volume import Circle, Corridor, Polygon

SCHEMA = "keepclear-agreement/1"
"""The schema of the text, and of the content under the digest."""

DECIMALS = {"_deg": 9}
"""Decimals kept of a number, by its unit: a tenth of a millimetre on the ground."""
USUAL_DECIMALS = 3
"""Decimals of every other number: a millimetre, a millisecond, a thousandth."""

_UNORDERED = frozenset({"classes", "users", "replaces", "times_z"})


def agreement_content(agreement: Agreement) -> dict[str, Any]:
    """Lay an agreement out as plain values: SI numbers, rounded; times in UTC with Z.

    Numbers are rounded so that "3 NM" and "5556 m" are one figure: degrees to 9 decimals,
    everything else to 3. That is far below the 1 cm at which an answer can differ.
    """
    content = _noun(agreement)
    content.pop("digest", None)
    for rule in content["rules"]:
        rule.get("parties", []).sort()
    return {"schema": SCHEMA} | content


def agreement_digest(agreement: Agreement) -> str:
    """SHA-256 over the canonical content, hex: equal where two parties agreed the same.

    The digest an agreement carries takes no part in it.
    """
    return digest_hex(agreement_content(agreement))


def _noun(noun: Any) -> dict[str, Any]:
    said = {field.name: getattr(noun, field.name) for field in fields(noun)}
    content = {
        name: _plain(name, value) for name, value in said.items() if value not in (None, "", ())
    }
    if isinstance(noun, Circle | Polygon | Corridor):
        content["shape"] = type(noun).__name__.lower()
    return content


def _plain(name: str, value: object) -> Any:
    plain: Any
    match value:
        case IntEnum():
            plain = value.name
        case None | bool() | int() | str():
            plain = value
        case float():
            plain = _rounded(name, value)
        case datetime():
            plain = value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        case time():
            plain = value.isoformat() + "Z"
        case tuple():
            items = [_plain(name, item) for item in value]
            plain = sorted(items) if name in _UNORDERED else items
        case _ if is_dataclass(value):
            plain = _noun(value)
        case _:
            raise InvalidAgreement(f"{name} of type {type(value).__name__} has no plain form")
    return plain


def _rounded(name: str, value: float) -> float:
    decimals = next(
        (count for unit, count in DECIMALS.items() if name.endswith(unit)), USUAL_DECIMALS
    )
    return round(value, decimals)
