"""Handing over what waits: proved by receipts, filled where the other node lost something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keepclear.errors import PeerNonsense, PeerRefused, PeerSilent
from keepclear.formats.documents.delivery import answer_bytes, answer_of, handed_of
from keepclear.formats.documents.receipt import receipt_bytes, receipt_of
from keepclear.identity.envelopes import sign_receipt
from keepclear.identity.keys import NodeKey
from keepclear.ports.peers import PeerAddress
from keepclear.services.line.delivering import Delivered, deliver
from line_fixture import LINE, DirectPeers, Side, message, party_node, two_nodes

STRANGER = NodeKey.from_seed(b"\x66" * 32)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    with two_nodes(tmp_path) as (blue, amber):
        yield blue, amber


def waiting(side: Side) -> int:
    with side.node.store.view() as view:
        return view.waiting_count(LINE)


class AnswersOtherwise(DirectPeers):
    """Has another node's answers changed on the way back."""

    def __init__(self, *sides: Side, key: NodeKey | None = None, empty: bool = False) -> None:
        super().__init__(*sides)
        self._key = key
        self._empty = empty

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        certificate, receipts = answer_of(super().deliver(address, body, flash=flash))
        if self._empty:
            return answer_bytes(certificate, [])
        if self._key is None:
            return answer_bytes(certificate, receipts)
        told = replace(receipt_of(receipts[0]), key=self._key.key_id, signature=b"")
        return answer_bytes(certificate, [receipt_bytes(sign_receipt(told, self._key.sign))])


class Silent(DirectPeers):
    """Never answers."""

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        del address, body, flash
        raise PeerSilent("nobody is there")


def test_what_waits_survives_a_silent_peer_and_goes_later(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    blue.post(message())
    with pytest.raises(PeerSilent):
        deliver(blue.node, LINE, Silent())
    assert waiting(blue) == 1
    assert deliver(blue.node, LINE, DirectPeers(blue, amber)).settled == 1
    assert waiting(blue) == 0


def test_a_receipt_is_kept_in_the_ledger_as_proof_of_delivery(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    blue.post(message())
    deliver(blue.node, LINE, DirectPeers(blue, amber))
    assert "line receipt kept" in blue.kinds()


@pytest.mark.parametrize("way", [{"key": STRANGER}, {"empty": True}])
def test_without_a_receipt_of_the_other_node_nothing_counts_as_delivered(
    pair: tuple[Side, Side], way: dict[str, object]
) -> None:
    blue, amber = pair
    blue.post(message())
    with pytest.raises(PeerNonsense):
        deliver(blue.node, LINE, AnswersOtherwise(blue, amber, **way))  # type: ignore[arg-type]
    assert waiting(blue) == 1


def test_batches_are_bounded_and_the_oldest_go_first(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    for number in range(205):
        blue.post(message(number=number))
    peers = DirectPeers(blue, amber)
    assert deliver(blue.node, LINE, peers) == Delivered(200, 200, (), True)
    assert deliver(blue.node, LINE, peers) == Delivered(5, 5, (), False)
    assert [len(handed_of(each).envelopes) for each in peers.delivered] == [200, 5]


def test_what_a_restored_peer_lost_is_asked_for_and_sent_again(tmp_path: Path) -> None:
    with two_nodes(tmp_path) as (blue, amber):
        for number in range(3):
            blue.post(message(number=number))
        deliver(blue.node, LINE, DirectPeers(blue, amber))
        amber.node.store.backup(str(tmp_path / "backup.sqlite"))
        for number in range(3, 6):
            blue.post(message(number=number))
        deliver(blue.node, LINE, DirectPeers(blue, amber))
        restored = tmp_path / "restored"
        restored.mkdir()
        (tmp_path / "backup.sqlite").rename(restored / "store.sqlite")
        with party_node(restored, "AMBER", seed=9) as again:
            peers = DirectPeers(blue, again)
            asked = deliver(blue.node, LINE, peers, probe=True)
            assert asked.missing == ((0, 4, 6),)
            filled = deliver(blue.node, LINE, peers, again=asked.missing)
            assert (filled.sent, filled.missing) == (3, ())
            assert len(again.received()) == 6


def test_a_delivery_by_somebody_else_is_not_let_in(pair: tuple[Side, Side], tmp_path: Path) -> None:
    blue, amber = pair
    blue.post(message())
    blue_again = replace(blue.node, signer=STRANGER)
    with pytest.raises(PeerRefused, match="unknown key"):
        deliver(blue_again, LINE, DirectPeers(blue, amber))
