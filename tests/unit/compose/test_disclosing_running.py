"""What a stop left untold is told after a start, also where the store did not answer at first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from keepclear.compose import disclosing_running as module
from keepclear.compose.disclosing_running import disclosing_running
from keepclear.errors import StoreFailed
from keepclear.model.node import Subject
from keepclear.model.operation import DisclosureLevel
from keepclear.ports.store import Committed
from unit.services.disclosing.answering_pair import NEAR, asking_nodes


class _FailsOnce:
    """A store that cannot be looked at the first time."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._is_well = False

    def __getattr__(self, name: str) -> Any:
        if name == "view" and not self._is_well:
            self._is_well = True
            raise StoreFailed("the disk did not answer")
        return getattr(self._store, name)


def test_a_look_that_failed_at_the_start_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STUCK_S", 0.01)
    told = Event()

    def hear(committed: Committed) -> None:
        if any(each.subject is Subject.MESSAGE for each in committed.changes):
            told.set()

    with asking_nodes(tmp_path, default_level=DisclosureLevel.L3) as asking:
        asking.file(asking.amber, NEAR)
        asking.amber.node.store.on_change(hear)
        node = replace(asking.amber.node, store=_FailsOnce(asking.amber.node.store))
        with disclosing_running(node):
            assert told.wait(60)
        assert b'"code":"M03"' in b"".join(asking.amber.sent())
