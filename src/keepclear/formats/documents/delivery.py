"""What goes over the wire between nodes: deliveries, their receipts, and hello."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidMessage
from keepclear.formats.documents.exact import Exact, HexText, read_exact, require_what
from keepclear.formats.documents.fields import moment
from keepclear.formats.times import iso_text
from keepclear.model.card import Hello
from keepclear.model.envelope import Delivery
from keepclear.model.operation import Mode

DELIVERY = "keepclear delivery/1"
HELLO = "keepclear hello/1"
"""Stand in the signed bytes, so that no signature over something else passes as one."""
MOST_TOGETHER = 200
"""So many envelopes go together at most."""
MOST_ENVELOPE_BYTES = 1_000_000
"""So long they are together at most."""
MOST_BYTES = MOST_ENVELOPE_BYTES + 50_000
"""So long a delivery is at most."""


class DeliveryDocument(Exact, frozen=True, kw_only=True):
    """What a node says of a batch."""

    what: str
    line: str
    node: str
    key: str
    at: str
    count: int
    digest: HexText
    signature: HexText


class HelloDocument(Exact, frozen=True, kw_only=True):
    """What a node says of itself."""

    what: str
    versions: tuple[int, ...]
    party: str
    mode: Mode
    node: str
    certificate: str
    at: str
    signature: HexText


class Handed(NamedTuple):
    """A delivery as it came; nothing of it is believed yet.

    Attributes:
        delivery: what is said of the batch.
        certificate: what the sender's root says of the key that signed, as a document.
        envelopes: the batch, each as its own bytes.
    """

    delivery: Delivery
    certificate: bytes
    envelopes: tuple[bytes, ...]


class _Body(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    delivery: msgspec.Raw
    certificate: str
    envelopes: tuple[msgspec.Raw, ...]


class _Answer(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    certificate: str
    receipts: tuple[msgspec.Raw, ...]


_BODIES = msgspec.json.Decoder(_Body)
_ANSWERS = msgspec.json.Decoder(_Answer)
_DELIVERIES = msgspec.json.Decoder(DeliveryDocument)
_HELLOS = msgspec.json.Decoder(HelloDocument)


def batch_digest(envelopes: Sequence[bytes]) -> str:
    """The digest over a batch that its delivery names."""
    return sha256(b"\n".join(envelopes)).hexdigest()


def unsigned_delivery(delivery: Delivery) -> bytes:
    """What the sender signs of a delivery."""
    return canonical_bytes(_unsigned_delivery(delivery))


def handed_bytes(handed: Handed) -> bytes:
    """A delivery as it goes over the wire."""
    return b"".join(
        (
            b'{"certificate":',
            canonical_bytes(handed.certificate.decode()),
            b',"delivery":',
            canonical_bytes(_delivery_document(handed.delivery)),
            b',"envelopes":[',
            b",".join(handed.envelopes),
            b"]}",
        )
    )


def handed_of(data: bytes) -> Handed:
    """Read a delivery; no signature is checked, but the digest is.

    Raises:
        InvalidMessage: it is none, too many go together, or they are not those it speaks of.
    """
    try:
        body = _BODIES.decode(data)
    except (ValueError, RecursionError) as error:
        raise InvalidMessage(f"this is no delivery: {error}") from None
    delivery = read_exact(
        bytes(body.delivery), _DELIVERIES, _delivery, _delivery_document, what="delivery"
    )
    envelopes = tuple(bytes(each) for each in body.envelopes)
    if len(envelopes) > MOST_TOGETHER:
        raise InvalidMessage(f"{len(envelopes)} envelopes are more than {MOST_TOGETHER}")
    if (delivery.count, delivery.digest) != (len(envelopes), batch_digest(envelopes)):
        raise InvalidMessage("these are not the envelopes that the delivery speaks of")
    return Handed(delivery, body.certificate.encode(), envelopes)


def answer_bytes(certificate: bytes, receipts: Sequence[bytes]) -> bytes:
    """Signed receipts with the certificate of the key that signed them, as they go back."""
    return b"".join(
        (
            b'{"certificate":',
            canonical_bytes(certificate.decode()),
            b',"receipts":[',
            b",".join(receipts),
            b"]}",
        )
    )


def answer_of(data: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The certificate and the receipts that came back; no signature is checked.

    Raises:
        InvalidMessage: it is no such answer.
    """
    try:
        answer = _ANSWERS.decode(data)
    except (ValueError, RecursionError) as error:
        raise InvalidMessage(f"this is no answer to a delivery: {error}") from None
    return answer.certificate.encode(), tuple(bytes(each) for each in answer.receipts)


def unsigned_hello(hello: Hello) -> bytes:
    """What a node signs of its hello."""
    return canonical_bytes(_unsigned_hello(hello))


def hello_bytes(hello: Hello) -> bytes:
    """A hello with its signature."""
    return canonical_bytes(_hello_document(hello))


def hello_of(data: bytes) -> Hello:
    """Read what `hello_bytes` wrote, and nothing else. The signature is not checked.

    Raises:
        InvalidMessage: anything else.
    """
    return read_exact(data, _HELLOS, _hello, _hello_document, what="hello")


def _unsigned_delivery(delivery: Delivery) -> dict[str, JsonValue]:
    return {
        "what": DELIVERY,
        "line": delivery.line,
        "node": delivery.node,
        "key": delivery.key,
        "at": iso_text(delivery.at),
        "count": delivery.count,
        "digest": delivery.digest,
    }


def _delivery_document(delivery: Delivery) -> dict[str, JsonValue]:
    return {**_unsigned_delivery(delivery), "signature": delivery.signature.hex()}


def _delivery(told: DeliveryDocument) -> Delivery:
    require_what(told.what, DELIVERY)
    return Delivery(
        line=told.line,
        node=told.node,
        key=told.key,
        at=moment(told.at),
        count=told.count,
        digest=told.digest,
        signature=bytes.fromhex(told.signature),
    )


def _unsigned_hello(hello: Hello) -> dict[str, JsonValue]:
    return {
        "what": HELLO,
        "versions": list(hello.versions),
        "party": hello.party,
        "mode": hello.mode.value,
        "node": hello.node_id,
        "certificate": hello.certificate.decode(),
        "at": iso_text(hello.at),
    }


def _hello_document(hello: Hello) -> dict[str, JsonValue]:
    return {**_unsigned_hello(hello), "signature": hello.signature.hex()}


def _hello(told: HelloDocument) -> Hello:
    require_what(told.what, HELLO)
    return Hello(
        versions=told.versions,
        party=told.party,
        mode=told.mode,
        node_id=told.node,
        certificate=told.certificate.encode(),
        at=moment(told.at),
        signature=bytes.fromhex(told.signature),
    )
