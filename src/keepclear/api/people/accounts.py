"""Accounts: who may do what. An admin manages them; everybody changes their own password."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.auth import Access
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import PageQuery, cut
from keepclear.api.preconditions import expected_of
from keepclear.api.problems import TOO_MANY_ATTEMPTS, refusal
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability, capabilities_of, roles_of
from keepclear.errors import NotPermitted
from keepclear.formats.documents.account import AccountDocument, stored_account
from keepclear.model.account import PASSWORD_LEAST, PASSWORD_MOST, Account, AccountKind
from keepclear.model.message import Role
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration
from keepclear.services.accounts.keeping import Wanted, keep_account, set_password
from keepclear.services.accounts.signing_in import try_password
from keepclear.services.line.keeping import found

_NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"


class AccountRecord(AccountDocument, frozen=True, kw_only=True):
    """An account as it is kept; of its password only since when."""

    version: int
    may: Annotated[tuple[Capability, ...], Meta(description="What its kinds may")]
    roles: Annotated[tuple[Role, ...], Meta(description="The duty roles it may act as")]
    sessions: Annotated[int, Meta(description="So many windows are signed in by it now")]
    wrong_in_a_row: Annotated[int, Meta(description="Wrong passwords since the last right one")]
    waits_s: Annotated[float, Meta(description="Until the next password is looked at; 0: at once")]


class AccountPage(Told, frozen=True, kw_only=True):
    """A page of accounts, by name."""

    total: int
    items: tuple[AccountRecord, ...]
    next: str | None


class AccountBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an account is to be."""

    kinds: Annotated[tuple[AccountKind, ...], Meta(min_length=1, description="What it is for")]
    title: Annotated[
        str, Meta(max_length=100, pattern=_NO_CONTROL, description="How the person is addressed")
    ] = ""
    is_enabled: Annotated[bool, Meta(description="false: may not be used any more")] = True
    password: Annotated[
        str,
        Meta(
            max_length=PASSWORD_MOST,
            description=f"Of a new account alone: at least {PASSWORD_LEAST} characters",
        ),
    ] = ""


class PasswordBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another password."""

    password: Annotated[
        str, Meta(max_length=PASSWORD_MOST, description=f"At least {PASSWORD_LEAST} characters")
    ]
    current: Annotated[
        str, Meta(max_length=PASSWORD_MOST, description="Of one's own account: the present one")
    ] = ""


def _record(declaration: Declaration, access: Access) -> dict[str, object]:
    document: dict[str, object] = msgspec.json.decode(declaration.body)
    account = stored_account(declaration.body)
    return {
        **document,
        "version": declaration.version,
        "may": capabilities_of(account.kinds),
        "roles": roles_of(account.kinds),
        "sessions": access.sessions_of(account.name),
        "wrong_in_a_row": access.patience.wrong_in_a_row(account.name),
        "waits_s": round(access.patience.waits_s(account.name), 1),
    }


def _list(call: Call[PageQuery]) -> Reply:
    with call.node.store.view() as view:
        kept = view.declarations(Subject.ACCOUNT)
    page = cut(kept, lambda each: each.id, cursor=call.query.cursor, limit=call.query.limit)
    items = [_record(each, call.equipment.access) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _get(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        declaration = found(view, Subject.ACCOUNT, call.path["account"])
    return Reply(_record(declaration, call.equipment.access), version=declaration.version)


def _put(call: Call[NoQuery]) -> Reply:
    body, name = body_of(call.body, AccountBody), call.path["account"]
    kept = keep_account(
        call.node,
        name,
        Wanted(body.kinds, body.title, body.is_enabled),
        password=body.password,
        expected=expected_of(call.headers),
        actor=call.caller.actor,
    )
    if not body.is_enabled:
        call.equipment.access.end_sessions_of(name)
    stored, told = kept.declaration, _record(kept.declaration, call.equipment.access)
    return Reply(told, 201 if kept.created else 200, version=stored.version)


def _password(call: Call[NoQuery]) -> Reply:
    body, name = body_of(call.body, PasswordBody), call.path["account"]
    holder = _permitted(call, name, body.current)
    kept = set_password(call.node, name, body.password, actor=call.caller.actor, proved=holder)
    access = call.equipment.access
    access.end_sessions_of(name)
    headers = {}
    if call.caller.account == name:
        session = access.open_account_session(stored_account(kept.declaration.body))
        headers["set-cookie"] = access.set_cookie(session, is_secure=call.is_secure)
    version = kept.declaration.version
    return Reply(_record(kept.declaration, access), version=version, headers=headers)


def _permitted(call: Call[NoQuery], name: str, current: str) -> Account | None:
    """Whoever holds an account sets its password with the present one; an admin any other's.

    Returns:
        The account, where its holder sets it; None for an admin.

    Raises:
        NotPermitted: the present one is wrong, or it is somebody else's account.
        Refusal: too many wrong ones came before.
    """
    if call.caller.account != name:
        call.permit.require(Capability.ADMINISTER)
        return None
    tried = try_password(call.node, call.equipment.access.patience, name, current)
    if tried.wait_s > 0.0:
        raise refusal(
            TOO_MANY_ATTEMPTS,
            "too many wrong passwords were given for this account",
            retry_after=str(max(1, round(tried.wait_s))),
        )
    if tried.account is None:
        raise NotPermitted(
            "current: that is not the present password",
            remedy="Give it, or have an admin set another one.",
        )
    return tried.account


_PATH = "/api/v1/accounts"
_ONE = f"{_PATH}/{{account}}"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="List the accounts of this node, disabled ones too",
        handler=_list,
        query=PageQuery,
        returns=(Returned(200, "A page of accounts", AccountPage),),
        needs=Capability.ADMINISTER,
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One account",
        handler=_get,
        returns=(Returned(200, "The account", AccountRecord, has_version=True),),
        errors=(errors.NotFound,),
        needs=Capability.ADMINISTER,
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        summary="Make an account, or change what it is for; or disable it",
        description="The first account is an admin's, and the last admin stays one. Accounts are "
        "never deleted. Disabling one ends its sessions at once.",
        handler=_put,
        body=Body(AccountBody),
        returns=(
            Returned(201, "Made", AccountRecord, has_version=True),
            Returned(200, "Changed, or so already", AccountRecord, has_version=True),
        ),
        errors=(
            errors.StateForbids,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
        may_make=True,
        needs=Capability.ADMINISTER,
    ),
    Endpoint(
        method="PUT",
        path=f"{_ONE}/password",
        summary="Set a password: one's own with the present one, any other as an admin",
        description="Every session of the account is over, but the one that asked.",
        handler=_password,
        body=Body(PasswordBody),
        returns=(Returned(200, "Set", AccountRecord, has_version=True),),
        errors=(errors.NotFound, errors.StoreFull),
        needs=Capability.ENTER,
    ),
)
