"""Each side's account of a talk, and two of them beside each other without a verdict."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.people.kept import Kind, NowTold, common_now, endpoints_of, record_of
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.contact.comparing_readouts import Finding, Ground, Row
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.readout import (
    ReadoutDocument,
    ReadoutPointPart,
    readout_from,
    stored_readout,
)
from keepclear.model.node import Subject
from keepclear.model.readout import Readout, ReadoutPoint
from keepclear.ports.store import Declaration, View
from keepclear.services.line.keeping import Kept, found
from keepclear.services.line.reading_out import comparison, keep_readout
from keepclear.services.node import Node

NO_VERDICT = "What each side tells, beside each other. It says nothing of who is right."


class ReadoutNow(NowTold, frozen=True, kw_only=True):
    """What follows from an account at this moment."""

    came_over_the_line: bool
    is_published: bool
    is_embargoed: Annotated[bool, Meta(description="Not to be published yet")]
    others: Annotated[tuple[str, ...], Meta(description="Other accounts of the same talk")]
    acts: Annotated[tuple[str, ...], Meta(description="What may be done next")]


class ReadoutRecord(ReadoutDocument, frozen=True, kw_only=True):
    """An account as it is kept."""

    now: ReadoutNow


class ReadoutPage(Told, frozen=True, kw_only=True):
    """A page of accounts, those not published first, then the one published last."""

    total: int
    items: tuple[ReadoutRecord, ...]
    next: str | None


class RowRecord(Told, frozen=True, kw_only=True):
    """One row of a comparison."""

    finding: Annotated[Finding, Meta(description="Who tells it")]
    ground: Annotated[Ground, Meta(description="By what the two were put beside each other")]
    topic: str
    a: ReadoutPointPart | None
    b: ReadoutPointPart | None
    similarity: Annotated[float, Meta(description="Of their words, 0 to 1")]
    stances_differ: Annotated[bool, Meta(description="Agreement here, divergence there")]


class ReadoutComparisonRecord(Told, frozen=True, kw_only=True):
    """Two accounts beside each other."""

    about: str
    a: ReadoutRecord
    b: ReadoutRecord | None
    rows: tuple[RowRecord, ...]
    counts: Annotated[dict[str, int], Meta(description="How many rows of each finding")]
    others: Annotated[tuple[str, ...], Meta(description="Ids of further accounts")]
    says: Annotated[str, Meta(description="What the comparison is, and is not")]


class ComparisonQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which accounts are put beside each other."""

    about: Annotated[str, Meta(description="The id of the call or consultation")]
    a: Annotated[str, Meta(description="Id of the first account; else our own")] = ""
    b: Annotated[str, Meta(description="Id of the second; else another party's")] = ""


def _others(view: View, one: Readout) -> tuple[str, ...]:
    if not one.about:
        return ()
    mark = f'"about":"{one.about}"'.encode()
    every = view.declarations(Subject.READOUT)
    return tuple(each.id for each in every if each.id != one.id and mark in each.body)


def _now(view: View, node: Node, declaration: Declaration) -> ReadoutNow:
    one, now = stored_readout(declaration.body), node.now()
    may_change = ("about_kind", "about", "pairings") if one.message else ("*",)
    others = _others(view, one)
    return ReadoutNow(
        **common_now(node, declaration, may_change),
        came_over_the_line=bool(one.message),
        is_published=one.published_at is not None and one.published_at <= now,
        is_embargoed=one.embargo_until is not None and now < one.embargo_until,
        others=others,
        acts=("change", "pair points", "compare") if others else ("change",),
    )


def _keep(call: Call[NoQuery], sent: object, readout_id: str) -> Kept:
    told = readout_from(sent, readout_id=readout_id, party=call.node.identity.party)
    return keep_readout(
        call.node, told, expected=expected_of(call.headers), actor=call.caller.actor
    )


_KIND = Kind(
    subject=Subject.READOUT,
    plural="readouts",
    part="readout_id",
    document=ReadoutDocument,
    told=ReadoutRecord,
    page=ReadoutPage,
    moment="published_at",
    now=_now,
    keep=_keep,
    keeping="Keep an account: ours, or another's as it was published",
)


def _compare(call: Call[ComparisonQuery]) -> Reply:
    query = call.query
    with call.node.store.view() as view:
        told = comparison(view, query.about.lower(), a=query.a.lower(), b=query.b.lower())
        sides = [
            None
            if one is None
            else record_of(_KIND, view, call.node, found(view, Subject.READOUT, one.id))
            for one in (told.a, told.b)
        ]
    rows = [_row(each) for each in told.rows]
    return Reply(
        {
            "about": query.about.lower(),
            "a": sides[0],
            "b": sides[1],
            "rows": rows,
            "counts": {
                each.value: sum(row.finding is each for row in told.rows) for each in Finding
            },
            "others": [each.id for each in told.others],
            "says": NO_VERDICT,
        }
    )


def _row(row: Row) -> dict[str, Any]:
    one = row.a or row.b
    return {
        "finding": row.finding.value,
        "ground": row.ground.value,
        "topic": "" if one is None else one.topic,
        "a": _point(row.a),
        "b": _point(row.b),
        "similarity": round(row.similarity, 3),
        "stances_differ": row.stances_differ,
    }


def _point(point: ReadoutPoint | None) -> dict[str, Any] | None:
    return None if point is None else dict(plain_document(point))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/readouts/comparison",
        summary="Two accounts of a talk beside each other, point by point, without a verdict",
        handler=_compare,
        query=ComparisonQuery,
        returns=(Returned(200, "The comparison", ReadoutComparisonRecord),),
        errors=(errors.NotFound,),
    ),
    *endpoints_of(_KIND),
)
