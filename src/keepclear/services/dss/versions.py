"""Whose a record is, and which version of it a change means.

Source: ASTM F3548-21, interface UTM API 1.0.0: EntityOVN, Subscription.version, answers 403,
    404 and 409 of the calls that change or delete.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from keepclear.errors import InvalidInput, NotFound, NotOurs, VersionConflict

T = TypeVar("T")


class Managed(Protocol):
    """Whatever belongs to one operator's service."""

    @property
    def manager(self) -> str:
        """Whose it is."""
        ...


def require_named(version: str | None, what: str) -> None:
    """See that a change that means a version names one; None means none.

    Args:
        version: as it stood in the path.
        what: what the standard calls it.

    Raises:
        InvalidInput: it is empty.
    """
    if version == "":
        raise InvalidInput(
            f"the {what} at the end of the path is empty",
            remedy=f"Put the current {what} there, as the last answer had it.",
        )


def require_new(stored: object | None, name: str) -> None:
    """See that something may be made under a name.

    Raises:
        VersionConflict: it exists already.
    """
    if stored is not None:
        raise VersionConflict(
            f"{name} exists already", remedy="Change it by naming its version, or take another id."
        )


def require_changed(stored: T | None, name: str) -> T:
    """See that what is to be changed is there.

    Raises:
        VersionConflict: it is not, so no version of it can be the current one.
    """
    if stored is None:
        raise VersionConflict(f"there is no {name}", remedy="Create it, without naming a version.")
    return stored


def require_there(stored: T | None, name: str) -> T:
    """See that what is asked for is there.

    Raises:
        NotFound: it is not.
    """
    if stored is None:
        raise NotFound(f"there is no {name}")
    return stored


def require_own(record: Managed, caller: str, name: str) -> None:
    """See that the caller manages a record.

    Raises:
        NotOurs: somebody else does.
    """
    if record.manager != caller:
        raise NotOurs(
            f"{name} is managed by {record.manager}, not by {caller}",
            remedy="Only who made it may change it; use the token of the same client.",
        )


def require_version(current: str, named: str, name: str) -> None:
    """See that a change means the current version.

    Raises:
        VersionConflict: it means another one.
    """
    if current != named:
        raise VersionConflict(f"{named[:128]!r} is not the current version of {name}")
