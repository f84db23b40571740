"""Coverage statements: what a party says its released set covers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.people.airspace import (
    DECLARING_ERRORS,
    DeclarationsQuery,
    as_sent,
    cancel_reply,
    declarations_reply,
    declared_reply,
)
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.formats.documents.coverage import CoverageDocument, coverage_from
from keepclear.model.node import Subject
from keepclear.services.declaring import state_coverage


class CoverageRecord(CoverageDocument, frozen=True, kw_only=True):
    """A coverage statement as it is stored."""

    live: Annotated[bool, Meta(description="false once withdrawn")]


class CoveragePage(Told, frozen=True, kw_only=True):
    """A page of coverage statements, by id."""

    total: int
    items: tuple[CoverageRecord, ...]
    next: str | None


def _list(call: Call[DeclarationsQuery]) -> Reply:
    return declarations_reply(call, Subject.COVERAGE)


def _put(call: Call[NoQuery]) -> Reply:
    coverage_id = call.path["coverage_id"]
    party = call.node.identity.party
    coverage = coverage_from(as_sent(call.body), coverage_id=coverage_id, party=party)
    expected = expected_of(call.headers)
    return declared_reply(
        state_coverage(call.node, coverage_id, coverage, expected=expected, actor=call.caller.actor)
    )


def _delete(call: Call[NoQuery]) -> Reply:
    return cancel_reply(call, Subject.COVERAGE, call.path["coverage_id"])


_PATH = "/api/v1/coverages"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="List coverage statements",
        handler=_list,
        query=DeclarationsQuery,
        returns=(Returned(200, "A page of coverage statements", CoveragePage),),
    ),
    Endpoint(
        method="PUT",
        path=f"{_PATH}/{{coverage_id}}",
        summary="State what a party's released set covers, or correct the statement",
        description="What was read may be sent back whole; `version` and `live` are not used.",
        handler=_put,
        body=Body(CoverageDocument),
        returns=(
            Returned(201, "Stated", CoverageRecord, has_version=True),
            Returned(200, "Corrected, or stored already", CoverageRecord, has_version=True),
        ),
        errors=DECLARING_ERRORS,
        has_precondition=True,
        may_make=True,
    ),
    Endpoint(
        method="DELETE",
        path=f"{_PATH}/{{coverage_id}}",
        summary="Withdraw a coverage statement; it stays in the ledger",
        handler=_delete,
        returns=(Returned(200, "Withdrawn, now or before", CoverageRecord, has_version=True),),
        errors=(errors.NotFound, *DECLARING_ERRORS),
        has_precondition=True,
    ),
)
