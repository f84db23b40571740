"""Sessions: a browser gives a name and password, the token, or a one-time ticket, once."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from keepclear.api.answer_record import Told
from keepclear.api.auth import Caller, unknown
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.permits import Permit, identified
from keepclear.api.problems import TOO_MANY_ATTEMPTS, Refusal, refusal
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability, Part, capabilities_of, parts_seen, roles_of
from keepclear.errors import InvalidInput
from keepclear.model.account import PASSWORD_MOST, AccountKind
from keepclear.model.message import Role
from keepclear.services.accounts.seconding import attributed
from keepclear.services.accounts.signing_in import try_password

_USED = b"""This link was used before, or it is too old.
Open the node's address without it and give the token that stands in the node's folder,
or start the node again for a new link.
"""


class SessionBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What opens a session: an account and its password, or the node's token."""

    token: Annotated[
        str, Meta(max_length=200, description="What stands in the file `token` of the node")
    ] = ""
    actor: Annotated[
        str,
        Meta(
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="With the token: who is on duty, as they call themselves; stands in the "
            "ledger",
        ),
    ] = ""
    account: Annotated[str, Meta(max_length=100, description="The name of an account")] = ""
    password: Annotated[str, Meta(max_length=PASSWORD_MOST, description="Its password")] = ""


class TicketQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What opens a session without the token."""

    ticket: Annotated[str, Meta(max_length=200, description="As `keepclear serve` printed it")]


class SessionRecord(Told, frozen=True, kw_only=True):
    """Who asks, as the node sees it."""

    has_accounts: Annotated[bool, Meta(description="Whether people sign in by name and password")]
    is_open: Annotated[bool, Meta(description="Whether a token or an open session came along")]
    by: Literal["account", "token", "nothing"]
    actor: Annotated[str, Meta(description="Under what their acts stand in the ledger")]
    account: Annotated[str | None, Meta(description="null without one")]
    kinds: tuple[AccountKind, ...]
    may: Annotated[tuple[Capability, ...], Meta(description="What they may")]
    sees: Annotated[tuple[Part, ...], Meta(description="Which parts are shown to them at all")]
    roles: Annotated[tuple[Role, ...], Meta(description="The roles they may act as")]


def _get(call: Call[NoQuery]) -> Reply:
    equipment = call.equipment
    try:
        caller, permit = identified(equipment.access, equipment.roster, call.headers, "GET")
    except (Refusal, InvalidInput):
        return Reply(_told(call, None, Permit()))
    return Reply(_told(call, caller, permit))


def _told(call: Call[NoQuery], caller: Caller | None, permit: Permit) -> SessionRecord:
    account = permit.account
    everything = caller is not None and account is None
    may = tuple(Capability) * everything if account is None else capabilities_of(account.kinds)
    return SessionRecord(
        has_accounts=call.equipment.roster.is_kept,
        is_open=caller is not None,
        by="nothing" if caller is None else "token" if account is None else "account",
        actor="" if caller is None else caller.actor,
        account=None if account is None else account.name,
        kinds=() if account is None else account.kinds,
        may=may,
        sees=parts_seen(may),
        roles=tuple(Role) * everything if account is None else roles_of(account.kinds),
    )


def _open(call: Call[NoQuery]) -> Reply:
    given = body_of(call.body, SessionBody)
    if bool(given.token) == bool(given.account):
        raise InvalidInput(
            "a session is opened with the token, or with an account and its password",
            remedy="Give `token`, or `account` and `password`.",
        )
    access, roster = call.equipment.access, call.equipment.roster
    if given.token:
        actor = attributed(given.actor, has_accounts=roster.is_kept)
        session = access.open_session(given.token, actor, knows_accounts=roster.is_kept)
    else:
        session = _signed_in(call, given)
    cookie = access.set_cookie(session, is_secure=call.is_secure)
    return Reply(status=204, headers={"set-cookie": cookie})


def _signed_in(call: Call[NoQuery], given: SessionBody) -> str:
    access = call.equipment.access
    tried = try_password(call.node, access.patience, given.account, given.password)
    if tried.wait_s > 0.0:
        raise refusal(
            TOO_MANY_ATTEMPTS,
            f"too many wrong passwords were given for this account; the next is looked at in "
            f"{tried.wait_s:.0f} s. The node's token works all the same",
            retry_after=str(max(1, round(tried.wait_s))),
        )
    if tried.account is None:
        raise unknown("that is not the name and password of an account that may be used")
    return access.open_account_session(tried.account)


def _end(call: Call[NoQuery]) -> Reply:
    access = call.equipment.access
    access.end_session(call.headers)
    return Reply(status=204, headers={"set-cookie": access.set_cookie("")})


def _enter(call: Call[TicketQuery]) -> Reply:
    access = call.equipment.access
    if call.equipment.roster.is_kept:
        # Where people have accounts a link names nobody; the console asks who it is.
        return Reply(status=303, headers={"location": "/"})
    session = access.use_ticket(call.query.ticket)
    if session is None:
        return Reply(_USED, 403, content_type="text/plain; charset=utf-8")
    cookie = access.set_cookie(session, is_secure=call.is_secure)
    return Reply(status=303, headers={"set-cookie": cookie, "location": "/"})


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/session",
        summary="Who asks, and what they may; says without a session how one is opened",
        handler=_get,
        returns=(Returned(200, "Who asks", SessionRecord),),
        is_open=True,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/session",
        summary="Open a session with an account's password, or with the token",
        description="After some wrong passwords an account waits, longer each time and at most "
        "five minutes; the token works meanwhile.",
        handler=_open,
        body=Body(SessionBody),
        returns=(Returned(204, "Opened; the cookie holds it", None, ""),),
        is_open=True,
        takes_token=True,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/session",
        summary="End the session",
        handler=_end,
        returns=(Returned(204, "Ended; nothing happens where there was none", None, ""),),
        is_open=True,
    ),
    Endpoint(
        method="GET",
        path="/enter",
        summary="Open a session with a one-time ticket, and go to the console",
        handler=_enter,
        query=TicketQuery,
        returns=(
            Returned(303, "Opened, or there are accounts; on to the console", None, ""),
            Returned(403, "The ticket is used or too old", None, "text/plain"),
        ),
        is_open=True,
    ),
)
