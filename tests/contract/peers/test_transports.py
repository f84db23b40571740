"""Every way to a peer keeps the same promises: in this process, over HTTP, over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from contract.peers.served import serving, tls_key
from keepclear.errors import PeerNonsense, PeerRefused, PeerSilent
from keepclear.identity.fingerprints import fingerprint
from keepclear.model.operation import Mode, Precedence
from keepclear.peers.node import NodePeers, require_permitted
from keepclear.ports.peers import PeerAddress, Peers
from keepclear.services.expected import NEW
from keepclear.services.line.delivering import deliver
from keepclear.services.line.greeting import greet
from keepclear.services.line.peering import add_peer
from line_fixture import LINE, DirectPeers, Side, message, party_node, sign_both, two_nodes

Ways = tuple[Side, Side, Peers]


@pytest.fixture(params=["direct", "http", "tls"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ways]:
    """BLUE, AMBER, and a way from BLUE to AMBER."""
    with ExitStack() as stack:
        if request.param == "direct":
            blue, amber = stack.enter_context(two_nodes(tmp_path))
            yield blue, amber, DirectPeers(blue, amber)
            return
        blue = stack.enter_context(party_node(tmp_path / "blue", "BLUE", seed=7))
        amber = stack.enter_context(party_node(tmp_path / "amber", "AMBER", seed=9))
        sign_both(blue, amber)
        tls = tls_key(tmp_path) if request.param == "tls" else None
        address = stack.enter_context(serving(amber, tls))
        peer_at(blue, amber, address)
        peer_at(amber, blue, PeerAddress("http://127.0.0.1:1", "", Mode.EXERCISE))
        yield blue, amber, stack.enter_context(closing(NodePeers(wait_s=10.0)))


def peer_at(here: Side, there: Side, address: PeerAddress) -> None:
    heard = fingerprint(there.root.public_key)
    card = there.card(address.url, address.spki_pin)
    add_peer(here.node, card, agreement_id="TEST", heard=heard, expected=NEW)


def moved(side: Side, there: Side, url: str, pin: str) -> None:
    """Take a newer card of the same node, at another address."""
    heard = fingerprint(there.root.public_key)
    add_peer(
        side.node,
        there.card(url, pin),
        agreement_id="TEST",
        heard=heard,
        expected=side.line().version,
    )


def test_what_waits_arrives_and_is_proved(way: Ways) -> None:
    blue, amber, peers = way
    for number in range(3):
        blue.post(message(number=number))
    assert deliver(blue.node, LINE, peers, flash=False).settled == 3
    assert len(amber.received()) == 3
    assert "line receipt kept" in blue.kinds()


def test_flash_goes_its_own_way(way: Ways) -> None:
    blue, amber, peers = way
    blue.post(message(number=1))
    blue.post(message(number=2, precedence=Precedence.FLASH))
    assert deliver(blue.node, LINE, peers, flash=True).settled == 1
    assert len(amber.received()) == 1
    assert deliver(blue.node, LINE, peers, flash=False).settled == 1


def test_an_empty_delivery_asks_how_far_the_other_node_is(way: Ways) -> None:
    blue, _, peers = way
    assert deliver(blue.node, LINE, peers, flash=False, probe=True).missing == ()


def test_hello_says_which_node_answers(tmp_path: Path) -> None:
    with over_tls(tmp_path) as (blue, _, peers, _):
        told = greet(blue.line(), peers, blue.clock)
        assert (told.versions, told.has_new_key) == ((1,), False)


def test_another_tls_key_than_the_pinned_one_gets_not_a_byte(tmp_path: Path) -> None:
    with over_tls(tmp_path) as (blue, amber, peers, address):
        moved(blue, amber, address.url, "ab" * 32)
        blue.post(message())
        with pytest.raises(PeerNonsense, match="TLS key differs"):
            deliver(blue.node, LINE, peers)
        assert amber.received() == []


def test_plain_http_to_a_port_that_speaks_tls_is_not_answered(tmp_path: Path) -> None:
    with over_tls(tmp_path) as (blue, amber, peers, address):
        moved(blue, amber, address.url.replace("https", "http"), "")
        blue.post(message())
        with pytest.raises((PeerSilent, PeerNonsense)):
            deliver(blue.node, LINE, peers)


def test_a_port_where_nobody_answers_is_silent(tmp_path: Path) -> None:
    with two_nodes(tmp_path) as (blue, _), closing(NodePeers(wait_s=2.0)) as peers:
        blue.post(message())
        with pytest.raises(PeerSilent):
            deliver(blue.node, LINE, peers)


@pytest.mark.parametrize(
    "address",
    [
        PeerAddress("http://127.0.0.1:1", "", Mode.REAL),
        PeerAddress("http://192.0.2.7:1", "", Mode.EXERCISE),
        PeerAddress("https://192.0.2.7:1", "", Mode.REAL),
        PeerAddress("https://[", "ab" * 32, Mode.REAL),
        PeerAddress("file:///etc/passwd", "ab" * 32, Mode.EXERCISE),
    ],
)
def test_nothing_is_sent_to_an_address_that_is_not_safe(address: PeerAddress) -> None:
    with pytest.raises(PeerRefused):
        require_permitted(address)


@contextmanager
def over_tls(folder: Path) -> Iterator[tuple[Side, Side, Peers, PeerAddress]]:
    """BLUE, AMBER behind TLS, the way to it, and its address."""
    with (
        party_node(folder / "blue", "BLUE", seed=7) as blue,
        party_node(folder / "amber", "AMBER", seed=9) as amber,
    ):
        sign_both(blue, amber)
        with serving(amber, tls_key(folder)) as address, closing(NodePeers(wait_s=10.0)) as peers:
            peer_at(blue, amber, address)
            peer_at(amber, blue, PeerAddress("http://127.0.0.1:1", "", Mode.EXERCISE))
            yield blue, amber, peers, address
