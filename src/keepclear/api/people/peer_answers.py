"""Ask other parties' nodes about an own operation, and see what they answered."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.disclosure_record import VolumeQuestionRecord, question_record
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import Cursor, Limit, cut
from keepclear.api.people.kept import latest_first
from keepclear.api.replies import Reply
from keepclear.formats.times import iso_text
from keepclear.model.answer import Verdict
from keepclear.model.volume_question import Reason, VolumeQuestion
from keepclear.services.disclosing.asking import ask
from keepclear.services.disclosing.kept import questions_of
from keepclear.services.disclosing.peer_answers import (
    PeerAnswer,
    Standing,
    log_looking,
    peer_answers,
    reasons_of,
)
from keepclear.services.line.pairing import lines


class AskBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to ask, about whom."""

    line: Annotated[str, Meta(max_length=200, description="On which line; asking discloses")]
    about: Annotated[
        str, Meta(max_length=80, description="A third party, where the other is a broker")
    ] = ""
    suggests: Annotated[
        bool, Meta(description="Ask for steps that would help; they cost more of the budget")
    ] = False


class PeerAnswerRecord(Told, frozen=True, kw_only=True):
    """What one party's node answered, and what that is worth now."""

    party: str
    line: str
    answerer: str
    standing: Standing
    counts_as: Annotated[Verdict | None, Meta(description="To go by now; null: nobody was asked")]
    reasons: tuple[Reason, ...]
    age_s: Annotated[float | None, Meta(description="Since it came; null: it did not")]
    question: VolumeQuestionRecord | None
    discloses: Annotated[str, Meta(description="What asking tells them, for whoever asks")]


class PeerAnswersReply(Told, frozen=True, kw_only=True):
    """Our own answer beside those of other parties' nodes."""

    operation: str
    at: Time
    ours: Verdict
    overall: Annotated[Verdict, Meta(description="The worst of ours and of those asked")]
    total: int
    items: tuple[PeerAnswerRecord, ...]
    next: None


class QuestionsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which questions are meant."""

    asker: Annotated[str, Meta(description="Only this party's; else everybody's")] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class QuestionPage(Told, frozen=True, kw_only=True):
    """A page of questions, the latest first."""

    total: int
    items: tuple[VolumeQuestionRecord, ...]
    next: str | None


def _get(call: Call[NoQuery]) -> Reply:
    found = peer_answers(call.node, call.path["operation_id"])
    log_looking(call.node, found, call.caller.actor)
    return Reply(
        {
            "operation": found.operation.id,
            "at": iso_text(found.at),
            "ours": found.ours.value,
            "overall": found.overall.value,
            "total": len(found.items),
            "items": [_record(each) for each in found.items],
            "next": None,
        }
    )


def _put(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, AskBody)
    asked = ask(
        call.node,
        body.line,
        call.path["operation_id"],
        call.path["question_id"],
        about=body.about,
        suggests=body.suggests,
        actor=call.caller.actor,
    )
    return Reply(question_record(asked))


def _list(call: Call[QuestionsQuery]) -> Reply:
    query = call.query
    with call.node.store.view() as view:
        parties = {call.node.identity.party, *(line.them for line in lines(view))}
        wanted = parties & {query.asker} if query.asker else parties
        every = [each for party in sorted(wanted) for each in questions_of(view, party)]
    page = cut(every, _key, cursor=query.cursor, limit=query.limit)
    items = [question_record(each) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _key(question: VolumeQuestion) -> str:
    return latest_first(question.at, question.id)


def _record(item: PeerAnswer) -> dict[str, Any]:
    return {
        "party": item.party,
        "line": item.line,
        "answerer": item.answerer,
        "standing": item.standing.value,
        "counts_as": None if item.counts_as is None else item.counts_as.value,
        "reasons": [each.value for each in reasons_of(item)],
        "age_s": item.age_s,
        "question": None if item.question is None else question_record(item.question),
        "discloses": item.discloses,
    }


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/operations/{operation_id}/peer-answers",
        summary="What other parties' nodes answered about an own operation, beside our answer",
        handler=_get,
        returns=(Returned(200, "By party", PeerAnswersReply),),
        errors=(errors.NotFound, errors.NotOurs),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/operations/{operation_id}/questions/{question_id}",
        summary="Ask another party's node about an own operation",
        description="It discloses the operation's volumes and times to that node. The same again "
        "changes nothing.",
        handler=_put,
        body=Body(AskBody),
        returns=(Returned(200, "Asked now or before, or held back", VolumeQuestionRecord),),
        errors=(errors.NotFound, errors.NotOurs, errors.StateForbids, errors.KeyFault),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/questions",
        summary="Questions about volumes that we asked and were asked, the latest first",
        handler=_list,
        query=QuestionsQuery,
        returns=(Returned(200, "A page of questions", QuestionPage),),
    ),
)
