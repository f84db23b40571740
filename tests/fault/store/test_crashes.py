"""A process killed while it writes: what it acknowledged is there, and nothing is half there.

A sample; `python -m fault.store.crash_runs` runs as many as asked for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.store.parts import IDENTITY
from fault.store.crash_runs import Acknowledged, faults_after, killed_store
from fault.store.opening import NAME, opened, raw
from keepclear.store.sqlite import make_store


@pytest.mark.parametrize("first", [0, 3])
def test_a_killed_node_loses_nothing_it_acknowledged(tmp_path: Path, first: int) -> None:
    acknowledged, faults = killed_store(tmp_path, first, runs=3)
    assert faults == []
    assert acknowledged > 3


def test_a_lost_write_would_be_noticed(tmp_path: Path) -> None:
    make_store(tmp_path / NAME, IDENTITY)
    lost = Acknowledged(1, "11111111-1111-4111-8111-111111111111", 1, 0)
    assert len(faults_after(tmp_path, [lost])) == 2


def test_loose_rows_would_be_noticed(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with raw(tmp_path) as tables:
        tables.execute("INSERT INTO cell VALUES (1, 1, 1)")
    assert faults_after(tmp_path, []) == ["1 cells belong to no operation"]
