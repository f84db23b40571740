"""Envelopes as canonical JSON: the bytes that are signed, chained, sent and kept."""

from __future__ import annotations

from typing import Any

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.formats.documents.exact import Exact, HexText, read_exact, require_what
from keepclear.formats.documents.fields import moment, require_uuid
from keepclear.formats.times import iso_text
from keepclear.model.envelope import AgreementRef, Envelope
from keepclear.model.operation import Mode, Precedence

WHAT = "keepclear envelope/1"
"""Stands in the signed bytes, so that no signature over something else passes as one."""


class AgreementPart(Exact, frozen=True, kw_only=True):
    """Which agreement the sender goes by."""

    id: str
    version: int
    digest: HexText


class EnvelopeDocument(Exact, frozen=True, kw_only=True):
    """An envelope."""

    what: str
    line: str
    sender: str = msgspec.field(name="from")
    recipient: str = msgspec.field(name="to")
    node: str
    key: str
    mode: Mode
    epoch: int
    serial: int
    previous: HexText
    at: str
    precedence: Precedence
    agreement: AgreementPart
    message: dict[str, Any]
    signature: HexText


_DECODER = msgspec.json.Decoder(EnvelopeDocument)


def unsigned_bytes(envelope: Envelope) -> bytes:
    """What is signed and hashed: all of it but the signature."""
    return canonical_bytes(_unsigned(envelope))


def envelope_bytes(envelope: Envelope) -> bytes:
    """The envelope with its signature: what is sent and kept."""
    return canonical_bytes(_document(envelope))


def envelope_of(data: bytes) -> Envelope:
    """Read what `envelope_bytes` wrote, and nothing else. The signature is not checked.

    Raises:
        InvalidMessage: anything else.
    """
    return read_exact(data, _DECODER, _built, _document, what="envelope")


def _unsigned(envelope: Envelope) -> dict[str, JsonValue]:
    agreed = envelope.agreement
    return {
        "what": WHAT,
        "line": envelope.line,
        "from": envelope.sender,
        "to": envelope.recipient,
        "node": envelope.node,
        "key": envelope.key,
        "mode": envelope.mode.value,
        "epoch": envelope.epoch,
        "serial": envelope.serial,
        "previous": envelope.previous.hex(),
        "at": iso_text(envelope.at),
        "precedence": envelope.precedence.value,
        "agreement": {"id": agreed.id, "version": agreed.version, "digest": agreed.digest},
        "message": envelope.message,
    }


def _document(envelope: Envelope) -> dict[str, JsonValue]:
    return {**_unsigned(envelope), "signature": envelope.signature.hex()}


def _built(told: EnvelopeDocument) -> Envelope:
    require_what(told.what, WHAT)
    require_uuid(str(told.message.get("id", "")))
    return Envelope(
        line=told.line,
        sender=told.sender,
        recipient=told.recipient,
        node=told.node,
        key=told.key,
        mode=told.mode,
        epoch=told.epoch,
        serial=told.serial,
        previous=bytes.fromhex(told.previous),
        at=moment(told.at),
        precedence=told.precedence,
        agreement=AgreementRef(told.agreement.id, told.agreement.version, told.agreement.digest),
        message=told.message,
        signature=bytes.fromhex(told.signature),
    )
