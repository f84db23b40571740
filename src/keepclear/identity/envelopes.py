"""Signatures on what travels between nodes, and the chain that its hashes make.

Every kind of statement is signed behind its own name and a zero byte, so that a signature
over one kind never passes as one over another.

Source: RFC 8032, 5.1 (Ed25519); domain separation by a prefix as in RFC 8032, 8.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from keepclear.errors import KeyFault
from keepclear.formats.documents.delivery import DELIVERY, HELLO, unsigned_delivery, unsigned_hello
from keepclear.formats.documents.envelope import WHAT as ENVELOPE
from keepclear.formats.documents.envelope import unsigned_bytes
from keepclear.formats.documents.receipt import WHAT as RECEIPT
from keepclear.formats.documents.receipt import unsigned_bytes as unsigned_receipt
from keepclear.identity.certificates import Certificate, certificate_of, check_certificate
from keepclear.identity.signatures import verifier_of, verify
from keepclear.model.card import Hello
from keepclear.model.envelope import Delivery, Envelope, Receipt
from keepclear.model.operation import Mode

Sign = Callable[[bytes], bytes]
"""What a `Signer` does: 64 bytes over the bytes given."""


class SignedEnvelope(NamedTuple):
    """An envelope with its signature, and what the next one of its stream names.

    Attributes:
        envelope: the envelope.
        hash: SHA-256 over all of it but the signature.
    """

    envelope: Envelope
    hash: bytes


def sign_envelope(envelope: Envelope, sign: Sign) -> SignedEnvelope:
    """Sign an envelope with the key that it names."""
    unsigned = unsigned_bytes(envelope)
    signature = sign(under(ENVELOPE, unsigned))
    return SignedEnvelope(replace(envelope, signature=signature), sha256(unsigned).digest())


def sign_receipt(receipt: Receipt, sign: Sign) -> Receipt:
    """Sign a receipt with the key that it names."""
    return replace(receipt, signature=sign(under(RECEIPT, unsigned_receipt(receipt))))


def sign_delivery(delivery: Delivery, sign: Sign) -> Delivery:
    """Sign a delivery with the key that it names."""
    return replace(delivery, signature=sign(under(DELIVERY, unsigned_delivery(delivery))))


def sign_hello(hello: Hello, sign: Sign) -> Hello:
    """Sign a hello with the node's key."""
    return replace(hello, signature=sign(under(HELLO, unsigned_hello(hello))))


def under(what: str, unsigned: bytes) -> bytes:
    """The bytes that are signed for a kind of statement."""
    return what.encode() + b"\x00" + unsigned


class PeerKeys:
    """The node keys that a party's root stands behind, for one of its nodes.

    Args:
        certificates: what the root said, as documents; what it did not say is left out.
        root_public_key: the party's root.
        party, node_id, mode: whose they must be.
    """

    def __init__(
        self,
        certificates: Iterable[bytes],
        *,
        root_public_key: bytes,
        party: str,
        node_id: str,
        mode: Mode,
    ) -> None:
        self._root = root_public_key
        self._whose = (party, node_id, mode)
        self._known: dict[str, Certificate] = {}
        for document in certificates:
            try:
                certificate = self.checked(document)
            except KeyFault:
                continue
            self._known[certificate.key_id] = certificate
        self._holds = verifier_of(each.public_key for each in self._known.values())

    def checked(self, document: bytes, at: datetime | None = None) -> Certificate:
        """A certificate, if the root gave it to this node.

        Args:
            document: the certificate, as it was sent.
            at: when it must be valid; None asks for no moment.

        Raises:
            KeyFault: no certificate, another root's, forged, another node's or mode's, or
                not valid then.
        """
        certificate = certificate_of(document)
        check_certificate(certificate, self._root, at or certificate.valid.start)
        told = (certificate.party, certificate.node_id, certificate.mode)
        if told != self._whose:
            party, node_id, mode = self._whose
            raise KeyFault(
                f"the certificate is for {told[0]}'s {told[2]} node {told[1]}, the line goes to "
                f"{party}'s {mode} node {node_id}",
                remedy="Add the party's node anew with its present card.",
            )
        return certificate

    def certificate(self, key: str) -> Certificate | None:
        """What the root said of a key; None where it said nothing that holds."""
        return self._known.get(key)

    def signed(self, key: str, what: str, unsigned: bytes, signature: bytes) -> bool:
        """Whether one of the keys signed a statement; a key that is not known signed none."""
        return self._holds(key, under(what, unsigned), signature)

    def signed_envelope(self, envelope: Envelope) -> bytes | None:
        """The envelope's hash if its signature holds, else None."""
        unsigned = unsigned_bytes(envelope)
        if not self.signed(envelope.key, ENVELOPE, unsigned, envelope.signature):
            return None
        return sha256(unsigned).digest()

    def signed_receipt(self, receipt: Receipt) -> bool:
        """Whether a receipt's signature holds."""
        return self.signed(receipt.key, RECEIPT, unsigned_receipt(receipt), receipt.signature)

    def signed_delivery(self, delivery: Delivery) -> bool:
        """Whether a delivery's signature holds."""
        return self.signed(delivery.key, DELIVERY, unsigned_delivery(delivery), delivery.signature)

    def signed_hello(self, hello: Hello) -> bool:
        """Whether a hello's signature holds, by the key that its certificate names."""
        try:
            certificate = self.checked(hello.certificate)
        except KeyFault:
            return False
        message = under(HELLO, unsigned_hello(hello))
        return verify(certificate.public_key, message, hello.signature)
