"""Say who we are to other nodes, and see who answers at a peer's address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from keepclear.errors import InvalidMessage, KeyFault, PeerNonsense, PeerRefused
from keepclear.formats.documents.delivery import hello_bytes, hello_of
from keepclear.identity.certificates import certificate_bytes
from keepclear.identity.envelopes import sign_hello
from keepclear.ledger.moments import to_millisecond
from keepclear.model.card import Hello
from keepclear.model.line import Line
from keepclear.ports.peers import PeerAddress, Peers
from keepclear.ports.world import Clock
from keepclear.services.line.pairing import keys_of
from keepclear.services.line.posting import signer_of
from keepclear.services.node import Node

PROTOCOL = 1
"""The version of the peers' protocol that is spoken."""
ACCEPTED = tuple(version for version in (PROTOCOL, PROTOCOL - 1) if version >= 1)
"""Those that are taken: this one, and the one before."""


class Answered(NamedTuple):
    """What a peer's node said.

    Attributes:
        line: the line it was asked on.
        versions: of the protocol that it speaks.
        round_trip: how long it took.
        skew: how far its clock is ahead of ours.
        has_new_key: whether it signed with a key that this node does not know yet.
    """

    line: Line
    versions: tuple[int, ...]
    round_trip: timedelta
    skew: timedelta
    has_new_key: bool


def own_hello(node: Node) -> bytes:
    """What this node says of itself to whoever asks.

    Raises:
        KeyFault: it was opened without its key.
    """
    signer = signer_of(node)
    if node.certificate is None:
        raise KeyFault("the node was opened without its certificate")
    unsigned = Hello(
        versions=ACCEPTED,
        party=node.identity.party,
        mode=node.identity.mode,
        node_id=node.identity.id,
        certificate=certificate_bytes(node.certificate),
        at=to_millisecond(node.now()),
    )
    return hello_bytes(sign_hello(unsigned, signer.sign))


def greet(line: Line, peers: Peers, clock: Clock) -> Answered:
    """Ask a peer's node who it is, and make sure that it is the one of the line.

    Raises:
        PeerSilent, PeerRefused: it does not answer, or will not.
        PeerNonsense: somebody else answers, or it speaks no version that we do.
    """
    if not line.peer.url:
        raise PeerRefused(f"{line.them}'s card names no address")
    begun = clock.now()
    answer = peers.hello(PeerAddress(line.peer.url, line.peer.spki_pin, line.mode))
    ended = clock.now()
    hello = _checked(line, answer, ended)
    middle = begun + (ended - begun) / 2
    is_new = hello.certificate not in line.peer.certificates
    return Answered(line, hello.versions, ended - begun, hello.at - middle, is_new)


def _checked(line: Line, answer: bytes, now: datetime) -> Hello:
    try:
        hello = hello_of(answer)
        keys_of(line).checked(hello.certificate, now)
    except (InvalidMessage, KeyFault) as error:
        raise PeerNonsense(f"another node answers: {error.message}") from None
    told = (hello.party, hello.node_id, hello.mode)
    if told != (line.them, line.peer.node_id, line.mode) or not keys_of(line).signed_hello(hello):
        raise PeerNonsense("another node answers, or its word is not signed by its key")
    if not set(hello.versions) & set(ACCEPTED):
        raise PeerNonsense(
            f"the node speaks versions {hello.versions} of the protocol, this one {ACCEPTED}",
            remedy="One of the two parties runs a newer keepclear; take the other one up to it.",
        )
    return hello
