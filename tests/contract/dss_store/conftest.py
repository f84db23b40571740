"""Every store of a discovery service there is, made anew for each test of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dss_fixture import opened_store
from keepclear.ports.dss_store import DssStore
from keepclear.store.dss import SqliteDssStore

STORES: dict[str, Callable[[Path], SqliteDssStore]] = {"sqlite": opened_store}


@pytest.fixture(params=STORES)
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], DssStore]]:
    """Opens this test's store, closing it first where it was open."""
    opened: list[SqliteDssStore] = []

    def open_it() -> DssStore:
        for each in opened:
            each.close()
        opened.clear()
        opened.append(STORES[request.param](tmp_path))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


@pytest.fixture
def store(open_again: Callable[[], DssStore]) -> DssStore:
    return open_again()
