"""Drafts: operations being written, with undo and redo, until they are filed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import PageQuery, cut
from keepclear.api.people.operations import FILING_ERRORS, FiledRecord, filed_reply
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.errors import NotFound
from keepclear.formats.times import iso_text
from keepclear.ports.store import Draft
from keepclear.services.drafting import (
    drop_draft,
    file_draft,
    problems_of,
    redo_draft,
    save_draft,
    undo_draft,
)

_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class ProblemRecord(Told, frozen=True, kw_only=True):
    """One thing that stands against filing a draft."""

    place: Annotated[str, Meta(description="As `volumes[2].lower`; empty for the whole")]
    text: str


class DraftRecord(Told, frozen=True, kw_only=True):
    """A draft in its current revision."""

    id: str
    version: Annotated[int, Meta(description="One more at every change, undo and redo")]
    revision: Annotated[int, Meta(description="Which revision is current, from 1")]
    revisions: Annotated[int, Meta(description="How many there are")]
    can_undo: bool
    can_redo: bool
    content: Annotated[
        dict[str, Any], Meta(description="An operation document, as far as it is written")
    ]
    saved_at: Time
    problems: tuple[ProblemRecord, ...]


class DraftPage(Told, frozen=True, kw_only=True):
    """A page of drafts, the last saved first."""

    total: int
    items: tuple[DraftRecord, ...]
    next: str | None


def _record(call: Call[Any], draft: Draft) -> dict[str, object]:
    problems = problems_of(call.node, draft)
    return {
        "id": draft.id,
        "version": draft.version,
        "revision": draft.revision,
        "revisions": draft.revisions,
        "can_undo": draft.revision > 1,
        "can_redo": draft.revision < draft.revisions,
        "content": msgspec.Raw(draft.content),
        "saved_at": iso_text(draft.saved_at),
        "problems": [{"place": each.place, "text": each.text} for each in problems],
    }


def _reply(call: Call[Any], draft: Draft, status: int = 200) -> Reply:
    return Reply(_record(call, draft), status, version=draft.version)


def _newest_first(draft: Draft) -> str:
    microseconds = round((_FAR - draft.saved_at).total_seconds() * 1e6)
    return f"{microseconds:020} {draft.id}"


def _list(call: Call[PageQuery]) -> Reply:
    with call.node.store.view() as view:
        drafts = view.drafts()
    page = cut(drafts, _newest_first, cursor=call.query.cursor, limit=call.query.limit)
    items = [_record(call, draft) for draft in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _get(call: Call[NoQuery]) -> Reply:
    draft_id = call.path["draft_id"]
    with call.node.store.view() as view:
        draft = view.draft(draft_id)
    if draft is None:
        raise NotFound(f"there is no draft {draft_id}")
    return _reply(call, draft)


def _put(call: Call[NoQuery]) -> Reply:
    draft = save_draft(
        call.node, call.path["draft_id"], call.body, expected=expected_of(call.headers)
    )
    return _reply(call, draft, 201 if draft.version == 1 else 200)


def _delete(call: Call[NoQuery]) -> Reply:
    drop_draft(call.node, call.path["draft_id"], expected=expected_of(call.headers))
    return Reply(status=204)


def _undo(call: Call[NoQuery]) -> Reply:
    return _reply(call, undo_draft(call.node, call.path["draft_id"]))


def _redo(call: Call[NoQuery]) -> Reply:
    return _reply(call, redo_draft(call.node, call.path["draft_id"]))


def _file(call: Call[NoQuery]) -> Reply:
    return filed_reply(file_draft(call.node, call.path["draft_id"], actor=call.caller.actor))


_PATH = "/api/v1/drafts"
_ONE = f"{_PATH}/{{draft_id}}"
_DRAFT = Returned(200, "The draft", DraftRecord, has_version=True)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="List drafts, the last saved first",
        handler=_list,
        query=PageQuery,
        returns=(Returned(200, "A page of drafts", DraftPage),),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One draft, and what stands against filing it",
        handler=_get,
        returns=(_DRAFT,),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        summary="Keep a draft, complete or not",
        handler=_put,
        body=Body(dict[str, Any], description="An operation document, as far as it is written."),
        returns=(Returned(201, "Kept for the first time", DraftRecord, has_version=True), _DRAFT),
        errors=(errors.VersionMissing, errors.VersionMismatch, errors.StoreFull),
        has_precondition=True,
        may_make=True,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE,
        summary="Throw a draft away with all its revisions",
        handler=_delete,
        returns=(Returned(204, "Thrown away", None, ""),),
        errors=(
            errors.NotFound,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/undo",
        summary="Go back one revision",
        handler=_undo,
        returns=(_DRAFT,),
        errors=(errors.NotFound, errors.StateForbids, errors.StoreFull),
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/redo",
        summary="Go forward one revision that was undone",
        handler=_redo,
        returns=(_DRAFT,),
        errors=(errors.NotFound, errors.StateForbids, errors.StoreFull),
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/file",
        summary="File a draft as it stands, then throw it away",
        handler=_file,
        returns=(
            Returned(201, "Filed", FiledRecord, has_version=True),
            Returned(200, "Changed, or stored already", FiledRecord, has_version=True),
        ),
        errors=(*FILING_ERRORS, errors.NotFound),
    ),
)
