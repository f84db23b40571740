"""Older forms of a store: brought up to date whole or not at all, the ledger untouched."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from contract.store.parts import file, plan, verified
from fault.store.opening import NAME, opened, raw
from keepclear.store.sqlite import open_for_reading
from keepclear.store.sqlite.connecting import writing_connection
from keepclear.store.sqlite.migrating import Migration, bring_up_to_date, shipped_migrations

SHIPPED = shipped_migrations()
NEXT = SHIPPED[-1].version + 1
ADDED = "ALTER TABLE operation ADD COLUMN note TEXT; -- a remark; with a semicolon\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(opened(tmp_path)) as store:
        file(store, plan())
    return tmp_path


def migrate(folder: Path, *sql: str) -> Path | None:
    steps = [*SHIPPED, *(Migration(NEXT + n, text) for n, text in enumerate(sql))]
    return bring_up(folder, steps)


def bring_up(folder: Path, steps: Sequence[Migration]) -> Path | None:
    with closing(writing_connection(folder / NAME)) as connection:
        return bring_up_to_date(connection, folder / NAME, steps)


def form(folder: Path) -> int:
    with raw(folder) as tables:
        return int(tables.execute("PRAGMA user_version").fetchone()[0])


def test_the_steps_that_ship_count_from_one_without_a_gap() -> None:
    assert [step.version for step in SHIPPED] == list(range(1, len(SHIPPED) + 1))


def test_steps_are_read_from_numbered_files_only(tmp_path: Path) -> None:
    (tmp_path / "0002_second.sql").write_text("two")
    (tmp_path / "0001_first.sql").write_text("one")
    (tmp_path / "notes.txt").write_text("no step")
    assert shipped_migrations(tmp_path) == (Migration(1, "one"), Migration(2, "two"))


def test_a_store_of_the_newest_form_is_left_as_it_is(folder: Path) -> None:
    assert migrate(folder) is None
    assert sorted(path.name for path in folder.iterdir()) == ["store.lock", NAME]


def test_an_older_store_is_copied_and_then_brought_up_to_date(folder: Path) -> None:
    kept = migrate(folder, ADDED, "UPDATE operation SET note = 'old';")
    assert kept is not None
    assert form(folder) == NEXT + 1
    with raw(folder) as tables:
        assert tables.execute("SELECT note FROM operation").fetchall() == [("old",)]
    with closing(open_for_reading(kept)) as before, before.view() as view:
        assert view.operation(plan().id) is not None
        assert verified(view).holds


def test_an_earlier_copy_is_kept(folder: Path) -> None:
    first = migrate(folder, ADDED)
    with raw(folder) as tables:
        tables.execute(f"PRAGMA user_version = {NEXT - 1}")
    second = migrate(folder, "CREATE TABLE another (x INTEGER);")
    assert first is not None
    assert second is not None
    assert first != second
    assert first.exists()


def test_a_step_that_fails_leaves_the_store_as_it_was(folder: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(folder, ADDED, "CREATE TABLE fine (x INTEGER);\nUPDATE nowhere SET x = 1;")
    assert form(folder) == NEXT
    with raw(folder) as tables:
        names = {name for (name,) in tables.execute("SELECT name FROM sqlite_master")}
    assert "fine" not in names


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_payload SET bytes = x'00';",
        "DELETE FROM ledger_entry;",
        "INSERT INTO ledger_payload VALUES (9, x'00', x'00');",
        "DROP TABLE ledger_head;",
        "ALTER TABLE ledger_node RENAME TO forgotten;",
    ],
)
def test_no_step_touches_the_ledger(folder: Path, sql: str) -> None:
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        migrate(folder, ADDED + sql)
    assert form(folder) == NEXT - 1
    with closing(opened(folder)) as store, store.view() as view:
        assert verified(view).holds


def test_a_step_may_index_the_ledger(folder: Path) -> None:
    migrate(folder, "CREATE INDEX ledger_entry_by_time ON ledger_entry (at);")
    assert form(folder) == NEXT


def test_the_wheel_ships_every_step() -> None:
    source = Path(__file__).resolve().parents[3] / "src/keepclear/store/sqlite/migrations"
    assert len(SHIPPED) == len(list(source.glob("*.sql"))) > 0
