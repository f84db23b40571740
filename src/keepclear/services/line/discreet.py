"""What is said of things that wait to people who keep no humanitarian movements and sites.

That something waits, and how urgently, everybody on the node may know; whose movement it is,
where a hospital lies and how a convoy is reached, only who keeps them. What came and was not
taken may be a notice of either, whatever it says it is.

Source: domain study of keepclear, 5e (humanitarian sites: never by level).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from keepclear.model.node import Subject
from keepclear.services.line.quarantine import Quarantined
from keepclear.services.line.waiting import Waiting

HUMANITARIAN: Final = frozenset({Subject.MOVEMENT, Subject.SITE, Subject.WARNING})
_WHY: Final = {
    Subject.WARNING: "warn a humanitarian movement",
    Subject.MOVEMENT: "a humanitarian movement is to be confirmed or retired",
    Subject.SITE: "a humanitarian site is to be confirmed or retired",
}
_TITLE: Final = "for those who keep movements and sites"


def discreet_waiting(each: Waiting) -> Waiting:
    """A record that waits, without what is for those alone who keep movements and sites."""
    why = _WHY.get(each.subject)
    return each if why is None else replace(each, why=why, title=_TITLE)


def discreet_find(each: Quarantined) -> Quarantined:
    """Something that was not taken, without a word of what it said."""
    detail = f"its words are {_TITLE}, and for investigators"
    return each._replace(detail=detail, content="")
