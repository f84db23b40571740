"""Make accounts, change them, disable them; there is always an admin who may be used.

An account is never deleted: what its holder did stays under its name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from keepclear.errors import InvalidInput, NotFound, NotPermitted, StateForbids
from keepclear.formats.documents.account import account_document, stored_account
from keepclear.identity.passwords import SALT_BYTES, hash_password, require_strong
from keepclear.ledger.entries import EntryKind
from keepclear.model.account import Account, AccountKind
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit
from keepclear.services.accounts.roster import accounts_of
from keepclear.services.expected import Expected, require_expected
from keepclear.services.line.keeping import Content, Kept, write
from keepclear.services.node import Node


class Wanted(NamedTuple):
    """What an account is to be.

    Attributes:
        kinds: what for.
        title: how the person is addressed.
        is_enabled: whether it may be used.
    """

    kinds: tuple[AccountKind, ...]
    title: str = ""
    is_enabled: bool = True


def keep_account(
    node: Node, name: str, wanted: Wanted, *, password: str, expected: Expected, actor: str
) -> Kept:
    """Make an account with its first password, or change one; the same again changes nothing.

    Args:
        node: the node.
        name: of the account.
        wanted: what it is to be.
        password: of a new account; empty of one that is changed.
        expected: the version the caller saw.
        actor: who does it.

    Raises:
        InvalidInput: the password is missing, too weak, or given for an account that is there.
        StateForbids: no admin would be left who may be used.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    kept_hash = _hashed(node, name, password) if password else ""
    now = node.now()

    def work(unit: Unit) -> Kept:
        current = unit.declaration(Subject.ACCOUNT, name)
        if current is None:
            require_expected(expected, None, f"account {name}")
            made = Account(name, wanted.kinds, now, now, 1, wanted.title, wanted.is_enabled)
            if not kept_hash:
                raise InvalidInput(
                    "password: a new account needs one", remedy="Give its first password."
                )
            _require_admin(unit, made)
            unit.put_password_hash(name, kept_hash, at=now)
            return _write(unit, node, made, EntryKind.ACCOUNT_MADE, actor)
        if password:
            # A request that is sent again must not become a new password unseen.
            require_expected(expected, current.version, f"account {name}")
            raise StateForbids(
                f"the account {name} is there; its password is changed by itself",
                remedy="Leave the password out, or set it under /password.",
            )
        return _changed(unit, node, current, wanted, expected=expected, actor=actor)

    return node.store.write(work)


def set_password(
    node: Node, name: str, password: str, *, actor: str, proved: Account | None = None
) -> Kept:
    """Give an account another password; every session it had is over.

    Whoever calls this made sure that the actor is its holder or an admin.

    Args:
        node: the node.
        name: of the account.
        password: the new one.
        actor: who sets it.
        proved: the account as its holder proved to be it, by the present password; None where
            an admin sets it.

    Raises:
        NotFound: there is no such account.
        InvalidInput: the password is too weak.
        NotPermitted: what the holder gave is the present password no more.
    """
    kept_hash = _hashed(node, name, password)

    def work(unit: Unit) -> Kept:
        current = unit.declaration(Subject.ACCOUNT, name)
        if current is None:
            raise NotFound(f"there is no account {name}")
        before, now = stored_account(current.body), node.now()
        if proved is not None and proved.password_version != before.password_version:
            raise NotPermitted(
                "current: another password was set meanwhile",
                remedy="Sign in with that one, or have an admin set another.",
            )
        after = replace(before, password_at=now, password_version=before.password_version + 1)
        unit.put_password_hash(name, kept_hash, at=now)
        return _write(unit, node, after, EntryKind.ACCOUNT_PASSWORD_SET, actor)

    return node.store.write(work)


def _changed(
    unit: Unit, node: Node, current: Declaration, wanted: Wanted, *, expected: Expected, actor: str
) -> Kept:
    before = stored_account(current.body)
    after = replace(before, kinds=wanted.kinds, title=wanted.title, is_enabled=wanted.is_enabled)
    if after == before:
        return Kept(current, created=False, changed=False)
    require_expected(expected, current.version, f"account {before.name}")
    _require_admin(unit, after)
    kind = EntryKind.ACCOUNT_CHANGED
    if before.is_enabled != after.is_enabled:
        kind = EntryKind.ACCOUNT_ENABLED if after.is_enabled else EntryKind.ACCOUNT_DISABLED
    return _write(unit, node, after, kind, actor)


def _write(unit: Unit, node: Node, account: Account, kind: EntryKind, actor: str) -> Kept:
    party = node.identity.party
    content = Content(Subject.ACCOUNT, account.name, party, account_document(account))
    return write(unit, node, content, kind, actor=actor)


def _require_admin(unit: Unit, after: Account) -> None:
    """Refuse what would leave nobody to manage accounts.

    Raises:
        StateForbids: it would.
    """
    others = [each for each in accounts_of(unit).values() if each.name != after.name]
    if after.is_admin or any(each.is_admin for each in others):
        return
    if not others:
        raise StateForbids(
            "the first account is an admin's, or nobody could make a second one",
            remedy="Make an admin first; an account may be of several kinds.",
        )
    raise StateForbids(
        f"{after.name} is the last admin who may be used",
        remedy="Make another account an admin first.",
    )


def _hashed(node: Node, name: str, password: str) -> str:
    require_strong(password, name)
    return hash_password(password, node.entropy.new_bytes(SALT_BYTES))
