"""Kill a writing node again and again, and look each time at what it left.

From the folder `tests`:  python -m fault.store.crash_runs 200

Each run kills the process without warning after some acknowledged writes and a moment
more, both different each time, then opens the store as a node would. The same store is
used several times over, so that a crash follows a crash.
"""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from contract.store.parts import verified
from fault.killing import killed_child, killed_in_turn, run_all
from fault.store.opening import opened, raw
from keepclear.model.operation import OperationState
from keepclear.ports.store import View

RUNS_A_STORE = 5


class Acknowledged(NamedTuple):
    """What the process said it had stored."""

    number: int
    operation_id: str
    version: int
    entry: int


def killed_run(folder: Path, run: int) -> list[Acknowledged]:
    """Let a process write and kill it; what it acknowledged."""
    lines = killed_child("fault.store.crash_child", folder, run, seed=f"run {run}")
    return [_acknowledged(line) for line in lines]


def _acknowledged(line: str) -> Acknowledged:
    number, operation_id, version, entry = line.split()
    return Acknowledged(int(number), operation_id, int(version), int(entry))


def faults_after(folder: Path, acknowledged: list[Acknowledged]) -> list[str]:
    """What is wrong with the store that was left; empty where nothing is.

    Opens it as a node would, which takes in what the crash left in the log.
    """
    with closing(opened(folder, seed="after")) as store:
        faults = list(store.quick_check())
        with store.view() as view:
            faults += _ledger_faults(view) + _lost(view, acknowledged) + _half_written(view)
    return faults + _loose_rows(folder)


def _ledger_faults(view: View) -> list[str]:
    report = verified(view)
    return [fault.text for fault in report.faults]


def _lost(view: View, acknowledged: list[Acknowledged]) -> list[str]:
    faults = []
    for number, operation_id, version, entry_number in acknowledged:
        stored, entry = view.operation(operation_id), view.entry(entry_number)
        if stored is None or stored.number != number or stored.operation.version < version:
            faults.append(f"version {version} of {operation_id} was acknowledged and is lost")
        if entry is None or (entry.subject_id, entry.version) != (operation_id, version):
            faults.append(f"entry {entry_number} was acknowledged and is lost")
    return faults


def _half_written(view: View) -> list[str]:
    faults = []
    numbers = [change.number for change in view.operation_changes(after=0, limit=10**6)]
    shapes = {shape.number: shape for shape in view.geometries(limit=10**6)}
    for number, stored in view.operations_numbered(numbers).items():
        live = stored.operation.state is not OperationState.ENDED
        if live is not (number in shapes):
            faults.append(f"operation {number} is live: {live}, but its shape says otherwise")
        if live and number not in view.changed_near((0,), since=stored.change - 1):
            faults.append(f"operation {number} has lost its cells")
    if sum(view.counts().values()) != len(numbers):
        faults.append("the counts are not those of the operations")
    if [change.sequence for change in view.changes(after=0, limit=10**6)] != list(
        range(1, view.sequence + 1)
    ):
        faults.append("the sequence of changes has a gap")
    return faults


def _loose_rows(folder: Path) -> list[str]:
    with raw(folder) as tables:
        loose = [f"{row[0]}: row without its parent" for row in tables.execute(_FOREIGN_KEYS)]
        cells = tables.execute(_CELLS_OF_NOBODY).fetchone()[0]
    return loose + ([f"{cells} cells belong to no operation"] if cells else [])


_FOREIGN_KEYS = "PRAGMA foreign_key_check"
_CELLS_OF_NOBODY = (
    "SELECT count(*) FROM cell c LEFT JOIN operation o"
    " ON o.number = c.number AND o.change = c.change WHERE o.number IS NULL"
)


def killed_store(folder: Path, first: int, runs: int) -> tuple[int, list[str]]:
    """Kill one store's process several times; how much was acknowledged, and what is wrong."""
    kill, faults_of = partial(killed_run, folder), partial(faults_after, folder)
    return killed_in_turn(range(first, first + runs), kill, faults_of)


def _said(runs: int, acknowledged: list[int]) -> str:
    total = sum(acknowledged)
    return f"{runs} runs, {total} acknowledged writes, none lost, none half written"


if __name__ == "__main__":
    sys.exit(run_all(killed_store, _said, usual=200, together=RUNS_A_STORE))
