"""Zones, boundaries and airfields: declare, change, cancel, list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import Cursor, Limit, cut
from keepclear.api.preconditions import expected_of, version_of
from keepclear.api.replies import Reply
from keepclear.errors import InvalidInput, NotFound
from keepclear.formats.documents.airspace import airfield_from, boundary_from, zone_from
from keepclear.formats.documents.airspace_record import (
    AirfieldDocument,
    BoundaryDocument,
    ZoneDocument,
)
from keepclear.formats.strict_json import decoded_value
from keepclear.model.node import Subject
from keepclear.model.zone import Airfield, Boundary, Zone
from keepclear.ports.store import Declaration
from keepclear.services.declaring import Declared, cancel, declare

DECLARING_ERRORS = (
    errors.InvalidOperation,
    errors.InvalidAltitude,
    errors.InvalidWindow,
    errors.InvalidFootprint,
    errors.NotOurs,
    errors.VersionMissing,
    errors.VersionMismatch,
    errors.StoreFull,
)
"""What may stand against declaring."""


class DeclarationsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which are meant."""

    party: Annotated[str, Meta(description="Only this party's")] = ""
    live: Annotated[bool, Meta(description="`false` lists those cancelled too")] = True
    limit: Limit = 50
    cursor: Cursor = ""


class ZoneRecord(ZoneDocument, frozen=True, kw_only=True):
    """A zone as it is stored."""

    live: Annotated[bool, Meta(description="false once cancelled")]


class BoundaryRecord(BoundaryDocument, frozen=True, kw_only=True):
    """A boundary as it is stored."""

    live: Annotated[bool, Meta(description="false once cancelled")]


class AirfieldRecord(AirfieldDocument, frozen=True, kw_only=True):
    """An airfield as it is stored."""

    live: Annotated[bool, Meta(description="false once cancelled")]


class ZonePage(Told, frozen=True, kw_only=True):
    """A page of zones, by id."""

    total: int
    items: tuple[ZoneRecord, ...]
    next: str | None


class BoundaryPage(Told, frozen=True, kw_only=True):
    """A page of boundaries, by id."""

    total: int
    items: tuple[BoundaryRecord, ...]
    next: str | None


