"""Single property values with their types: nothing guessed, every refusal with a way out.

A value is what JSON holds: text, number, array or object. KML's texts are turned into
these by `typed_texts`. An empty text and a JSON null count as not given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar

from keepclear.errors import InvalidInput, InvalidOperation, InvalidWindow
from keepclear.formats.strict_json import decoded_value
from keepclear.model.window import Window

Choice = TypeVar("Choice", bound=Enum)


class Holds(Enum):
    """What a property holds."""

    NAME = "one line of text, without spaces around it"
    TEXT = "text"
    NUMBER = "a number"
    WHOLE = "a whole number"
    STRUCTURE = "an array or an object"


MOST_WHOLE = 2**53 - 1
"""The largest whole number every JSON reader keeps exactly. Source: RFC 7493, section 2.2."""
YEARS = range(1900, 2200)
"""A year outside is a mistake in typing."""

UNPORTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters no text may hold: controls but tab and line ends, half characters, and what
XML cannot hold. Source: XML 1.0 (fifth edition), section 2.2, production 2."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,16}", re.ASCII)
_LONGEST_NUMBER = 64
_TIME = re.compile(
    r"(\d{4})-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<zone>Z|[+-]\d\d:\d\d)?", re.ASCII
)
_TIME_REMEDY = "Write for example 2015-09-18T13:00:00Z, with Z or an offset such as +03:00."


def quoted(value: object) -> str:
    """A value from a file, safe and short enough for a message."""
    if value is None:
        return "null"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = str(value)[:48]
    return ascii(text) if UNPORTABLE.search(text) else repr(text)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The known word most like one that is not known; None where none is like it."""
    known = {each.casefold(): each for each in words}
    found = get_close_matches(word[:64].casefold(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


def advice(word: str, words: Iterable[str]) -> str:
    """A remedy for an unknown word: the nearest known one, or all of them."""
    known = list(words)
    like = nearest(word, known)
    return f"Did you mean {like!r}?" if like else f"Known here: {', '.join(sorted(known))}."


def instant(value: object, what: str) -> datetime:
    """A time written with its zone, in UTC.

    Raises:
        InvalidWindow: not ISO 8601, without zone, or no real time.

    Source:
        RFC 3339, section 5.6; narrower: upper-case T and Z, at most six decimals, seconds
        may be left out, no leap second.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not isinstance(value, str) or match is None:
        raise InvalidWindow(f"{what} {quoted(value)} is not a time", remedy=_TIME_REMEDY)
    if match["zone"] is None:
        raise InvalidWindow(f"{what} {quoted(value)} has no zone", remedy=_TIME_REMEDY)
    try:
        at = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.year not in YEARS:
        raise InvalidWindow(f"{what} {quoted(value)} is not a real time", remedy=_TIME_REMEDY)
    return at


def finite_number(value: object, what: str) -> float:
    """A finite number.

    Raises:
        InvalidOperation: text, a truth value, or a number out of all bounds.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidOperation(
            f"{what} {quoted(value)} is not a number", remedy="Write a number without quotes."
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidOperation(f"{what} is not finite", remedy="Write a plain number.")
    return number


@dataclass(frozen=True, slots=True)
class Values:
    """The properties of one feature, asked for by name and type.

    Attributes:
        given: the properties as they stand, names to values.
    """

    given: Mapping[str, Any]

    def has(self, name: str) -> bool:
        """Tell whether a property is given: neither absent, null nor an empty text."""
        return self.given.get(name) not in (None, "")

    def require_known(self, known: Collection[str], what: str) -> None:
        """Refuse properties this kind of feature does not have."""
        for name in self.given:
            if name not in known:
                raise InvalidOperation(
                    f"{what} has no property {quoted(name)}", remedy=advice(name, known)
                )

    def require(self, name: str) -> Any:
        """The value of a property that must be given."""
        if not self.has(name):
            raise InvalidOperation(
                f"the property {name!r} is missing", remedy=f"Add {name!r}; it is never guessed."
            )
        return self.given[name]

    def text(self, name: str) -> str:
        """A text word for word; empty where not given."""
        if not self.has(name):
            return ""
        value = self.given[name]
        if not isinstance(value, str):
            raise InvalidOperation(
                f"{name!r} holds {quoted(value)}, not text", remedy="Write it in double quotes."
            )
        if found := UNPORTABLE.search(value):
            raise InvalidOperation(
                f"{name!r} holds the control character U+{ord(found[0]):04X}",
                remedy="Take the character out; only tabs and line ends may stand in text.",
            )
        return value

    def name(self, name: str) -> str:
        """A text of one line without spaces around it; empty where not given."""
        return _one_line(self.text(name), name)

    def number(self, name: str) -> float:
        """A number that must be given."""
        return finite_number(self.require(name), name)

    def number_or(self, name: str, default: float) -> float:
        """A number, or the default where not given."""
        return self.number(name) if self.has(name) else default

    def whole(self, name: str) -> int | None:
        """A whole number; None where not given."""
        if not self.has(name):
            return None
        number = self.given[name]
        value = finite_number(number, name)
        if not value.is_integer() or abs(value) > MOST_WHOLE:
            raise InvalidOperation(
                f"{name} {quoted(number)} is not a whole number",
                remedy="Write it without decimals.",
            )
        return int(number)

    def time(self, name: str) -> datetime:
        """A time that must be given."""
        return instant(self.require(name), name)

    def window(self) -> Window:
        """The window between `start` and `end`."""
        return Window(self.time("start"), self.time("end"))

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of the words of an enumeration; without default it must be given."""
        if default is not None and not self.has(name):
            return default
        return chosen(self.require(name), kind, name)

    def names(self, name: str) -> tuple[str, ...]:
        """A list of one-line texts; empty where not given."""
        items = self.items(name)
        for item in items:
            if not isinstance(item, str) or not item or UNPORTABLE.search(item):
                raise InvalidOperation(
                    f"{name} holds {quoted(item)}, not a name",
                    remedy=f'Write {name} as a list of names, such as ["FS-2", "FS-7"].',
                )
        return tuple(_one_line(item, name) for item in items)

    def items(self, name: str) -> list[Any]:
        """A list; empty where not given."""
        value = self.given[name] if self.has(name) else []
        if not isinstance(value, list):
            raise InvalidOperation(
                f"{name} holds {quoted(value)}, not a list", remedy="Write it between [ and ]."
            )
        return value


def chosen(value: object, kind: type[Choice], what: str) -> Choice:
    """The word of an enumeration that a value names.

    Raises:
        InvalidOperation: none of them.
    """
    try:
        return kind(value)
    except ValueError:
        words = [str(member.value) for member in kind]
        raise InvalidOperation(
            f"the {what} {quoted(value)} is not known", remedy=advice(str(value)[:64], words)
        ) from None


def typed_texts(texts: Mapping[str, str], known: Mapping[str, Holds]) -> dict[str, Any]:
    """Texts by property name as the values they stand for.

    Args:
        texts: what a format without types holds.
        known: what each property holds; unknown ones stay text and are refused later.

    Raises:
        InvalidInput: a text is not a number, or not valid JSON, where that is due.
    """
    return {name: _typed(name, text, known.get(name)) for name, text in texts.items()}


def _typed(name: str, text: str, holds: Holds | None) -> Any:
    if holds is Holds.TEXT or holds is None:
        return text
    bare = text.strip()
    if holds is Holds.NAME or not bare:
        return bare
    if holds is Holds.STRUCTURE:
        try:
            return decoded_value(bare)
        except InvalidInput as error:
            raise InvalidOperation(
                f"{name}: {error.message}",
                remedy='Write a list as ["FS-2", "FS-7"] and an object as {"manned": "partial"}.',
            ) from None
    pattern = _WHOLE if holds is Holds.WHOLE else _NUMBER
    if len(bare) > _LONGEST_NUMBER or not pattern.fullmatch(bare):
        raise InvalidOperation(
            f"{name} {quoted(bare)} is not {holds.value}", remedy="Write digits, with a point."
        )
    return int(bare) if holds is Holds.WHOLE else float(bare)


def _one_line(text: str, what: str) -> str:
    if text != text.strip() or any(mark in text for mark in "\t\n\r"):
        raise InvalidOperation(
            f"{what} {quoted(text)} has spaces around it or a line end in it",
            remedy="Write it on one line, without spaces before or after.",
        )
    return text
