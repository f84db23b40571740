"""How one party's node introduces itself to another party."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepclear.model.operation import Mode
from keepclear.model.window import require_utc


@dataclass(frozen=True, slots=True)
class Card:
    """The contact card of a node: handed over once, and believed for its root's fingerprint.

    Attributes:
        party: whose node it is.
        name: of the party, for people.
        mode: EXERCISE or REAL.
        node_id: which node.
        root_public_key: of the party's root, 32 bytes; its fingerprint is compared by voice.
        certificate: what the root says of the node's key, as a document.
        url: where the node answers its peers; empty where nodes do not reach each other.
        spki_pin: SHA-256 over the public key of its TLS certificate, hex; empty for plain HTTP.
        at: when the card was made; to the millisecond.
        signature: by the node's key, so that address and pin cannot be altered on the way.
    """

    party: str
    name: str
    mode: Mode
    node_id: str
    root_public_key: bytes
    certificate: bytes
    url: str
    spki_pin: str
    at: datetime
    signature: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))


@dataclass(frozen=True, slots=True)
class AgreementSignature:
    """A party root's word under one version of an agreement.

    Attributes:
        agreement, version: which one.
        digest: SHA-256 of its content, hex.
        party: who signs.
        root_public_key: the root that signed, 32 bytes.
        at: when; to the millisecond.
        signature: by the root; empty until it is signed.
    """

    agreement: str
    version: int
    digest: str
    party: str
    root_public_key: bytes
    at: datetime
    signature: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))


@dataclass(frozen=True, slots=True)
class Hello:
    """What a node says of itself to whoever asks: enough to see that it is the one meant.

    Attributes:
        versions: of the peers' protocol that it speaks, the newest first.
        party, mode, node_id: whose node it is.
        certificate: what its root says of its key, as a document.
        at: now, by its clock; to the millisecond.
        signature: by its key; empty until it is signed.
    """

    versions: tuple[int, ...]
    party: str
    mode: Mode
    node_id: str
    certificate: bytes
    at: datetime
    signature: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))
