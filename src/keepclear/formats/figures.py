"""Figures that stand in what people write: places, times of day, heights, lengths, durations.

Only digits are read. A number in words, or a place told by its name, is for people to see.

Source: the spelling of `keepclear.formats.quantities` and `times`, in running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from keepclear.units import M_PER_FT, M_PER_KM, M_PER_NM


class Measure(StrEnum):
    """What a figure may be a figure of."""

    PLACE = "place"
    LENGTH = "length"
    HEIGHT = "height"
    TIME = "time"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing a figure may mean.

    Attributes:
        measure: of what it is a figure.
        value: in SI; of a time of day, seconds since midnight in UTC.
        unit: how many of SI its unit is.
        slack: how far rounding to the last place written may have moved it.
    """

    measure: Measure
    value: float
    unit: float = 1.0
    slack: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it stands in a text.

    Attributes:
        text: the figure with its unit.
        readings: what it may mean; more than one where its unit leaves that open.
        pattern: how another figure of the kind is written; empty where none is.
    """

    text: str
    readings: tuple[Reading, ...]
    pattern: str = ""

    def written(self, value: float) -> str:
        """Another value in the figure's own spelling."""
        if self.pattern == _CLOCK_PATTERN:
            minutes = round(value % _DAY_S / 60.0)
            return f"{minutes // 60:02}{minutes % 60:02}Z"
        number = value / self.readings[-1].unit
        if self.pattern == _LEVEL_PATTERN:
            return f"FL{round(number):03}"
        return self.pattern.format(f"{number:,.1f}".removesuffix(".0"))


_DAY_S: Final = 86_400.0
_CLOCK_PATTERN: Final = "clock"
_LEVEL_PATTERN: Final = "level"
_M_PER_LEVEL: Final = 100.0 * M_PER_FT

_LENGTHS_M: Final = dict.fromkeys(("nm", "nmi", "миль", "мили"), M_PER_NM) | dict.fromkeys(
    ("km", "км"), M_PER_KM
)
_METRES: Final = ("m", "metres", "meters", "м", "метров")
_HEIGHTS_M: Final = dict.fromkeys(("ft", "feet", "фт", "футов"), M_PER_FT)
_TIMES_S: Final = (
    dict.fromkeys(("h", "hr", "hours", "ч"), 3_600.0)
    | dict.fromkeys(("min", "mins", "minutes", "мин", "минут"), 60.0)
    | dict.fromkeys(("s", "sec", "seconds", "с"), 1.0)
)
_UNITS: Final = {
    **{name: ((Measure.LENGTH, size),) for name, size in _LENGTHS_M.items()},
    **{name: ((Measure.HEIGHT, size),) for name, size in _HEIGHTS_M.items()},
    **{name: ((Measure.TIME, size),) for name, size in _TIMES_S.items()},
    **dict.fromkeys(_METRES, ((Measure.LENGTH, 1.0), (Measure.HEIGHT, 1.0))),
}

_OF_NO_SHAPE: Final = frozenset({"mhz", "khz", "мгц", "kt", "kts", "°", "%"})
"""Units of what says nothing of where a volume is: a frequency, a speed, a course."""

_POSITION = re.compile(
    r"(?<![\w.])\d[\d .°'′\"″:-]{0,16}[NSСЮ]\b[\s,/]{0,3}\d[\d .°'′\"″:-]{0,16}[EWВЗ]\b"
    r"|\b\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?\d{2,5} ?\d{2,5}\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\w-])(?:[0-3]\d)?(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d) ?(?:Z|UTC)"
    r"(?:[A-Z]{3}\d{2}(?:\d{2})?)?\b",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\bFL ?(?P<level>\d{2,3})\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"(?<![\w.,/-])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d/-])"
    r"(?:\s?(?P<unit>°|%|[^\W\d_]+))?"
)
_DIGITS_OF_A_FIGURE: Final = 3
"""A bare number of fewer is a count; one of as many may be a height, a course or a place."""


def figures_in(text: str) -> tuple[Figure, ...]:
    """The figures of a text, in their order, each once."""
    rest, found = text, list[tuple[int, Figure]]()
    for pattern, read in _READERS:
        for match in pattern.finditer(rest):
            found += [(match.start(), each) for each in read(match)]
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    return tuple(dict.fromkeys(figure for _, figure in sorted(found, key=lambda one: one[0])))


def _place(match: re.Match[str]) -> Iterator[Figure]:
    yield Figure(match[0].strip(), (Reading(Measure.PLACE, 0.0),))


def _clock(match: re.Match[str]) -> Iterator[Figure]:
    since_s = int(match["hour"]) * 3_600.0 + int(match["minute"]) * 60.0
    yield Figure(match[0], (Reading(Measure.TIME, since_s),), _CLOCK_PATTERN)


def _level(match: re.Match[str]) -> Iterator[Figure]:
    height_m = int(match["level"]) * _M_PER_LEVEL
    reading = Reading(Measure.HEIGHT, height_m, _M_PER_LEVEL, 0.5 * _M_PER_LEVEL)
    yield Figure(match[0], (reading,), _LEVEL_PATTERN)


def _quantity(match: re.Match[str]) -> Iterator[Figure]:
    digits, unit = match["number"], match["unit"] or ""
    half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    value = float(digits.replace(",", ""))
    meant = _UNITS.get(unit.casefold(), ())
    readings = tuple(Reading(kind, value * size, size, half * size) for kind, size in meant)
    if readings:
        yield Figure(match[0], readings, f"{{}} {unit}")
    elif unit in {"N", "S", "E", "W"}:
        yield Figure(match[0], (Reading(Measure.PLACE, 0.0),))
    elif unit.casefold() not in _OF_NO_SHAPE and _is_long(digits):
        yield Figure(digits, (Reading(Measure.UNKNOWN, value),))


def _is_long(digits: str) -> bool:
    return "." in digits or len(digits) >= _DIGITS_OF_A_FIGURE


_READERS: Final = ((_POSITION, _place), (_CLOCK, _clock), (_LEVEL, _level), (_QUANTITY, _quantity))