class AirfieldPage(Told, frozen=True, kw_only=True):
    """A page of airfields, by id."""

    total: int
    items: tuple[AirfieldRecord, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Noun:
    """One sort of declared airspace, as the API speaks of it."""

    subject: Subject
    plural: str
    read: Callable[[object, str], Zone | Boundary | Airfield]
    document: Any
    record: Any
    page: Any


_NOUNS = (
    Noun(
        Subject.ZONE,
        "zones",
        lambda sent, thing_id: zone_from(sent, zone_id=thing_id),
        ZoneDocument,
        ZoneRecord,
        ZonePage,
    ),
    Noun(
        Subject.BOUNDARY,
        "boundaries",
        lambda sent, thing_id: boundary_from(sent, boundary_id=thing_id),
        BoundaryDocument,
        BoundaryRecord,
        BoundaryPage,
    ),
    Noun(
        Subject.AIRFIELD,
        "airfields",
        lambda sent, thing_id: airfield_from(sent, airfield_id=thing_id),
        AirfieldDocument,
        AirfieldRecord,
        AirfieldPage,
    ),
)


def declaration_record(declaration: Declaration) -> dict[str, object]:
    """A declaration's document with its id and version, and whether it still stands."""
    document: dict[str, object] = msgspec.json.decode(declaration.body)
    return {
        **document,
        "id": declaration.id,
        "version": declaration.version,
        "live": declaration.live,
    }


def as_sent(body: bytes) -> object:
    """A declaration's document as its reader takes it: `live`, which is ours to tell, left out.

    So what was read can be changed and sent back. A body that is no document is returned as
    it is; its reader says what is wrong with it.
    """
    if b'"live"' not in body:
        return body
    try:
        document = decoded_value(body.decode())
    except (InvalidInput, UnicodeDecodeError):
        return body
    if isinstance(document, dict):
        document.pop("live", None)
    return document


def declared_reply(declared: Declared) -> Reply:
    """What became of a declaration, as a reply."""
    declaration = declared.declaration
    return Reply(
        declaration_record(declaration),
        201 if declared.created else 200,
        version=declaration.version,
    )


def declarations_reply(call: Call[DeclarationsQuery], subject: Subject) -> Reply:
    """A page of declarations of one sort, by id."""
    query = call.query
    with call.node.store.view() as view:
        every = view.declarations(subject, live=query.live)
    meant = [each for each in every if not query.party or each.party == query.party]
    page = cut(meant, lambda each: each.id, cursor=query.cursor, limit=query.limit)
    items = [declaration_record(each) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def declaration_reply(call: Call[NoQuery], subject: Subject, thing_id: str) -> Reply:
    """One declaration, cancelled or not."""
    with call.node.store.view() as view:
        declaration = view.declaration(subject, thing_id)
    if declaration is None:
        raise NotFound(f"there is no {subject} {thing_id}")
    return Reply(declaration_record(declaration), version=declaration.version)


def cancel_reply(call: Call[NoQuery], subject: Subject, thing_id: str) -> Reply:
    """Cancel a declaration; the reply holds its last version."""
    expected = version_of(call.headers)
    return declared_reply(
        cancel(call.node, subject, thing_id, expected=expected, actor=call.caller.actor)
    )


def _reading(noun: Noun) -> tuple[Endpoint, ...]:
    path, word = f"/api/v1/{noun.plural}", noun.subject.value
    return (
        Endpoint(
            method="GET",
            path=path,
            summary=f"List {noun.plural}",
            handler=lambda call: declarations_reply(call, noun.subject),
            query=DeclarationsQuery,
            returns=(Returned(200, f"A page of {noun.plural}", noun.page),),
        ),
        Endpoint(
            method="GET",
            path=f"{path}/{{thing_id}}",
            summary=f"One {word}, cancelled or not",
            handler=lambda call: declaration_reply(call, noun.subject, call.path["thing_id"]),
            returns=(Returned(200, f"The {word}", noun.record, has_version=True),),
            errors=(errors.NotFound,),
        ),
    )


def _writing(noun: Noun) -> tuple[Endpoint, ...]:
    path, word = f"/api/v1/{noun.plural}/{{thing_id}}", noun.subject.value
    a_word = f"an {word}" if word[0] in "aeiou" else f"a {word}"

    def put(call: Call[NoQuery]) -> Reply:
        thing = noun.read(as_sent(call.body), call.path["thing_id"])
        expected = expected_of(call.headers)
        return declared_reply(declare(call.node, thing, expected=expected, actor=call.caller.actor))

    return (
        Endpoint(
            method="PUT",
            path=path,
            summary=f"Declare {a_word}, or change it",
            description="What was read may be sent back whole; `version` and `live` are not used.",
            handler=put,
            body=Body(noun.document),
            returns=(
                Returned(201, "Declared", noun.record, has_version=True),
                Returned(200, "Changed, or stored already", noun.record, has_version=True),
            ),
            errors=DECLARING_ERRORS,
            has_precondition=True,
            may_make=True,
        ),
        Endpoint(
            method="DELETE",
            path=path,
            summary=f"Cancel {a_word}; it stays in the ledger",
            handler=lambda call: cancel_reply(call, noun.subject, call.path["thing_id"]),
            returns=(Returned(200, "Cancelled, now or before", noun.record, has_version=True),),
            errors=(errors.NotFound, *DECLARING_ERRORS),
            has_precondition=True,
        ),
    )


ENDPOINTS = tuple(endpoint for noun in _NOUNS for endpoint in (*_reading(noun), *_writing(noun)))
