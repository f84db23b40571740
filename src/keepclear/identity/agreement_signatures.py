"""A party root's signature under one version of an agreement.

The digest is over the agreement's content, so both parties sign one meaning, however each
one's file is laid out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepclear.canonical import canonical_bytes
from keepclear.errors import KeyFault
from keepclear.formats.documents.card import AGREEMENT_SIGNATURE, unsigned_signature
from keepclear.identity.envelopes import under
from keepclear.identity.keys import PartyRoot
from keepclear.identity.signatures import verify
from keepclear.ledger.moments import to_millisecond
from keepclear.model.agreement import Agreement
from keepclear.model.card import AgreementSignature


def sign_agreement(
    root: PartyRoot, agreement: Agreement, *, party: str, at: datetime
) -> AgreementSignature:
    """Have a party's root sign an agreement.

    Args:
        root: the party's root.
        agreement: what is signed, with its digest.
        party: for whom.
        at: when; cut to the millisecond.

    Raises:
        KeyFault: the party is none of the agreement's, or its content has no digest yet.
    """
    if agreement.party(party) is None or not agreement.digest:
        raise KeyFault(
            f"{party} cannot sign {agreement.id} version {agreement.version}",
            remedy="Sign an agreement that was read from its file and that names the party.",
        )
    unsigned = AgreementSignature(
        agreement=agreement.id,
        version=agreement.version,
        digest=agreement.digest,
        party=party,
        root_public_key=root.public_key,
        at=to_millisecond(at),
    )
    return replace(unsigned, signature=root.sign(_signed_bytes(unsigned)))


def check_signature(signature: AgreementSignature) -> None:
    """Make sure that the root which a signature names did sign.

    Whether that root is the party's own is for the caller to compare.

    Raises:
        KeyFault: it did not.
    """
    if not verify(signature.root_public_key, _signed_bytes(signature), signature.signature):
        raise KeyFault(
            f"the signature of {signature.party} under {signature.agreement} version "
            f"{signature.version} is forged or was altered",
            remedy="Have it sent again, or made anew by the party.",
        )


def _signed_bytes(signature: AgreementSignature) -> bytes:
    return under(AGREEMENT_SIGNATURE, canonical_bytes(unsigned_signature(signature)))
