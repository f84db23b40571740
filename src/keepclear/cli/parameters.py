"""The kinds of value several commands take, read strictly."""

from __future__ import annotations

import math
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from keepclear.errors import InvalidWindow
from keepclear.model.operation import Mode
from keepclear.model.window import require_utc

PATH = click.Path(path_type=Path)
"""A path; what is wrong with it is said when it is opened."""


class Moment(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A moment with its zone, such as 2015-09-18T13:00:00Z."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read the moment; a time without a zone is refused, never guessed."""
        if isinstance(value, datetime):
            return value
        try:
            return require_utc(datetime.fromisoformat(value))
        except (ValueError, InvalidWindow):
            self.fail(f"{value!r} is not a time with a zone, such as 2015-09-18T13:00Z", param, ctx)


class Day(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A day of the calendar in UTC, such as 2026-03-14."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date, such as 2026-03-14", param, ctx)


class ModeWord(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """EXERCISE or REAL, spelt out."""

    name = "EXERCISE|REAL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Mode:
        """Read the mode word."""
        try:
            return Mode(str(value).upper())
        except ValueError:
            self.fail(f"{value!r} is neither EXERCISE nor REAL", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer both."""
        del ctx, param
        words = (mode.value for mode in Mode)
        return [CompletionItem(word) for word in words if word.startswith(incomplete.upper())]


class PartyId(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A party's id: one word in capitals, such as BLUE."""

    name = "party"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the id; lower case is a slip worth stopping for, ids are compared exactly."""
        if not value or value != value.strip().upper():
            self.fail(f"{value!r} is not a party id in capitals, such as BLUE", param, ctx)
        return str(value)


class Within(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A number between two others.

    Args:
        lowest, highest: it may be either.
        what: what it is, with its unit.
    """

    name = "number"

    def __init__(self, lowest: float, highest: float, what: str) -> None:
        self._lowest = lowest
        self._highest = highest
        self._what = what

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number; what is none, or not finite, lies between no two others."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not self._lowest <= number <= self._highest:
            lowest, highest = f"{self._lowest:,.10g}", f"{self._highest:,.10g}"
            self.fail(f"{value!r} is no {self._what} from {lowest} to {highest}", param, ctx)
        return number


MOMENT = Moment()
DAY = Day()
MODE = ModeWord()
PARTY = PartyId()
