"""Humanitarian sites as JSON documents, and as the fields of an M15."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput
from keepclear.formats.coordinates import parse_position, typed_position
from keepclear.formats.documents.fields import Moment, Name, moment
from keepclear.formats.documents.humanitarian import NoticeDocument
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.shapes import PositionDocument, position_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import Short, Words, maybe_moment
from keepclear.formats.times import iso_text
from keepclear.model.humanitarian import RecordSource
from keepclear.model.message import Message
from keepclear.model.site import Site, VerifiedBy
from keepclear.model.volume import Position


class SiteDocument(NoticeDocument, frozen=True, kw_only=True, gc=False):
    """A place to keep away from."""

    function: Annotated[Name, Meta(description="Hospital, store, shelter.")]
    point: Annotated[
        PositionDocument | None, Meta(description="Where; null where `point_text` says it.")
    ] = None
    point_text: Annotated[Short, Meta(description="Where, as typed; the two must agree.")] = ""
    radius_m: Annotated[
        float,
        Meta(
            description="In metres around the point.",
            extra_json_schema={"exclusiveMinimum": 0, "maximum": 50_000},
        ),
    ]
    verified_by: Annotated[Name, Meta(description="Who looked: a body or a role, no name.")]
    method: Annotated[VerifiedBy, Meta(description="How.")]
    verified_on: Annotated[Moment, Meta(description="When.")]
    remark: Annotated[Words, Meta(description="Told to nobody.")] = ""


def site_document(site: Site) -> dict[str, JsonValue]:
    """A site as plain values, every field written."""
    return plain_document(site)


def site_fields(site: Site, recipient: str) -> dict[str, JsonValue]:
    """A site as the fields of an M15 to one recipient; who else is told is nobody's business."""
    return {
        "function": site.function,
        "point": {
            **position_document(site.point),
            "text": site.point_text or typed_position(site.point),
        },
        "radius_m": site.radius_m,
        "verified_by": site.verified_by,
        "method": site.method.value,
        "verified_on": iso_text(site.verified_on),
        "expiry": iso_text(site.expiry),
        "release_list": [recipient],
    }


def site_told(message: Message, site_id: str) -> Site:
    """The site that an M15 tells of, under the name of who sent it.

    Raises:
        InvalidInput, KeyError, TypeError, ValueError: a field of it cannot be read.
    """
    fields = message.fields
    point = fields["point"]
    return Site(
        id=site_id,
        party=message.sender,
        function=str(fields["function"]),
        point=Position(float(point["latitude_deg"]), float(point["longitude_deg"])),
        radius_m=float(fields["radius_m"]),
        verified_by=str(fields["verified_by"]),
        method=VerifiedBy(fields["method"]),
        verified_on=moment(fields["verified_on"]),
        expiry=moment(fields["expiry"]),
        point_text=str(point.get("text", "")),
        recipients=tuple(str(each) for each in fields.get("release_list", ())),
        message=message.id,
        source=RecordSource.LINE,
    )


def site_from(document: object, *, site_id: str, party: str) -> Site:
    """The site a document from outside makes.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(told: SiteDocument) -> Site:
        return _site(told, agreed_id(told.id, site_id, is_uuid=True), party)

    return read_document(document, SiteDocument, build)


def stored_site(body: Mapping[str, Any] | bytes) -> Site:
    """The site that `site_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """

    def build(told: SiteDocument) -> Site:
        return _site(told, first_stated("id", told.id), first_stated("party", told.party))

    return read_stored(body, SiteDocument, build)


def _site(told: SiteDocument, own_id: str, party: str) -> Site:
    return Site(
        id=own_id.lower(),
        party=party,
        function=told.function,
        point=_point(told),
        radius_m=told.radius_m,
        verified_by=told.verified_by,
        method=told.method,
        verified_on=moment(told.verified_on),
        expiry=moment(told.expiry),
        point_text=told.point_text,
        confirm_by=maybe_moment(told.confirm_by),
        recipients=told.recipients,
        assurances=tuple(each.built() for each in told.assurances),
        releases=tuple(each.built() for each in told.releases),
        message=told.message.lower(),
        source=told.source,
        remark=told.remark,
    )


def _point(told: SiteDocument) -> Position:
    if told.point is not None:
        return told.point.built()
    if not told.point_text:
        raise InvalidInput("point: missing", remedy="Give point, or point_text as it was said.")
    return parse_position(told.point_text)
