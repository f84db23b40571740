"""Notifications while others are posted: each once, in its order; the silent hold up nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Condition, Event
from typing import Any, NamedTuple

import pytest

from keepclear.compose.f3548_uss import THREADS
from keepclear.ports.store import Store, Unit
from keepclear.ports.uss_store import Waiting
from keepclear.services.uss import Uss
from keepclear.services.uss.notifying import Teller
from keepclear.services.uss.paths import INTENTS
from uss.world import new_id

LONG_S = 30.0
"""Nothing takes so long unless it is broken."""


class Viewed:
    """A store; once it was read, and before what was read is used, something else may happen."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.meanwhile: Callable[[], object] = bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def view(self) -> Iterator[Any]:
        with self._store.view() as view:
            yield view
        meanwhile, self.meanwhile = self.meanwhile, bool
        meanwhile()


class Peers:
    """USSs that are told; each waits until a test lets it answer."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.may_answer = Event()
        self.arrived = Condition()

    def tell(self, base_url: str, path: str, body: bytes) -> None:
        del base_url, path
        with self.arrived:
            self.told.append(body)
            self.arrived.notify_all()
        assert self.may_answer.wait(LONG_S)

    def awaited(self, count: int) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.told) >= count, LONG_S)


class Quiet(NamedTuple):
    """A USS with nothing to tell yet, and those it tells."""

    uss: Uss
    peers: Peers


@pytest.fixture
def quiet(lone: Uss) -> Iterator[Quiet]:
    nothing_waits(lone)
    peers: Any = Peers()
    with ThreadPoolExecutor(THREADS) as pool:
        yield Quiet(replace(lone, peers=peers, pool=pool), peers)
        peers.may_answer.set()
    nothing_waits(lone)


def nothing_waits(uss: Uss) -> None:
    with uss.node.store.view() as view:
        waiting = view.waiting(limit=100_000)

    def drop(unit: Unit) -> None:
        for each in waiting:
            unit.drop_waiting(each.number)

    uss.node.store.write(drop)


def wait(uss: Uss, base_url: str, body: bytes) -> None:
    now = uss.now()
    one = Waiting(0, base_url, INTENTS, body, now, now + timedelta(minutes=1))
    uss.node.store.write(lambda unit: unit.put_waiting(one))


def body(entity_id: str, text: str = "") -> bytes:
    return f'{{"operational_intent_id": "{entity_id}", "text": "{text}"}}'.encode()


def test_what_was_posted_since_the_store_was_read_is_not_posted_again(quiet: Quiet) -> None:
    uss, peers = quiet
    entity_id, rung = new_id(), Event()
    there, gone = body(entity_id, "there"), body(entity_id, "gone")
    for each in (there, gone):
        wait(uss, "http://a.example", each)

    def posted() -> None:
        peers.may_answer.set()
        assert rung.wait(LONG_S)

    store: Any = Viewed(uss.node.store)
    teller = Teller(replace(uss, node=replace(uss.node, store=store), ring=rung.set))
    teller.round()
    peers.awaited(1)
    store.meanwhile = posted
    teller.round()
    uss.pool.shutdown()
    assert peers.told == [there, gone]


def test_however_many_are_silent_threads_are_left_for_whoever_plans(quiet: Quiet) -> None:
    for number in range(2 * THREADS):
        wait(quiet.uss, f"http://silent{number}.example", body(new_id()))
    Teller(quiet.uss).round()
    assert quiet.uss.pool.submit(lambda: True).result(LONG_S)


def test_what_waits_for_one_that_takes_nothing_holds_up_no_other(quiet: Quiet) -> None:
    for _ in range(501):
        wait(quiet.uss, "http://silent.example", body(new_id()))
    late = body(new_id(), "late")
    wait(quiet.uss, "http://a.example", late)
    Teller(quiet.uss).round()
    quiet.peers.awaited(2)
    assert late in quiet.peers.told
