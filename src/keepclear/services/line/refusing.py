"""What is written down where an envelope's signature holds and its message is not taken."""

from __future__ import annotations

from keepclear.services.line.quarantine import Find, Reason
from keepclear.services.line.vouching import Vouched

VERIFY_BY_VOICE = "Verify by voice"
"""Begins what a person is told of an alarm."""


def contradiction(vouched: Vouched, reason: Reason, beside: bytes) -> Find:
    """Two signed envelopes that cannot both be; a person must ask the other party.

    Args:
        vouched: the one that came later.
        reason: TAMPERED or FORK.
        beside: the hash of the one it contradicts.
    """
    envelope = vouched.envelope
    detail = (
        f"{VERIFY_BY_VOICE}: {envelope.sender} signed two envelopes for serial "
        f"{envelope.serial} of epoch {envelope.epoch}, or two histories of them"
    )
    return Find(
        source=envelope.line,
        reason=reason,
        detail=detail,
        content=vouched.content,
        hash=vouched.hash.hex(),
        vouched=True,
        alarm=True,
        epoch=envelope.epoch,
        serial=envelope.serial,
        beside=beside.hex(),
    )


def refusal(vouched: Vouched, why: str) -> Find:
    """A message that is not taken while its stream goes on.

    Args:
        vouched: what carries it.
        why: "agreement differs", or what is wrong with the message.
    """
    envelope, theirs = vouched.envelope, vouched.envelope.agreement
    differs = why == Reason.AGREEMENT_DIFFERS
    detail = (
        f"{envelope.sender} goes by {theirs.id} version {theirs.version} with digest "
        f"{theirs.digest}; compare the agreements"
        if differs
        else why
    )
    return Find(
        source=envelope.line,
        reason=Reason.AGREEMENT_DIFFERS if differs else Reason.NOT_USABLE,
        detail=detail[:1_000],
        content=vouched.content,
        hash=vouched.hash.hex(),
        vouched=True,
        epoch=envelope.epoch,
        serial=envelope.serial,
    )
