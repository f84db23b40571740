"""Typed coordinates, altitudes and times, read and read back in other words."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.errors import InvalidInput
from keepclear.formats.documents.shapes import (
    AltitudeDocument,
    PositionDocument,
    altitude_document,
    position_document,
)
from keepclear.formats.times import iso_text
from keepclear.services.reading_typed import (
    read_typed_altitude,
    read_typed_position,
    read_typed_time,
)

_Typed = Annotated[str, Meta(max_length=200)]


class TypedText(Struct, frozen=True, forbid_unknown_fields=True):
    """What was typed: one of the three."""

    coordinates: Annotated[_Typed | UnsetType, Meta(description="As `36S YD 67766 22083`")] = UNSET
    altitude: Annotated[_Typed | UnsetType, Meta(description="As `FL180`")] = UNSET
    time: Annotated[_Typed | UnsetType, Meta(description="As `151130ZSEP15`")] = UNSET


class ReadingRecord(Told, frozen=True, kw_only=True):
    """What it was read as: the field of what was typed is there, with its readback."""

    readback: Annotated[tuple[str, ...], Meta(description="In other words, to catch a slip")]
    position: PositionDocument | UnsetType = UNSET
    place: Annotated[
        str | UnsetType, Meta(description="Where it lies from a place; empty where none is near")
    ] = UNSET
    altitude: AltitudeDocument | UnsetType = UNSET
    time: Time | UnsetType = UNSET


def _read(call: Call[NoQuery]) -> Reply:
    match body_of(call.body, TypedText):
        case TypedText(str(text), UnsetType(), UnsetType()):
            read = read_typed_position(call.node, text)
            return Reply(
                {
                    "position": position_document(read.position),
                    "readback": read.readback,
                    "place": read.place,
                }
            )
        case TypedText(UnsetType(), str(text), UnsetType()):
            height = read_typed_altitude(text)
            return Reply(
                {"altitude": altitude_document(height.altitude), "readback": height.readback}
            )
        case TypedText(UnsetType(), UnsetType(), str(text)):
            moment = read_typed_time(text, call.node.now())
            return Reply({"time": iso_text(moment.at), "readback": moment.readback})
        case _:
            raise InvalidInput(
                "one of `coordinates`, `altitude` and `time` is read at a time",
                remedy="Send exactly one of them.",
            )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/readings",
        summary="Read typed coordinates, an altitude or a time, and read it back",
        needs=Capability.ENTER,
        handler=_read,
        body=Body(TypedText),
        returns=(Returned(200, "What it was read as", ReadingRecord),),
        errors=(errors.InvalidCoordinates, errors.InvalidAltitude, errors.InvalidWindow),
    ),
)
