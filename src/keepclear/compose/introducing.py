"""The contact card by which other parties come to know a node, and a look at theirs."""

from __future__ import annotations

from contextlib import closing

from keepclear import compose
from keepclear.compose.folder import NodeFolder
from keepclear.compose.keys import NodeKeys
from keepclear.compose.opening import read_store
from keepclear.compose.tls import tls_pin
from keepclear.errors import NotFound
from keepclear.identity.cards import sign_card
from keepclear.identity.certificates import certificate_bytes
from keepclear.ledger.moments import to_millisecond
from keepclear.model.card import Card
from keepclear.peers.node import NodePeers
from keepclear.ports.world import Clock
from keepclear.services.line.greeting import Answered, greet
from keepclear.services.line.pairing import lines
from keepclear.services.line.peering import require_address


def own_card(
    folder: NodeFolder,
    keys: NodeKeys,
    *,
    name: str = "",
    url: str = "",
    clock: Clock | None = None,
) -> Card:
    """The card of a node, signed by its key.

    Args:
        folder: whose node; its TLS key is made where there is none yet.
        keys: what it signs with.
        name: of the party, for people; its id where it is empty.
        url: where other nodes reach it, without a path; empty where none can.
        clock: in place of this machine's, for an exercise.

    Raises:
        InvalidInput: the address is neither https, nor plain HTTP to this machine in EXERCISE.
    """
    told = keys.certificate
    address = url.rstrip("/")
    pin = tls_pin(folder, name=f"{told.party} {told.mode}")
    by_tls = not address.startswith("http://")
    require_address(address, pin if by_tls else "", told.mode)
    unsigned = Card(
        party=told.party,
        name=name or told.party,
        mode=told.mode,
        node_id=told.node_id,
        root_public_key=keys.root_public_key,
        certificate=certificate_bytes(told),
        url=address,
        spki_pin=pin if by_tls else "",
        at=to_millisecond((clock or compose.clock()).now()),
    )
    return sign_card(unsigned, keys.node.sign)


def ping_peer(folder: NodeFolder, party: str) -> Answered:
    """Ask a peer's node who it is, from this machine; the own node may run meanwhile.

    Raises:
        NotFound: no node of that party was added.
        PeerTrouble: it does not answer, will not, or is another than the one of its card.
    """
    with read_store(folder.store) as reader, reader.view() as view:
        found = [line for line in lines(view) if line.them == party]
    if not found:
        raise NotFound(f"no node of {party} was added", remedy="See `keepclear peer list`.")
    with closing(NodePeers()) as peers:
        return greet(found[0], peers, compose.clock())
