"""Contact cards and agreement signatures as canonical JSON: what goes from hand to hand."""

from __future__ import annotations

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.formats.documents.exact import Exact, HexText, read_exact, require_what
from keepclear.formats.documents.fields import moment
from keepclear.formats.times import iso_text
from keepclear.model.card import AgreementSignature, Card
from keepclear.model.operation import Mode

CARD = "keepclear contact card/1"
AGREEMENT_SIGNATURE = "keepclear agreement signature/1"
"""Stand in the signed bytes, so that no signature over something else passes as one."""
MOST_BYTES = 20_000
"""No card and no signature is longer."""


class CardDocument(Exact, frozen=True, kw_only=True):
    """A contact card."""

    what: str
    party: str
    name: str
    mode: Mode
    node: str
    root: HexText
    certificate: str
    url: str
    tls: HexText
    at: str
    signature: HexText


class AgreementSignatureDocument(Exact, frozen=True, kw_only=True):
    """A party root's word under an agreement."""

    what: str
    agreement: str
    version: int
    digest: HexText
    party: str
    root: HexText
    at: str
    signature: HexText


_CARDS = msgspec.json.Decoder(CardDocument)
_SIGNATURES = msgspec.json.Decoder(AgreementSignatureDocument)


def unsigned_card(card: Card) -> dict[str, JsonValue]:
    """A card without its signature: what the node's key signs."""
    return {
        "what": CARD,
        "party": card.party,
        "name": card.name,
        "mode": card.mode.value,
        "node": card.node_id,
        "root": card.root_public_key.hex(),
        "certificate": card.certificate.decode(),
        "url": card.url,
        "tls": card.spki_pin,
        "at": iso_text(card.at),
    }


def card_document(card: Card) -> dict[str, JsonValue]:
    """A card with its signature, as plain values."""
    return {**unsigned_card(card), "signature": card.signature.hex()}


def card_bytes(card: Card) -> bytes:
    """A card as it is handed over."""
    return canonical_bytes(card_document(card))


def card_of(data: bytes) -> Card:
    """Read what `card_bytes` wrote, and nothing else. Nothing of it is believed yet.

    Raises:
        InvalidMessage: anything else.
    """
    return read_exact(data.strip(), _CARDS, _card, card_document, what="contact card")


def unsigned_signature(signature: AgreementSignature) -> dict[str, JsonValue]:
    """The statement that the root signs."""
    return {
        "what": AGREEMENT_SIGNATURE,
        "agreement": signature.agreement,
        "version": signature.version,
        "digest": signature.digest,
        "party": signature.party,
        "root": signature.root_public_key.hex(),
        "at": iso_text(signature.at),
    }


def signature_document(signature: AgreementSignature) -> dict[str, JsonValue]:
    """A signature with its statement, as plain values."""
    return {**unsigned_signature(signature), "signature": signature.signature.hex()}


def signature_bytes(signature: AgreementSignature) -> bytes:
    """A signature as it is handed over."""
    return canonical_bytes(signature_document(signature))


def signature_of(data: bytes) -> AgreementSignature:
    """Read what `signature_bytes` wrote, and nothing else. It is not checked yet.

    Raises:
        InvalidMessage: anything else.
    """
    return read_exact(
        data.strip(), _SIGNATURES, _signature, signature_document, what="agreement signature"
    )


def _card(told: CardDocument) -> Card:
    require_what(told.what, CARD)
    return Card(
        party=told.party,
        name=told.name,
        mode=told.mode,
        node_id=told.node,
        root_public_key=bytes.fromhex(told.root),
        certificate=told.certificate.encode(),
        url=told.url,
        spki_pin=told.tls,
        at=moment(told.at),
        signature=bytes.fromhex(told.signature),
    )


def _signature(told: AgreementSignatureDocument) -> AgreementSignature:
    require_what(told.what, AGREEMENT_SIGNATURE)
    return AgreementSignature(
        agreement=told.agreement,
        version=told.version,
        digest=told.digest,
        party=told.party,
        root_public_key=bytes.fromhex(told.root),
        at=moment(told.at),
        signature=bytes.fromhex(told.signature),
    )
