"""One table of an agreement's text; every fault is listed, none ends the reading.

A field that cannot be read is listed and comes back as a stand-in of its type, so that the
reading goes on to the next fault. What would be built of stand-ins is thrown away (`build`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from difflib import get_close_matches
from typing import Any, Self, TypeVar

from keepclear.errors import InvalidInput
from keepclear.formats.agreement.lines import KeyPath
from keepclear.formats.agreement.problems import Problems, shown

T = TypeVar("T")

_TYPE_NAMES: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    datetime: "a date and time",
    time: "a time of day",
    list: "an array",
    dict: "a table",
}


class Table:
    """One table, or one entry of an array of tables.

    Attributes:
        path: where it stands.
        problems: where its faults are listed.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        path: KeyPath,
        problems: Problems,
        errors_before: int | None = None,
    ) -> None:
        self.path = path
        self.problems = problems
        self._data = data
        self._errors_before = problems.error_count if errors_before is None else errors_before

    def __contains__(self, key: str) -> bool:
        return key in self._data

    @property
    def is_sound(self) -> bool:
        """Whether no fault was listed since its reading began."""
        return self.problems.error_count == self._errors_before

    def build(self, make: Callable[[], T], *, key: str | None = None) -> T | None:
        """Build what the table, or one key of it, stands for.

        Returns:
            None where any of its fields had a fault, or the model refuses their combination.
        """
        if not self.is_sound:
            return None
        try:
            return make()
        except InvalidInput as error:
            path = self.path if key is None else (*self.path, key)
            self.problems.error(path, error.message, error.remedy)
            return None

    def only(self, *known: str) -> None:
        """List every key that is not among these."""
        for key in self._data:
            if key not in known and not self.problems.is_full:
                near = get_close_matches(key[:64].lower(), known, n=1)
                self.fault(
                    key,
                    f"{shown(key)} is not a key of {self._name()}",
                    f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}.",
                )

    def fault(self, key: str, message: str, remedy: str) -> None:
        """List a fault of one key."""
        self.problems.error((*self.path, key), message, remedy)

    def inner(self, key: str) -> Self:
        """The table of that key; an empty one where it is absent or none."""
        before = self.problems.error_count
        data = self.value(key, dict, {}, example=f"a table, [{key}]")
        return type(self)(data or {}, (*self.path, key), self.problems, before)

    def required_inner(self, key: str) -> Self | None:
        """The table of that key; None, with the fault listed, where it is absent or none."""
        data = self.value(key, dict, None, example=f"a table, [{key}]")
        return None if data is None else type(self)(data, (*self.path, key), self.problems)

    def entries(self, key: str, *, most: int, least: int = 0) -> Iterator[Self]:
        """Each table of an array of tables, made when its turn comes; none where it is absent."""
        remedy = f"Write [[{'.'.join([*self._words(), key])}]] before each."
        if key not in self and not least:
            return
        values = self.items(key, least=least, most=most, remedy=remedy)
        for index, value in enumerate(values):
            path = (*self.path, key, index)
            if isinstance(value, dict):
                yield type(self)(value, path, self.problems)
            else:
                self.problems.error(path, f"{key} is {_type_name(value)}, not a table", remedy)

    def value(self, key: str, kind: type[T], default: T | None, *, example: str) -> T | None:
        """The value of a key.

        Returns:
            The default where the key is absent and has one. None, with its fault listed, where
            the key is missing or its value is of another type.
        """
        if key not in self._data:
            if default is None:
                self.fault(key, f"{key} is missing in {self._name()}", f"Write {example}.")
            return default
        value: object = self._data[key]
        if type(value) is kind:  # a truth value is no number here, nor a date a time
            return value
        message = f"{key} is {_type_name(value)}, not {_TYPE_NAMES[kind]}"
        self.fault(key, message, f"Write {example}.")
        return None

    def items(self, key: str, *, least: int, most: int, remedy: str) -> list[Any]:
        """The values of an array; none, with the fault listed, where there are too few or many."""
        values = self.value(key, list, None, example="an array, [...]")
        if values is None:
            return []
        if not least <= len(values) <= most:
            bound = f"at least {least}" if len(values) < least else f"at most {most:,}"
            self.fault(key, f"{key} has {len(values):,} entries, not {bound}", remedy)
            return []
        return values

    def parsed(
        self, key: str, parse: Callable[[str], T], default: T | None, *, example: str
    ) -> T | None:
        """What a text stands for; as `value` where it is absent, missing or no text."""
        if key not in self and default is not None:
            return default
        text = self.value(key, str, None, example=example)
        if text is None:
            return None
        try:
            return parse(text)
        except InvalidInput as error:
            self.fault(key, error.message, error.remedy)
            return None

    def _words(self) -> list[str]:
        return [part for part in self.path if isinstance(part, str)]

    def _name(self) -> str:
        return f"[{'.'.join(self._words())}]" if self.path else "the agreement"


def _type_name(value: object) -> str:
    return _TYPE_NAMES.get(type(value), "a date")
