"""Who may release a message, and when two people do it.

Source: domain study of keepclear, 5d (release by a role; second person for humanitarian sites,
declarations, suspension and third parties; FLASH by any watch role) and design 5 (FLASH
overrides second-person rules).
"""

from __future__ import annotations

from collections.abc import Iterable

from keepclear.contact.catalogue.kinds import MessageType
from keepclear.errors import NotPermitted
from keepclear.formats.property_values import advice
from keepclear.model.message import Role
from keepclear.model.operation import Precedence


def roles_for(kind: MessageType, precedence: Precedence) -> tuple[Role, ...]:
    """The roles that may release it, in the order of the ladder."""
    is_any = precedence is Precedence.FLASH or not kind.roles
    return tuple(role for role in Role if is_any or role in kind.roles)


def needs_second(kind: MessageType, precedence: Precedence) -> bool:
    """Whether two different people release it."""
    return kind.second_person and precedence is not Precedence.FLASH


def watch_role(text: str, on_watch: Iterable[str] = ()) -> str:
    """The role of a word, in its one spelling; a person's name is none.

    Args:
        text: as it was given.
        on_watch: further roles that this watch has.

    Raises:
        NotPermitted: no role is called that.
    """
    known = {role.casefold(): role for role in (*on_watch, *(each.value for each in Role))}
    found = known.get(" ".join(text.split()).casefold())
    if found is None:
        raise NotPermitted(
            f"role: {text!r:.60} is no role on watch",
            remedy=f"A role acts, never a named person. {advice(text[:40], known.values())}",
        )
    return found


def require_release(
    kind: MessageType, precedence: Precedence, role: str, *, people: tuple[str, str]
) -> None:
    """Refuse a release by a role that may not, or by one person where two are needed.

    Args:
        kind: which type.
        precedence: with FLASH any role may, alone.
        role: as what the person is on duty.
        people: who releases it, and who else has read it; empty where nobody.

    Raises:
        NotPermitted: the role may not, or a second, different person is needed.
    """
    may = roles_for(kind, precedence)
    if role not in may and len(may) < len(Role):
        raise NotPermitted(
            f"role: the {role} does not release {kind.code} {kind.name}",
            remedy=f"Have it released by: {', '.join(may)}.",
        )
    if needs_second(kind, precedence):
        _require_two(kind, people)


def _require_two(kind: MessageType, people: tuple[str, str]) -> None:
    first, second = (" ".join(name.split()).casefold() for name in people)
    if not second:
        raise NotPermitted(
            f"second: {kind.code} {kind.name} is released by two people",
            remedy="Give in `second` who else has read it.",
        )
    if first == second or not first:
        raise NotPermitted(
            "second: the second person is the first, or the first is not known",
            remedy="Two different people, each by their own login, read it before it goes.",
        )
