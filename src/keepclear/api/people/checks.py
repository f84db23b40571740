"""Checks of a line: make one by machine, enter one made by voice, list them."""

from __future__ import annotations

from datetime import UTC, datetime

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.line_record import LineCheckRecord, check_record
from keepclear.api.paging import PageQuery, cut
from keepclear.api.people.lines import SAYING_ERRORS
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.errors import NotFound
from keepclear.formats.documents.check import CheckEntryDocument
from keepclear.formats.documents.strict import read_document
from keepclear.model.line_state import Check
from keepclear.model.node import Subject
from keepclear.services.line.checks_kept import check_of, checks_of
from keepclear.services.line.pairing import line_of
from keepclear.services.line.recording_checks import make_check

_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class CheckPage(Told, frozen=True, kw_only=True):
    """A page of checks, the newest first."""

    total: int
    items: tuple[LineCheckRecord, ...]
    next: str | None


def _newest_first(check: Check) -> str:
    microseconds = round((_FAR - check.at).total_seconds() * 1e6)
    return f"{microseconds:020} {check.id}"


def _list(call: Call[PageQuery]) -> Reply:
    with call.node.store.view() as view:
        found = checks_of(view, line_of(view, call.path["line_id"]).id)
    page = cut(found, _newest_first, cursor=call.query.cursor, limit=call.query.limit)
    items = tuple(check_record(each) for each in page.items)
    return Reply(CheckPage(total=page.total, items=items, next=page.following or None))


def _get(call: Call[NoQuery]) -> Reply:
    name = call.path["check_id"]
    with call.node.store.view() as view:
        line = line_of(view, call.path["line_id"])
        check, held = check_of(view, name), view.declaration(Subject.CHECK, name)
    if check is None or held is None or check.line != line.id:
        raise NotFound(f"there is no check {name} of the line {line.id}")
    return Reply(check_record(check), version=held.version)


def _put(call: Call[NoQuery]) -> Reply:
    entry: CheckEntryDocument = read_document(call.body, CheckEntryDocument, lambda it: it)
    made = make_check(
        call.node,
        call.path["line_id"],
        call.path["check_id"],
        entry,
        expected=expected_of(call.headers),
        actor=call.caller.actor,
    )
    return Reply(check_record(made.check), 201 if made.created else 200, version=made.version)


_PATH = "/api/v1/lines/{line_id}/checks"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="List a line's checks, the newest first",
        handler=_list,
        query=PageQuery,
        returns=(Returned(200, "A page of checks", CheckPage),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="GET",
        path=f"{_PATH}/{{check_id}}",
        summary="One check",
        handler=_get,
        returns=(Returned(200, "The check", LineCheckRecord, has_version=True),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=f"{_PATH}/{{check_id}}",
        summary="Check a line now, or enter a check made by telephone, radio or other means",
        description="Without `result` the machine checks the network; its reply comes later. A "
        "check that was not answered may be given its cause under its own id.",
        handler=_put,
        body=Body(CheckEntryDocument),
        returns=(
            Returned(201, "Made, or entered", LineCheckRecord, has_version=True),
            Returned(200, "Changed, or there already", LineCheckRecord, has_version=True),
        ),
        errors=(*SAYING_ERRORS, errors.VersionMissing, errors.VersionMismatch),
        has_precondition=True,
        may_make=True,
    ),
)
