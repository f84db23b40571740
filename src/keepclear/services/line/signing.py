"""Take in the signature of a party's root under an agreement: our own, or another party's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidAgreement, InvalidInput, KeyFault, NotFound
from keepclear.formats.documents.card import signature_bytes, signature_document, signature_of
from keepclear.identity.agreement_signatures import check_signature
from keepclear.identity.fingerprints import key_id
from keepclear.ledger.entries import EntryKind
from keepclear.model.agreement import Agreement
from keepclear.model.card import AgreementSignature
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.declaring import Declared
from keepclear.services.line.pairing import agreements_of, lines
from keepclear.services.node import Node
from keepclear.services.recording import record


def take_signature(node: Node, signature: AgreementSignature, *, actor: str = "") -> Declared:
    """Keep a party's signature under an agreement that is filed here.

    The same party's signature with the same root again changes nothing.

    Raises:
        NotFound: that version is not filed here; file it first.
        InvalidAgreement: the signature is over another text, or of somebody who is no party.
        InvalidInput: it is forged, or of another root than the one known for the party.
    """
    with given():
        check_signature(signature)
        return node.store.write(lambda unit: _take(unit, node, signature, actor))


@contextmanager
def given() -> Iterator[None]:
    """Have a fault of a key that was handed in told as what it is: nothing is wrong with ours.

    Raises:
        InvalidInput: in place of a KeyFault.
    """
    try:
        yield
    except KeyFault as fault:
        raise InvalidInput(fault.message, remedy=fault.remedy) from None


def require_root(view: View, node: Node, signature: AgreementSignature) -> None:
    """Refuse a root that is not the party's, as far as this node knows roots.

    Raises:
        KeyFault: our own root or the one of a line is another.
    """
    if signature.party == node.identity.party:
        known = node.certificate.root_id if node.certificate is not None else ""
    else:
        peers = [line.peer for line in lines(view) if line.them == signature.party]
        known = key_id(peers[0].root_public_key) if peers else ""
    if known and key_id(signature.root_public_key) != known:
        raise KeyFault(
            f"the signature is of another root than {signature.party}'s",
            remedy="Compare the root's fingerprint with the party by voice; have it signed anew.",
        )


def _take(unit: Unit, node: Node, signature: AgreementSignature, actor: str) -> Declared:
    _require_fits(_filed(unit, signature), signature)
    require_root(unit, node, signature)
    name = f"{signature.agreement}/{signature.version}/{signature.party}"
    current = unit.declaration(Subject.SIGNATURE, name)
    if current is not None and _is_same(current, signature):
        return Declared(current, created=False)
    version = 1 if current is None else current.version + 1
    is_ours = signature.party == node.identity.party
    kind = EntryKind.SIGNATURE_GIVEN if is_ours else EntryKind.SIGNATURE_TAKEN
    at = node.now()
    body: JsonValue = signature_document(signature)
    about = (Subject.SIGNATURE, name, version)
    entry = unit.append(record(node.identity, kind, about, body, at=at, actor=actor))
    kept = Declaration(
        Subject.SIGNATURE, name, signature.party, version, True, signature_bytes(signature), entry
    )
    unit.put_declaration(kept, action="given" if is_ours else "taken", at=at)
    return Declared(kept, created=current is None)


def _filed(view: View, signature: AgreementSignature) -> Agreement:
    for agreement in agreements_of(view, signature.agreement):
        if agreement.version == signature.version:
            return agreement
    raise NotFound(
        f"{signature.agreement} version {signature.version} is not filed at this node",
        remedy="File it with `keepclear agreement file`, then take the signature in again.",
    )


def _require_fits(agreement: Agreement, signature: AgreementSignature) -> None:
    name = f"{agreement.id} version {agreement.version}"
    if agreement.party(signature.party) is None:
        raise InvalidAgreement(f"{signature.party} is not a party to {name}")
    if signature.digest != agreement.digest:
        raise InvalidAgreement(
            f"{signature.party} signed {name} with digest {signature.digest}, here it is "
            f"{agreement.digest}",
            remedy="Compare the two texts; both sides file and sign the same one.",
        )


def _is_same(current: Declaration, signature: AgreementSignature) -> bool:
    """Whether that root signed before; when it did so the second time is of no account."""
    return current.live and signature_of(current.body).root_public_key == signature.root_public_key
