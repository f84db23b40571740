"""Confirm by one's own password, in whoever's session: what two people do needs two of them."""

from __future__ import annotations

from keepclear.contact.rights import Capability, may
from keepclear.errors import NotPermitted
from keepclear.model.account import Account
from keepclear.services.accounts.patience import Patience
from keepclear.services.accounts.signing_in import try_password
from keepclear.services.node import Node


def confirmed(
    node: Node,
    patience: Patience,
    name: str,
    password: str,
    *,
    place: str,
    needs: Capability = Capability.WATCH,
) -> Account:
    """Whoever confirms, once it is certain that it is them.

    Args:
        node: the node.
        patience: how long an account waits after wrong passwords.
        name: of their account.
        password: theirs.
        place: the field of the request, named where something is wrong with it.
        needs: what their account must be allowed to.

    Raises:
        NotPermitted: it is not them, or their account may not.
    """
    tried = try_password(node, patience, name, password)
    if tried.wait_s > 0.0:
        raise NotPermitted(
            f"{place}: too many wrong passwords were given for that account",
            remedy=f"Wait {tried.wait_s:.0f} seconds, or have another person confirm.",
        )
    if tried.account is None:
        raise NotPermitted(
            f"{place}: that is not the name and password of an account that may be used",
            remedy="Everybody types their own; nobody else's.",
        )
    if not may(tried.account.kinds, needs):
        raise NotPermitted(
            f"{place}: the account {tried.account.name} may not confirm this",
            remedy="Have somebody confirm who may do the same themselves.",
        )
    return tried.account
