"""How another party's node is reached."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from keepclear.model.operation import Mode


class PeerAddress(NamedTuple):
    """Where a node answers its peers, and how it is known to be that node.

    Attributes:
        url: "https://host:port"; plain HTTP only to this machine, and only in EXERCISE.
        spki_pin: SHA-256 over the public key of its TLS certificate, hex; empty for plain HTTP.
        mode: EXERCISE or REAL; decides whether plain HTTP is let through.
    """

    url: str
    spki_pin: str
    mode: Mode


class Peers(Protocol):
    """Carries bytes to other nodes and brings back what they answer; believes none of it."""

    def hello(self, address: PeerAddress) -> bytes:
        """What the node says of itself; at most 100,000 bytes.

        Raises:
            PeerSilent: nothing came back in time.
            PeerRefused: it answered, and will not.
            PeerNonsense: it is not the node of that pin, or what came back cannot be right.
        """
        ...

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        """Hand over a delivery; its receipts, as they came.

        Whether the node took it is not known where nothing came back: send it again.

        Raises:
            PeerSilent: nothing came back in time.
            PeerRefused: it answered, and will not; `retry_after_s` says when it will.
            PeerNonsense: it is not the node of that pin, or what came back cannot be right.
        """
        ...
