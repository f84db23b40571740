"""What a serving node does by itself begins at once, goes on, and ends with the node."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from keepclear.cli import upkeep as module
from keepclear.cli.upkeep import upkeep
from keepclear.compose.folder import NodeFolder
from keepclear.compose.opening import open_node
from keepclear.services.node import Node
from keepclear.services.picture import Picture
from keepclear.services.retaining import KEEP_EVERYTHING, Retention, RetentionReport


def threads() -> set[str]:
    return {each.name for each in threading.enumerate() if each.name.startswith("keepclear-")}


def test_the_index_is_merged_again_and_again_until_the_end(
    node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged = threading.Semaphore(0)
    monkeypatch.setattr(module, "MERGE_EVERY_S", 0.001)
    monkeypatch.setattr(Picture, "merge", lambda _: merged.release())
    with open_node(NodeFolder(node)) as opened, upkeep(opened.node, KEEP_EVERYTHING):
        assert all(merged.acquire(timeout=30.0) for _ in range(3))
    assert not threads() & {"keepclear-merging", "keepclear-retaining"}


def test_retention_runs_at_once_where_something_is_to_go(
    node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied = threading.Event()

    def noted(_: Node, retention: Retention, *, actor: str) -> RetentionReport:
        assert (retention.ended_operations_days, actor) == (7, "retention")
        applied.set()
        return RetentionReport(0, 0)

    monkeypatch.setattr(module, "apply_retention", noted)
    with open_node(NodeFolder(node)) as opened, upkeep(opened.node, Retention(7)):
        assert applied.wait(30.0)
    assert not threads() & {"keepclear-merging", "keepclear-retaining"}


def test_nothing_is_let_go_unless_it_was_asked_for(node: Path) -> None:
    with open_node(NodeFolder(node)) as opened, upkeep(opened.node, KEEP_EVERYTHING):
        assert "keepclear-retaining" not in threads()
