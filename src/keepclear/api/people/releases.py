"""Release an operation to a party at a level, and see what each party may learn of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.disclose.levels import Ground
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.release import ReleaseDocument, level_of, release_document
from keepclear.formats.times import iso_text
from keepclear.services.disclosing.releasing import (
    Giving,
    Released,
    Shown,
    release,
    shown_to,
    withdraw,
)


class ReleaseBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is released, or that it is taken back."""

    role: Annotated[str, Meta(max_length=60, description="As what the person is on duty")]
    act: Literal["give", "withdraw"] = "give"
    level: Annotated[str, Meta(max_length=2, description="L0 to L3; tracks (L4) are not sent")] = (
        "L3"
    )
    until: Annotated[
        Annotated[str, Meta(max_length=40)] | None,
        Meta(description="Until when; null: while it lives"),
    ] = None
    reason: Annotated[str, Meta(max_length=200, description="In your words")] = ""


class ReleaseReply(Told, frozen=True, kw_only=True):
    """A release as it stands."""

    release: ReleaseDocument
    version: int
    trouble: Annotated[str, Meta(description="Why it was not told although released whole")]


class ShownRecord(Told, frozen=True, kw_only=True):
    """How much one party may learn of an operation now."""

    party: str
    line: str
    level: Annotated[str, Meta(description="L0 to L4")]
    ground: Ground
    release: ReleaseDocument | None
    version: Annotated[int, Meta(description="Of the release, for If-Match; 0 for none")]
    told_version: Annotated[
        int | None, Meta(description="In which version it was told whole; null: never")
    ]


class ShownReply(Told, frozen=True, kw_only=True):
    """How much each party may learn of an operation."""

    operation: str
    at: Time
    total: int
    items: tuple[ShownRecord, ...]
    next: None


def _get(call: Call[NoQuery]) -> Reply:
    operation_id = call.path["operation_id"]
    with call.node.store.view() as view:
        shown = shown_to(view, call.node, operation_id)
    return Reply(
        {
            "operation": operation_id,
            "at": iso_text(call.node.now()),
            "total": len(shown),
            "items": [_shown(each) for each in shown],
            "next": None,
        }
    )


def _put(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, ReleaseBody)
    operation_id, party = call.path["operation_id"], call.path["party"]
    expected, actor = expected_of(call.headers), call.caller.actor
    if body.act == "withdraw":
        done = withdraw(
            call.node,
            operation_id,
            party,
            role=body.role,
            expected=expected,
            reason=body.reason,
            actor=actor,
        )
    else:
        until = None if body.until is None else moment(body.until)
        giving = Giving(level_of(body.level), body.role, until, body.reason, actor)
        done = release(call.node, operation_id, party, giving, expected=expected)
    return _reply(done)


def _reply(done: Released) -> Reply:
    record = {
        "release": release_document(done.release),
        "version": done.version,
        "trouble": done.trouble,
    }
    return Reply(record, 201 if done.created else 200, version=done.version)


def _shown(shown: Shown) -> dict[str, Any]:
    return {
        "party": shown.party,
        "line": shown.line,
        "level": shown.effective.level.name,
        "ground": shown.effective.ground.value,
        "release": None if shown.release is None else release_document(shown.release),
        "version": shown.version,
        "told_version": shown.told_version,
    }


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/operations/{operation_id}/releases",
        summary="How much each party may learn of an own operation, and why",
        handler=_get,
        returns=(Returned(200, "By party", ShownReply),),
        errors=(errors.NotFound, errors.NotOurs),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/operations/{operation_id}/releases/{party}",
        summary="Release an own operation to a party at a level, or take that back",
        description="At L3 its notice is sent at once, and its changes and end follow while it "
        "holds. Taking back unsays nothing.",
        handler=_put,
        body=Body(ReleaseBody),
        returns=(
            Returned(201, "Released for the first time", ReleaseReply, has_version=True),
            Returned(200, "Changed, taken back, or as it was", ReleaseReply, has_version=True),
        ),
        errors=(
            errors.NotFound,
            errors.NotOurs,
            errors.NotPermitted,
            errors.StateForbids,
            errors.InvalidOperation,
            errors.InvalidWindow,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
        may_make=True,
        needs=Capability.RELEASE,
    ),
)
