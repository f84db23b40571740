"""Requests as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, moment
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import (
    MaybeMoment,
    MaybeUuid,
    RecordDocument,
    Said,
    Short,
    TalkPart,
    Words,
    maybe_moment,
)
from keepclear.model.call import LineEnd
from keepclear.model.request import Request, RequestAct, RequestStep


class RequestStepPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One step of a request's life."""

    act: Annotated[RequestAct, Meta(description="What was done; `lapse` is the node's alone.")]
    at: Annotated[Moment, Meta(description="When.")]
    role: Annotated[Short, Meta(description="On duty as what; empty for the clock.")] = ""
    words: Annotated[Words, Meta(description="As said.")] = ""
    until: Annotated[MaybeMoment, Meta(description="For `consider`: until when.")] = None

    def built(self) -> RequestStep:
        """The step it stands for."""
        return RequestStep(
            self.act, moment(self.at), self.role, self.words, maybe_moment(self.until)
        )


class RequestDocument(RecordDocument, frozen=True, kw_only=True, gc=False):
    """Something asked of a party, with its life. Considered is not accepted."""

    asked_by: Annotated[LineEnd, Meta(description="`ours`: we asked; `theirs`: we were asked.")]
    asked_at: Annotated[Moment, Meta(description="When.")]
    words: Annotated[Said, Meta(description="As said.")]
    over: Annotated[MaybeUuid, Meta(description="The message or call it was made in.")] = ""
    language: Annotated[Short, Meta(description="In which language.")] = ""
    translation: Annotated[Words, Meta(description="The same in our language.")] = ""
    answer_by: Annotated[MaybeMoment, Meta(description="By when; null: no clock runs.")] = None
    steps: Annotated[
        tuple[RequestStepPart, ...],
        Meta(description="Its life in order; a step is added at the end, none is taken out."),
    ] = ()


def request_document(request: Request) -> dict[str, JsonValue]:
    """A request as plain values, every field written."""
    return plain_document(request)


def request_from(document: object, *, request_id: str) -> Request:
    """The request a document from outside makes.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(record: RequestDocument) -> Request:
        return _request(record, agreed_id(record.id, request_id, is_uuid=True))

    return read_document(document, RequestDocument, build)


def stored_request(body: Mapping[str, Any] | bytes) -> Request:
    """The request that `request_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, RequestDocument, lambda one: _request(one, first_stated("id", one.id)))


def _request(record: RequestDocument, own_id: str) -> Request:
    return Request(
        id=own_id,
        line=record.line,
        asked_by=record.asked_by,
        asked_at=moment(record.asked_at),
        words=record.words,
        over=record.over.lower(),
        language=record.language,
        translation=record.translation,
        answer_by=maybe_moment(record.answer_by),
        steps=tuple(each.built() for each in record.steps),
    )
