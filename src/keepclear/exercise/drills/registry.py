"""Every drill, by its name, in the order in which they are best trained."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from keepclear.errors import NotFound
from keepclear.exercise.drills.checking_line import DAILY_CHECK, LAPSE
from keepclear.exercise.drills.drill import Drill
from keepclear.exercise.drills.line_words import RESTORATION, SUSPENSION
from keepclear.exercise.drills.notices import AIR_DEFENCE_AREA, TOO_LATE_TOO_BIG
from keepclear.exercise.drills.paper import OFF_LINE_WEEK
from keepclear.exercise.drills.statements import NOT_OURS, PROBING
from keepclear.exercise.drills.telling import CONVOY_AT_NIGHT, MEMBER_LEAVES
from keepclear.exercise.drills.urgent import NAMED_PERSON_ABSENT, WRONG_PLACE

_EVERY = (
    DAILY_CHECK,
    LAPSE,
    SUSPENSION,
    NAMED_PERSON_ABSENT,
    WRONG_PLACE,
    TOO_LATE_TOO_BIG,
    CONVOY_AT_NIGHT,
    NOT_OURS,
    AIR_DEFENCE_AREA,
    MEMBER_LEAVES,
    OFF_LINE_WEEK,
    PROBING,
    RESTORATION,
)
DRILLS: Final[Mapping[str, Drill]] = MappingProxyType({each.name: each for each in _EVERY})
"""Each drill by the name by which it is called."""


def drill_of(name: str) -> Drill:
    """The drill of that name, capitals or not, spaces or hyphens.

    Raises:
        NotFound: there is none.
    """
    wanted = "-".join(name.casefold().split())
    if wanted not in DRILLS:
        raise NotFound(
            f"there is no drill {name!r:.60}",
            remedy=f"Name one of: {', '.join(DRILLS)}.",
        )
    return DRILLS[wanted]
