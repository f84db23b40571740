"""Questions of purpose and ownership beside what was declared; read-only, made by messages."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear.api.answer_record import Time, Told
from keepclear.api.people.kept import Kind, NowTold, common_now, endpoints_of, remaining_s
from keepclear.formats.documents.query import QueryDocument, StatementPart, stored_query
from keepclear.formats.times import iso_text
from keepclear.model.node import Subject
from keepclear.model.query import Query, QueryState, Statement
from keepclear.ports.store import Declaration, View
from keepclear.services.line.querying import Contradicted, contradicted
from keepclear.services.node import Node


class ConsequenceRecord(Told, frozen=True, kw_only=True):
    """Something said on the ground of a declaration before it was contradicted."""

    subject: Annotated[str, Meta(description="`message`, `call`, `request` and so on")]
    id: str
    at: Time
    party: str
    code: Annotated[str, Meta(description="Of a message; empty otherwise")]


class ContradictionRecord(Told, frozen=True, kw_only=True):
    """A declaration, what stands against it, and what was said in between."""

    statement: StatementPart
    at: Annotated[Time, Meta(description="When it was contradicted")]
    later: Annotated[StatementPart | None, Meta(description="The declaration that does so")]
    note: Annotated[str, Meta(description="The note that says so; empty for none")]
    note_text: str
    note_role: str
    consequences: tuple[ConsequenceRecord, ...]


class QueryNow(NowTold, frozen=True, kw_only=True):
    """What follows from a query at this moment."""

    state: QueryState
    remaining_s: Annotated[float | None, Meta(description="Until an answer is due; null: none")]
    is_overdue: bool
    is_late: Annotated[bool, Meta(description="Answered after its clock ended")]
    is_contradicted: bool
    contradictions: tuple[ContradictionRecord, ...]
    answer_code: Annotated[str, Meta(description="The message that answers it; empty: none due")]


class QueryRecord(QueryDocument, frozen=True, kw_only=True):
    """A query as it is kept."""

    now: QueryNow


class QueryPage(Told, frozen=True, kw_only=True):
    """A page of queries, those nobody asked first, then the latest."""

    total: int
    items: tuple[QueryRecord, ...]
    next: str | None


def _is_late(one: Query) -> bool:
    first = next(iter(one.statements), None)
    return first is not None and one.answer_by is not None and first.at > one.answer_by


def _now(view: View, node: Node, declaration: Declaration) -> QueryNow:
    one, now = stored_query(declaration.body), node.now()
    is_waiting = one.state in {QueryState.OPEN, QueryState.NO_ANSWER}
    against = contradicted(view, one)
    return QueryNow(
        **common_now(node, declaration, ()),
        state=one.state,
        remaining_s=remaining_s(one.answer_by if is_waiting else None, now),
        is_overdue=is_waiting and one.answer_by is not None and one.answer_by <= now,
        is_late=_is_late(one),
        is_contradicted=bool(against),
        contradictions=tuple(_contradiction(each) for each in against),
        answer_code="M17" if is_waiting else "",
    )


def _contradiction(one: Contradicted) -> ContradictionRecord:
    told = one.contradiction
    note = told.note
    return ContradictionRecord(
        statement=_statement(told.statement),
        at=iso_text(told.at),
        later=None if told.later is None else _statement(told.later),
        note="" if note is None else note.id,
        note_text="" if note is None else note.text,
        note_role="" if note is None else note.role,
        consequences=tuple(
            ConsequenceRecord(
                subject=each.subject.value,
                id=each.id,
                at=iso_text(each.at),
                party=each.party,
                code=each.code,
            )
            for each in one.consequences
        ),
    )


def _statement(one: Statement) -> StatementPart:
    return StatementPart(
        message=one.message,
        party=one.party,
        at=iso_text(one.at),
        ownership=one.ownership,
        words=one.words,
        scope=one.scope,
    )


_KIND = Kind(
    subject=Subject.QUERY,
    plural="queries",
    part="query_id",
    document=QueryDocument,
    told=QueryRecord,
    page=QueryPage,
    moment="asked_at",
    now=_now,
)

ENDPOINTS = endpoints_of(_KIND)
