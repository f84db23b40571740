"""Every store there is, each made anew for each test of the contract.

Another engine joins by another entry of `STORES`: how to open a store in a folder, making
it first where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contract.store.parts import IDENTITY, CountedEntropy, TestKey, TurnedClock
from keepclear.ports.store import Store
from keepclear.store.sqlite import make_store, open_store

Opened = Callable[[Path, TurnedClock], Store]


def sqlite_store(folder: Path, clock: TurnedClock) -> Store:
    path = folder / "store.sqlite"
    if not path.exists():
        make_store(path, IDENTITY)
    opening = len(list(folder.glob("opened-*")))
    (folder / f"opened-{opening}").touch()
    return open_store(
        path, signer=TestKey(), entropy=CountedEntropy(f"opening {opening}:"), clock=clock
    )


STORES: dict[str, Opened] = {"sqlite": sqlite_store}


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(params=STORES)
def open_again(
    request: pytest.FixtureRequest, tmp_path: Path, clock: TurnedClock
) -> Iterator[Callable[[], Store]]:
    """Opens this test's store; whatever it opened is closed in the end."""
    opened: list[Store] = []

    def open_it() -> Store:
        opened.append(STORES[request.param](tmp_path, clock))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    return open_again()
