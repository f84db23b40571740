"""A party's word that a key is its node's, for a time.

Canonical JSON signed by the party's root. It says what it is, so that no other signature of
the root can pass as a certificate.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput, KeyFault
from keepclear.identity.fingerprints import key_id
from keepclear.identity.keys import PartyRoot
from keepclear.identity.signatures import require_public_key, verify
from keepclear.ledger.moments import moment_of, moment_text, to_millisecond
from keepclear.model.operation import Mode
from keepclear.model.window import Window, require_utc

WHAT = "keepclear node certificate/1"
"""Stands in the signed bytes, so that no signature over something else passes as one."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a party says of one of its nodes.

    Attributes:
        party: whose node it is.
        node_id: which node, a UUID.
        public_key: the node's Ed25519 public key, 32 bytes.
        mode: EXERCISE or REAL; the key is good for no other.
        valid: from when until when, to the millisecond.
        root_id: which root signed.
        signature: Ed25519 by the root, 64 bytes.

    Raises:
        KeyFault: no UUID, no party, or a key that binds nobody.
    """

    party: str
    node_id: str
    public_key: bytes
    mode: Mode
    valid: Window
    root_id: str
    signature: bytes = b""

    def __post_init__(self) -> None:
        require_public_key(self.public_key)
        if not self.party or self.party != self.party.strip().upper():
            raise KeyFault(f"the party id {self.party!r} is not a word in capitals")
        try:
            plain = str(uuid.UUID(self.node_id)) == self.node_id
        except ValueError:
            plain = False
        if not plain:
            raise KeyFault(f"the node id {self.node_id!r} is not a UUID in its plain spelling")

    @property
    def key_id(self) -> str:
        """Which node key it certifies; signed heads carry the same name."""
        return key_id(self.public_key)


def certify(
    root: PartyRoot, public_key: bytes, *, party: str, node_id: str, mode: Mode, valid: Window
) -> Certificate:
    """Have a party's root say that a key is its node's.

    Args:
        root: the party's root.
        public_key: the node's public key, 32 bytes.
        party: whose node it is.
        node_id: which node, a UUID.
        mode: EXERCISE or REAL.
        valid: from when until when; cut to the millisecond.

    Raises:
        KeyFault: no UUID, no party, or a key that binds nobody.
        InvalidWindow: shorter than a millisecond.
    """
    unsigned = Certificate(
        party=party,
        node_id=node_id,
        public_key=public_key,
        mode=mode,
        valid=Window(to_millisecond(valid.start), to_millisecond(valid.end)),
        root_id=root.key_id,
    )
    return replace(unsigned, signature=root.sign(_signed_bytes(unsigned)))


def check_certificate(certificate: Certificate, root_public_key: bytes, at: datetime) -> None:
    """Make sure that the party's root stands behind a certificate at this moment.

    Whether party, node and mode are those the caller deals with is the caller's to compare.

    Raises:
        KeyFault: another root's, forged or altered, not yet valid, or no longer; ask the
            party for a new certificate and compare the root's fingerprint by voice.
        InvalidWindow: the time has no zone.
    """
    whose = f"the certificate of {certificate.party}'s node {certificate.node_id}"
    if certificate.root_id != key_id(root_public_key):
        raise KeyFault(f"{whose} names another root than the one known", remedy=_BY_VOICE)
    if not verify(root_public_key, _signed_bytes(certificate), certificate.signature):
        raise KeyFault(f"{whose} is forged or was altered", remedy=_BY_VOICE)
    moment, valid = require_utc(at), certificate.valid
    if moment < valid.start:
        raise KeyFault(f"{whose} is valid from {moment_text(valid.start)}", remedy=_RENEW)
    if moment > valid.end:
        raise KeyFault(f"{whose} was valid until {moment_text(valid.end)}", remedy=_RENEW)


def certificate_bytes(certificate: Certificate) -> bytes:
    """The certificate with its signature, as canonical JSON: what is stored and sent."""
    return canonical_bytes(
        {**_signed_document(certificate), "signature": certificate.signature.hex()}
    )


def certificate_of(document: bytes) -> Certificate:
    """Read what `certificate_bytes` wrote, and nothing else. The signature is not checked.

    Raises:
        KeyFault: anything else; have the certificate sent or made anew.
    """
    try:
        certificate = _certificate(_CERTIFICATES.decode(document))
        exact = certificate_bytes(certificate) == document
    except (ValueError, InvalidInput) as error:
        raise KeyFault(f"this is no certificate: {error}", remedy=_ANEW) from None
    if not exact:
        raise KeyFault("this is no certificate as keepclear writes it", remedy=_ANEW)
    return certificate


_BY_VOICE = "Compare the root's fingerprint with the party by voice before anything else."
_RENEW = "Look at this machine's clock; then ask the party for a new certificate."
_ANEW = "Have the certificate sent again, or made anew by the party."


def _signed_bytes(certificate: Certificate) -> bytes:
    return canonical_bytes(_signed_document(certificate))


def _signed_document(certificate: Certificate) -> dict[str, JsonValue]:
    return {
        "key": certificate.public_key.hex(),
        "mode": certificate.mode.value,
        "node": certificate.node_id,
        "party": certificate.party,
        "root": certificate.root_id,
        "valid": {
            "end": moment_text(certificate.valid.end),
            "start": moment_text(certificate.valid.start),
        },
        "what": WHAT,
    }


_Hex = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2})*$")]


class _Valid(msgspec.Struct, forbid_unknown_fields=True):
    end: str
    start: str


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    key: _Hex
    mode: Mode
    node: str
    party: str
    root: str
    signature: _Hex
    valid: _Valid
    what: str


_CERTIFICATES = msgspec.json.Decoder(_Document)


def _certificate(told: _Document) -> Certificate:
    return Certificate(
        party=told.party,
        node_id=told.node,
        public_key=bytes.fromhex(told.key),
        mode=told.mode,
        valid=Window(moment_of(told.valid.start), moment_of(told.valid.end)),
        root_id=told.root,
        signature=bytes.fromhex(told.signature),
    )
