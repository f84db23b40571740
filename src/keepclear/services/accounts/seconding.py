"""The second person of an act that two people do: named, or confirmed by their own password.

Source: domain study of keepclear, 5d (second person); design, section 5 (FLASH overrides it).
"""

from __future__ import annotations

from typing import NamedTuple

from keepclear.contact.rights import Capability
from keepclear.errors import InvalidInput, NotPermitted
from keepclear.services.accounts.confirming import confirmed
from keepclear.services.accounts.patience import Patience
from keepclear.services.accounts.roster import accounts_of
from keepclear.services.node import Node


class SecondAccount(NamedTuple):
    """A second person who confirms.

    Attributes:
        account: the name of their account.
        password: theirs.
    """

    account: str
    password: str


def second_person(
    node: Node,
    patience: Patience,
    given: str | SecondAccount,
    *,
    first: str,
    needs: Capability = Capability.WATCH,
) -> str:
    """Who the second person is, for the ledger; empty where none was given.

    Where accounts exist, they are an account that gave its own password; elsewhere they are
    whom the first person names.

    Args:
        node: the node.
        patience: how long an account waits after wrong passwords.
        given: as the request names them.
        first: the account, or the name, of whoever acts; the second must be somebody else.
        needs: what the second person's account must be allowed to.

    Raises:
        NotPermitted: they did not confirm, may not, or are the first.
        InvalidInput: a password was given where there are no accounts.
    """
    with node.store.view() as view:
        has_accounts = bool(accounts_of(view))
    if not has_accounts:
        return _named(given)
    if not isinstance(given, SecondAccount):
        if not given.strip():
            return ""
        raise NotPermitted(
            "second: a name is not enough where there are accounts",
            remedy="The second person gives the name and the password of their own account.",
        )
    second = confirmed(node, patience, given.account, given.password, place="second", needs=needs)
    if second.name == first.removesuffix(BY_TOKEN).strip().casefold():
        raise NotPermitted(
            "second: the second person is the first",
            remedy="Two different people, each by their own account, read it before it goes.",
        )
    return second.name


BY_TOKEN = " (by token)"  # noqa: S105  (a word of ours, no secret)
"""Follows the name under which a program, or whoever holds the token, calls itself."""


def attributed(actor: str, *, has_accounts: bool) -> str:
    """Under which name stands what the holder of the token does.

    Where there are accounts, nobody may pass for one by calling themselves so.
    """
    return f"{actor}{BY_TOKEN}".strip() if has_accounts else actor


def _named(given: str | SecondAccount) -> str:
    if isinstance(given, SecondAccount):
        raise InvalidInput(
            "second: this node has no accounts",
            remedy="Name the second person, or make accounts first.",
        )
    return given
