"""Who hands something over: looked at first, before anything of it is worked on."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from keepclear.errors import NotFound
from keepclear.formats.documents.delivery import Handed
from keepclear.services.line.pairing import keys_of, line_of
from keepclear.services.line.quarantine import STRANGER, Reason, is_full
from keepclear.services.line.receiving import note_unvouched
from keepclear.services.line.vouching import Unvouched, is_acceptable
from keepclear.services.node import Node


class Admitted(NamedTuple):
    """What a delivery's own signature says.

    Attributes:
        source: the line it is of, or `STRANGER` where it names none of ours.
        reason: why it does not hold; empty where the other party's node handed it over.
    """

    source: str
    reason: Reason | None

    @property
    def is_known(self) -> bool:
        """Whether the other party's node handed it over."""
        return self.reason is None


def admit(node: Node, handed: Handed) -> Admitted:
    """Tell who handed something over."""
    delivery = handed.delivery
    try:
        with node.store.view() as view:
            line = line_of(view, delivery.line)
    except NotFound:
        return Admitted(STRANGER, Reason.UNKNOWN_PARTY)
    now = node.now()
    more = (handed.certificate,) if is_acceptable(line, handed.certificate, now) else ()
    keys = keys_of(line, more)
    if delivery.node != line.peer.node_id or keys.certificate(delivery.key) is None:
        return Admitted(line.id, Reason.UNKNOWN_KEY)
    if not keys.signed_delivery(delivery):
        return Admitted(line.id, Reason.BAD_SIGNATURE)
    return Admitted(line.id, None)


def note_stranger(
    node: Node, admitted: Admitted, envelopes: Sequence[bytes], *, flash: bool
) -> None:
    """Keep, bounded, what somebody handed over for whom nobody vouches.

    FLASH asks a person to verify it by voice, each one.
    """
    reason = admitted.reason or Reason.UNKNOWN_KEY
    with node.store.view() as view:
        if is_full(view, admitted.source, node.now()):
            return
    detail = "who handed it over is not known here, or did not sign it"
    kept = envelopes if flash else envelopes[:1]
    finds = [
        Unvouched(reason, detail, each, sha256(each).hexdigest(), 0, 0, flash) for each in kept
    ]
    node.store.write(lambda unit: note_unvouched(unit, node, admitted.source, finds))
