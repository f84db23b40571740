"""Peers: the nodes of other parties, added by card and by a fingerprint compared by voice."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import PageQuery, cut
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.contact.rights import Capability
from keepclear.errors import InvalidInput
from keepclear.formats.documents.card import card_of
from keepclear.formats.times import iso_text
from keepclear.model.operation import Mode
from keepclear.services.line.peering import add_peer
from keepclear.services.line.peers_seen import PeerSeen, peer_of, peers_of


class KeyRecord(Told, frozen=True, kw_only=True):
    """A key that a peer's root certified for its node."""

    id: str
    fingerprint: Annotated[str, Meta(description="Thirty digits, to be compared by voice")]
    valid_from: Time
    valid_until: Time


class PeerRecord(Told, frozen=True, kw_only=True):
    """Another party's node."""

    party: str
    name: str
    line: Annotated[str, Meta(description="The line to it, such as AMBER-BLUE")]
    mode: Mode
    node_id: str
    fingerprint: Annotated[str, Meta(description="Of its root: thirty digits, as heard by voice")]
    confirmed_by: Annotated[str, Meta(description="Who compared the fingerprint")]
    keys: tuple[KeyRecord, ...]
    url: Annotated[str, Meta(description="Where it answers; empty where files go instead")]
    tls: Annotated[str, Meta(description="SHA-256 of its TLS key, hex; empty for plain HTTP")]
    agreement: Annotated[str, Meta(description="The agreement that binds the line")]
    paired_at: Time
    waiting: Annotated[int, Meta(description="How many of our envelopes it does not have yet")]
    skew_s: Annotated[
        float | None, Meta(description="How far its clock is ahead of ours; null if not measured")
    ]
    skew_at: Time | None
    version: int


class PeerPage(Told, frozen=True, kw_only=True):
    """A page of peers, by party."""

    total: int
    items: tuple[PeerRecord, ...]
    next: str | None


class PeerBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A peer to be added."""

    card: Annotated[dict[str, Any], Meta(description="Its contact card, as the party wrote it")]
    agreement: Annotated[str, Meta(max_length=200, description="Which agreement binds the line")]
    fingerprint: Annotated[
        str,
        Meta(
            max_length=200,
            description="Of the party's root, as heard by voice: thirty digits, or the key's hex",
        ),
    ]


def peer_record(peer: PeerSeen) -> dict[str, object]:
    """A peer as plain values."""
    line, node = peer.line, peer.line.peer
    return {
        "party": line.them,
        "name": node.name,
        "line": line.id,
        "mode": line.mode.value,
        "node_id": node.node_id,
        "fingerprint": peer.fingerprint,
        "confirmed_by": line.fingerprint_confirmed_by,
        "keys": [
            {
                "id": key.key_id,
                "fingerprint": key.fingerprint,
                "valid_from": iso_text(key.valid_from),
                "valid_until": iso_text(key.valid_until),
            }
            for key in peer.keys
        ],
        "url": node.url,
        "tls": node.spki_pin,
        "agreement": line.agreement_id,
        "paired_at": iso_text(line.paired_at),
        "waiting": peer.waiting,
        "skew_s": line.skew_s,
        "skew_at": None if line.skew_at is None else iso_text(line.skew_at),
        "version": line.version,
    }


def as_signed(document: dict[str, JsonValue]) -> bytes:
    """A signed document that came as JSON, in the spelling that was signed.

    Raises:
        InvalidInput: it holds what such a document cannot.
    """
    return canonical_bytes(document)


def _list(call: Call[PageQuery]) -> Reply:
    page = cut(
        peers_of(call.node), lambda peer: peer.line.them, cursor=call.query.cursor,
        limit=call.query.limit,
    )  # fmt: skip
    items = [peer_record(peer) for peer in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _get(call: Call[NoQuery]) -> Reply:
    peer = peer_of(call.node, call.path["party"])
    return Reply(peer_record(peer), version=peer.line.version)


def _put(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, PeerBody)
    card = card_of(as_signed(body.card))
    party = call.path["party"]
    if card.party != party:
        raise InvalidInput(
            f"card: it is of {card.party!r:.80}, not of {party!r:.80}",
            remedy="Put it under the party that it names.",
        )
    paired = add_peer(
        call.node,
        card,
        agreement_id=body.agreement,
        heard=body.fingerprint,
        expected=expected_of(call.headers),
        actor=call.caller.actor,
    )
    record = peer_record(peer_of(call.node, party))
    return Reply(record, 201 if paired.created else 200, version=paired.line.version)


_PATH = "/api/v1/peers"
_ONE = f"{_PATH}/{{party}}"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="List the nodes of other parties",
        handler=_list,
        query=PageQuery,
        returns=(Returned(200, "A page of peers", PeerPage),),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One party's node",
        handler=_get,
        returns=(Returned(200, "The peer", PeerRecord, has_version=True),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        summary="Add a party's node, or take its newer card",
        description="Makes the line. The agreement has to be filed and signed by both parties; the "
        "root's fingerprint has to be heard by voice from somebody known to speak for the party.",
        needs=Capability.ADMINISTER,
        handler=_put,
        body=Body(PeerBody),
        returns=(
            Returned(201, "Added", PeerRecord, has_version=True),
            Returned(200, "Changed, or stored already", PeerRecord, has_version=True),
        ),
        errors=(
            errors.InvalidMessage,
            errors.ModeMismatch,
            errors.NotFound,
            errors.StateForbids,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
        may_make=True,
    ),
)
