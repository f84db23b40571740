"""Agreements: every version that was filed, as text and in parts."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import PageQuery, cut
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.errors import NotFound
from keepclear.formats.documents.airspace import (
    airfield_document,
    boundary_document,
    zone_document,
)
from keepclear.formats.documents.airspace_record import (
    AirfieldDocument,
    BoundaryDocument,
    ZoneDocument,
)
from keepclear.formats.documents.shapes import (
    FootprintDocument,
    WindowDocument,
    footprint_document,
    window_document,
)
from keepclear.model.operation import Mode
from keepclear.services.agreeing import AgreementStanding, agreements, file_agreement

TOML = "application/toml"
_LARGEST_VERSION = 1_000_000


class PartyRecord(Told, frozen=True, kw_only=True):
    """A party to an agreement."""

    id: str
    name: str


class RuleRecord(Told, frozen=True, kw_only=True):
    """A separation rule."""

    id: str
    text: Annotated[str, Meta(description="What it asks, in one phrase; one separation suffices")]
    lateral_m: float
    vertical_m: float
    min_time_s: float


class AgreementRecord(Told, frozen=True, kw_only=True):
    """One version of an agreement."""

    id: str
    version: int
    title: str
    digest: Annotated[str, Meta(description="SHA-256 of its content; the same on both sides")]
    mode: Mode
    parties: tuple[PartyRecord, ...]
    valid: WindowDocument
    in_force: Annotated[bool, Meta(description="Whether it binds now")]
    rules: tuple[RuleRecord, ...]
    zones: tuple[ZoneDocument, ...]
    boundaries: tuple[BoundaryDocument, ...]
    airfields: tuple[AirfieldDocument, ...]
    area: FootprintDocument
    toml: Annotated[str, Meta(description="Its text, byte for byte as it was filed")]


class AgreementPage(Told, frozen=True, kw_only=True):
    """A page of agreements, by id and version."""

    total: int
    items: tuple[AgreementRecord, ...]
    next: str | None


def agreement_record(standing: AgreementStanding) -> dict[str, object]:
    """One version of an agreement as plain values."""
    from keepclear.reports.html.cards import rule_words  # drags in pictures nobody else needs

    agreement = standing.agreement
    return {
        "id": agreement.id,
        "version": agreement.version,
        "title": agreement.title,
        "digest": agreement.digest,
        "mode": agreement.mode.value,
        "parties": [{"id": party.id, "name": party.name} for party in agreement.parties],
        "valid": window_document(agreement.valid),
        "in_force": standing.in_force,
        "rules": [
            {
                "id": rule.id,
                "text": rule_words(rule),
                "lateral_m": rule.lateral_m,
                "vertical_m": rule.vertical_m,
                "min_time_s": rule.min_time_s,
            }
            for rule in agreement.rules
        ],
        "zones": [zone_document(zone) for zone in agreement.zones],
        "boundaries": [boundary_document(boundary) for boundary in agreement.boundaries],
        "airfields": [airfield_document(airfield) for airfield in agreement.airfields],
        "area": footprint_document(agreement.area),
        "toml": standing.toml.decode(),
    }


def _list(call: Call[PageQuery]) -> Reply:
    page = cut(agreements(call.node), _key, cursor=call.query.cursor, limit=call.query.limit)
    items = [agreement_record(standing) for standing in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _key(standing: AgreementStanding) -> str:
    return f"{standing.agreement.id}\n{standing.agreement.version:08}"


def _get(call: Call[NoQuery]) -> Reply:
    standing = _standing(call)
    if _prefers_toml(call.headers.get("accept", "")):
        return Reply(standing.toml, version=1, content_type=TOML, headers={"vary": "accept"})
    return Reply(agreement_record(standing), version=1, headers={"vary": "accept"})


def _put(call: Call[NoQuery]) -> Reply:
    filed = file_agreement(
        call.node,
        call.path["agreement_id"],
        _version(call),
        call.body,
        expected=expected_of(call.headers),
        actor=call.caller.actor,
    )
    return Reply(agreement_record(_standing(call)), 201 if filed.created else 200, version=1)


def _standing(call: Call[NoQuery]) -> AgreementStanding:
    wanted = (call.path["agreement_id"], _version(call))
    for standing in agreements(call.node):
        if (standing.agreement.id, standing.agreement.version) == wanted:
            return standing
    raise NotFound(f"there is no version {wanted[1]} of an agreement {wanted[0]}")


def _version(call: Call[NoQuery]) -> int:
    return min(int(call.path["agreement_version"]), _LARGEST_VERSION)


def _prefers_toml(accept: str) -> bool:
    """Tell whether TOML is asked for; JSON goes to whoever takes anything."""
    return TOML in [part.partition(";")[0].strip() for part in accept.lower().split(",")]


_ONE = "/api/v1/agreements/{agreement_id}/versions/{agreement_version}"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/agreements",
        summary="List every version of every agreement",
        handler=_list,
        query=PageQuery,
        returns=(Returned(200, "A page of agreements", AgreementPage),),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One version of an agreement; its text alone for whoever accepts TOML",
        handler=_get,
        returns=(
            Returned(200, "The agreement", AgreementRecord, has_version=True),
            Returned(200, "The agreement", None, TOML, has_version=True),
        ),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        summary="File a version of an agreement; once filed it is never changed",
        needs=Capability.ADMINISTER,
        handler=_put,
        body=Body(None, (TOML,), description="The agreement's text (docs/reference/agreement.md)."),
        returns=(
            Returned(201, "Filed", AgreementRecord, has_version=True),
            Returned(200, "Stored already", AgreementRecord, has_version=True),
        ),
        errors=(
            errors.InvalidAgreement,
            errors.ModeMismatch,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
        may_make=True,
    ),
)
