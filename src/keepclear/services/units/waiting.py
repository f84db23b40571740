"""Which units still wait to be told, or to confirm, and by which means to try now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from keepclear.formats.documents.telling import stored_telling
from keepclear.formats.documents.unit import stored_unit
from keepclear.model.message_life import Units
from keepclear.model.node import Subject
from keepclear.model.telling import MessageTelling, UnitTelling, UnitWord
from keepclear.model.unit import Means
from keepclear.ports.store import View
from keepclear.services.line.waiting import Waiting
from keepclear.services.units.tellings import is_live


def units_waiting(view: View, now: datetime) -> Iterator[Waiting]:
    """Each message of which a unit has still to be told, or cannot be."""
    for each in view.declarations(Subject.TELLING):
        telling = stored_telling(each.body)
        if telling.passed in (Units.CONFIRMED, Units.NONE) or not is_live(view, telling.message):
            continue
        yield _waiting(view, telling, now)


def next_means(view: View, one: UnitTelling) -> Means | None:
    """By which means a unit is to be told now: each overdue one is followed by the next."""
    found = view.declaration(Subject.UNIT, one.unit)
    if found is None:
        return None
    means = stored_unit(found.body).means
    return means[min(one.tried, len(means) - 1)]


def _waiting(view: View, telling: MessageTelling, now: datetime) -> Waiting:
    open_units = [each for each in telling.units if each.word is not UnitWord.CONFIRMED]
    due = min((each.due for each in open_units if each.due is not None), default=None)
    is_late = any(each.is_overdue or each.word is UnitWord.CANNOT for each in open_units)
    is_near = telling.speaks_of is not None and telling.speaks_of <= now
    return Waiting(
        subject=Subject.TELLING,
        id=telling.message,
        line=telling.line,
        why=", ".join(_asked(view, each) for each in open_units) or "list own units: none is kept",
        since=telling.began_at,
        title=f"{telling.title}: {telling.says}",
        due=due,
        is_urgent=telling.is_humanitarian and (is_late or is_near),
    )


def _asked(view: View, one: UnitTelling) -> str:
    means = next_means(view, one)
    by = "" if means is None else f" by {means.kind} {means.address}"
    match one.word:
        case UnitWord.CANNOT:
            return f"{one.name} cannot be told"
        case UnitWord.TOLD:
            return f"have {one.name} confirm{by}"
        case _:
            return f"tell {one.name}{by}"
