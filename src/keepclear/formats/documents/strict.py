"""Read documents strictly: all of it fits, or each fault is told with its place.

A document that fits is decoded in one go. Only one that does not is walked through value by
value, to say in plain words what is wrong and where; the walk asks the same types and rules.

Source: RFC 8259 (JSON), as strictly as `formats.strict_json` where bytes are given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET
from msgspec import inspect as shape

from keepclear.errors import InvalidInput, InvalidOperation
from keepclear.formats.documents.fields import Rule
from keepclear.formats.documents.walking import Fault, Walk
from keepclear.formats.strict_json import decoded_value

Noun = TypeVar("Noun")
_Asked: TypeAlias = Callable[[Any], None]

_UNFIT = (msgspec.DecodeError, InvalidInput, UnicodeError, OverflowError, RecursionError)
"""What may come of a document that does not fit; the walk says why in plain words."""


def read_document(document: object, kind: Any, build: Callable[[Any], Noun]) -> Noun:
    """What a document from outside stands for.

    Args:
        document: its bytes, or what a JSON reader made of them.
        kind: the type of its record: a `Part`, or a union of some.
        build: makes the noun of the record.

    Raises:
        InvalidInput: it does not fit; the message starts with the place.
    """
    value = _decoded(document) if isinstance(document, bytes) else document
    try:
        part = msgspec.convert(value, kind)
        _ask(_questions(kind), part)
        return build(part)
    except _UNFIT:
        return _walked(value, kind, build, is_ruled=True)


def read_stored(body: Mapping[str, Any] | bytes, kind: Any, build: Callable[[Any], Noun]) -> Noun:
    """What a document stands for that this node wrote itself: only types are asked, no rules.

    Raises:
        InvalidInput: it is damaged; the message starts with the place.
    """
    try:
        if isinstance(body, bytes):
            return build(_decoder(kind).decode(body))
        return build(msgspec.convert(body, kind))
    except _UNFIT:
        value = _decoded(body) if isinstance(body, bytes) else body
        return _walked(value, kind, build, is_ruled=False)


def faults_of(content: object, kind: Any, build: Callable[[Any], object]) -> tuple[Fault, ...]:
    """Everything that keeps a value from being read, in the order of the fields.

    Returns:
        Empty exactly where `read_document` takes the value.
    """
    try:
        read_document(content, kind, build)
    except InvalidInput as error:
        walk = Walk()
        walk.through(content, shape.type_info(kind))
        return tuple(walk.faults) or (Fault("", error),)
    return ()


def _walked(value: object, kind: Any, build: Callable[[Any], Noun], *, is_ruled: bool) -> Noun:
    walk = Walk(is_ruled)
    part = walk.through(value, shape.type_info(kind))
    if walk.faults:
        raise walk.faults[0].placed()
    return build(part)


def _decoded(data: bytes) -> Any:
    try:
        value = msgspec.json.decode(data)
        # A key that stands twice is counted once in the value: such a document, and one
        # whose spelling hides the count, is read again by who names the key.
        is_plain = data.count(b'":') == _keys_in(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decoded_exactly(data)
    return value if is_plain else _decoded_exactly(data)


def _keys_in(value: Any) -> int:
    """How many keys all objects of a value have together."""
    inside = value.values() if type(value) is dict else value if type(value) is list else ()
    count = len(value) if type(value) is dict else 0
    for each in inside:
        if type(each) is dict or type(each) is list:
            count += _keys_in(each)
    return count


def _decoded_exactly(data: bytes) -> Any:
    try:
        return decoded_value(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidOperation(
            f"the document is not UTF-8: byte {error.start:,} begins no character",
            remedy="Send JSON in UTF-8.",
        ) from None
    except InvalidInput as error:
        raise InvalidOperation(f"the document is {error.message}", remedy=error.remedy) from None


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


@cache
def _questions(kind: Any) -> _Asked | None:
    return _question(shape.type_info(kind))


def _ask(question: _Asked | None, value: Any) -> None:
    if question is not None and value is not None and value is not UNSET:
        question(value)


def _question(kind: shape.Type) -> _Asked | None:
    """One call that asks every rule under a type; None where there is none."""
    match kind:
        case shape.Metadata(type=inner, extra=extra):
            return _both(_question(inner), (extra or {}).get("rule"))
        case shape.VarTupleType(item_type=item):
            return _of_each(_question(item))
        case shape.StructType(fields=fields):
            return _of_fields([(one.name, _question(one.type)) for one in fields])
        case _:
            return None  # numbers and words have no rules; unions hold shapes, all numbers


def _both(first: _Asked | None, rule: Rule | None) -> _Asked | None:
    if first is None or rule is None:
        return first or rule  # type: ignore[return-value]  # both ask one value
    return lambda value: (first(value), rule(value), None)[-1]


def _of_each(question: _Asked | None) -> _Asked | None:
    if question is None:
        return None

    def ask_each(values: Any) -> None:
        for value in values:
            question(value)

    return ask_each


def _of_fields(fields: list[tuple[str, _Asked | None]]) -> _Asked | None:
    asked = [(name, question) for name, question in fields if question is not None]
    if not asked:
        return None

    def ask_fields(part: Any) -> None:
        for name, question in asked:
            _ask(question, getattr(part, name))

    return ask_fields
