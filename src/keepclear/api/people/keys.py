"""The node's own keys: what is read to other parties by voice."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.errors import NotFound
from keepclear.formats.times import iso_text
from keepclear.identity.fingerprints import fingerprint
from keepclear.model.operation import Mode


class KeysRecord(Told, frozen=True, kw_only=True):
    """What this node signs with, and whose word stands behind it."""

    party: str
    mode: Mode
    node_id: str
    root_fingerprint: Annotated[
        str | None, Meta(description="Thirty digits; read them to the other parties by voice")
    ]
    key_id: str
    key_fingerprint: str
    valid_from: Time
    valid_until: Time
    tls: Annotated[str, Meta(description="SHA-256 of the TLS key, hex; empty where there is none")]


def _get(call: Call[NoQuery]) -> Reply:
    node, certificate = call.node, call.node.certificate
    if certificate is None:
        raise NotFound("this node was opened without its keys", remedy="Serve it as a node.")
    root = node.root_public_key
    return Reply(
        {
            "party": certificate.party,
            "mode": certificate.mode.value,
            "node_id": certificate.node_id,
            "root_fingerprint": fingerprint(root) if root else None,
            "key_id": certificate.key_id,
            "key_fingerprint": fingerprint(certificate.public_key),
            "valid_from": iso_text(certificate.valid.start),
            "valid_until": iso_text(certificate.valid.end),
            "tls": node.spki_pin,
        }
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/keys",
        summary="The node's keys, with the fingerprints to be compared by voice",
        handler=_get,
        returns=(Returned(200, "The keys", KeysRecord),),
        errors=(errors.NotFound,),
    ),
)
