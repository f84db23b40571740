"""Signed heads: what a node says its ledger was, at some moment, in so many bytes.

A head names every entry below it through the root. Two heads of one node that contradict
each other, both with its signature, prove that it rewrote its ledger.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput
from keepclear.ledger.leaves import HASH_BYTES
from keepclear.ledger.moments import moment_of, moment_text, to_millisecond

WHAT = "keepclear ledger head/1"
"""Stands in the signed bytes, so that no signature over something else passes as a head's."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The state of a ledger.

    Attributes:
        size: how many entries it has.
        root: the root over them, 32 bytes.
        at: when the node said so, by its clock; kept in UTC, cut to the millisecond.
        node: the node's id.
        epoch: counts how often the node was restored from a backup; a restored ledger may
            be shorter than it was, and says so by a new epoch instead of looking tampered.

    Raises:
        InvalidInput: a negative size or epoch, a root of another length, no UUID.
        InvalidWindow: the time has no zone.
    """

    size: int
    root: bytes
    at: datetime
    node: str
    epoch: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", to_millisecond(self.at))
        if self.size < 0 or self.epoch < 0:
            raise InvalidInput(f"a head of size {self.size} and epoch {self.epoch} cannot be")
        if len(self.root) != HASH_BYTES:
            raise InvalidInput(f"a root has {HASH_BYTES} bytes, this one {len(self.root)}")
        try:
            plain = str(uuid.UUID(self.node)) == self.node
        except ValueError:
            plain = False
        if not plain:
            raise InvalidInput(f"the node id {self.node!r} is not a UUID in its plain spelling")


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with the signature over its `head_bytes`.

    Attributes:
        head: what is said.
        signature: Ed25519, 64 bytes.
        key_id: which key signed.
    """

    head: TreeHead
    signature: bytes
    key_id: str


def head_bytes(head: TreeHead) -> bytes:
    """The bytes that are signed: canonical JSON that says it is a head."""
    return canonical_bytes(
        {
            "at": moment_text(head.at),
            "epoch": head.epoch,
            "node": head.node,
            "root": head.root.hex(),
            "size": head.size,
            "what": WHAT,
        }
    )


def head_of(signed: bytes) -> TreeHead:
    """Read what `head_bytes` wrote, and nothing else.

    Raises:
        InvalidInput: anything but the bytes of a head; ask for the head again.
    """
    remedy = "Ask for the head again, as the bytes that were signed."
    try:
        told = _HEADS.decode(signed)
        head = TreeHead(
            told.size, bytes.fromhex(told.root), moment_of(told.at), told.node, told.epoch
        )
        exact = head_bytes(head) == signed
    except (ValueError, InvalidInput) as error:
        raise InvalidInput(f"these bytes are not a ledger's head: {error}", remedy=remedy) from None
    if not exact:
        raise InvalidInput(
            "these bytes are not a ledger's head as keepclear writes it", remedy=remedy
        )
    return head


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    at: str
    epoch: int
    node: str
    root: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    size: int
    what: str


_HEADS = msgspec.json.Decoder(_Head)
