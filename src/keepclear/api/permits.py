"""What whoever asks may do: everything with the token, else what their account's kinds may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from keepclear.api.auth import Access, Caller, unknown
from keepclear.contact.rights import Capability, may, may_act_as, roles_of, withheld_codes
from keepclear.errors import NotPermitted
from keepclear.model.account import Account
from keepclear.services.accounts.roster import Roster
from keepclear.services.accounts.seconding import attributed


@dataclass(frozen=True, slots=True)
class Permit:
    """What a caller may.

    Attributes:
        account: theirs, as it is now; None for the holder of the token, who may everything.
    """

    account: Account | None = None

    def allows(self, capability: Capability) -> bool:
        """Whether they may."""
        return self.account is None or may(self.account.kinds, capability)

    def require(self, capability: Capability) -> None:
        """Refuse what they may not.

        Raises:
            NotPermitted: the account is of no kind that may.
        """
        if not self.allows(capability):
            raise NotPermitted(
                f"the account {self._name} may not do this; it needs the right to {capability}",
                remedy="Have somebody do it whose account may, or ask an admin for the right.",
            )

    def require_role(self, role: str) -> None:
        """Refuse to act as a role that is not theirs.

        Raises:
            NotPermitted: the account is of no kind that may act as it.
        """
        if self.account is not None and not may_act_as(self.account.kinds, role):
            own = ", ".join(roles_of(self.account.kinds)) or "no role"
            raise NotPermitted(
                f"role: the account {self._name} may not act as {role:.60}",
                remedy=f"It acts as: {own}.",
            )

    @property
    def withheld(self) -> frozenset[str]:
        """Codes of messages that they are not shown."""
        return frozenset() if self.account is None else withheld_codes(self.account.kinds)

    @property
    def is_discreet(self) -> bool:
        """Whether they are told that something humanitarian waits, and not what."""
        return not self.allows(Capability.MOVE)

    def require_shown(self, code: str) -> None:
        """Refuse to show a message that is withheld from them.

        Raises:
            NotPermitted: it is about a humanitarian movement or site, and they keep none.
        """
        if code in self.withheld:
            self.require(Capability.MOVE)

    @property
    def _name(self) -> str:
        return "" if self.account is None else self.account.name


EVERYTHING = Permit()
"""What the holder of the token may."""


def identified(
    access: Access, roster: Roster, headers: Mapping[str, str], method: str
) -> tuple[Caller, Permit]:
    """Who asks, and what they may.

    Raises:
        Refusal: nobody the node knows (401), or a browser on behalf of a foreign page (403).
        InvalidInput: a header names nobody.
    """
    caller = access.caller(headers, method)
    if not still_holds(caller, roster):
        raise unknown("that session is over: sign in again")
    if not caller.account:
        if not caller.by_cookie:
            actor = attributed(caller.actor, has_accounts=roster.is_kept)
            return replace(caller, actor=actor), EVERYTHING
        return caller, EVERYTHING
    return caller, Permit(roster.account(caller.account))


def still_holds(caller: Caller, roster: Roster) -> bool:
    """Whether a session that was opened is good now.

    An account's is over once it is disabled or has another password; one without an account,
    once the node has accounts that it had not when the session was opened.
    """
    if caller.is_over:
        return False
    if not caller.account:
        return not caller.by_cookie or caller.knew_accounts or not roster.is_kept
    account = roster.account(caller.account)
    return (
        account is not None
        and account.is_enabled
        and account.password_version == caller.password_version
    )


class _Acting(msgspec.Struct):
    role: object = None


def role_in(body: bytes, default: str | None = None) -> str | None:
    """The role that a document acts as; None where it says none that could be one.

    Args:
        body: the document; what is none is for its reader to refuse.
        default: the role that is meant where it says nothing.
    """
    try:
        role = msgspec.json.decode(body, type=_Acting).role
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if role is None:
        return default
    return role if isinstance(role, str) else None
