"""Signatures of parties' roots under agreements."""

from __future__ import annotations

import msgspec

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import PageQuery, cut
from keepclear.api.people.peers import as_signed
from keepclear.api.replies import Reply
from keepclear.canonical import JsonValue
from keepclear.contact.rights import Capability
from keepclear.errors import InvalidInput
from keepclear.formats.documents.card import (
    AgreementSignatureDocument,
    signature_document,
    signature_of,
)
from keepclear.identity.fingerprints import fingerprint
from keepclear.model.card import AgreementSignature
from keepclear.model.node import Subject
from keepclear.services.line.signing import take_signature

_LARGEST_VERSION = 1_000_000


class SignatureRecord(Told, frozen=True, kw_only=True):
    """A party root's word under a version of an agreement."""

    agreement: str
    version: int
    digest: str
    party: str
    fingerprint: str
    at: Time
    document: AgreementSignatureDocument


class SignaturePage(Told, frozen=True, kw_only=True):
    """A page of signatures, by agreement, version and party."""

    total: int
    items: tuple[SignatureRecord, ...]
    next: str | None


def signature_record(signature: AgreementSignature) -> dict[str, object]:
    """A signature as plain values; `document` is what goes from hand to hand."""
    document = signature_document(signature)
    return {
        "agreement": signature.agreement,
        "version": signature.version,
        "digest": signature.digest,
        "party": signature.party,
        "fingerprint": fingerprint(signature.root_public_key),
        "at": document["at"],
        "document": document,
    }


def _list(call: Call[PageQuery]) -> Reply:
    with call.node.store.view() as view:
        kept = [signature_of(each.body) for each in view.declarations(Subject.SIGNATURE)]
    page = cut(kept, _key, cursor=call.query.cursor, limit=call.query.limit)
    items = [signature_record(each) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _key(signature: AgreementSignature) -> str:
    return f"{signature.agreement}\n{signature.version:08}\n{signature.party}"


def _put(call: Call[NoQuery]) -> Reply:
    body_of(call.body, AgreementSignatureDocument)
    signature = signature_of(as_signed(_plain(call.body)))
    named = (
        call.path["agreement_id"],
        min(int(call.path["agreement_version"]), _LARGEST_VERSION),
        call.path["party"],
    )
    if named != (signature.agreement, signature.version, signature.party):
        raise InvalidInput(
            f"the signature is {signature.party}'s under {signature.agreement} version "
            f"{signature.version}",
            remedy="Put it under the agreement, version and party that it names.",
        )
    kept = take_signature(call.node, signature, actor=call.caller.actor)
    record = signature_record(signature_of(kept.declaration.body))
    return Reply(record, 201 if kept.created else 200)


def _plain(body: bytes) -> dict[str, JsonValue]:
    plain: dict[str, JsonValue] = msgspec.json.decode(body)
    return plain


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/signatures",
        summary="List the signatures under agreements",
        handler=_list,
        query=PageQuery,
        returns=(Returned(200, "A page of signatures", SignaturePage),),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/agreements/{agreement_id}/versions/{agreement_version}/signatures/{party}",
        summary="Take in a party's signature under an agreement: our own, or another party's",
        description="The same party's signature again changes nothing.",
        needs=Capability.ADMINISTER,
        handler=_put,
        body=Body(AgreementSignatureDocument),
        returns=(
            Returned(201, "Taken in", SignatureRecord),
            Returned(200, "Stored already", SignatureRecord),
        ),
        errors=(
            errors.InvalidMessage,
            errors.InvalidAgreement,
            errors.NotFound,
            errors.StoreFull,
        ),
    ),
)
