"""What a node sees when it looks at itself: named, graded, each fault with a remedy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import NodeBusy, StoreFull
from keepclear.model.window import Window
from keepclear.services.examining import (
    Examined,
    FolderFacts,
    Status,
    examine,
    examine_folder,
    worst_status,
)
from node_fixture import RunningNode, exercise_node
from samples import NOON, coverage, operation

SOUND = FolderFacts(
    now=NOON,
    free_bytes=400_000_000_000,
    disk_bytes=1_000_000_000_000,
    schema_known=3,
    last_entry_at=NOON - timedelta(minutes=5),
    certificate=Window(NOON - timedelta(days=1), NOON + timedelta(days=700)),
    modes={"token": 0o600, "keys/root.key": 0o600},
    schema=3,
)
DAY = timedelta(days=1)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        running.cover(coverage("AMBER", notice_count=1, as_of=running.clock.now()))
        running.take(operation("A-1", party="AMBER"))
        yield running


def named(examined: tuple[Examined, ...], name: str) -> Examined:
    (found,) = (one for one in examined if one.name == name)
    return found


def test_a_running_node_in_order_finds_nothing_wrong(running: RunningNode) -> None:
    examined = examine(running.node)
    assert worst_status(examined) is Status.OK
    assert [one.name for one in examined] == [
        "clock",
        "store",
        "ledger",
        "index",
        "agreement",
        "others' data",
    ]


def test_a_clock_that_was_set_back_is_a_fault(running: RunningNode) -> None:
    running.clock.turn(seconds=-20)
    assert named(examine(running.node), "clock").status is Status.WARNING
    running.clock.turn(minutes=-10)
    clock = named(examine(running.node), "clock")
    assert clock.status is Status.FAULT
    assert "10 min 20 s before" in clock.detail


def test_data_that_grew_old_is_a_warning_that_names_whose(running: RunningNode) -> None:
    running.clock.turn(days=1)
    data = named(examine(running.node), "others' data")
    assert data.status is Status.WARNING
    assert "AMBER" in data.detail


def test_an_agreement_that_ran_out_is_a_warning(running: RunningNode) -> None:
    running.clock.turn(days=60)
    assert named(examine(running.node), "agreement").status is Status.WARNING


def test_a_node_without_agreement_and_partners_says_so(tmp_path: Path) -> None:
    with exercise_node(tmp_path, agreed=False) as running:
        examined = examine(running.node)
    assert named(examined, "agreement").status is Status.WARNING
    assert "nothing to compare with" in named(examined, "others' data").detail


@pytest.mark.parametrize(
    ("error", "status"),
    [(StoreFull("the disk is full"), Status.FAULT), (NodeBusy("too much waits"), Status.WARNING)],
)
def test_a_store_that_takes_nothing_says_why_and_what_to_do(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch, error: Exception, status: Status
) -> None:
    def refuse(work: object) -> None:
        raise error

    monkeypatch.setattr(running.node.store, "write", refuse)
    store = named(examine(running.node), "store")
    assert (store.status, store.detail) == (status, str(error))
    assert store.remedy


def test_entries_that_no_head_covers_are_a_fault(running: RunningNode) -> None:
    with sqlite3.connect(running.folder / "store.sqlite") as connection:
        connection.execute(
            "DELETE FROM ledger_head WHERE size = (SELECT max(size) FROM ledger_head)"
        )
    connection.close()
    ledger = named(examine(running.node), "ledger")
    assert ledger.status is Status.FAULT
    assert "stand under no signed head" in ledger.detail


def test_an_index_that_lags_behind_the_store_is_a_fault(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = replace(running.node.picture.standing(), sequence=1)
    monkeypatch.setattr(type(running.node.picture), "standing", lambda _: late)
    assert named(examine(running.node), "index").status is Status.FAULT


def test_a_folder_in_order_finds_nothing_wrong() -> None:
    assert {one.status for one in examine_folder(SOUND)} == {Status.OK}


@pytest.mark.parametrize(
    ("facts", "name", "status", "word"),
    [
        (replace(SOUND, missing=("token",)), "files", Status.FAULT, "token"),
        (replace(SOUND, writable=False), "files", Status.FAULT, "may not be written"),
        (replace(SOUND, modes={"token": 0o644}), "file rights", Status.FAULT, "token"),
        (replace(SOUND, modes={"token": 0o620}), "file rights", Status.FAULT, "token"),
        (replace(SOUND, locked_by=77, serving=77), "lock", Status.OK, "77"),
        (replace(SOUND, serving=77), "lock", Status.WARNING, "77"),
        (replace(SOUND, schema=None), "store version", Status.FAULT, "cannot be read"),
        (replace(SOUND, schema=4), "store version", Status.FAULT, "version 4"),
        (replace(SOUND, schema=2), "store version", Status.WARNING, "version 2"),
        (replace(SOUND, store_faults=("page 7",)), "store", Status.FAULT, "page 7"),
        (replace(SOUND, last_entry_at=NOON + DAY), "clock", Status.FAULT, "1 d before"),
        (replace(SOUND, last_entry_at=None), "clock", Status.OK, "141200ZMAR26"),
        (replace(SOUND, free_bytes=900_000_000), "disk", Status.WARNING, "0.9 GB"),
        (replace(SOUND, free_bytes=90_000_000_000), "disk", Status.WARNING, "9%"),
        (replace(SOUND, free_bytes=1_000_000), "disk", Status.FAULT, "0.0 GB"),
        (replace(SOUND, key_fault="root.key is damaged"), "keys", Status.FAULT, "root.key"),
        (replace(SOUND, certificate=None), "certificate", Status.FAULT, "cannot be read"),
        (
            replace(SOUND, certificate=Window(NOON - DAY, NOON + 29 * DAY)),
            "certificate",
            Status.WARNING,
            "121200ZAPR26",
        ),
        (
            replace(SOUND, certificate=Window(NOON - 2 * DAY, NOON)),
            "certificate",
            Status.FAULT,
            "ended 141200ZMAR26",
        ),
        (
            replace(SOUND, certificate=Window(NOON + DAY, NOON + 700 * DAY)),
            "certificate",
            Status.FAULT,
            "valid only from",
        ),
        (replace(SOUND, geoid_fault="no file"), "geoid", Status.FAULT, "no file"),
        (
            replace(SOUND, kernels_fault="read-only"),
            "compiled kernels",
            Status.WARNING,
            "read-only",
        ),
    ],
)
def test_each_thing_wrong_with_a_folder_is_named_and_graded(
    facts: FolderFacts, name: str, status: Status, word: str
) -> None:
    examined = examine_folder(facts)
    found = named(examined, name)
    assert found.status is status
    assert word in found.detail
    assert all(one.status is Status.OK for one in examined if one.name != name)


@given(
    free_bytes=st.integers(0, 10**13),
    schema=st.none() | st.integers(0, 5),
    behind_s=st.floats(-1e7, 1e7),
    ends_in_s=st.floats(-1e7, 1e9),
    mode=st.integers(0, 0o777),
)
def test_whatever_is_not_in_order_comes_with_a_remedy(
    free_bytes: int, schema: int | None, behind_s: float, ends_in_s: float, mode: int
) -> None:
    certificate = Window(NOON - 400 * DAY, NOON + timedelta(seconds=ends_in_s))
    facts = replace(
        SOUND,
        free_bytes=free_bytes,
        schema=schema,
        last_entry_at=NOON + timedelta(seconds=behind_s),
        certificate=certificate,
        modes={"token": mode},
    )
    for one in examine_folder(facts):
        assert (one.status is Status.OK) == (not one.remedy)
        assert one.detail.endswith(".")


def test_the_worst_of_nothing_is_in_order() -> None:
    assert worst_status(()) is Status.OK
