"""The fields an agreement's tables are made of: texts, choices, quantities, places, times."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from keepclear.errors import InvalidInput
from keepclear.formats.agreement.lines import KeyPath
from keepclear.formats.agreement.problems import shown
from keepclear.formats.agreement.table import Table
from keepclear.formats.coordinates import parse_position
from keepclear.formats.quantities import parse_band, parse_duration_s, parse_length_m
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.operation import DisclosureLevel
from keepclear.model.volume import WIDEST_M, Position
from keepclear.model.window import Window

E = TypeVar("E", bound=StrEnum)

LONGEST_ID = 64
"""The most characters of an identifier."""
LONGEST_TEXT = 500
"""The most characters of a name or a contact."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Agreements of earlier times are mistakes in the year."""
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_JOINERS = "\u200c\u200d"
"""Some scripts need them; no other character that does not print is taken."""
_NOWHERE = Position(0.0, 0.0)
_SURFACE = Altitude(0.0, AltitudeReference.AGL)
_NO_BAND = AltitudeBand(_SURFACE, _SURFACE)


class Fields(Table):
    """One table, field by field."""

    def text(self, key: str, default: str | None = None, *, longest: int = LONGEST_TEXT) -> str:
        """A text on one line."""
        value = self.value(key, str, default, example="a text in quotes")
        if value is None:
            return ""
        if value != default and (message := _fault_of_text(value, longest)):
            self.fault(key, f"{key} {message}", "Write a short text on one line.")
        return value

    def identifier(self, key: str, default: str | None = None) -> str:
        """An identifier."""
        return self.text(key, default, longest=LONGEST_ID)

    def identifiers(self, key: str, *, most: int = 100) -> tuple[str, ...]:
        """An array of different identifiers; empty where it is absent."""
        if key not in self:
            return ()
        remedy = f'Write {key} = ["ONE", "OTHER"].'
        values = self.items(key, least=0, most=most, remedy=remedy)
        for value in values:
            message = _fault_of_text(value, LONGEST_ID) if isinstance(value, str) else "is no text"
            if message:
                self.fault(key, f"an entry of {key} {message}", remedy)
                return ()
        if len(set(values)) < len(values):
            self.fault(key, f"{key} names something twice", "Name each once.")
        return tuple(values)

    def one_of(self, key: str, choices: type[E], default: E | None = None) -> E:
        """One word of a fixed list."""
        if key not in self and default is not None:
            return default
        word = self.value(key, str, None, example=f"one of: {_listed(choices)}")
        return self._choice(key, word, choices)

    def optional_one_of(self, key: str, choices: type[E]) -> E | None:
        """One word of a fixed list; None where the key is absent."""
        return self.one_of(key, choices) if key in self else None

    def some_of(self, key: str, choices: type[E]) -> tuple[E, ...]:
        """Several different words of a fixed list; none where the key is absent."""
        return tuple(self._choice(key, word, choices) for word in self.identifiers(key))

    def pair_of(self, key: str, choices: type[E]) -> tuple[E, E] | None:
        """Two words of a fixed list, equal or not; None where the key is absent."""
        words = self.pair(key, example=_listed(choices))
        if words is None:
            return None
        return self._choice(key, words[0], choices), self._choice(key, words[1], choices)

    def pair(self, key: str, *, example: str) -> tuple[str, str] | None:
        """An array of two texts, equal or not; None where it is absent."""
        if key not in self:
            return None
        remedy = f"Write two texts in an array: {example}."
        values = self.items(key, least=2, most=2, remedy=remedy)
        if not values:
            return None
        if not all(isinstance(value, str) for value in values):
            self.fault(key, f"an entry of {key} is no text", remedy)
            return None
        return values[0], values[1]

    def level(self, key: str, default: DisclosureLevel | None = None) -> DisclosureLevel:
        """A disclosure level, L0 to L4."""
        if key not in self and default is not None:
            return default
        word = self.value(key, str, None, example='"L1"')
        if word is not None:
            if word in DisclosureLevel.__members__:
                return DisclosureLevel[word]
            self.fault(key, f"{key} cannot be {shown(word)}", "Write L0, L1, L2, L3 or L4.")
        return DisclosureLevel.L0

    def whole(self, key: str, default: int | None = None, *, lowest: int, highest: int) -> int:
        """A whole number within bounds."""
        value = self.value(key, int, default, example=f"a whole number from {lowest} up")
        return lowest if value is None else int(self._within(key, value, lowest, highest))

    def number(
        self, key: str, default: float | None = None, *, lowest: float, highest: float
    ) -> float:
        """A plain number within bounds."""
        kind = int if type(self._data.get(key)) is int else float
        value = self.value(key, kind, default, example=f"a number from {lowest:g} up")
        return lowest if value is None else float(self._within(key, value, lowest, highest))

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false."""
        return bool(self.value(key, bool, default, example="true or false"))

    def length_m(
        self, key: str, default: float | None = None, *, highest_m: float = WIDEST_M
    ) -> float:
        """A length with its unit, at least zero."""
        example = '"3 NM", "900 m" or "3,000 ft"'
        value_m = self.parsed(key, parse_length_m, default, example=example)
        return 0.0 if value_m is None else self._within(key, value_m, 0.0, highest_m, " m")

    def optional_length_m(self, key: str, *, highest_m: float = WIDEST_M) -> float | None:
        """A length; None where the key is absent."""
        return self.length_m(key, highest_m=highest_m) if key in self else None

    def elevation_m(self, key: str) -> float:
        """A height above mean sea level; one below it has a minus sign."""
        value_m = self.parsed(key, _elevation_m, None, example='"48 m" or "-1,200 ft"')
        return 0.0 if value_m is None else self._within(key, value_m, -1_000.0, 10_000.0, " m")

    def duration_s(self, key: str, default: float | None = None) -> float:
        """A duration with its unit."""
        example = '"15 min", "6 h" or "90 s"'
        return self.parsed(key, parse_duration_s, default, example=example) or 0.0

    def optional_duration_s(self, key: str) -> float | None:
        """A duration; None where the key is absent."""
        return self.duration_s(key) if key in self else None

    def band(self, key: str) -> AltitudeBand:
        """A band of height."""
        example = '"SFC-FL245" or "1000-2500 ft QNH"'
        return self.parsed(key, parse_band, None, example=example) or _NO_BAND

    def position(self, key: str) -> Position:
        """A position."""
        example = '"35 24.07N 035 56.92E"'
        return self.parsed(key, parse_position, None, example=example) or _NOWHERE

    def positions(self, key: str, *, least: int, most: int) -> tuple[Position, ...]:
        """An array of positions."""
        remedy = f"Write at least {least} positions in quotes, in an array."
        values = self.items(key, least=least, most=most, remedy=remedy)
        return self.positions_in((*self.path, key), values)

    def positions_in(self, path: KeyPath, values: list[object]) -> tuple[Position, ...]:
        """The positions that texts stand for; each fault is listed where it stands."""
        found: list[Position] = []
        for index, value in enumerate(values):
            try:
                if not isinstance(value, str):
                    raise InvalidInput("a position is no text", remedy="Write it in quotes.")
                found.append(parse_position(value))
            except InvalidInput as error:
                self.problems.error((*path, index), error.message, error.remedy)
        return tuple(found)

    def moment(self, key: str) -> datetime:
        """A date and time with its zone, in UTC."""
        example = f"{key} = 2015-10-20T00:00:00Z, without quotes"
        value = self.value(key, datetime, None, example=example)
        if value is None:
            return EARLIEST
        if value.tzinfo is None:
            self.fault(key, f"{key} has no zone", f"Write {example}; the zone is never guessed.")
            return EARLIEST
        if not EARLIEST.year < value.year < LATEST.year:
            self.fault(key, f"{key} is in the year {value.year}", f"Write {example}.")
            return EARLIEST
        return value.astimezone(UTC)

    def window(self) -> Window | None:
        """The window from `start` to `end`; None where it has a fault."""
        self.only("start", "end")
        start, end = self.moment("start"), self.moment("end")
        if self.is_sound and end <= start:
            self.fault("end", "the window does not end after it starts", "Put them in order.")
        return self.build(lambda: Window(start, end))

    def _choice(self, key: str, word: str | None, choices: type[E]) -> E:
        if word is not None:
            try:
                return choices(word)
            except ValueError:
                message = f"{key} cannot be {shown(word)}"
                self.fault(key, message, f"Write one of: {_listed(choices)}.")
        return next(iter(choices))

    def _within(
        self, key: str, value: float, lowest: float, highest: float, unit: str = ""
    ) -> float:
        if lowest <= value <= highest:
            return value
        message = f"{key} is not between {lowest:,g}{unit} and {highest:,g}{unit}"
        self.fault(key, message, "Check the number and its unit.")
        return lowest


def _fault_of_text(text: str, longest: int) -> str:
    if not text.strip():
        return "is empty"
    if len(text) > longest:
        return f"has {len(text):,} characters, more than {longest}"
    if not all(character.isprintable() or character in _JOINERS for character in text):
        return "holds characters that do not print"
    return ""


def _elevation_m(text: str) -> float:
    sign, digits = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    return sign * parse_length_m(digits)


def _listed(choices: type[StrEnum]) -> str:
    return ", ".join(choices)
