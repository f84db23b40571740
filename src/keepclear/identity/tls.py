"""How the other node's TLS key is known again: by a hash over its public half.

Names and dates of such a certificate say nothing here: the contact card names the key, and
the key is all that counts.

Source: RFC 7469, 2.4 (pins over the SubjectPublicKeyInfo, SHA-256); RFC 5480 (P-256 keys).
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from keepclear.errors import KeyFault

_FROM = datetime(2000, 1, 1, tzinfo=UTC)
_UNTIL = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The pin decides, not the date: a clock that is off must not cut the line.

Source: RFC 5280, 4.1.2.5 (99991231235959Z stands for "no end")."""


def spki_pin(certificate_der: bytes) -> str:
    """The pin of a certificate: SHA-256 over its SubjectPublicKeyInfo, hex.

    Raises:
        KeyFault: this is no X.509 certificate.
    """
    try:
        public = x509.load_der_x509_certificate(certificate_der).public_key()
    except ValueError:
        raise KeyFault("this is no X.509 certificate") from None
    info = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(info).hexdigest()


def pin_of_pem(pem: bytes) -> str:
    """The pin of the certificate in a PEM file.

    Raises:
        KeyFault: it holds none.
    """
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise KeyFault("the TLS file holds no certificate that can be read") from None
    return spki_pin(certificate.public_bytes(Encoding.DER))


def self_signed(private: ec.EllipticCurvePrivateKey, *, name: str, serial: int) -> bytes:
    """A key and a certificate that it signs for itself, as one PEM text for a server.

    Args:
        private: a P-256 key.
        name: whose, for people who look at the connection.
        serial: any number of up to 20 bytes, above zero.
    """
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(private.public_key())
        .serial_number(serial)
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .sign(private, SHA256())
    )
    key = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key + certificate.public_bytes(Encoding.PEM)
