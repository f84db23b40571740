"""Questions and the declarations in answer to them, as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, moment
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import first_stated
from keepclear.formats.documents.strict import read_stored
from keepclear.formats.documents.talks import MaybeMoment, RecordDocument, TalkPart, maybe_moment
from keepclear.model.call import LineEnd
from keepclear.model.query import Ownership, Query, Statement


class StatementPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One declaration, as said."""

    message: Annotated[str, Meta(description="Its message (M17).")]
    party: Annotated[str, Meta(description="Who declared.")]
    at: Annotated[Moment, Meta(description="When, by the clock of its origin.")]
    ownership: Annotated[Ownership | None, Meta(description="Whose; null: not said.")]
    words: Annotated[str, Meta(description="As said.")]
    scope: Annotated[str, Meta(description="What it speaks of.")]

    def built(self) -> Statement:
        """The statement it stands for."""
        return Statement(
            self.message, self.party, moment(self.at), self.ownership, self.words, self.scope
        )


class QueryDocument(RecordDocument, frozen=True, kw_only=True, gc=False):
    """A question with everything declared to it."""

    asked_by: Annotated[LineEnd | None, Meta(description="Who asked; null: nobody did.")]
    asked_at: Annotated[MaybeMoment, Meta(description="When; null: nobody did.")]
    question: Annotated[str, Meta(description="As asked.")]
    facts: Annotated[str, Meta(description="What was observed, as told.")]
    answer_by: Annotated[MaybeMoment, Meta(description="By when; null: no clock runs.")]
    lapsed_at: Annotated[MaybeMoment, Meta(description="When the clock ended unanswered.")]
    withdrawn_at: Annotated[MaybeMoment, Meta(description="When who asked took it back.")] = None
    messages: Annotated[tuple[str, ...], Meta(description="The M16 it was asked in.")]
    statements: Annotated[tuple[StatementPart, ...], Meta(description="In order of arrival.")]
    notes: Annotated[
        tuple[str, ...], Meta(description="Notes that say a declaration is contradicted.")
    ]


def query_document(query: Query) -> dict[str, JsonValue]:
    """A query as plain values, every field written."""
    return plain_document(query)


def stored_query(body: Mapping[str, Any] | bytes) -> Query:
    """The query that `query_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, QueryDocument, _query)


def _query(record: QueryDocument) -> Query:
    return Query(
        id=first_stated("id", record.id),
        line=record.line,
        asked_by=record.asked_by,
        asked_at=maybe_moment(record.asked_at),
        question=record.question,
        facts=record.facts,
        answer_by=maybe_moment(record.answer_by),
        lapsed_at=maybe_moment(record.lapsed_at),
        withdrawn_at=maybe_moment(record.withdrawn_at),
        messages=record.messages,
        statements=tuple(each.built() for each in record.statements),
        notes=record.notes,
    )
