"""What is opened as a discovery service's store, and what is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from contract.store.parts import IDENTITY
from dss_fixture import NAME, POOL, START, Desk, entity, opened_store, volume
from keepclear.errors import (
    InvalidInput,
    NodeStopping,
    StoreCorrupt,
    StoreLocked,
    StoreMissing,
    StoreTooNew,
)
from keepclear.store.dss import make_dss_store, open_dss_store
from keepclear.store.sqlite import make_store


def test_there_must_be_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        open_dss_store(tmp_path / NAME)


def test_nothing_is_made_over_what_is_there(tmp_path: Path) -> None:
    make_dss_store(tmp_path / NAME, pool=POOL, made_at=START)
    with pytest.raises(InvalidInput):
        make_dss_store(tmp_path / NAME, pool=entity("another"), made_at=START)
    with closing(opened_store(tmp_path)) as store:
        assert store.pool == POOL


def test_a_pool_is_a_uuid(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        make_dss_store(tmp_path / NAME, pool="ours", made_at=START)
    assert not (tmp_path / NAME).exists()


def test_one_process_has_it_alone(tmp_path: Path) -> None:
    with closing(opened_store(tmp_path)), pytest.raises(StoreLocked):
        opened_store(tmp_path)
    opened_store(tmp_path).close()


def test_a_nodes_own_store_is_none_and_stays_as_it_is(tmp_path: Path) -> None:
    make_store(tmp_path / NAME, IDENTITY)
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(StoreCorrupt):
        opened_store(tmp_path)
    assert (tmp_path / NAME).read_bytes() == before


def test_a_form_that_is_not_known_is_left_alone(tmp_path: Path) -> None:
    opened_store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / NAME)) as tables:
        tables.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreTooNew):
        opened_store(tmp_path)


def test_a_closed_store_takes_and_tells_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("a")
    desk.store.close()
    with pytest.raises(NodeStopping):
        desk.put("b")
    with pytest.raises(NodeStopping), desk.store.view():
        pass


def test_a_backup_taken_in_use_is_a_store(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    made = desk.put("a").operational_intent_reference
    kept = tmp_path / "kept"
    kept.mkdir()
    desk.store.backup(str(kept / NAME))
    assert desk.store.quick_check() == ()
    assert desk.store.figures().store_bytes > 0
    desk.store.close()
    again = Desk(kept)
    assert again.intent("a") == made
    assert again.found(volume()) == {entity("a")}
    again.store.close()
