"""A discovery service killed while it writes: every answered write is there, none half.

A sample; `python -m fault.dss.crash_runs` runs as many as asked for.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from dss_fixture import NAME, Desk, entity, volume
from fault.dss.crash_runs import Acknowledged, faults_after, killed_store, loose_rows


def test_a_killed_service_loses_nothing_it_answered(tmp_path: Path) -> None:
    answered, faults = killed_store(tmp_path, 0, runs=3)
    assert faults == []
    assert answered > 3


def test_what_was_lost_came_back_or_was_counted_twice_would_be_noticed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.subscribe("all", volume())
    desk.put("a")
    desk.store.close()
    kept = Acknowledged("there", entity("a"), 1, 1)
    assert faults_after(tmp_path, [kept]) == []
    assert faults_after(tmp_path, [Acknowledged("there", entity("lost"), 1, 1)])
    assert faults_after(tmp_path, [Acknowledged("gone", entity("a"), 1, 1)])
    assert faults_after(tmp_path, [Acknowledged("there", entity("a"), 1, 2)])
    assert faults_after(tmp_path, [kept, Acknowledged("there", entity("a"), 1, 1)])


def test_loose_rows_would_be_noticed(tmp_path: Path) -> None:
    Desk(tmp_path).store.close()
    assert loose_rows(tmp_path) == []
    with closing(sqlite3.connect(tmp_path / NAME)) as tables, tables:
        tables.execute("INSERT INTO intent_cell VALUES (1, 1)")
    assert loose_rows(tmp_path) == ["cells of no intent: 1"]
