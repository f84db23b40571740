"""Whatever the transport does, every message arrives once as new, and both ledgers agree."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fault.line.faulty_peers import FAULTS, Fault, FaultyPeers
from keepclear.errors import PeerTrouble
from keepclear.formats.documents.envelope import envelope_of
from keepclear.model.operation import Precedence
from keepclear.services.line.delivering import Gap, deliver
from line_fixture import LINE, DirectPeers, Side, message, two_nodes, verified

MOST_ATTEMPTS = 200
STEPS = st.tuples(st.sampled_from(FAULTS), st.integers(0, 100_000))


class Sender:
    """Delivers as the node's own thread does, without waiting."""

    def __init__(self, side: Side, peers: FaultyPeers, *, flash: bool | None) -> None:
        self._side = side
        self._peers = peers
        self._flash = flash
        self._again: tuple[Gap, ...] = ()

    def attempt(self) -> bool:
        """Try once; whether something may still be left to do."""
        try:
            done = deliver(self._side.node, LINE, self._peers, flash=self._flash, again=self._again)
        except PeerTrouble:
            return True
        self._again = () if self._flash else done.missing
        return bool(done.sent or self._again)


def drain(sender: Sender) -> None:
    for _ in range(MOST_ATTEMPTS):
        if not sender.attempt():
            return
    pytest.fail("it never came to an end")


def ends(side: Side, *, outgoing: bool) -> list[tuple[int, int, bytes]]:
    with side.node.store.view() as view:
        return [tuple(each) for each in view.streams(LINE, outgoing=outgoing)]  # type: ignore[misc]  # rows


def delivered_exactly_once(blue: Side, amber: Side) -> None:
    sent = [str(envelope_of(each).message["id"]) for each in blue.sent()]
    assert sorted(amber.received()) == sorted(sent)
    assert ends(blue, outgoing=True) == ends(amber, outgoing=False)
    with blue.node.store.view() as view:
        assert view.waiting_count(LINE) == 0
    with amber.node.store.view() as view:
        assert view.envelopes_held(LINE) == []
    verified(blue, amber)


@given(st.lists(STEPS, max_size=30), st.lists(st.booleans(), min_size=1, max_size=12))
@settings(max_examples=25)
def test_every_message_arrives_once_whatever_the_transport_does(
    plan: list[tuple[Fault, int]], urgent: list[bool]
) -> None:
    with tempfile.TemporaryDirectory() as folder, two_nodes(Path(folder)) as (blue, amber):
        peers = FaultyPeers(DirectPeers(blue, amber), plan)
        ordinary, flash = Sender(blue, peers, flash=False), Sender(blue, peers, flash=True)
        for number, is_urgent in enumerate(urgent):
            precedence = Precedence.FLASH if is_urgent else Precedence.ROUTINE
            blue.post(message(number=number, precedence=precedence))
            flash.attempt()
            ordinary.attempt()
        drain(flash)
        drain(ordinary)
        peers.release()
        delivered_exactly_once(blue, amber)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_alone_loses_nothing_and_repeats_nothing(tmp_path: Path, fault: Fault) -> None:
    with two_nodes(tmp_path) as (blue, amber):
        peers = FaultyPeers(DirectPeers(blue, amber), [(fault, 700)] * 3)
        sender = Sender(blue, peers, flash=None)
        for number in range(4):
            blue.post(message(number=number))
            sender.attempt()
        drain(sender)
        peers.release()
        assert peers.met[fault] >= 3
        delivered_exactly_once(blue, amber)


@given(st.lists(STEPS, max_size=20))
@settings(max_examples=10)
def test_both_directions_at_once_do_not_disturb_each_other(plan: list[tuple[Fault, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, two_nodes(Path(folder)) as (blue, amber):
        peers = FaultyPeers(DirectPeers(blue, amber), plan)
        there, back = Sender(blue, peers, flash=None), Sender(amber, peers, flash=None)
        for number in range(5):
            blue.post(message("BLUE", number=number))
            amber.post(message("AMBER", number=number))
            there.attempt()
            back.attempt()
        drain(there)
        drain(back)
        peers.release()
        delivered_exactly_once(blue, amber)
        delivered_exactly_once(amber, blue)
