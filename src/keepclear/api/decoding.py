"""Queries and small bodies into records, with errors that name the field in plain words."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from keepclear.errors import InvalidInput

S = TypeVar("S", bound=Struct)

MOST_PARAMETERS = 100

_AT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<place>[^`]*)`)?", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>.*)`", re.DOTALL)


def query_of(raw: bytes, kind: type[S]) -> S:
    """The query string as a record.

    Args:
        raw: what stood behind the question mark.
        kind: its record; a field that is a tuple may be given several times.

    Raises:
        InvalidInput: a parameter that is not known, given twice, or of the wrong kind. It
            is named; nothing is ever left out silently.
    """
    values: dict[str, str | list[str]] = {}
    for name, value in _pairs(raw) if raw else ():
        if name in _repeatable(kind):
            values.setdefault(name, []).append(value)  # type: ignore[union-attr]  # a repeatable name holds a list
        elif name in values:
            raise InvalidInput(f"{name}: the parameter is given twice", remedy="Give it once.")
        else:
            values[name] = value
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _plain(error, "parameter") from None


def body_of(body: bytes, kind: type[S]) -> S:
    """A small JSON body as a record.

    Raises:
        InvalidInput: no JSON, a field that is not known, missing or of the wrong type.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise _plain(error, "field") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput(
            "the body is not JSON in UTF-8", remedy="Send one JSON object in UTF-8."
        ) from None


@cache
def _repeatable(kind: type[Struct]) -> frozenset[str]:
    return frozenset(
        each.encode_name
        for each in msgspec.structs.fields(kind)
        if isinstance(_bare(msgspec.inspect.type_info(each.type)), msgspec.inspect.VarTupleType)
    )


def _bare(kind: msgspec.inspect.Type) -> msgspec.inspect.Type:
    return _bare(kind.type) if isinstance(kind, msgspec.inspect.Metadata) else kind


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=MOST_PARAMETERS,
            errors="strict",
        )
    except ValueError:
        raise InvalidInput(
            "the query cannot be read", remedy="Write parameters as name=value, in UTF-8."
        ) from None


def _plain(error: msgspec.ValidationError, sort: str) -> InvalidInput:
    found = _AT.fullmatch(str(error))
    what, place = (found["what"], found["place"] or "") if found else (str(error), "")
    prefix = f"{place}: " if place else ""
    if unknown := _UNKNOWN.fullmatch(what):
        text = f"{prefix}there is no {sort} {unknown['name']!r}"
        return InvalidInput(text, remedy="Leave it out, or correct its name.")
    if missing := _MISSING.fullmatch(what):
        text = f"{prefix}the {sort} {missing['name']!r} is missing"
        return InvalidInput(text, remedy="Give it.")
    return InvalidInput(f"{prefix}{what[:1].lower()}{what[1:]}")
