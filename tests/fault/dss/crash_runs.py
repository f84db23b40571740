"""Kill a discovery service that writes, again and again, and look each time at what it left.

From the folder `tests`:  python -m fault.dss.crash_runs 100
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dss_fixture import NAME, entity, opened_store
from fault.killing import killed_child, killed_in_turn, run_all

RUNS_A_STORE = 5


class Acknowledged(NamedTuple):
    """What the process was answered: an intent that is there or gone, and a number."""

    what: str
    intent_id: str
    version: int
    number: int


def killed_run(folder: Path, run: int) -> list[Acknowledged]:
    """Let a process write and kill it; what it was answered."""
    lines = killed_child("fault.dss.crash_child", folder, run, seed=f"dss run {run}")
    return [_acknowledged(line) for line in lines]


def _acknowledged(line: str) -> Acknowledged:
    what, intent_id, version, number = line.split()
    return Acknowledged(what, intent_id, int(version), int(number))


def faults_after(folder: Path, acknowledged: list[Acknowledged]) -> list[str]:
    """What is wrong with the store that was left; empty where nothing is."""
    with closing(opened_store(folder)) as store:
        faults = list(store.quick_check())
        with store.view() as view:
            for one in _last_of_each(acknowledged):
                stored = view.intent(one.intent_id)
                # What was under way when it was killed may have been done, or not.
                lost = one.version == 1 if stored is None else stored.record.version < one.version
                if one.what == "there" and lost:
                    faults.append(f"version {one.version} of {one.intent_id} is lost")
                if one.what == "gone" and stored is not None:
                    faults.append(f"{one.intent_id} was removed and is back")
            counted = view.subscription(entity("all"))
            told = max((one.number for one in acknowledged), default=0)
            if counted is None or counted.record.notified < told:
                faults.append(f"number {told} was given and is lost")
            numbers = [one.number for one in acknowledged]
            if len(set(numbers)) != len(numbers):
                faults.append("a number was given twice")
    return faults + loose_rows(folder)


def _last_of_each(acknowledged: list[Acknowledged]) -> list[Acknowledged]:
    return list({one.intent_id: one for one in acknowledged}.values())


def loose_rows(folder: Path) -> list[str]:
    """Rows that belong to nothing, or are missing."""
    with closing(sqlite3.connect(folder / NAME)) as tables:
        return [
            f"{what}: {count}"
            for what, question in _NONE_OF_THESE.items()
            if (count := tables.execute(question).fetchone()[0])
        ]


_NONE_OF_THESE = {
    "foreign keys broken": "SELECT count(*) FROM pragma_foreign_key_check",
    "cells of no intent": (
        "SELECT count(*) FROM intent_cell WHERE number NOT IN (SELECT number FROM intent)"
    ),
    "cells of no subscription": (
        "SELECT count(*) FROM subscription_cell"
        " WHERE number NOT IN (SELECT number FROM subscription)"
    ),
    "intents without all their cells": (
        "SELECT count(*) FROM intent i WHERE length(cells) / 8 <>"
        " (SELECT count(*) FROM intent_cell c WHERE c.number = i.number)"
    ),
    "implicit subscriptions of nobody": (
        "SELECT count(*) FROM subscription WHERE is_implicit = 1 AND number NOT IN"
        " (SELECT subscription FROM intent WHERE subscription IS NOT NULL)"
    ),
    "changes that were not counted": (
        "SELECT count(*) FROM intent WHERE change > (SELECT sequence FROM dss)"
    ),
}


def killed_store(folder: Path, first: int, runs: int) -> tuple[int, list[str]]:
    """Kill one store's process several times; how much was answered, and what is wrong.

    The numbers go up in tens from store to store: the first of each makes the subscription.
    """
    kill, faults_of = partial(killed_run, folder), partial(faults_after, folder)
    begin = first // RUNS_A_STORE * 10
    return killed_in_turn(range(begin, begin + runs), kill, faults_of)


def _said(runs: int, answered: list[int]) -> str:
    return f"{runs} runs, {sum(answered)} answered writes, none lost, none half written"


if __name__ == "__main__":
    sys.exit(run_all(killed_store, _said, usual=100, together=RUNS_A_STORE))
