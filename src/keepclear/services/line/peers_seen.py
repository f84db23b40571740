"""Every peer of a node, with what waits for it: the list that people look at."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from keepclear.errors import KeyFault, NotFound
from keepclear.identity.certificates import certificate_of
from keepclear.identity.fingerprints import fingerprint
from keepclear.model.line import Line
from keepclear.ports.store import View
from keepclear.services.line.pairing import lines
from keepclear.services.node import Node


class KeySeen(NamedTuple):
    """A key that a peer's root certified.

    Attributes:
        key_id: its name in records.
        fingerprint: thirty digits, to be compared by voice.
        valid_from, valid_until: when it is good.
    """

    key_id: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime


class PeerSeen(NamedTuple):
    """A peer, as its line has it.

    Attributes:
        line: the line to it.
        fingerprint: of its root, thirty digits.
        keys: of its node, the newest last.
        waiting: how many of our envelopes it does not have yet.
    """

    line: Line
    fingerprint: str
    keys: tuple[KeySeen, ...]
    waiting: int


def peers_of(node: Node) -> tuple[PeerSeen, ...]:
    """Every peer, by the line's id; empty where none was added."""
    with node.store.view() as view:
        return tuple(_seen(view, line) for line in lines(view))


def peer_of(node: Node, party: str) -> PeerSeen:
    """One party's node.

    Raises:
        NotFound: no node of that party was added.
    """
    for peer in peers_of(node):
        if peer.line.them == party:
            return peer
    raise NotFound(
        f"no node of {party!r:.80} was added",
        remedy="Add it with `keepclear peer add`; `peer list` shows those there are.",
    )


def _seen(view: View, line: Line) -> PeerSeen:
    keys = []
    for document in line.peer.certificates:
        try:
            certificate = certificate_of(document)
        except KeyFault:
            continue  # nothing that cannot be read signs anything
        name, valid = fingerprint(certificate.public_key), certificate.valid
        keys.append(KeySeen(certificate.key_id, name, valid.start, valid.end))
    root = fingerprint(line.peer.root_public_key)
    return PeerSeen(line, root, tuple(keys), view.waiting_count(line.id))
