"""Who serves is believed only while that very process holds the store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keepclear.compose.folder import NodeFolder
from keepclear.compose.serving_record import (
    Serving,
    forget_serving,
    holder_of,
    note_serving,
    noted_serving,
    running,
)
from keepclear.store.sqlite.locking import StoreLock

HERE = Serving(
    pid=os.getpid(),
    address="127.0.0.1",
    port=8600,
    started_at=datetime(2026, 3, 14, 5, tzinfo=UTC),
)
ANOTHER = Serving(pid=1, address="127.0.0.1", port=9, started_at=HERE.started_at)


@pytest.fixture
def folder(tmp_path: Path) -> NodeFolder:
    return NodeFolder(tmp_path)


@pytest.fixture
def held(folder: NodeFolder) -> Iterator[NodeFolder]:
    lock = StoreLock(folder.lock)
    yield folder
    lock.release()


def test_who_serves_and_holds_the_store_is_found(held: NodeFolder) -> None:
    note_serving(held, HERE)
    assert running(held) == HERE


def test_the_word_of_an_ended_process_is_not_believed(folder: NodeFolder) -> None:
    note_serving(folder, HERE)
    assert noted_serving(folder) == HERE
    assert running(folder) is None


def test_an_old_word_is_not_believed_while_another_process_has_the_store(
    held: NodeFolder,
) -> None:
    note_serving(held, ANOTHER)
    assert running(held) is None
    assert holder_of(held) == os.getpid()


def test_nobody_has_a_store_that_is_not_locked(folder: NodeFolder) -> None:
    assert holder_of(folder) is None
    StoreLock(folder.lock).release()
    assert holder_of(folder) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}'])
def test_a_word_that_cannot_be_read_is_none(held: NodeFolder, text: str) -> None:
    held.serving.write_text(text)
    assert running(held) is None


def test_only_its_own_word_is_taken_away(folder: NodeFolder) -> None:
    note_serving(folder, ANOTHER)
    forget_serving(folder, os.getpid())
    assert noted_serving(folder) == ANOTHER
    forget_serving(folder, 1)
    assert noted_serving(folder) is None
