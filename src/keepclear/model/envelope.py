"""What travels between nodes: one signed message, and what became of it at the other end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from keepclear.errors import InvalidMessage
from keepclear.model.operation import Mode, Precedence
from keepclear.model.window import require_utc

HASH_BYTES = 32
"""How long the hash of an envelope is."""


class AgreementRef(NamedTuple):
    """Which text both sides go by.

    Attributes:
        id, version: which one.
        digest: SHA-256 of its content, hex; equal digests mean equal agreements.
    """

    id: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message in one place of one stream, with its sender's word for it.

    Attributes:
        line: which line.
        sender, recipient: the parties.
        node: the id of the node that sent it.
        key: the id of the node key that signed it.
        mode: EXERCISE or REAL.
        epoch: which of the node's streams; a restored backup begins a new one.
        serial: counts from 1 in a stream.
        previous: the hash of the serial before, 32 bytes; empty for 1.
        at: when it was signed, by the sender's clock; to the millisecond.
        precedence: how soon its message must reach a person.
        agreement: what the sender goes by.
        message: the message's document.
        signature: by the node's key; empty until it is signed.

    Raises:
        InvalidMessage: a serial below 1, or a chain that cannot be.
    """

    line: str
    sender: str
    recipient: str
    node: str
    key: str
    mode: Mode
    epoch: int
    serial: int
    previous: bytes
    at: datetime
    precedence: Precedence
    agreement: AgreementRef
    message: Mapping[str, Any]
    signature: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))
        if self.epoch < 0 or self.serial < 1:
            raise InvalidMessage(f"there is no serial {self.serial} in epoch {self.epoch}")
        if len(self.previous) != (0 if self.serial == 1 else HASH_BYTES):
            raise InvalidMessage(f"serial {self.serial} does not name the one before it")


class Result(StrEnum):
    """What became of an envelope at the node it was sent to."""

    TAKEN = "taken"
    DUPLICATE = "duplicate"
    """It was there already, the same one; nothing was done."""
    HELD = "held"
    """It came early, and is kept until those before it are there."""
    REFUSED = "refused"
    """Its signature holds, but its message is not taken; the reason says why."""
    QUARANTINED = "quarantined"
    """Nobody vouches for it, or it contradicts what the same key signed before."""

    @property
    def has_it(self) -> bool:
        """Whether the other node has the message, so that sending it again is of no use."""
        return self in (Result.TAKEN, Result.DUPLICATE, Result.HELD)


class ReceiptItem(NamedTuple):
    """What became of one envelope.

    Attributes:
        serial: its place.
        hash: which one it was, hex.
        result: what became of it.
        reason: why it was not taken; empty where it was.
    """

    serial: int
    hash: str
    result: Result
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A node's signed word for what it has of one stream: the sender's proof of delivery.

    Attributes:
        line: which line.
        node: the id of the node that received.
        key: the id of its key that signed.
        at: when, by its clock; to the millisecond.
        epoch: which stream of the sender.
        have: the last serial before any gap.
        missing: the gaps above it, as (first, last).
        items: what became of each envelope that it answers.
        signature: by the receiving node's key; empty until it is signed.
    """

    line: str
    node: str
    key: str
    at: datetime
    epoch: int
    have: int
    missing: tuple[tuple[int, int], ...]
    items: tuple[ReceiptItem, ...]
    signature: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a node says of a batch of envelopes as it hands them over.

    It tells who asks before anything else is looked at, and what the sender's clock says now:
    the envelopes themselves may have waited for days.

    Attributes:
        line: which line.
        node: the id of the node that sends.
        key: the id of its key that signed.
        at: now, by its clock; to the millisecond.
        count: how many envelopes there are; none asks what the other node has.
        digest: SHA-256 over their bytes, joined by line ends, hex.
        signature: by the sending node's key; empty until it is signed.
    """

    line: str
    node: str
    key: str
    at: datetime
    count: int
    digest: str
    signature: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))
