"""The thread that delivers: how long it waits after a failure, and what wakes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from keepclear.compose.bell import Bell
from keepclear.compose.sending import (
    FIRST_DELAY_S,
    LONGEST_DELAY_S,
    LONGEST_FLASH_DELAY_S,
    Sender,
    Sending,
)
from keepclear.errors import PeerRefused, PeerSilent
from keepclear.ports.peers import PeerAddress
from line_fixture import DirectPeers, Side, message, two_nodes


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    with two_nodes(tmp_path) as (blue, amber):
        yield blue, amber


class Troubled(DirectPeers):
    """Answers only when it is well."""

    trouble: Exception | None = None

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        if self.trouble is not None:
            raise self.trouble
        return super().deliver(address, body, flash=flash)


def sender(blue: Side, peers: DirectPeers, *, flash: bool = False) -> Sender:
    return Sender(Sending(blue.node, peers, Event(), Event()), blue.line(), flash)


@pytest.mark.parametrize(
    ("flash", "longest_s"), [(False, LONGEST_DELAY_S), (True, LONGEST_FLASH_DELAY_S)]
)
def test_each_failure_doubles_the_wait_up_to_a_longest(
    pair: tuple[Side, Side], flash: bool, longest_s: float
) -> None:
    blue, amber = pair
    peers = Troubled(blue, amber)
    peers.trouble = PeerSilent("nobody is there")
    one = sender(blue, peers, flash=flash)
    blue.post(message(precedence=message().precedence.FLASH if flash else message().precedence))
    waits_s = []
    for _ in range(10):
        assert not one._attempt()
        waits_s.append(one._delay_s)
    assert waits_s[:2] == [FIRST_DELAY_S, 2 * FIRST_DELAY_S]
    assert waits_s[-1] == longest_s


def test_a_node_that_says_when_to_come_again_is_taken_at_its_word(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    peers = Troubled(blue, amber)
    peers.trouble = PeerRefused("too often")
    peers.trouble.retry_after_s = 7.0
    one = sender(blue, peers)
    blue.post(message())
    assert not one._attempt()
    assert one._delay_s == 7.0


def test_after_a_silence_it_asks_how_far_the_other_node_is_and_goes_on(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    peers = Troubled(blue, amber)
    one = sender(blue, peers)
    assert not one._attempt()
    peers.trouble = PeerSilent("nobody is there")
    blue.post(message())
    assert not one._attempt()
    peers.trouble = None
    before = len(peers.delivered)
    one._attempt()
    assert one._delay_s == 0.0
    assert len(peers.delivered) == before + 1
    assert len(amber.received()) == 1


def test_a_node_whose_address_became_known_meanwhile_is_asked_how_far_it_is(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    peers, known = DirectPeers(blue, amber), blue.line()
    nowhere = replace(known, peer=replace(known.peer, url=""))
    one = Sender(Sending(blue.node, peers, Event(), Event()), nowhere, flash=False)
    assert not one._attempt()
    assert len(peers.delivered) == 1


def test_a_fault_of_our_own_does_not_end_the_thread(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    peers = Troubled(blue, amber)
    peers.trouble = RuntimeError("a mistake of ours")
    one = sender(blue, peers)
    blue.post(message())
    assert not one._attempt()
    assert one._delay_s == FIRST_DELAY_S


def test_a_bell_wakes_every_ear_and_no_ring_is_lost() -> None:
    bell = Bell()
    ears = [bell.ear(), bell.ear()]
    bell.ring()
    bell.ring()
    assert [ear.is_set() for ear in ears] == [True, True]
