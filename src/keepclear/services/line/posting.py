"""Put a message into the outbox: signed, chained, and on the disk before anything leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidMessage, KeyFault
from keepclear.formats.documents.delivery import MOST_ENVELOPE_BYTES
from keepclear.formats.documents.envelope import envelope_bytes
from keepclear.formats.documents.message import message_document
from keepclear.identity.envelopes import SignedEnvelope, sign_envelope
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.envelope import Envelope
from keepclear.model.line import Line
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.ports.line_store import StoredEnvelope, StoredStream
from keepclear.ports.signing import Signer
from keepclear.ports.store import Unit
from keepclear.services.line.pairing import binding
from keepclear.services.node import Node
from keepclear.services.recording import record

MOST_MESSAGE_BYTES = MOST_ENVELOPE_BYTES // 4
"""So long an envelope is at most; four of the longest still go together."""


class Posted(NamedTuple):
    """Where a message stands in our stream.

    Attributes:
        epoch: our store's.
        serial: its number there.
        hash: what proves it: SHA-256 over the envelope without its signature.
    """

    epoch: int
    serial: int
    hash: bytes


def post(unit: Unit, node: Node, line: Line, message: Message) -> Posted:
    """Send a message: it goes out as soon as the unit of work is durable and a node answers.

    Ring `node.ring()` once it is durable.

    Raises:
        InvalidMessage: it is of another line or mode, not ours, or too long.
        NotFound: no agreement binds the line.
        KeyFault: the node was opened without its key.
    """
    _require_fits(line, message)
    signed = _signed(unit, node, line, message)
    envelope, content = signed.envelope, envelope_bytes(signed.envelope)
    if len(content) > MOST_MESSAGE_BYTES:
        raise InvalidMessage(
            f"the message has {len(content):,} bytes, more than {MOST_MESSAGE_BYTES:,}",
            remedy="Say it in fewer words, or in several messages.",
        )
    unit.put_envelope(
        StoredEnvelope(
            line=line.id,
            outgoing=True,
            epoch=envelope.epoch,
            serial=envelope.serial,
            hash=signed.hash,
            precedence=envelope.precedence.value,
            message=message.id,
            delivered_at=None,
            applied=False,
            content=content,
        )
    )
    end = StoredStream(envelope.epoch, envelope.serial, signed.hash)
    unit.put_stream(line.id, end, outgoing=True)
    about = (Subject.MESSAGE, message.id, message.version)
    body = _proof(signed)
    unit.append(record(node.identity, EntryKind.MESSAGE_SENT, about, body, at=envelope.at))
    return Posted(envelope.epoch, envelope.serial, signed.hash)


def signer_of(node: Node) -> Signer:
    """The node's key.

    Raises:
        KeyFault: the node was opened without it.
    """
    if node.signer is None:
        raise KeyFault("the node was opened without its key; nothing can be signed")
    return node.signer


def _signed(unit: Unit, node: Node, line: Line, message: Message) -> SignedEnvelope:
    signer, epoch, now = signer_of(node), node.store.epoch, node.now()
    end = unit.stream(line.id, outgoing=True, epoch=epoch)
    unsigned = Envelope(
        line=line.id,
        sender=line.us,
        recipient=line.them,
        node=node.identity.id,
        key=signer.key_id,
        mode=line.mode,
        epoch=epoch,
        serial=1 if end is None else end.serial + 1,
        previous=b"" if end is None else end.hash,
        at=to_millisecond(now),
        precedence=message.precedence,
        agreement=binding(unit, line, now),
        message=message_document(message),
    )
    return sign_envelope(unsigned, signer.sign)


def _require_fits(line: Line, message: Message) -> None:
    told = (message.line, message.sender, message.recipient, message.mode)
    if told != (line.id, line.us, line.them, line.mode):
        raise InvalidMessage(
            f"the message is {message.mode}, from {message.sender} to {message.recipient} on "
            f"{message.line}; the line is {line.mode} {line.id}, from {line.us}"
        )


def _proof(signed: SignedEnvelope) -> Mapping[str, JsonValue]:
    """The envelope as the ledger keeps it; the message itself stands in its own entry."""
    envelope = signed.envelope
    return {
        "line": envelope.line,
        "epoch": envelope.epoch,
        "serial": envelope.serial,
        "previous": envelope.previous.hex(),
        "hash": signed.hash.hex(),
        "key": envelope.key,
        "signature": envelope.signature.hex(),
        "precedence": envelope.precedence.value,
        "agreement": list(envelope.agreement),
    }
