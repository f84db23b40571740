"""A node's contact card: signed by its key, which its root certifies, which a voice confirms.

A card that was altered on its way shows another fingerprint, or does not verify: so nothing
but thirty digits need be compared by people.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime

from keepclear.canonical import canonical_bytes
from keepclear.errors import KeyFault
from keepclear.formats.documents.card import CARD, unsigned_card
from keepclear.identity.certificates import Certificate, certificate_of, check_certificate
from keepclear.identity.envelopes import Sign, under
from keepclear.identity.fingerprints import fingerprint
from keepclear.identity.signatures import require_public_key, verify
from keepclear.model.card import Card

_BY_VOICE = "Have the card sent again, and compare the root's fingerprint by voice."


def sign_card(card: Card, sign: Sign) -> Card:
    """Sign a card with the node's key."""
    unsigned = canonical_bytes(unsigned_card(card))
    return replace(card, signature=sign(under(CARD, unsigned)))


def check_card(card: Card, at: datetime) -> Certificate:
    """Make sure that a card is what the holder of its root's key would say.

    Whether that root is the party's own only a voice can tell: compare `fingerprint`.

    Returns:
        What the root says of the node's key.

    Raises:
        KeyFault: the root, certificate or signature does not hold, or they are not of one
            party, node and mode.
    """
    require_public_key(card.root_public_key)
    certificate = certificate_of(card.certificate)
    check_certificate(certificate, card.root_public_key, at)
    told = (certificate.party, certificate.node_id, certificate.mode)
    if told != (card.party, card.node_id, card.mode):
        raise KeyFault(
            f"the card is {card.party}'s, its certificate speaks of {told[0]}'s {told[2]} node",
            remedy=_BY_VOICE,
        )
    unsigned = canonical_bytes(unsigned_card(card))
    if not verify(certificate.public_key, under(CARD, unsigned), card.signature):
        raise KeyFault("the card is forged or was altered", remedy=_BY_VOICE)
    return certificate


def is_confirmed(root_public_key: bytes, heard: str) -> bool:
    """Whether what was heard by voice is a root's fingerprint: its thirty digits, or its hex.

    Spaces, hyphens and capitals do not count.
    """
    plain = "".join(heard.split()).replace("-", "").lower()
    names = (fingerprint(root_public_key).replace(" ", ""), root_public_key.hex())
    return any(hmac.compare_digest(plain.encode(), name.encode()) for name in names)
