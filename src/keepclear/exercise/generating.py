"""Build the exercise of one day: an agreement, three sets of plans, and what they show.

Deterministic: the same day gives the same exercise, byte for byte. EXERCISE throughout.
"""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime

from keepclear.errors import DataMissing
from keepclear.exercise.scenario import SCENARIO_FILE, Expectation, Scenario, read_scenario
from keepclear.model.plan_set import PlanSet

AGREEMENT_FILE = "agreement.toml"
DAY_OF_FILES = date(2015, 9, 18)
"""The day for which agreement.toml is written; every date in it is counted from this one."""

_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T)")


@dataclass(frozen=True, slots=True)
class Exercise:
    """An invented day of two forces, a relief agency and civil traffic.

    Attributes:
        day: which day, in UTC.
        now: the moment the exercise speaks of, early on that day.
        agreement_toml: the agreement, as text both parties could run.
        blue: the operations of BLUE with its coverage statement; check these.
        amber: what AMBER released, with its coverage statement.
        others: what HUM and CIVIL released, with theirs.
        expectations: what each operation shows, in the scenario's order.
    """

    day: date
    now: datetime
    agreement_toml: str
    blue: PlanSet
    amber: PlanSet
    others: PlanSet
    expectations: tuple[Expectation, ...]


def build_exercise(day: date) -> Exercise:
    """Build the exercise of one day.

    Raises:
        DataMissing: a file of the package is not there; reinstall keepclear.
    """
    scenario = read_scenario(_package_text(SCENARIO_FILE), day)
    return Exercise(
        day=day,
        now=scenario.now,
        agreement_toml=_agreement_on(day),
        blue=_plans_of(scenario, {"BLUE"}),
        amber=_plans_of(scenario, {"AMBER"}),
        others=_plans_of(scenario, {"HUM", "CIVIL"}),
        expectations=scenario.expectations,
    )


def exercise_now(day: date) -> datetime:
    """The moment the exercise of that day speaks of: its coverage is fresh then."""
    return read_scenario(_package_text(SCENARIO_FILE), day).now


def _plans_of(scenario: Scenario, parties: Container[str]) -> PlanSet:
    """What these parties plan, each coverage statement with its count of notices."""
    operations = tuple(each for each in scenario.operations if each.party in parties)
    coverages = tuple(
        replace(each, notice_count=sum(operation.party == each.party for operation in operations))
        for each in scenario.coverages
        if each.party in parties
    )
    return PlanSet(operations, coverages)


def _agreement_on(day: date) -> str:
    """The agreement with every date moved as far as the day lies from `DAY_OF_FILES`."""
    shift = day - DAY_OF_FILES
    return _DATE.sub(
        lambda found: (date.fromisoformat(found[0]) + shift).isoformat(),
        _package_text(AGREEMENT_FILE),
    )


def _package_text(file: str) -> str:
    try:
        return importlib.resources.files("keepclear.exercise").joinpath(file).read_text("utf-8")
    except FileNotFoundError as error:
        raise DataMissing(f"the exercise's file {file} is not there") from error
