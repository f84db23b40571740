"""Messages as JSON documents: the same on the wire, in the API and in the ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.documents.fields import moment, require_moment, require_text
from keepclear.formats.documents.shapes import window_document
from keepclear.formats.times import iso_text
from keepclear.model.message import Message
from keepclear.model.operation import Mode, Precedence
from keepclear.model.window import Window

LONGEST_BYTES = 500_000
"""The largest message that is taken; the catalogue's own limits are far below."""

_AT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<place>[^`]*)`)?", re.DOTALL)


class ValidityDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when to when a message holds."""

    start: Annotated[str, Meta(description="Its first moment, with its zone.")]
    end: Annotated[str, Meta(description="Its last moment, with its zone.")]


class MessageDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message."""

    id: Annotated[str, Meta(description="Its UUID, the same on both sides.")]
    code: Annotated[str, Meta(description="Which of the catalogue, `M01` to `M28`.")]
    version: Annotated[int, Meta(description="One more than the message it supersedes.", ge=1)]
    line: Annotated[str, Meta(description="On which line, as `AMBER-BLUE`.")]
    sender: Annotated[str, Meta(description="The party that says it.")] = msgspec.field(name="from")
    recipient: Annotated[str, Meta(description="To whom.")] = msgspec.field(name="to")
    from_role: Annotated[str, Meta(description="As what who released it was on duty.")]
    to_role: Annotated[str, Meta(description="For whom; any role on watch may take it.")]
    mode: Mode
    no_duff: Annotated[bool, Meta(description="A real emergency, told from an exercise.")] = False
    precedence: Precedence
    originated_at: Annotated[str, Meta(description="When it was written, by the sender's clock.")]
    valid: Annotated[
        ValidityDocument | None, Meta(description="From when to when it holds; null: no end.")
    ] = None
    speaks_of: Annotated[
        str | None, Meta(description="When what it speaks of begins; clocks end before it.")
    ] = None
    supersedes: Annotated[
        str | None, Meta(description="The message whose place it takes; null for none.")
    ] = None
    refs: Annotated[tuple[str, ...], Meta(description="Messages it is about.")] = ()
    fields: Annotated[
        dict[str, Any], Meta(description="Its own fields, as docs/reference/messages.md lists.")
    ] = msgspec.field(default_factory=dict)
    remark: Annotated[str, Meta(description="Free text, at most 280 characters.")] = ""
    renderings: Annotated[
        dict[str, str], Meta(description="The same in other languages, by language code.")
    ] = msgspec.field(default_factory=dict)


def message_document(message: Message) -> dict[str, JsonValue]:
    """A message as plain values, every field written."""
    return {
        "id": message.id,
        "code": message.code,
        "version": message.version,
        "line": message.line,
        "from": message.sender,
        "to": message.recipient,
        "from_role": message.from_role,
        "to_role": message.to_role,
        "mode": message.mode.value,
        "no_duff": message.no_duff,
        "precedence": message.precedence.value,
        "originated_at": iso_text(message.originated_at),
        "valid": None if message.valid is None else window_document(message.valid),
        "speaks_of": None if message.speaks_of is None else iso_text(message.speaks_of),
        "supersedes": message.supersedes or None,
        "refs": list(message.refs),
        "fields": dict(message.fields),
        "remark": message.remark,
        "renderings": dict(message.renderings),
    }


def message_from(document: Mapping[str, Any] | bytes) -> Message:
    """The message of a document from outside; what its fields hold is asked of the catalogue.

    Raises:
        InvalidMessage: something is missing, unknown, or of the wrong sort; the place first.
        InvalidInput: a time or text in it cannot be.
    """
    if isinstance(document, bytes) and len(document) > LONGEST_BYTES:
        raise InvalidMessage(f"{len(document):,} bytes are too many for a message")
    told = _told(document)
    texts = (told.line, told.sender, told.recipient, told.from_role, told.to_role, told.remark)
    for text in (*texts, told.code, *told.renderings, *told.renderings.values()):
        require_text(text)
    for at in (told.originated_at, told.speaks_of):
        if at is not None:
            require_moment(at)
    canonical_bytes(told.fields)
    return _message(told)


def stored_message(content: bytes) -> Message:
    """The message that `message_document` wrote.

    Raises:
        InvalidMessage: it is damaged.
    """
    return _message(_told(content))


def _told(document: Mapping[str, Any] | bytes) -> MessageDocument:
    try:
        if isinstance(document, bytes):
            return msgspec.json.decode(document, type=MessageDocument)
        return msgspec.convert(document, MessageDocument)
    except msgspec.ValidationError as error:
        found = _AT.fullmatch(str(error))
        what, place = (found["what"], found["place"] or "") if found else (str(error), "")
        prefix = f"{place}: " if place else ""
        raise InvalidMessage(f"{prefix}{what[:1].lower()}{what[1:]}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidMessage("the message is no JSON in UTF-8") from None


def _message(told: MessageDocument) -> Message:
    try:
        valid = None
        if told.valid is not None:
            valid = Window(moment(told.valid.start), moment(told.valid.end))
        return Message(
            id=told.id,
            code=told.code,
            version=told.version,
            line=told.line,
            sender=told.sender,
            recipient=told.recipient,
            from_role=told.from_role,
            to_role=told.to_role,
            mode=told.mode,
            precedence=told.precedence,
            originated_at=moment(told.originated_at),
            fields=told.fields,
            no_duff=told.no_duff,
            valid=valid,
            speaks_of=None if told.speaks_of is None else moment(told.speaks_of),
            supersedes=told.supersedes or "",
            refs=told.refs,
            remark=told.remark,
            renderings=told.renderings,
        )
    except InvalidMessage:
        raise
    except InvalidInput as error:
        raise InvalidMessage(error.message, remedy=error.remedy) from error
