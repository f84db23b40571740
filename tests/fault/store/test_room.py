"""No room left: what was answered is safe, the rest is refused, and the node goes on."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from contract.store.parts import file, plan, verified
from fault.store.crash_runs import faults_after
from fault.store.opening import NAME, opened
from keepclear.errors import StoreFull
from keepclear.store.sqlite import SqliteStore


def fill(store: SqliteStore, most: int = 2_000) -> list[str]:
    """File until there is no room; the ids of what was acknowledged."""
    acknowledged: list[str] = []
    for n in range(most):
        one = plan(f"B-{n}", source_text="x" * 20_000)
        try:
            file(store, one)
        except StoreFull:
            return acknowledged
        acknowledged.append(one.id)
    pytest.fail("there was always room")


def require_all(store: SqliteStore, acknowledged: list[str]) -> None:
    with store.view() as view:
        assert view.ledger_size() == len(acknowledged)
        assert {shape.id for shape in view.geometries()} == set(acknowledged)
        assert verified(view).holds


@contextmanager
def files_at_most(size_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_store_that_may_not_grow_refuses_and_goes_on_when_it_may(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        with files_at_most(1_000_000):
            acknowledged = fill(store)
            assert acknowledged
            require_all(store, acknowledged)
        after = plan("B-after")
        file(store, after)
        require_all(store, [*acknowledged, after.id])
    assert faults_after(tmp_path, []) == []


def test_a_store_that_has_reached_its_pages_refuses_what_needs_more(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.write(lambda unit: unit._connection.execute("PRAGMA max_page_count = 100"))  # type: ignore[attr-defined]
        acknowledged = fill(store)
        assert acknowledged
        require_all(store, acknowledged)
        store.write(lambda unit: unit._connection.execute("PRAGMA max_page_count = 100000"))  # type: ignore[attr-defined]
        after = plan("B-after")
        file(store, after)
        require_all(store, [*acknowledged, after.id])


def test_a_copy_there_is_no_room_for_leaves_nothing(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        for n in range(20):
            file(store, plan(f"B-{n}", source_text="x" * 20_000))
        with files_at_most(100_000), pytest.raises(StoreFull):
            store.backup(str(tmp_path / "copy.sqlite"))
        assert not list(tmp_path.glob("*copy*"))
        store.backup(str(tmp_path / "copy.sqlite"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    with suppress(FileNotFoundError):
        mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False)
        if mounted and mounted.returncode == 0:
            yield folder
            subprocess.run(["umount", str(folder)], check=True)
            return
    pytest.skip("a small disk can be had only by who may mount one")


def test_a_full_disk_loses_nothing_and_room_is_enough_to_go_on(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * 500_000)
    with closing(opened(small_disk)) as store:
        acknowledged = fill(store)
        assert acknowledged
        require_all(store, acknowledged)
        ballast.unlink()
        after = plan("B-after")
        file(store, after)
        require_all(store, [*acknowledged, after.id])
    assert faults_after(small_disk, []) == []
    assert (small_disk / NAME).exists()


def test_the_figures_tell_how_much_room_there_is(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        file(store, plan())
        figures = store.figures()
        assert figures.store_bytes == (tmp_path / NAME).stat().st_size
        assert figures.log_bytes > 0
        assert 0 < figures.free_bytes <= figures.disk_bytes
    with closing(opened(tmp_path)) as store:
        assert store.figures().log_bytes == 0
