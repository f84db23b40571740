"""The standing contact of two parties: who is at the other end, and how they are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from keepclear.errors import InvalidInput
from keepclear.model.operation import Mode
from keepclear.model.window import require_utc

NETWORK = "network"
"""The channel that nodes speak over; the others are people's."""

_PIN = re.compile(r"[0-9a-f]{64}", re.ASCII)


def line_id(a: str, b: str) -> str:
    """What both nodes call the line between two parties: "AMBER-BLUE".

    Raises:
        InvalidInput: a party has no line with itself.
    """
    if a == b:
        raise InvalidInput(f"{a} has no line with itself", remedy="Name two parties.")
    return "-".join(sorted((a, b)))


@dataclass(frozen=True, slots=True)
class Peer:
    """The other party's node, as its contact card and its root introduced it.

    Attributes:
        party: whose node it is.
        name: of the party, for people; its id where nothing else is known.
        root_public_key: what certifies the party's nodes, 32 bytes; compared by voice.
        node_id: which node, a UUID.
        certificates: what the root said of the node's keys, the newest last, as documents.
        url: where it answers; empty where nodes do not reach each other and files go instead.
        spki_pin: SHA-256 over the public key of its TLS certificate, hex; empty for plain HTTP,
            which only nodes in EXERCISE on one machine may speak.
    """

    party: str
    name: str
    root_public_key: bytes
    node_id: str
    certificates: tuple[bytes, ...]
    url: str = ""
    spki_pin: str = ""

    def __post_init__(self) -> None:
        if self.spki_pin and not _PIN.fullmatch(self.spki_pin):
            raise InvalidInput("the pin of a TLS key has 64 hexadecimal digits in small letters")


@dataclass(frozen=True, slots=True)
class Line:
    """The standing contact between two parties, as one of their nodes keeps it.

    Attributes:
        id: as `line_id` says; the same on both sides.
        us: whose node keeps it.
        them: the other party.
        mode: EXERCISE or REAL, as the node.
        agreement_id: the agreement that binds it, signed by both over one digest.
        peer: the other party's node.
        paired_at: when it was made, or made anew with a newer card.
        fingerprint_confirmed_by: who compared the other root's fingerprint by voice.
        channels: its means in the order in which they are tried, as words ("network").
        skew_s: how far the other node's clock was ahead of ours when last measured; None
            before it was.
        skew_at: when that was, by our clock.
        version: one more at every change of it.
    """

    id: str
    us: str
    them: str
    mode: Mode
    agreement_id: str
    peer: Peer
    paired_at: datetime
    fingerprint_confirmed_by: str
    channels: tuple[str, ...] = (NETWORK,)
    skew_s: float | None = None
    skew_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "paired_at", require_utc(self.paired_at))
        if self.skew_at is not None:
            object.__setattr__(self, "skew_at", require_utc(self.skew_at))
        if self.id != line_id(self.us, self.them):
            raise InvalidInput(f"the line of {self.us} and {self.them} is not called {self.id}")
        if self.peer.party != self.them:
            raise InvalidInput(f"the node is of {self.peer.party}, the line goes to {self.them}")

    @property
    def parties(self) -> tuple[str, str]:
        """Both, in the order of their names."""
        first, second = sorted((self.us, self.them))
        return first, second
