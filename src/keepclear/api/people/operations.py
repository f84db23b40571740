"""Operations: find, file, change, end them, and ask what comes too close."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from msgspec import Meta, Raw, Struct

from keepclear import errors
from keepclear.api.answer_record import AnswerRecord, Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import PageQuery
from keepclear.api.people.entries import EntryPage, entries_page
from keepclear.api.people.operations_query import OperationsPageQuery
from keepclear.api.preconditions import expected_of, version_of
from keepclear.api.replies import Reply
from keepclear.errors import KeepclearError, NotFound
from keepclear.formats.documents.fields import Text
from keepclear.formats.documents.operation import (
    Given,
    operation_document,
    operation_from,
)
from keepclear.formats.documents.operation_record import OperationDocument
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.shapes import VolumeDocument
from keepclear.formats.documents.strict import read_document
from keepclear.model.node import Subject
from keepclear.model.operation import (
    EndReason,
    Operation,
    OperationState,
    Source,
    SourceKind,
)
from keepclear.model.volume import Volume
from keepclear.reports.json_answer import answer_document
from keepclear.services.answering import answer_of
from keepclear.services.filing import Filed, Filing, change_state, file_together
from keepclear.services.node import Node
from keepclear.services.searching import find_operations
from keepclear.services.versions import together

FILING_ERRORS = (
    errors.InvalidOperation,
    errors.InvalidAltitude,
    errors.InvalidWindow,
    errors.InvalidFootprint,
    errors.InvalidFile,
    errors.ModeMismatch,
    errors.NotOurs,
    errors.StateForbids,
    errors.VersionMissing,
    errors.VersionMismatch,
    errors.StoreFull,
)
"""What may stand against filing."""


class SuggestQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How much to answer."""

    suggest: Annotated[
        bool, Meta(description="Look for the least changes after which no conflict is found")
    ] = False


class OperationPage(Told, frozen=True, kw_only=True):
    """A page of operations, in the order of their start."""

    total: int
    items: tuple[OperationDocument, ...]
    next: str | None


class FiledRecord(Told, frozen=True, kw_only=True):
    """An operation as it is stored now, and what comes too close to it."""

    operation: OperationDocument
    answer: Annotated[AnswerRecord | None, Meta(description="null for one that has ended")]


class AnswerReply(Told, frozen=True, kw_only=True):
    """What the node answers."""

    answer: AnswerRecord


class StateDocument(Part, frozen=True, kw_only=True):
    """What became of an operation."""

    state: Annotated[OperationState, Meta(description="Its state from now on")]
    reason: Annotated[
        EndReason,
        Meta(description="Why it ended; left out: cancelled before its flight, completed after"),
    ] = EndReason.NOT_ENDED
    text: Annotated[Text, Meta(description="In your words, for the ledger")] = ""
    volumes: Annotated[
        tuple[VolumeDocument, ...],
        Meta(description="Where it is now instead of where it was planned; empty: unchanged"),
    ] = ()

    def built_volumes(self) -> tuple[Volume, ...]:
        """Its volumes.

        Raises:
            InvalidInput: one of them cannot be.
        """
        return tuple(volume.built() for volume in self.volumes)


def given_by(node: Node, operation_id: str) -> Given:
    """What the node decides of an operation that comes by hand."""
    identity = node.identity
    return Given(
        id=operation_id,
        party=identity.party,
        mode=identity.mode,
        version=1,
        ovn="",
        state=OperationState.PLANNED,
        end_reason=EndReason.NOT_ENDED,
        received_at=node.now(),
        source=Source(SourceKind.TYPED),
    )


def filed_reply(filed: Filed) -> Reply:
    """What became of a filing, as a reply."""
    operation = filed.stored.operation
    answer = None if filed.answer is None else answer_document(filed.answer)
    document = Raw(filed.document) if filed.document else operation_document(operation)
    return Reply(
        {"operation": document, "answer": answer},
        201 if filed.created else 200,
        version=operation.version,
    )


