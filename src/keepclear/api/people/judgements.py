"""What the agreement says of notices as notices, and which operations an area touches."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import Cursor, Limit, cut
from keepclear.api.people.kept import latest_first
from keepclear.api.replies import Reply
from keepclear.formats.times import iso_text
from keepclear.model.answer import FindingKind
from keepclear.services.line.affected import affected_by
from keepclear.services.line.judging_notices import (
    Judgement,
    draft_answer,
    insufficient_notices,
    judge_notice,
)


class JudgementsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which notices are meant."""

    line: Annotated[str, Meta(max_length=100, description="Only of this line")] = ""
    outgoing: Annotated[bool | None, Meta(description="Only ours, or only theirs")] = None
    limit: Limit = 50
    cursor: Cursor = ""


class NoticeFindingRecord(Told, frozen=True, kw_only=True):
    """One thing that is wrong with a notice as a notice."""

    kind: FindingKind
    reason: str


class JudgementRecord(Told, frozen=True, kw_only=True):
    """What the agreement says of a notice."""

    message: str
    code: str
    line: str
    is_ours: bool
    designator: str
    told_at: Time
    starts_at: Time
    agreement: str
    score: Annotated[str, Meta(description="SUFFICIENT or INSUFFICIENT; never an approval")]
    findings: tuple[NoticeFindingRecord, ...]
    answer: Annotated[str, Meta(description="The draft that answers it; empty for none")]


class JudgementPage(Told, frozen=True, kw_only=True):
    """A page of notices that do not suffice, the latest first."""

    total: int
    items: tuple[JudgementRecord, ...]
    next: str | None


class DraftedRecord(Told, frozen=True, kw_only=True):
    """A draft that was written; nobody was told."""

    message: str


class TouchedRecord(Told, frozen=True, kw_only=True):
    """One operation that an area touches."""

    id: str
    designator: str
    version: int
    member: Annotated[str, Meta(description="Whose it is; empty for the party's own")]
    is_certain: Annotated[bool, Meta(description="false where it cannot be said for certain")]
    reason: str
    begins_at: Time


class AffectedRecord(Told, frozen=True, kw_only=True):
    """What an area touches."""

    message: str
    area: str
    touched: Annotated[tuple[TouchedRecord, ...], Meta(description="The earliest first")]
    civil_notice: Annotated[str, Meta(description="What to do for civil aircraft; or empty")]
    asked: Annotated[int, Meta(description="How many operations were held against it")]
    complete: Annotated[bool, Meta(description="Whether those were all of this node's")]


def _affected(call: Call[NoQuery]) -> Reply:
    found = affected_by(call.node, call.path["message_id"])
    return Reply(
        AffectedRecord(
            message=found.message,
            area=found.area,
            touched=tuple(
                TouchedRecord(
                    id=each.id,
                    designator=each.designator,
                    version=each.version,
                    member=each.member,
                    is_certain=each.is_certain,
                    reason=each.reason,
                    begins_at=iso_text(each.begins_at),
                )
                for each in found.touched
            ),
            civil_notice=found.civil_notice,
            asked=found.asked,
            complete=found.complete,
        )
    )


def _list(call: Call[JudgementsQuery]) -> Reply:
    query = call.query
    found = insufficient_notices(call.node, line=query.line, outgoing=query.outgoing)
    page = cut(
        found,
        lambda each: latest_first(each.told_at, each.message),
        cursor=query.cursor,
        limit=query.limit,
    )
    items = [_record(each) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _get(call: Call[NoQuery]) -> Reply:
    return Reply(_record(judge_notice(call.node, call.path["message_id"])))


def _answer(call: Call[NoQuery]) -> Reply:
    return Reply({"message": draft_answer(call.node, call.path["message_id"]).stored.id})


def _record(each: Judgement) -> dict[str, object]:
    return {
        "message": each.message,
        "code": each.code,
        "line": each.line,
        "is_ours": each.is_ours,
        "designator": each.designator,
        "told_at": iso_text(each.told_at),
        "starts_at": iso_text(each.starts_at),
        "agreement": each.agreement,
        "score": "INSUFFICIENT" if each.is_insufficient else "SUFFICIENT",
        "findings": [{"kind": one.kind.value, "reason": one.reason} for one in each.findings],
        "answer": each.answer,
    }


_ERRORS = (
    errors.NotFound,
    errors.StateForbids,
    errors.InvalidMessage,
    errors.InvalidOperation,
)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/judgements",
        summary="List notices on lines that do not suffice by the agreement, ours and theirs",
        handler=_list,
        query=JudgementsQuery,
        returns=(Returned(200, "A page of them", JudgementPage),),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/messages/{message_id}/judgement",
        summary="What the agreement says of a notice, also of a draft of ours before its release",
        handler=_get,
        returns=(Returned(200, "The judgement", JudgementRecord),),
        errors=_ERRORS,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/messages/{message_id}/judgement/answer",
        summary="Draft the formal answer to an insufficient notice; nobody is told",
        handler=_answer,
        returns=(Returned(200, "The draft", DraftedRecord),),
        errors=(*_ERRORS, errors.StoreFull),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/messages/{message_id}/affected",
        summary="Which operations of ours and of our members a declared area touches (M05, M06)",
        handler=_affected,
        returns=(Returned(200, "What it touches", AffectedRecord),),
        errors=_ERRORS,
    ),
)
