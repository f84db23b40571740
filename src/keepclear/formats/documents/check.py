"""A check of a line as a document, as the fields of M01, and as a person enters one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.documents.fields import Line, Moment, Name, Text
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.times import iso_text
from keepclear.model.line_state import CauseCode, Check, CheckResult
from keepclear.model.message import message_id

_CHECK = msgspec.json.Decoder(Check)


class CheckEntryDocument(Part, frozen=True, kw_only=True):
    """A check to be made by machine, or one that a person made over another channel."""

    channel: Annotated[Name, Meta(description="Over which channel of the line.")] = "network"
    result: Annotated[
        CheckResult | None,
        Meta(description="What came of it; null to have the machine make it, network only."),
    ] = None
    cause: Annotated[
        CauseCode | None, Meta(description="Why it was not answered; `unknown` if nobody knows.")
    ] = None
    at: Annotated[Moment | None, Meta(description="When it was made; null for now.")] = None
    reader_role: Annotated[
        Line, Meta(description="The role that answered at the other side; never a name.")
    ] = ""
    reply: Annotated[Text, Meta(description="What was said back.", max_length=280)] = ""
    ours: Annotated[bool, Meta(description="Whether we asked; false where they did.")] = True
    remark: Annotated[Text, Meta(description="In your words.", max_length=280)] = ""


class CheckWords(NamedTuple):
    """What an M01 says.

    Attributes:
        check_id: which check.
        is_reply: whether it answers one.
        text, language, expected: what was sent, and what should come back.
        channel: over which channel.
        due: its due time; None for one ad hoc.
        asked_at: when it was asked, by the asking side's clock.
        heard_at: when it reached the answering side, by that side's clock; None on a check.
        reader_role: who answered; empty on a check.
    """

    check_id: str
    is_reply: bool
    text: str
    language: str
    expected: str
    channel: str
    due: datetime | None
    asked_at: datetime | None
    heard_at: datetime | None
    reader_role: str


class _Fields(Struct, frozen=True, kw_only=True):
    """The fields of M01."""

    kind: str
    check_id: str
    text: str
    channel: str
    expected: str = ""
    language: str = ""
    reader_role: str = ""
    result: str = ""
    cause: str = ""
    due: datetime | None = None
    asked_at: datetime | None = None
    heard_at: datetime | None = None


def check_document(check: Check) -> dict[str, JsonValue]:
    """A check as plain values, every field written."""
    return plain_document(check)


def stored_check(body: bytes) -> Check:
    """The check that `check_document` wrote.

    Raises:
        InvalidInput: it is damaged.
    """
    try:
        return _CHECK.decode(body)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"the check cannot be read: {error}") from None


def asking_fields(check: Check) -> dict[str, JsonValue]:
    """A check of ours as the fields of M01."""
    return {
        "kind": "check",
        "check_id": check.id,
        "text": check.text,
        "expected": check.expected,
        "channel": check.channel,
        "language": check.language,
        "asked_at": iso_text(check.at),
        **({} if check.due is None else {"due": iso_text(check.due)}),
    }


def reply_fields(check: Check, heard_at: datetime) -> dict[str, JsonValue]:
    """The reply to a check of theirs as the fields of M01."""
    return {
        "kind": "reply",
        "check_id": check.id,
        "text": check.reply,
        "channel": check.channel,
        "language": check.language,
        "reader_role": check.reader_role,
        "result": check.result.value,
        "cause": (check.cause or CauseCode.UNKNOWN).value,
        "heard_at": iso_text(heard_at),
    }


def words_of(fields: Mapping[str, Any]) -> CheckWords:
    """What the fields of an M01 say.

    Raises:
        InvalidMessage: a field is missing or holds what it may not.
    """
    try:
        told = msgspec.convert(dict(fields), _Fields)
    except msgspec.ValidationError as error:
        raise InvalidMessage(f"the fields of M01 cannot be used: {error}") from None
    if told.kind not in {"check", "reply"}:
        raise InvalidMessage(f"kind: {told.kind!r:.40} is neither check nor reply")
    if any(len(each) > 1_000 for each in (told.text, told.expected)):
        raise InvalidMessage("text: a check is one short sentence")
    for name in ("due", "asked_at", "heard_at"):
        at = getattr(told, name)
        if at is not None and at.tzinfo is None:
            raise InvalidMessage(f"{name}: the time has no zone")
    return CheckWords(
        check_id=message_id(told.check_id),
        is_reply=told.kind == "reply",
        text=told.text,
        language=told.language,
        expected=told.expected,
        channel=told.channel,
        due=told.due,
        asked_at=told.asked_at,
        heard_at=told.heard_at,
        reader_role=told.reader_role,
    )
