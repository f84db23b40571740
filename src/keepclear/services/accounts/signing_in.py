"""Sign in: a name and a password, looked at one after the other and never in a hurry."""

from __future__ import annotations

import logging
from threading import Lock
from typing import NamedTuple

from keepclear.errors import InvalidInput, NodeFault
from keepclear.formats.documents.account import stored_account
from keepclear.identity.passwords import (
    NOBODYS,
    SALT_BYTES,
    hash_password,
    is_outdated,
    verify_password,
)
from keepclear.model.account import Account, account_name
from keepclear.model.node import Subject
from keepclear.ports.store import Unit
from keepclear.services.accounts.patience import FREE_TRIES, Patience
from keepclear.services.node import Node

_log = logging.getLogger(__name__)
_ONE_AT_A_TIME = Lock()
"""Each look takes 64 MiB and a core; many at once would take the whole machine."""


class Tried(NamedTuple):
    """What became of a name and a password.

    Attributes:
        account: whose they are; None where they are nobody's, or the account is disabled.
        wait_s: how long until the next try is looked at; above 0 this one was not.
    """

    account: Account | None
    wait_s: float = 0.0


def try_password(node: Node, patience: Patience, name: str, password: str) -> Tried:
    """Whose name and password these are.

    It takes as long for a name nobody has, and says as much: nothing.
    """
    try:
        known = account_name(name)
    except InvalidInput:
        known = ""
    with node.store.view() as view:
        found = view.declaration(Subject.ACCOUNT, known)
        kept = view.password_hash(known)
    account = None if found is None else stored_account(found.body)
    wait_s = patience.begin(known, is_known=account is not None)
    if wait_s > 0.0:
        return Tried(None, wait_s)
    with _ONE_AT_A_TIME:
        is_right = verify_password(kept or NOBODYS, password)
    if account is None or kept is None or not is_right:
        _note_wrong(patience, account)
        return Tried(None)
    account = _as_it_is_now(node, account)
    if account is None:
        return Tried(None)
    patience.right(known)
    if not account.is_enabled:
        _log.warning("the right password was given for the disabled account %s", known)
        return Tried(None)
    if is_outdated(kept):
        _keep_anew(node, known, kept, password)
    return Tried(account)


def _as_it_is_now(node: Node, before: Account) -> Account | None:
    """The account once its password was looked at; None where it has another by now.

    Looking takes its time, and many may wait for it.
    """
    with node.store.view() as view:
        found = view.declaration(Subject.ACCOUNT, before.name)
    account = None if found is None else stored_account(found.body)
    if account is None or account.password_version != before.password_version:
        return None
    return account


def _keep_anew(node: Node, name: str, before: str, password: str) -> None:
    """Keep a right password as one is kept now; whoever set another meanwhile goes before.

    Nobody is turned away because that could not be stored: it is tried at the next sign-in.
    """
    with _ONE_AT_A_TIME:
        kept = hash_password(password, node.entropy.new_bytes(SALT_BYTES))

    def work(unit: Unit) -> bool:
        is_same = unit.password_hash(name) == before
        if is_same:
            unit.put_password_hash(name, kept, at=node.now())
        return is_same

    try:
        if node.store.write(work):
            _log.info("the password of account %s is kept with the parameters of today", name)
    except NodeFault as error:
        _log.warning("the password of account %s could not be kept anew: %s", name, error.code)


def _note_wrong(patience: Patience, account: Account | None) -> None:
    """Say so in the log; a name nobody has is not said, it may be a password."""
    if account is None:
        _log.warning("a wrong password was given, under a name that no account has")
        return
    count = patience.wrong_in_a_row(account.name)
    waits = ", the next try waits" if count >= FREE_TRIES else ""
    _log.warning("wrong password for account %s, %d in a row%s", account.name, count, waits)
