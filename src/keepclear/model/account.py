"""Local accounts: who may do what at this node, each under a short name of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidInput
from keepclear.model.window import require_utc

NAME = r"^[a-z0-9][a-z0-9._-]{0,31}$"
"""What a name may be: short, in small letters, so that it stands in a log as it is."""
PASSWORD_LEAST = 12
PASSWORD_MOST = 200
"""The fewest and the most characters of a password."""
_NAME = re.compile(NAME.removeprefix("^").removesuffix("$"), re.ASCII)


class AccountKind(StrEnum):
    """What an account is for; one account may be of several kinds."""

    VIEWER = "viewer"
    WATCH = "watch"
    RELEASER = "releaser"
    LIAISON = "liaison"
    MOVEMENT_OFFICER = "movement officer"
    INVESTIGATOR = "investigator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account at this node. Its password is kept elsewhere, as a hash.

    Attributes:
        name: short; what they do stands under it in the ledger.
        kinds: what it is for, in the order of `AccountKind`.
        made_at: when it was made.
        password_at: when its password was set last.
        password_version: one more at every new password; sessions of an older one are over.
        title: how the person is addressed; empty where nobody said.
        is_enabled: whether it may be used.

    Raises:
        InvalidInput: the name cannot be one, or it is of no kind.
    """

    name: str
    kinds: tuple[AccountKind, ...]
    made_at: datetime
    password_at: datetime
    password_version: int = 1
    title: str = ""
    is_enabled: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "made_at", require_utc(self.made_at))
        object.__setattr__(self, "password_at", require_utc(self.password_at))
        object.__setattr__(self, "name", account_name(self.name))
        kinds = tuple(kind for kind in AccountKind if kind in self.kinds)
        object.__setattr__(self, "kinds", kinds)
        if not kinds:
            raise InvalidInput(
                "kinds: an account of no kind may do nothing",
                remedy=f"Give at least one of {', '.join(AccountKind)}; to end it, disable it.",
            )

    @property
    def is_admin(self) -> bool:
        """Whether it may be used, and manages accounts."""
        return self.is_enabled and AccountKind.ADMIN in self.kinds


def account_name(text: str) -> str:
    """A name in its one spelling.

    Raises:
        InvalidInput: it cannot be a name.
    """
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{text!r:.60} cannot be the name of an account",
            remedy="Up to 32 letters a to z, digits, full stops, hyphens and underscores.",
        )
    return name
