"""One spelling for JSON-like values, so that two nodes hash the same bytes.

Source: RFC 8785 (JSON Canonicalization Scheme). Deviations: integers beyond 2^53 are
refused instead of rounded, and so is nesting deeper than `DEEPEST`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from keepclear.errors import InvalidInput

JsonValue: TypeAlias = (
    "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
"""What can be spelled: None, truth values, numbers, texts, sequences and text-keyed maps."""

DEEPEST = 100
"""The deepest nesting; more is a mistake or an attack."""
LARGEST_INTEGER = 2**53
"""Beyond it a double no longer holds every integer."""

_ESCAPES = {code: f"\\u{code:04x}" for code in range(0x20)} | {
    0x08: "\\b",
    0x09: "\\t",
    0x0A: "\\n",
    0x0C: "\\f",
    0x0D: "\\r",
    0x22: '\\"',
    0x5C: "\\\\",
}


def canonical_bytes(value: JsonValue) -> bytes:
    """Spell a value in the one way every node spells it, as UTF-8.

    Args:
        value: tuples count as arrays; map keys must be texts.

    Raises:
        InvalidInput: not a number or infinite, an integer beyond 2^53, a lone surrogate, a
            key that is no text, nested deeper than `DEEPEST`, or of a type JSON lacks.
            Give plain values.

    Source:
        RFC 8785, section 3.2.
    """
    parts: list[str] = []
    _spell(value, parts, depth=0)
    return "".join(parts).encode()


def digest_hex(value: JsonValue) -> str:
    """SHA-256 over the canonical bytes, in lower-case hex."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _spell(value: object, parts: list[str], depth: int) -> None:
    if depth > DEEPEST:
        raise InvalidInput(f"the value is nested deeper than {DEEPEST} levels")
    match value:
        case None:
            parts.append("null")
        case bool():
            parts.append("true" if value else "false")
        case int():
            parts.append(_integer(value))
        case float():
            parts.append(_number(value))
        case str():
            parts.append(_text(value))
        case Mapping():
            _spell_map(value, parts, depth)
        case list() | tuple():
            _spell_sequence(value, parts, depth)
        case _:
            raise InvalidInput(f"a value of type {type(value).__name__} has no JSON spelling")


def _spell_sequence(values: Sequence[object], parts: list[str], depth: int) -> None:
    parts.append("[")
    for index, value in enumerate(values):
        if index:
            parts.append(",")
        _spell(value, parts, depth + 1)
    parts.append("]")


def _spell_map(values: Mapping[object, object], parts: list[str], depth: int) -> None:
    keyed = sorted(((_sort_key(key), value) for key, value in values.items()), key=_first)
    parts.append("{")
    for index, (sort_key, value) in enumerate(keyed):
        if index:
            parts.append(",")
        parts.append(_text(sort_key.decode("utf-16-be")))
        parts.append(":")
        _spell(value, parts, depth + 1)
    parts.append("}")


def _first(pair: tuple[bytes, object]) -> bytes:
    return pair[0]


def _sort_key(key: object) -> bytes:
    """The key's UTF-16 code units; big-endian bytes compare as the units do."""
    if not isinstance(key, str):
        raise InvalidInput(f"the key {key!r} is not a text")
    try:
        return key.encode("utf-16-be")
    except UnicodeEncodeError:
        raise _lone_surrogate(key) from None


def _text(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _lone_surrogate(text)
    return f'"{text.translate(_ESCAPES)}"'


def _lone_surrogate(text: str) -> InvalidInput:
    return InvalidInput(f"the text {text!r} holds half a character (a lone surrogate)")


def _integer(value: int) -> str:
    if abs(value) > LARGEST_INTEGER:
        raise InvalidInput("an integer is beyond 2^53, where doubles skip some")
    return str(int(value))


def _number(value: float) -> str:
    """Spell a double as ECMAScript does.

    Source:
        ECMAScript 2023, Number::toString; the names k and n are the standard's.
    """
    if not math.isfinite(value):
        raise InvalidInput(f"{value} has no JSON spelling")
    if value == 0.0:
        return "0"
    sign = "-" if value < 0.0 else ""
    # repr gives the shortest digits that read back as the same double, as the standard asks.
    shortest = Decimal(float.__repr__(abs(float(value)))).normalize().as_tuple()
    digits = "".join(map(str, shortest.digits))
    k, n = len(digits), len(digits) + int(shortest.exponent)
    if k <= n <= 21:
        return f"{sign}{digits}{'0' * (n - k)}"
    if 0 < n <= 21:
        return f"{sign}{digits[:n]}.{digits[n:]}"
    if -6 < n <= 0:
        return f"{sign}0.{'0' * -n}{digits}"
    mantissa = digits if k == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{sign}{mantissa}e{n - 1:+d}"
