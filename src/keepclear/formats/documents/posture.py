"""Declared postures as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, moment
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import (
    MaybeMoment,
    MaybeUuid,
    RecordDocument,
    RoleName,
    Said,
    Short,
    TalkPart,
    Words,
    maybe_moment,
)
from keepclear.model.posture import Posture, Review


class ReviewPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One look at a posture after it was declared."""

    at: Annotated[Moment, Meta(description="When.")]
    role: Annotated[RoleName, Meta(description="On duty as what.")]
    words: Annotated[Said, Meta(description="What was found, as a fact.")]

    def built(self) -> Review:
        """The review it stands for."""
        return Review(moment(self.at), self.role, self.words)


class PostureDocument(RecordDocument, frozen=True, kw_only=True, gc=False):
    """What a party declared of itself, in its words."""

    party: Annotated[
        RoleName | UnsetType, Meta(description="Who declared; the node's own party by default.")
    ] = UNSET
    declared_at: Annotated[Moment, Meta(description="When.")]
    words: Annotated[Said, Meta(description="As said.")]
    language: Annotated[Short, Meta(description="In which language.")] = ""
    translation: Annotated[Words, Meta(description="The same in our language.")] = ""
    scope: Annotated[Words, Meta(description="What it is about.")] = ""
    start: Annotated[MaybeMoment, Meta(description="From when; null: not said.")] = None
    end: Annotated[MaybeMoment, Meta(description="Until when; null: not said.")] = None
    where: Annotated[Short, Meta(description="Said or published where.")] = ""
    message: Annotated[
        MaybeUuid, Meta(description="The M17 it came in; the node says. Empty for none.")
    ] = ""
    review_at: Annotated[MaybeMoment, Meta(description="When we look at it again.")] = None
    reviews: Annotated[tuple[ReviewPart, ...], Meta(description="The looks taken.")] = ()


def posture_document(posture: Posture) -> dict[str, JsonValue]:
    """A posture as plain values, every field written."""
    return plain_document(posture)


def posture_from(document: object, *, posture_id: str, party: str) -> Posture:
    """The posture a document from outside makes.

    Args:
        document: bytes of JSON, or what a JSON reader made of them.
        posture_id: the id it was sent under.
        party: who declared it where the document does not say.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(record: PostureDocument) -> Posture:
        return _posture(record, agreed_id(record.id, posture_id, is_uuid=True), party)

    return read_document(document, PostureDocument, build)


def stored_posture(body: Mapping[str, Any] | bytes) -> Posture:
    """The posture that `posture_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """

    def build(record: PostureDocument) -> Posture:
        return _posture(record, first_stated("id", record.id), None)

    return read_stored(body, PostureDocument, build)


def _posture(record: PostureDocument, own_id: str, party: str | None) -> Posture:
    return Posture(
        id=own_id,
        line=record.line,
        party=first_stated("party", record.party, party),
        declared_at=moment(record.declared_at),
        words=record.words,
        language=record.language,
        translation=record.translation,
        scope=record.scope,
        start=maybe_moment(record.start),
        end=maybe_moment(record.end),
        where=record.where,
        message=record.message.lower(),
        review_at=maybe_moment(record.review_at),
        reviews=tuple(each.built() for each in record.reviews),
    )
