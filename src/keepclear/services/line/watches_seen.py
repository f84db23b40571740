"""What the watches of both sides mean for a line: who answers, and whether anybody interprets."""

from __future__ import annotations

from keepclear.formats.documents.watch import stored_watch
from keepclear.model.line import Line
from keepclear.model.message import Role
from keepclear.model.node import Subject
from keepclear.model.watch import Watch
from keepclear.ports.store import View


def role_on_duty(view: View, party: str) -> str:
    """The first role on a party's watch; the duty officer where no watch was stated."""
    watch = _watch_of(view, party)
    return watch.roles[0].role if watch and watch.roles else Role.DUTY_OFFICER.value


def has_linguist(view: View, line: Line) -> bool:
    """Whether a line can be spoken on.

    False only where both watches are known, neither has a certified linguist, and there is no
    language that both say they speak.
    """
    watches = [_watch_of(view, party) for party in line.parties]
    stated = [each for each in watches if each is not None and each.roles]
    if len(stated) < len(watches):
        return True
    shared = set.intersection(*({word.casefold() for word in each.spoken} for each in stated))
    return bool(shared) or any(each.has_linguist for each in stated)


def _watch_of(view: View, party: str) -> Watch | None:
    found = view.declaration(Subject.WATCH, party)
    return None if found is None or not found.live else stored_watch(found.body)
