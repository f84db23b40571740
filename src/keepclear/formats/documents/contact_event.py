"""A contact of the history as a document: what one source says of it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import Line, Moment, Name, Text, moment
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.plain import plain_document
from keepclear.model.channel import ChannelKind
from keepclear.model.line_state import (
    ContactEvent,
    ContactKind,
    ContactLevel,
    Dating,
    SourceSide,
)

_EVENT = msgspec.json.Decoder(ContactEvent)


class DatingDocument(Part, frozen=True, kw_only=True):
    """When, as exactly as the source says."""

    text: Annotated[
        Name,
        Meta(
            description="As the source says it: 2014, August 2014, 2014-08-12, a time with a "
            "zone; anything else needs `earliest` and `latest`.",
            max_length=100,
        ),
    ]
    earliest: Annotated[Moment | None, Meta(description="The first moment it can mean.")] = None
    latest: Annotated[Moment | None, Meta(description="The last moment it can mean.")] = None

    def stated(self) -> Dating | None:
        """The dating with its bounds as given; None where the text alone tells.

        Raises:
            InvalidInput: one bound without the other, or the last before the first.
        """
        if self.earliest is None and self.latest is None:
            return None
        if self.earliest is None or self.latest is None:
            raise InvalidInput(
                "at: one bound stands without the other", remedy="Give both, or neither."
            )
        return Dating(self.text, moment(self.earliest), moment(self.latest))


class ContactEventDocument(Part, frozen=True, kw_only=True):
    """One contact, as one source has it."""

    kind: Annotated[ContactKind, Meta(description="What sort of contact.")]
    level: Annotated[ContactLevel, Meta(description="Between whom, by office.")]
    channel: Annotated[
        ChannelKind | None, Meta(description="By which means; null where it is not said.")
    ] = None
    at: Annotated[DatingDocument, Meta(description="When.")]
    side: Annotated[SourceSide, Meta(description="Whose word it is.")]
    source: Annotated[Name, Meta(description="Which source.", max_length=100)]
    words: Annotated[Text, Meta(description="What it says, word for word.", max_length=2_000)] = ""
    # What was read may be sent back: these are the node's to say.
    id: Annotated[Line, Meta(description="The UUID of the path.")] = ""
    line: Annotated[Line, Meta(description="The line of the path.")] = ""


def event_document(event: ContactEvent) -> dict[str, JsonValue]:
    """A contact as plain values, every field written."""
    return plain_document(event)


def stored_event(body: bytes) -> ContactEvent:
    """The contact that `event_document` wrote.

    Raises:
        InvalidInput: it is damaged.
    """
    try:
        return _EVENT.decode(body)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"the contact cannot be read: {error}") from None
