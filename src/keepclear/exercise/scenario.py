"""Read the built-in scenario for a day: operations, coverage statements and what to expect.

The scenario is a file so that it can be read and changed without reading code. It is read
strictly: a misspelt key is refused, never passed over.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from keepclear.errors import InvalidFile, InvalidInput
from keepclear.formats.quantities import parse_band, parse_duration_s, parse_length_m
from keepclear.formats.reading import derived_id
from keepclear.formats.typed import parse_footprint
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import (
    DisclosureLevel,
    Mode,
    Operation,
    OperationCategory,
    OperationClass,
    Precedence,
    Source,
    SourceKind,
    Uncertainty,
)
from keepclear.model.volume import Volume
from keepclear.model.window import Window

SCENARIO_FILE = "scenario.toml"

_MOMENT = re.compile(r"(?:([+-][0-9]{1,3})d )?([01][0-9]|2[0-3]):([0-5][0-9])Z")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one operation of the exercise is there to show.

    Attributes:
        party: whose operation it is.
        designator: which.
        shows: in words, for a person.
        expect: what a check of it answers, in the words that scenario.toml explains; empty
            where the operation is there for another's sake and nothing is said of it.
    """

    party: str
    designator: str
    shows: str
    expect: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The scenario, placed on one day.

    Attributes:
        now: the moment the exercise speaks of.
        operations: of all parties, in the file's order.
        coverages: one for each party.
        expectations: one for each operation, in the same order.
    """

    now: datetime
    operations: tuple[Operation, ...]
    coverages: tuple[Coverage, ...]
    expectations: tuple[Expectation, ...]


def moment_on(day: date, text: str) -> datetime:
    """Read a time of the scenario: "05:30Z" on the day, "-2d 09:00Z" two days before it.

    Raises:
        InvalidInput: it is nothing of the kind.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise InvalidInput(f"the time {text!r} cannot be read", remedy='Write "05:30Z".')
    of_day = time(int(found[2]), int(found[3]), tzinfo=UTC)
    return datetime.combine(day + timedelta(days=int(found[1] or 0)), of_day)


def read_scenario(text: str, day: date) -> Scenario:
    """Read a scenario and place it on a day.

    Raises:
        InvalidFile: a key is unknown or missing, or a value cannot be read; it names which.
    """
    fields = _Fields(_parsed(text), day, feature="")
    now = fields.moment("now")
    usual = _Usual(fields.moment("received"), fields.table("contact"))
    coverages = tuple(_coverage(each) for each in fields.tables("coverage"))
    tables = tuple(fields.tables("operation"))
    pairs = tuple(_operation(each, usual) for each in tables)
    fields.require_all_read()
    return Scenario(
        now, tuple(pair[0] for pair in pairs), coverages, tuple(pair[1] for pair in pairs)
    )


@dataclass(frozen=True, slots=True)
class _Usual:
    """What stands for an operation that does not say otherwise."""

    received_at: datetime
    contacts: dict[str, str]


class _Fields:
    """One table of the file: each key is read once, and none may be left over."""

    def __init__(self, table: dict[str, Any], day: date, feature: str) -> None:
        self._table = dict(table)
        self._day = day
        self.feature = str(table.get("designator", table.get("party", feature)))

    def text(self, key: str, default: str | None = None) -> str:
        value = self._table.pop(key, default)
        if not isinstance(value, str):
            raise self.refusal(f"{key} is missing or no text")
        return value

    def read(self, key: str, read: Callable[[str], _T], default: str | None = None) -> _T:
        try:
            return read(self.text(key, default))
        except (InvalidInput, ValueError) as error:
            raise self.refusal(f"{key}: {error}") from error

    def moment(self, key: str) -> datetime:
        return self.read(key, lambda text: moment_on(self._day, text))

    def window(self) -> Window:
        return Window(self.moment("from"), self.moment("until"))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._table.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.refusal(f"{key} is no list of texts")
        return tuple(values)

    def table(self, key: str) -> dict[str, str]:
        values = self._table.pop(key, {})
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            raise self.refusal(f"{key} is no table of texts")
        return values

    def tables(self, key: str) -> Iterator[_Fields]:
        for value in self._table.pop(key, []):
            yield _Fields(value, self._day, self.feature)

    def has(self, key: str) -> bool:
        return key in self._table

    def require_all_read(self) -> None:
        if self._table:
            raise self.refusal(f"unknown: {', '.join(sorted(self._table))}")

    def refusal(self, message: str) -> InvalidFile:
        return InvalidFile(
            message,
            file=SCENARIO_FILE,
            feature=self.feature,
            remedy="Write it as its neighbours in the file are written.",
        )


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidFile(f"not TOML: {error}", file=SCENARIO_FILE) from error


def _operation(fields: _Fields, usual: _Usual) -> tuple[Operation, Expectation]:
    party, designator = fields.text("party"), fields.text("designator")
    expectation = Expectation(party, designator, fields.text("shows"), fields.texts("expect"))
    operation = Operation(
        id=derived_id(party, designator),
        party=party,
        designator=designator,
        operation_class=fields.read("class", OperationClass),
        volumes=tuple(_volume(each) for each in fields.tables("volume")),
        mode=Mode.EXERCISE,
        source=Source(SourceKind.SCENARIO, SCENARIO_FILE, designator),
        received_at=fields.moment("received") if fields.has("received") else usual.received_at,
        category=fields.read("category", OperationCategory, "other"),
        level=DisclosureLevel.L3,
        tolerance_s=fields.read("tolerance", parse_duration_s, "0 s"),
        uncertainty=Uncertainty(lateral_m=fields.read("uncertainty", parse_length_m, "0 m")),
        precedence=fields.read("precedence", Precedence, "ROUTINE"),
        member=fields.text("member", ""),
        contact=fields.text("contact", usual.contacts.get(party, "")),
        crossings=fields.texts("crossings"),
        entries=fields.texts("entries"),
    )
    fields.require_all_read()
    return operation, expectation


def _volume(fields: _Fields) -> Volume:
    volume = Volume(
        fields.read("footprint", parse_footprint), fields.read("band", parse_band), fields.window()
    )
    fields.require_all_read()
    return volume


def _coverage(fields: _Fields) -> Coverage:
    coverage = Coverage(
        party=fields.text("party"),
        area=fields.read("area", parse_footprint),
        window=fields.window(),
        as_of=fields.moment("as_of"),
        completeness=tuple(
            (kind, fields.read(kind.value.replace(" ", "-"), Completeness))
            for kind in OperationClass
        ),
    )
    fields.require_all_read()
    return coverage
