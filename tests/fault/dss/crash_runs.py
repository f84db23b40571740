"""Kill a discovery service that writes, again and again, and look each time at what it left.

From the folder `tests`:  python -m fault.dss.crash_runs 100
"""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import NamedTuple

from dss_fixture import NAME, entity, opened_store

RUNS_A_STORE = 5
TESTS = Path(__file__).resolve().parents[2]


class Acknowledged(NamedTuple):
    """What the process was answered: an intent that is there or gone, and a number."""

    what: str
    intent_id: str
    version: int
    number: int


def killed_run(folder: Path, run: int) -> list[Acknowledged]:
    """Let a process write and kill it; what it was answered."""
    chance = hashlib.sha256(f"dss run {run}".encode()).digest()
    answers, delay_s = 1 + chance[0] % 97, chance[1] / 10_000
    child = subprocess.Popen(
        [sys.executable, "-m", "fault.dss.crash_child", str(folder), f"{run}"],
        cwd=TESTS,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    with child.stdout as told:
        first = [told.readline() for _ in range(answers)]
        # A moment that is no multiple of anything the writer does.
        Event().wait(delay_s)
        child.send_signal(signal.SIGKILL)
        rest = told.read()
    assert child.wait() == -signal.SIGKILL
    return [_acknowledged(line) for line in (b"".join(first) + rest).decode().splitlines()]


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
    """Kill one store's process several times; how much was answered, and what is wrong."""
    acknowledged: list[Acknowledged] = []
    for run in range(first, first + runs):
        acknowledged += killed_run(folder, run)
        faults = faults_after(folder, acknowledged)
        if faults:
            return len(acknowledged), [f"run {run}: {fault}" for fault in faults]
    return len(acknowledged), []


def main() -> int:
    """So many runs as the first word says; 100 without."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    total = 0
    for first in range(0, runs * 10, RUNS_A_STORE * 10):
        with tempfile.TemporaryDirectory() as folder:
            answered, faults = killed_store(Path(folder), first, RUNS_A_STORE)
        total += answered
        if faults:
            sys.stdout.write("\n".join(faults) + "\n")
            return 1
    sys.stdout.write(f"{runs} runs, {total} answered writes, none lost, none half written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
