"""Which version a change means to change: two people never overwrite each other unseen."""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeAlias

from keepclear.errors import VersionMismatch, VersionMissing


class NewThing(Enum):
    """The one value that says: there must be none of this id yet."""

    NEW = "new"


NEW: Final = NewThing.NEW

Expected: TypeAlias = int | NewThing | None
"""The version the caller saw, NEW where there must be none, None where nothing was said."""


def require_expected(expected: Expected, current: int | None, name: str) -> None:
    """Refuse a change that does not mean the current version.

    Args:
        expected: what the caller says.
        current: the version that is stored; None where there is none.
        name: what to call the thing.

    Raises:
        VersionMissing: nothing was said; a change must say which version it changes.
        VersionMismatch: another version is stored, or none, or there is one already.
    """
    if expected is None:
        raise VersionMissing(f"the request does not say which version of {name} it changes")
    if expected is NEW:
        if current is not None:
            raise VersionMismatch(f"{name} is there already, in version {current}")
    elif current is None:
        raise VersionMismatch(f"version {expected} of {name} is meant, but there is no {name}")
    elif expected != current:
        raise VersionMismatch(f"version {expected} of {name} is meant, but it has {current}")
