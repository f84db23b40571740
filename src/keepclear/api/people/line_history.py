"""The contacts of a line, as each source has them, and how long since the last."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.line_record import DatingRecord, dating_record
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.formats.documents.contact_event import ContactEventDocument
from keepclear.formats.documents.strict import read_document
from keepclear.formats.times import iso_text
from keepclear.model.channel import ChannelKind
from keepclear.model.line_state import ContactEvent, ContactKind, ContactLevel, SourceSide
from keepclear.services.line.pairing import line_of
from keepclear.services.line.remembering import history_of, remember_contact

_MOST = 500
"""So many contacts are told, the latest; silences are reckoned from all."""


class DatedRecord(Told, frozen=True, kw_only=True):
    """When, as exactly as the source says."""

    text: str
    earliest: Time
    latest: Time


class ContactRecord(Told, frozen=True, kw_only=True):
    """One contact, as one source has it."""

    id: str
    line: str
    kind: ContactKind
    level: ContactLevel
    channel: ChannelKind | None
    at: DatedRecord
    side: SourceSide
    source: str
    words: str


class HistoryRecord(Told, frozen=True, kw_only=True):
    """The contacts of a line, and the silences."""

    line: str
    total: Annotated[int, Meta(description="How many contacts there are, told or not")]
    contacts: Annotated[tuple[ContactRecord, ...], Meta(description="The latest first")]
    lapses: Annotated[
        tuple[DatingRecord, ...],
        Meta(description="Since the last contact by level, channel and source; the longest first"),
    ]
    datings: Annotated[
        tuple[DatingRecord, ...],
        Meta(description="What each source says of the last contact at all; never merged"),
    ]
    differ: Annotated[bool, Meta(description="Whether two datings cannot both be right")]


def _get(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        line = line_of(view, call.path["line_id"])
        history = history_of(view, line.id, call.node.now())
    return Reply(
        HistoryRecord(
            line=line.id,
            total=len(history.events),
            contacts=tuple(_record(each) for each in history.events[:_MOST]),
            lapses=tuple(dating_record(each) for each in history.lapses),
            datings=tuple(dating_record(each) for each in history.datings),
            differ=history.differ,
        )
    )


def _put(call: Call[NoQuery]) -> Reply:
    document: ContactEventDocument = read_document(call.body, ContactEventDocument, lambda it: it)
    noted = remember_contact(
        call.node,
        call.path["line_id"],
        call.path["contact_id"],
        document,
        expected=expected_of(call.headers),
        actor=call.caller.actor,
    )
    return Reply(_record(noted.event), 201 if noted.created else 200, version=noted.version)


def _record(event: ContactEvent) -> ContactRecord:
    return ContactRecord(
        id=event.id,
        line=event.line,
        kind=event.kind,
        level=event.level,
        channel=event.channel,
        at=DatedRecord(
            text=event.at.text,
            earliest=iso_text(event.at.earliest),
            latest=iso_text(event.at.latest),
        ),
        side=event.side,
        source=event.source,
        words=event.words,
    )


_LINE = "/api/v1/lines/{line_id}"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{_LINE}/history",
        summary="A line's contacts, the silences between, and what each source says of them",
        handler=_get,
        returns=(Returned(200, "The history", HistoryRecord),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=f"{_LINE}/contacts/{{contact_id}}",
        summary="Enter a contact as a source has it, or correct one",
        handler=_put,
        body=Body(ContactEventDocument),
        returns=(
            Returned(201, "Entered", ContactRecord, has_version=True),
            Returned(200, "Corrected, or there already", ContactRecord, has_version=True),
        ),
        errors=(
            errors.InvalidOperation,
            errors.InvalidWindow,
            errors.NotFound,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
        may_make=True,
    ),
)
