"""Which kind of account may do what, and as what it may be on duty: two tables, nothing else.

Whoever holds the node's token is asked for none of this: the token is the node.

Source: domain study of keepclear, 5a (who does what) and 5d (release by a role; FLASH by any
watch role); design, section 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from keepclear.contact.catalogue.terms import UNDENIABLE
from keepclear.model.account import AccountKind
from keepclear.model.message import Role


class Capability(StrEnum):
    """What an endpoint asks of whoever calls it."""

    ENTER = "enter"
    """See who one is, change one's own password, read what every node of this mode knows."""
    VIEW = "view"
    """See the picture, the lines, the records."""
    WATCH = "watch"
    """File, write, acknowledge, read back, answer, keep records and the log."""
    RELEASE = "release"
    """Have another party know something."""
    MOVE = "movements"
    """See and keep humanitarian movements and sites."""
    INVESTIGATE = "investigate"
    """Read the ledger word for word, and take everything away as one archive."""
    ADMINISTER = "administer"
    """Accounts, agreements, other parties' keys."""


_Kind = AccountKind
_DUTY = frozenset({_Kind.WATCH, _Kind.RELEASER, _Kind.LIAISON})

MAY: Mapping[Capability, frozenset[AccountKind]] = {
    Capability.ENTER: frozenset(AccountKind),
    Capability.VIEW: frozenset(AccountKind),
    Capability.WATCH: _DUTY,
    Capability.RELEASE: frozenset({_Kind.RELEASER, _Kind.LIAISON}),
    Capability.MOVE: _DUTY | {_Kind.MOVEMENT_OFFICER},
    Capability.INVESTIGATE: frozenset({_Kind.INVESTIGATOR}),
    Capability.ADMINISTER: frozenset({_Kind.ADMIN}),
}
"""The kinds of account that may, by what is asked.

A movement officer sees the picture too: who notifies a convoy must see what flies over its road.
"""

ACTS_AS: Mapping[AccountKind, tuple[Role, ...]] = {
    _Kind.VIEWER: (),
    _Kind.WATCH: (Role.DUTY_OFFICER, Role.SENIOR_WATCH, Role.INTERPRETER, Role.PLANNER),
    _Kind.RELEASER: (Role.DUTY_OFFICER, Role.SENIOR_WATCH, Role.TOP_LEVEL, Role.PLANNER),
    _Kind.LIAISON: (Role.LIAISON, Role.INTERPRETER),
    _Kind.MOVEMENT_OFFICER: (Role.MOVEMENT_OFFICER,),
    _Kind.INVESTIGATOR: (),
    _Kind.ADMIN: (),
}
"""The duty roles that an account of a kind may act as."""


class Part(StrEnum):
    """A part of what a node keeps, as an account sees the whole of it or nothing."""

    PICTURE = "picture"
    """Operations, airspace, answers."""
    LINES = "lines"
    """What was said, recorded and asked on every line, the watch and its log."""
    PAPER_CARDS = "cards"
    """What lies on the desk for the day the network is gone."""
    MOVEMENTS = "movements"
    """Humanitarian movements, sites, and warnings of them."""
    ACCOUNTS = "accounts"
    """Everybody's accounts."""
    ENTRIES = "entries"
    """The ledger word for word."""


SEEN_WITH: Mapping[Part, Capability] = {
    Part.PICTURE: Capability.VIEW,
    Part.LINES: Capability.VIEW,
    Part.PAPER_CARDS: Capability.WATCH,
    Part.MOVEMENTS: Capability.MOVE,
    Part.ACCOUNTS: Capability.ADMINISTER,
    Part.ENTRIES: Capability.INVESTIGATE,
}
"""What an account must be allowed to, so that it sees a part at all."""

_CATALOGUE = {role.value.casefold(): role for role in Role}


def may(kinds: Iterable[AccountKind], capability: Capability) -> bool:
    """Whether an account of these kinds may."""
    return not MAY[capability].isdisjoint(kinds)


def may_release(kinds: Iterable[AccountKind], *, is_flash: bool) -> bool:
    """Whether an account of these kinds may release a message; FLASH goes with every watch."""
    held = frozenset(kinds)
    return may(held, Capability.RELEASE) or (is_flash and may(held, Capability.WATCH))


def withheld_codes(kinds: Iterable[AccountKind]) -> frozenset[str]:
    """Codes of messages that an account of these kinds is not shown.

    Humanitarian movements and sites are seen by whoever keeps them, and by nobody else.
    """
    return frozenset() if may(kinds, Capability.MOVE) else UNDENIABLE


def roles_of(kinds: Iterable[AccountKind]) -> tuple[Role, ...]:
    """The duty roles that an account of these kinds may act as, in the order of the ladder."""
    held = {role for kind in kinds for role in ACTS_AS[kind]}
    return tuple(role for role in Role if role in held)


def may_act_as(kinds: Iterable[AccountKind], role: str) -> bool:
    """Whether an account of these kinds may act as a role.

    A role that is not of the catalogue is this watch's own: whoever keeps the watch may act
    as it, and whether there is such a role is for the watch to say.
    """
    held = frozenset(kinds)
    known = _CATALOGUE.get(" ".join(role.split()).casefold())
    return may(held, Capability.WATCH) if known is None else known in roles_of(held)


def capabilities_of(kinds: Iterable[AccountKind]) -> tuple[Capability, ...]:
    """Everything an account of these kinds may, in the order of the table."""
    held = frozenset(kinds)
    return tuple(each for each in Capability if may(held, each))


def parts_seen(capabilities: Iterable[Capability]) -> tuple[Part, ...]:
    """Which parts whoever may so much sees: a screen offers no other."""
    held = frozenset(capabilities)
    return tuple(part for part, needed in SEEN_WITH.items() if needed in held)
