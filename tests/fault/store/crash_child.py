"""A process that files, changes and ends operations until it is killed.

It prints one line for every version that the store acknowledged: number, id, version and
ledger entry. What is printed must be found in the store afterwards, however it died.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Thread

from contract.store.parts import TurnedClock, changed, ended, plan, pruned_note, put
from fault.store.opening import opened
from keepclear.model.node import Subject
from keepclear.model.operation import Operation
from keepclear.ports.store import StoredOperation, Unit
from keepclear.store.sqlite import SqliteStore

THREADS = 4


def main() -> None:
    """Write into the store of the folder named first; the second word makes the ids new."""
    folder, run = Path(sys.argv[1]), sys.argv[2]
    store = opened(folder, clock=TurnedClock(), seed=run)
    threads = [Thread(target=_write, args=(store, run, n)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _write(store: SqliteStore, run: str, thread: int) -> None:
    turn = 0
    while True:
        first = plan(f"B-{run}-{thread}-{turn}", source_text="x" * (turn * 997 % 9_000))
        _store(store, first)
        _store(store, changed(first, contact=f"turn {turn}"))
        if turn % 3 == 0:
            over = _store(store, ended(changed(first)))
            if turn % 2 == 0:
                _prune(store, over)
        turn += 1


def _store(store: SqliteStore, one: Operation) -> StoredOperation:
    cells = tuple(range(len(one.source_text) % 23 + 1))
    stored = store.write(lambda unit: put(unit, one, cells=cells))
    line = f"{stored.number} {one.id} {one.version} {stored.entry}\n"
    os.write(1, line.encode())
    return stored


def _prune(store: SqliteStore, over: StoredOperation) -> None:
    """Forget the version before the last, as retention does."""

    def work(unit: Unit) -> None:
        *_, before, _last = unit.entries_about(Subject.OPERATION, over.operation.id)
        assert unit.prune(before.number)
        unit.append(pruned_note(before.number))

    store.write(work)


if __name__ == "__main__":
    main()