def _list(call: Call[OperationsPageQuery]) -> Reply:
    query = call.query
    page = find_operations(
        call.node, query.meant(), box=query.box(), cursor=query.cursor, limit=query.limit
    )
    items = [operation_document(stored.operation) for stored in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _get(call: Call[NoQuery]) -> Reply:
    operation = _stored(call)
    return Reply(operation_document(operation), version=operation.version)


def _history(call: Call[PageQuery]) -> Reply:
    _stored(call)
    return entries_page(call, (Subject.OPERATION, call.path["operation_id"]))


def _stored(call: Call[NoQuery] | Call[PageQuery]) -> Operation:
    operation_id = call.path["operation_id"]
    with call.node.store.view() as view:
        stored = view.operation(operation_id)
    if stored is None:
        raise NotFound(f"there is no operation {operation_id}")
    return stored.operation


def _put(call: Call[NoQuery]) -> Reply:
    outcome = _put_together([call])[0]
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _put_together(calls: Sequence[Call[NoQuery]]) -> list[Reply | Exception]:
    """File what several requests bring; what is wrong with one is told to that one alone."""
    return together(_put_all, calls)


def _put_all(calls: Sequence[Call[NoQuery]]) -> list[Reply | Exception]:
    read = [_read(call) for call in calls]
    filings = [each for each in read if isinstance(each, Filing)]
    outcomes = iter(file_together(calls[0].node, filings))
    return [_told(next(outcomes) if isinstance(each, Filing) else each) for each in read]


def _read(call: Call[NoQuery]) -> Filing | Exception:
    given = given_by(call.node, call.path["operation_id"])
    try:
        operation = operation_from(call.body, given=given)
        return Filing(operation, expected_of(call.headers), call.caller.actor)
    except KeepclearError as error:
        return error


def _told(outcome: Filed | Exception) -> Reply | Exception:
    return outcome if isinstance(outcome, Exception) else filed_reply(outcome)


def _put_state(call: Call[NoQuery]) -> Reply:
    asked, volumes = read_document(
        call.body, StateDocument, lambda record: (record, record.built_volumes())
    )
    return filed_reply(
        change_state(
            call.node,
            call.path["operation_id"],
            asked.state,
            expected=version_of(call.headers),
            reason=asked.reason,
            text=asked.text,
            volumes=volumes,
            actor=call.caller.actor,
        )
    )


def _answer(call: Call[SuggestQuery]) -> Reply:
    answer = answer_of(call.node, call.path["operation_id"], suggest=call.query.suggest)
    return Reply({"answer": answer_document(answer)})


_PATH = "/api/v1/operations"
_ONE = f"{_PATH}/{{operation_id}}"
_returns = partial(Returned, has_version=True)

ENDPOINTS = (
    Endpoint(
        method="PUT",
        path=_ONE,
        summary="File an operation, or change it",
        description=(
            "Filing is never refused for a conflict: it is stored and answered with its "
            "conflicts. The same content again changes nothing and is answered 200, whatever "
            "the headers say. Version, ovn, state and time of receipt are the node's to give."
        ),
        handler=_put,
        together=_put_together,
        body=Body(OperationDocument),
        returns=(
            _returns(201, "Filed", FiledRecord),
            _returns(200, "Changed, or stored already", FiledRecord),
        ),
        errors=FILING_ERRORS,
        has_precondition=True,
        may_make=True,
    ),
    Endpoint(
        method="GET",
        path=_PATH,
        summary="Find operations",
        handler=_list,
        query=OperationsPageQuery,
        returns=(Returned(200, "A page of operations", OperationPage),),
        errors=(errors.InvalidWindow,),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One operation in its current version",
        handler=_get,
        returns=(_returns(200, "The operation", OperationDocument),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="GET",
        path=f"{_ONE}/history",
        summary="Every ledger entry about an operation, oldest first",
        handler=_history,
        query=PageQuery,
        returns=(Returned(200, "A page of entries", EntryPage),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=f"{_ONE}/state",
        summary="Say that an operation became active, nonconforming or contingent, or ended",
        handler=_put_state,
        body=Body(StateDocument),
        returns=(_returns(200, "Changed, or in that state already", FiledRecord),),
        errors=(*FILING_ERRORS, errors.NotFound),
        has_precondition=True,
    ),
    Endpoint(
        method="GET",
        path=f"{_ONE}/answer",
        summary="What comes too close to a stored operation now",
        handler=_answer,
        query=SuggestQuery,
        returns=(Returned(200, "The answer", AnswerReply),),
        errors=(errors.NotFound,),
    ),
)
