"""Walk through a document value by value, to say in plain words what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from msgspec import inspect as shape

from keepclear.errors import InvalidInput, InvalidOperation
from keepclear.formats.documents.part import Part
from keepclear.formats.property_values import advice, quoted

MOST_FAULTS = 100
"""How many faults are told; nobody mends more in one go."""

_FAULTY: Final = object()
"""Stands for a value in which a fault was found."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a document.

    Attributes:
        place: where, as `volumes[2].lower`; empty where the whole document is meant.
        error: what, with its remedy; its message does not name the place.
    """

    place: str
    error: InvalidInput

    def placed(self) -> InvalidInput:
        """The same error with the place at the start of its message."""
        text = f"{self.place}: {self.error.message}" if self.place else self.error.message
        return type(self.error)(text, remedy=self.error.remedy)


@dataclass(slots=True)
class Walk:
    """One walk through one document.

    Attributes:
        is_ruled: ask the rules of fields too, not only their types.
        faults: what was found so far, in the order of the document's types.
    """

    is_ruled: bool = True
    faults: list[Fault] = field(default_factory=list)

    def through(self, value: object, kind: shape.Type) -> Any:
        """What the value decodes to; of no use where faults were found."""
        return self._value(kind, value, "", InvalidOperation)

    def _value(
        self, kind: shape.Type, value: object, place: str, refusal: type[InvalidInput]
    ) -> Any:
        match kind:
            case shape.Metadata(type=inner, extra=extra):
                found = self._value(inner, value, place, refusal)
                return self._ruled((extra or {}).get("rule"), found, place)
            case shape.StructType():
                return self._part(kind, value, place)
            case shape.VarTupleType(item_type=item):
                return self._list(item, value, place, refusal)
            case shape.DictType(key_type=key, value_type=held):
                return self._map(key, held, value, place)
            case shape.UnionType():
                return self._either(kind, value, place, refusal)
            case _:
                return self._leaf(kind, value, place, refusal)

    def _leaf(
        self, kind: shape.Type, value: object, place: str, refusal: type[InvalidInput]
    ) -> Any:
        match kind, value:
            case shape.BoolType(), bool():
                return value
            case (_, bool()):
                pass  # a truth value is a number to Python, and to nobody else
            case (shape.StrType(), str()) | (shape.IntType(), int()):
                return value
            case shape.FloatType(), int() | float():
                return self._number(value, place, refusal)
            case shape.EnumType(cls=words), str():
                return self._word({str(word.value): word for word in words}, value, place, refusal)
            case shape.LiteralType(values=words), str():
                return self._word({str(word): word for word in words}, value, place, refusal)
        told, remedy = _DUE.get(type(kind), _DUE_WORD)
        return self._fault(place, refusal(f"{shown(value)} is not {told}", remedy=remedy))

    def _number(self, value: float, place: str, refusal: type[InvalidInput]) -> Any:
        try:
            return float(value)
        except OverflowError:
            return self._fault(
                place, refusal("the number is out of all bounds", remedy="Write a plain number.")
            )

    def _word(
        self, words: Mapping[str, Any], value: str, place: str, refusal: type[InvalidInput]
    ) -> Any:
        if value in words:
            return words[value]
        return self._fault(
            place,
            refusal(f"{quoted(value)} is not known", remedy=advice(value, filter(None, words))),
        )

    def _ruled(self, rule: Callable[[Any], object] | None, found: Any, place: str) -> Any:
        if self.is_ruled and rule is not None and found is not None and found is not _FAULTY:
            try:
                rule(found)
            except InvalidInput as error:
                return self._fault(place, error)
        return found

    def _list(
        self, item: shape.Type, value: object, place: str, refusal: type[InvalidInput]
    ) -> Any:
        if not isinstance(value, list | tuple):
            return self._fault(
                place,
                refusal(f"{shown(value)} is not a list", remedy="Write it between [ and ]."),
            )
        before = len(self.faults)
        found = tuple(
            self._value(item, one, f"{place}[{index}]", refusal)
            for index, one in enumerate(value)
            if len(self.faults) < MOST_FAULTS
        )
        return found if len(self.faults) == before else _FAULTY

    def _map(self, key: shape.Type, held: shape.Type, value: object, place: str) -> Any:
        if not isinstance(value, Mapping):
            return self._no_object(value, place, InvalidOperation)
        before = len(self.faults)
        found = {
            self._value(key, name, place, InvalidOperation): self._value(
                held, one, f"{place}[{shown(name)}]", InvalidOperation
            )
            for name, one in value.items()
            if len(self.faults) < MOST_FAULTS
        }
        return found if len(self.faults) == before else _FAULTY

    def _either(
        self, kind: shape.UnionType, value: object, place: str, refusal: type[InvalidInput]
    ) -> Any:
        """One of several parts, told apart by their tag; or one sort of value, or null."""
        parts = [one for one in kind.types if isinstance(one, shape.StructType)]
        if not parts:
            if value is None and any(isinstance(one, shape.NoneType) for one in kind.types):
                return None
            (inner,) = (one for one in kind.types if not isinstance(one, shape.NoneType))
            return self._value(inner, value, place, refusal)
        refusal = _record_of(parts[0]).refusal
        if not isinstance(value, Mapping):
            return self._no_object(value, place, refusal)
        by_tag = {str(part.tag): part for part in parts}
        name = str(parts[0].tag_field)
        if name not in value:
            return self._missing(_inside(place, name), refusal, f"One of: {', '.join(by_tag)}.")
        tag = value[name]
        if not isinstance(tag, str) or tag not in by_tag:
            remedy = (
                advice(tag, by_tag) if isinstance(tag, str) else f"One of: {', '.join(by_tag)}."
            )
            return self._fault(
                _inside(place, name), refusal(f"{shown(tag)} is not known", remedy=remedy)
            )
        return self._part(by_tag[tag], value, place)

    def _part(self, kind: shape.StructType, value: object, place: str) -> Any:
        refusal = _record_of(kind).refusal
        if not isinstance(value, Mapping):
            return self._no_object(value, place, refusal)
        before = len(self.faults)
        if before >= MOST_FAULTS:
            return _FAULTY
        self._unknown_fields(kind, value, place)
        found = {}
        for one in kind.fields:
            if one.encode_name in value:
                inside = _inside(place, one.encode_name)
                found[one.name] = self._value(one.type, value[one.encode_name], inside, refusal)
            elif one.required:
                remedy = f'Add "{one.encode_name}"; it is never guessed.'
                self._missing(_inside(place, one.encode_name), refusal, remedy)
        if len(self.faults) > before:
            return _FAULTY
        part = _record_of(kind)(**found)
        try:
            part.built()
        except InvalidInput as error:
            return self._fault(place, error)
        return part

    def _unknown_fields(
        self, kind: shape.StructType, value: Mapping[Any, object], place: str
    ) -> None:
        known = [one.encode_name for one in kind.fields]
        tagged = kind.tag_field
        for name in value:
            if len(self.faults) >= MOST_FAULTS:
                return
            if name not in known and name != tagged:
                remedy = advice(str(name), known) if isinstance(name, str) else None
                error = _record_of(kind).refusal(f"there is no field {shown(name)}", remedy=remedy)
                self._fault(place, error)
        if tagged is not None and tagged in value and value[tagged] != kind.tag:
            error = _record_of(kind).refusal(
                f"{shown(value[tagged])} is not {kind.tag!r}", remedy=f'Write "{kind.tag}".'
            )
            self._fault(_inside(place, tagged), error)

    def _no_object(self, value: object, place: str, refusal: type[InvalidInput]) -> Any:
        return self._fault(
            place, refusal(f"{shown(value)} is not an object", remedy="Write it between { and }.")
        )

    def _missing(self, place: str, refusal: type[InvalidInput], remedy: str) -> Any:
        return self._fault(place, refusal("missing", remedy=remedy))

    def _fault(self, place: str, error: InvalidInput) -> Any:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(place, error))
        return _FAULTY


_DUE: Final[dict[type[shape.Type], tuple[str, str]]] = {
    shape.StrType: ("text", "Write it in double quotes."),
    shape.IntType: ("a whole number", "Write digits, without quotes or decimals."),
    shape.FloatType: ("a number", "Write a number without quotes."),
    shape.BoolType: ("true or false", "Write true or false, without quotes."),
}
"""What a sort of value is called, and how it is written."""
_DUE_WORD: Final = ("one of the known words", "Write one of the known words in double quotes.")


def shown(value: object) -> str:
    """A value from a document, safe and short enough for a message."""
    if isinstance(value, int) and abs(value) > 2**64:
        return "a whole number out of all bounds"  # Python refuses to print the longest
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else quoted(value)


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _record_of(kind: shape.StructType) -> type[Part]:
    return cast("type[Part]", kind.cls)  # every record of a document is one
