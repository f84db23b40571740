"""One spelling for JSON-like values, so that two nodes hash the same bytes.

Source: RFC 8785 (JSON Canonicalization Scheme). Deviations: integers beyond 2^53 are
refused instead of rounded, and so is nesting deeper than `DEEPEST`.
"""

from __future__ import annotations

import hashlib
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from keepclear.errors import InvalidInput

JsonValue: TypeAlias = (
    "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
"""What can be spelled: None, truth values, numbers, texts, sequences and text-keyed maps."""

DEEPEST = 100
"""The deepest nesting; more is a mistake or an attack."""
LARGEST_INTEGER = 2**53
"""Beyond it a double no longer holds every integer."""

_encode = msgspec.json.Encoder().encode
"""It escapes texts as the RFC asks and writes the shortest digits, which are unique; whatever
it would spell otherwise is made ready for it first. Tests hold it against the definition."""

_ORDERS: dict[tuple[str, ...], tuple[str, ...]] = {}
"""For the keys of a map in the order they came: the same in the RFC's order. Documents repeat
a few shapes many times. What is kept is bounded and only saves time."""
_MOST_SHAPES = 512
_LONGEST_SHAPE = 1_000


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
    try:
        return _encode(_READY.get(type(value), _ready_unusual)(value, 0))
    except UnicodeEncodeError as error:
        raise _lone_surrogate(error.object) from None


def digest_hex(value: JsonValue) -> str:
    """SHA-256 over the canonical bytes, in lower-case hex."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _ready_as_is(value: object, _depth: int) -> object:
    return value


def _ready_integer(value: int, _depth: int) -> int:
    if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        raise InvalidInput("an integer is beyond 2^53, where doubles skip some")
    return value


def _ready_float(value: float, _depth: int) -> object:
    if value.is_integer() and abs(value) <= LARGEST_INTEGER:
        return int(value)
    # Within these bounds shortest digits stand without an exponent, in both spellings.
    if 1e-4 <= value < 1e15 or -1e15 < value <= -1e-4:
        return value
    return msgspec.Raw(_number(value).encode())


def _ready_sequence(values: Sequence[object], depth: int) -> Sequence[object]:
    inside = _deeper(depth)
    ready_of = _READY.get
    ready = [ready_of(type(value), _ready_unusual)(value, inside) for value in values]
    return values if all(map(operator.is_, ready, values)) else ready


def _ready_map(values: dict[str, Any], depth: int) -> dict[str, Any]:
    inside = _deeper(depth)
    keys = tuple(values)
    order = _ORDERS.get(keys)
    if order is None:
        order = _order_of(keys)
    changed: dict[str, Any] = {}
    for key, value in values.items():
        kind = type(value)
        if kind is str or value is None:
            continue
        # Most numbers are positions; a call for each would cost a third of the whole.
        if kind is float and 1e-4 <= value < 1e15 and value % 1.0:
            continue
        ready = _READY.get(kind, _ready_unusual)(value, inside)
        if ready is not value:
            changed[key] = ready
    if changed:
        values = {**values, **changed}
    return values if order == keys else {key: values[key] for key in order}


def _ready_unusual(value: object, depth: int) -> object:
    """What is of a plain type by inheritance only, such as an enumeration, as the plain type."""
    match value:
        case int():
            return _ready_integer(int(value), depth)
        case float():
            return _ready_float(float.__float__(value), depth)
        case str():
            return str.__str__(value)
        case Mapping():
            return _ready_map(dict(value.items()), depth)
        case list() | tuple():
            return _ready_sequence(list(value), depth)
    raise InvalidInput(f"a value of type {type(value).__name__} has no JSON spelling")


def _deeper(depth: int) -> int:
    if depth >= DEEPEST:
        raise InvalidInput(f"the value is nested deeper than {DEEPEST} levels")
    return depth + 1


def _order_of(keys: tuple[object, ...]) -> tuple[str, ...]:
    plain = tuple(map(_plain_key, keys))
    order = tuple(sorted(plain, key=_units))
    if sum(map(len, order)) <= _LONGEST_SHAPE:
        if len(_ORDERS) >= _MOST_SHAPES:
            _ORDERS.clear()
        _ORDERS[plain] = order
    return order


def _plain_key(key: object) -> str:
    if not isinstance(key, str):
        raise InvalidInput(f"the key {key!r} is not a text")
    return str.__str__(key)


def _units(key: str) -> bytes:
    """The key's UTF-16 code units; big-endian bytes compare as the units do."""
    try:
        return key.encode("utf-16-be")
    except UnicodeEncodeError:
        raise _lone_surrogate(key) from None


def _lone_surrogate(text: str) -> InvalidInput:
    return InvalidInput(f"the text {text!r} holds half a character (a lone surrogate)")


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


_READY: dict[type, Callable[[Any, int], object]] = {
    type(None): _ready_as_is,
    bool: _ready_as_is,
    str: _ready_as_is,
    int: _ready_integer,
    float: _ready_float,
    list: _ready_sequence,
    tuple: _ready_sequence,
    dict: _ready_map,
}
"""For a value of exactly this type at this depth: the same, such that the encoder spells it as
the RFC does. Values that need no change are handed on as they are."""
