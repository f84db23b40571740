"""Handing the watch over: what is open, a sheet for both officers, and their signatures."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.people.watch import UntoldRecord
from keepclear.api.replies import Reply
from keepclear.contact.rights import may_act_as
from keepclear.errors import InvalidInput, NotPermitted
from keepclear.formats.documents.handover import HandoverDocument, stored_handover
from keepclear.formats.documents.handover_sheet import SheetDocument
from keepclear.formats.documents.strict import read_document
from keepclear.formats.documents.talks import MaybeMoment, RoleName, Short, TalkPart, Words
from keepclear.formats.documents.watch import DutyRolePart
from keepclear.formats.times import iso_text
from keepclear.model.account import PASSWORD_MOST
from keepclear.model.handover import Handover, WatchSide
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, View
from keepclear.reports.handover.page import HTML_POLICY, handover_page
from keepclear.services.accounts.confirming import confirmed
from keepclear.services.line.handing_over import (
    HandedOver,
    Signing,
    handovers,
    is_current,
    override,
    prepare,
    sign,
)
from keepclear.services.line.handing_sheet import sheet_of
from keepclear.services.line.keeping import found
from keepclear.services.line.watching import TookWatch

HTML = "text/html"


class HandoverNow(Told, frozen=True, kw_only=True):
    """What follows from a handover at this moment."""

    at: Annotated[Time, Meta(description="The node's clock")]
    is_current: Annotated[bool, Meta(description="Whether it may still be signed")]
    missing: Annotated[tuple[WatchSide, ...], Meta(description="Who has not signed")]
    watch_changed: Annotated[bool, Meta(description="By this very request")]
    told: Annotated[tuple[str, ...], Meta(description="Lines told by it (M02)")]
    untold: Annotated[tuple[UntoldRecord, ...], Meta(description="Lines that could not be")]


class KeptHandoverRecord(HandoverDocument, frozen=True, kw_only=True):
    """A handover as it is kept."""

    sheet: SheetDocument  # type: ignore[assignment]  # the same, told field by field
    version: int
    now: HandoverNow


class HandoverReply(Told, frozen=True, kw_only=True):
    """What the next watch takes over, and the handover that is under way."""

    at: Time
    sheet: Annotated[SheetDocument, Meta(description="As it is now; kept nowhere")]
    under_way: Annotated[KeptHandoverRecord | None, Meta(description="To be signed; null: none")]
    last: Annotated[KeptHandoverRecord | None, Meta(description="The last one that is over")]


class NextShiftDocument(TalkPart, frozen=True, kw_only=True):
    """The next watch; what is left out stays as it is."""

    handed_over_by: Annotated[RoleName, Meta(description="The role that gives it up")]
    taken_over_by: Annotated[RoleName, Meta(description="The role that takes it")]
    roles: Annotated[
        tuple[DutyRolePart, ...] | None, Meta(description="On duty from then; null: as now")
    ] = None
    room: Annotated[Short | None, Meta(description="null: as now")] = None
    languages: Annotated[tuple[RoleName, ...] | None, Meta(description="null: as now")] = None
    alternates: Annotated[tuple[RoleName, ...] | None, Meta(description="null: as now")] = None
    next_handover: Annotated[MaybeMoment, Meta(description="When the watch after it comes")] = None
    remark: Annotated[Words, Meta(description="What the next watch must know")] = ""


class SignatureBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who signs; where there are accounts, by their own password."""

    role: Annotated[str, Meta(max_length=60, description="As what they are on duty")]
    name: Annotated[
        str, Meta(max_length=100, description="Where there are no accounts: who they are")
    ] = ""
    account: Annotated[str, Meta(max_length=100, description="Where there are: whose")] = ""
    password: Annotated[str, Meta(max_length=PASSWORD_MOST, description="Theirs")] = ""


class OverrideBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why the watch changes without both signatures."""

    role: Annotated[str, Meta(max_length=60, description="As what the person is on duty")]
    reason: Annotated[str, Meta(min_length=1, max_length=500, description="In their words")]


def _record(
    call: Call[NoQuery],
    view: View,
    declaration: Declaration,
    handover: Handover,
    took: TookWatch | None = None,
) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.json.decode(declaration.body)
    untold = () if took is None else took.untold
    now = HandoverNow(
        at=iso_text(call.node.now()),
        is_current=is_current(view, call.node, handover),
        missing=tuple(side for side in WatchSide if handover.signed_by(side) is None),
        watch_changed=took is not None,
        told=() if took is None else took.told,
        untold=tuple(UntoldRecord(line=each.line, why=each.why) for each in untold),
    )
    return {**document, "version": declaration.version, "now": now}


def _reply(call: Call[NoQuery], done: HandedOver) -> Reply:
    with call.node.store.view() as view:
        record = _record(call, view, done.declaration, done.handover, done.took)
    return Reply(record, 201 if done.created else 200, version=done.declaration.version)


def _overview(call: Call[NoQuery]) -> Reply:
    sheet = sheet_of(call.node)
    with call.node.store.view() as view:
        every = handovers(view)
        under_way = next((pair for pair in every if is_current(view, call.node, pair[1])), None)
        last = next((pair for pair in every if pair[1].state.value != "open"), None)
        records = [None if one is None else _record(call, view, *one) for one in (under_way, last)]
    return Reply(
        {
            "at": iso_text(call.node.now()),
            "sheet": sheet,
            "under_way": records[0],
            "last": records[1],
        }
    )


def _one(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        declaration = found(view, Subject.HANDOVER, call.path["handover_id"])
        record = _record(call, view, declaration, stored_handover(declaration.body))
    return Reply(record, version=declaration.version)


def _sheet_now(call: Call[NoQuery]) -> Reply:
    return _page(handover_page(sheet_of(call.node)))


def _sheet(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        handover = stored_handover(found(view, Subject.HANDOVER, call.path["handover_id"]).body)
    sheet = msgspec.convert(handover.sheet, SheetDocument)
    return _page(handover_page(sheet, handover))


def _page(page: bytes) -> Reply:
    headers = {"content-security-policy": HTML_POLICY}
    return Reply(page, content_type=f"{HTML}; charset=utf-8", headers=headers)


def _prepare(call: Call[NoQuery]) -> Reply:
    wanted: NextShiftDocument = read_document(call.body, NextShiftDocument, lambda it: it)
    shift = {k: v for k, v in msgspec.to_builtins(wanted).items() if v is not None}
    done = prepare(call.node, call.path["handover_id"], shift, actor=call.caller.actor)
    return _reply(call, done)


def _sign(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, SignatureBody)
    side = WatchSide(call.path["side"])
    return _reply(call, sign(call.node, call.path["handover_id"], side, _signing(call, body)))


def _signing(call: Call[NoQuery], body: SignatureBody) -> Signing:
    """Who signs, once it is certain that it is them.

    Raises:
        NotPermitted: where there are accounts, it is not them, or they may not act as that role.
        InvalidInput: a password was given where there are none.
    """
    actor = call.caller.actor
    if not call.equipment.roster.is_kept:
        if body.account or body.password:
            raise InvalidInput(
                "account: this node has no accounts", remedy="Say in `name` who signs."
            )
        return Signing(body.role, body.name.strip(), by_password=False, actor=actor)
    account = confirmed(
        call.node,
        call.equipment.access.patience,
        body.account,
        body.password,
        place="account",
    )
    if not may_act_as(account.kinds, body.role):
        raise NotPermitted(
            f"role: the account {account.name} may not act as {body.role:.60}",
            remedy="Sign as a role of one's own, or have another person sign.",
        )
    return Signing(body.role, account.name, by_password=True, actor=actor)


def _override(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, OverrideBody)
    done = override(
        call.node,
        call.path["handover_id"],
        role=body.role,
        reason=body.reason,
        actor=call.caller.actor,
    )
    return _reply(call, done)


_PATH = "/api/v1/handover"
_ONE = f"{_PATH}/{{handover_id}}"
_KEPT = Returned(200, "The handover", KeptHandoverRecord, has_version=True)
_ERRORS = (
    errors.InvalidOperation,
    errors.InvalidWindow,
    errors.NotFound,
    errors.StateForbids,
    errors.StoreFull,
)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="What the next watch takes over now, and the handover that is under way",
        handler=_overview,
        returns=(Returned(200, "What is open", HandoverReply),),
    ),
    Endpoint(
        method="GET",
        path=f"{_PATH}/sheet",
        summary="The same as a page to be printed, not signed",
        handler=_sheet_now,
        returns=(Returned(200, "The page", None, HTML),),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One handover, with its sheet and who signed",
        handler=_one,
        returns=(_KEPT,),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="GET",
        path=f"{_ONE}/sheet",
        summary="Its sheet as a page to be printed",
        handler=_sheet,
        returns=(Returned(200, "The page", None, HTML),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        summary="Draw up a handover: what is open now, and what the next watch will be",
        description="Nothing changes yet. The same id again gives the handover as it stands.",
        handler=_prepare,
        body=Body(NextShiftDocument),
        returns=(
            Returned(201, "Drawn up", KeptHandoverRecord, has_version=True),
            Returned(200, "There already", KeptHandoverRecord, has_version=True),
        ),
        errors=_ERRORS,
    ),
    Endpoint(
        method="PUT",
        path=f"{_ONE}/signatures/{{side}}",
        summary="Sign for one side; with both the watch changes, and every line is told",
        description="Where there are accounts, whoever signs gives their own password, in "
        "whoever's session. One person never signs for both.",
        handler=_sign,
        body=Body(SignatureBody),
        returns=(_KEPT,),
        errors=_ERRORS,
        names_role=False,
    ),
    Endpoint(
        method="PUT",
        path=f"{_ONE}/override",
        summary="Change the watch without both signatures, for a reason that is kept",
        handler=_override,
        body=Body(OverrideBody),
        returns=(_KEPT,),
        errors=_ERRORS,
    ),
)
