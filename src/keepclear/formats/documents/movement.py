"""Humanitarian movements as JSON documents, and as the fields of an M14."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Name, moment, require_some
from keepclear.formats.documents.humanitarian import NoticeDocument
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.shapes import VolumeDocument, volume_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import Said, WholeText, Words, maybe_moment
from keepclear.formats.times import iso_text
from keepclear.model.humanitarian import Cargo, Movement, MovementMode, RecordSource, Wanted
from keepclear.model.message import Message


class MovementDocument(NoticeDocument, frozen=True, kw_only=True, gc=False):
    """A humanitarian flight or convoy."""

    organisation: Annotated[Name, Meta(description="Whose movement.")]
    mode: Annotated[MovementMode, Meta(description="How it moves.")]
    route: Annotated[Said, Meta(description="In words.")]
    legs: Annotated[
        tuple[VolumeDocument, ...],
        Meta(description="Where and when, leg by leg.", extra={"rule": require_some}),
    ]
    marks: Annotated[Said, Meta(description="Of vehicles or aircraft.")]
    contact: Annotated[Name, Meta(description="How it is reached on the move.")]
    cargo: Annotated[Cargo, Meta(description="Its class.")]
    wanted: Annotated[Wanted, Meta(description="Up to which proof.")] = Wanted.PASSED_TO_UNITS
    source_text: Annotated[WholeText, Meta(description="What it was read from.")] = ""
    remark: Annotated[Words, Meta(description="Told to nobody.")] = ""


def movement_document(movement: Movement) -> dict[str, JsonValue]:
    """A movement as plain values, every field written."""
    return {
        **plain_document(movement),
        "legs": [volume_document(each) for each in movement.legs],
    }


def movement_fields(movement: Movement) -> dict[str, JsonValue]:
    """A movement as the fields of an M14; whom else it is told to is nobody's business."""
    return {
        "organisation": movement.organisation,
        "mode": movement.mode.value,
        "route": movement.route,
        "volumes": [{**volume_document(each), "source_text": ""} for each in movement.legs],
        "marks": movement.marks,
        "contact": movement.contact,
        "cargo": movement.cargo.value,
        "acknowledgement_wanted": movement.wanted.value,
        "expiry": iso_text(movement.expiry),
    }


def movement_told(message: Message, movement_id: str) -> Movement:
    """The movement that an M14 tells of, under the name of who sent it.

    Raises:
        InvalidInput, KeyError, ValueError: a field of it cannot be read.
    """
    fields = message.fields
    return Movement(
        id=movement_id,
        party=message.sender,
        organisation=str(fields["organisation"]),
        mode=MovementMode(fields["mode"]),
        route=str(fields["route"]),
        legs=tuple(
            read_stored(each, VolumeDocument, VolumeDocument.built) for each in fields["volumes"]
        ),
        marks=str(fields["marks"]),
        contact=str(fields["contact"]),
        cargo=Cargo(fields["cargo"]),
        expiry=moment(fields["expiry"]),
        wanted=Wanted(fields["acknowledgement_wanted"]),
        message=message.id,
        source=RecordSource.LINE,
    )


def movement_from(document: object, *, movement_id: str, party: str) -> Movement:
    """The movement a document from outside makes.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(told: MovementDocument) -> Movement:
        return _movement(told, agreed_id(told.id, movement_id, is_uuid=True), party)

    return read_document(document, MovementDocument, build)


def stored_movement(body: Mapping[str, Any] | bytes) -> Movement:
    """The movement that `movement_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """

    def build(told: MovementDocument) -> Movement:
        return _movement(told, first_stated("id", told.id), first_stated("party", told.party))

    return read_stored(body, MovementDocument, build)


def _movement(told: MovementDocument, own_id: str, party: str) -> Movement:
    return Movement(
        id=own_id.lower(),
        party=party,
        organisation=told.organisation,
        mode=told.mode,
        route=told.route,
        legs=tuple(each.built() for each in told.legs),
        marks=told.marks,
        contact=told.contact,
        cargo=told.cargo,
        expiry=moment(told.expiry),
        wanted=told.wanted,
        confirm_by=maybe_moment(told.confirm_by),
        recipients=told.recipients,
        assurances=tuple(each.built() for each in told.assurances),
        releases=tuple(each.built() for each in told.releases),
        message=told.message.lower(),
        source=told.source,
        source_text=told.source_text,
        remark=told.remark,
    )
