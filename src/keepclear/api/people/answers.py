"""Answers: for all our own live operations, and for a plan that is not filed yet."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from keepclear.api.answer_record import AnswerRecord, Told
from keepclear.api.endpoint import Body, Call, Endpoint, Returned
from keepclear.api.paging import Cursor, Limit
from keepclear.api.people.operations import (
    FILING_ERRORS,
    AnswerReply,
    SuggestQuery,
    given_by,
)
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.formats.documents.operation import operation_from
from keepclear.formats.documents.operation_record import OperationDocument
from keepclear.model.answer import Verdict
from keepclear.reports.json_answer import answer_document
from keepclear.services.answering import answer_for
from keepclear.services.filing import require_sound
from keepclear.services.own_answers import answers


class AnswersQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which answers are meant."""

    show: Annotated[
        Literal["all", "attention"],
        Meta(description="`attention` leaves out answers that ask nothing of a person"),
    ] = "all"
    limit: Limit = 50
    cursor: Cursor = ""


class AnswerPage(Told, frozen=True, kw_only=True):
    """Our live operations' answers, those that most need a person first."""

    total: int
    items: tuple[AnswerRecord, ...]
    next: str | None
    counts: Annotated[dict[Verdict, int], Meta(description="How many answers by overall verdict")]
    pending: Annotated[int, Meta(description="How many are not answered yet; ask again")]
    change: Annotated[int, Meta(description="The change up to which the answers hold")]


class _Stated(Struct):
    id: str | UnsetType = UNSET


_STATED = msgspec.json.Decoder(_Stated)


def _list(call: Call[AnswersQuery]) -> Reply:
    query = call.query
    page = answers(
        call.node,
        attention_only=query.show == "attention",
        cursor=query.cursor,
        limit=query.limit,
    )
    return Reply(
        {
            "total": page.total,
            "items": [answer_document(answer) for answer in page.items],
            "next": page.following or None,
            "counts": {each.value: page.counts.get(each, 0) for each in Verdict},
            "pending": page.pending,
            "change": page.change,
        }
    )


def _check(call: Call[SuggestQuery]) -> Reply:
    given = given_by(call.node, _stated_id(call.body) or call.node.entropy.new_id())
    operation = operation_from(call.body, given=given)
    require_sound(call.node, operation)
    answer = answer_for(call.node, operation, suggest=call.query.suggest)
    return Reply({"answer": answer_document(answer)})


def _stated_id(body: bytes) -> str:
    """The id that the document states, so that its stored version is left out of the check."""
    try:
        stated = _STATED.decode(body).id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""  # reading the document says what is wrong with it
    return "" if stated is UNSET else stated


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/checks",
        summary="What would come too close to an operation, if it were filed now",
        description=(
            "Nothing is stored. A document that states the id of a stored operation is taken "
            "as its next version: the stored one is left out."
        ),
        needs=Capability.VIEW,
        handler=_check,
        query=SuggestQuery,
        body=Body(OperationDocument),
        returns=(Returned(200, "The answer", AnswerReply),),
        errors=FILING_ERRORS,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/answers",
        summary="The answers for all our live operations, worst first",
        handler=_list,
        query=AnswersQuery,
        returns=(Returned(200, "A page of answers", AnswerPage),),
    ),
)
