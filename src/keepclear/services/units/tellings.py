"""Which units must be told of a message, kept beside it, with a clock for each.

Source: domain study of keepclear, 5d (8) and 5h, drill 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.telling import About, about_of, confirm_by, reason_to_tell, tell_by
from keepclear.formats.documents.message import stored_message
from keepclear.formats.documents.telling import stored_telling, telling_document
from keepclear.formats.documents.unit import stored_unit
from keepclear.ledger.entries import EntryKind
from keepclear.model.message import Message
from keepclear.model.message_life import Terms, Units
from keepclear.model.node import Subject
from keepclear.model.telling import MessageTelling, TellingStep, UnitTelling, UnitWord
from keepclear.model.unit import OwnUnit
from keepclear.model.volume import Footprint
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.line.keeping import Content, write
from keepclear.services.node import Node

_RESTS_AFTER = timedelta(days=7)
_AGAIN = timedelta(days=1)


def begin(unit: Unit, node: Node, message: Message, terms: Terms) -> MessageTelling | None:
    """Keep who must be told of a message that came; nothing where its type asks no units."""
    kind = CATALOGUE.get(message.code)
    if kind is None or not kind.units:
        return None
    about, now = about_in(unit, message), node.now()
    listed = listed_units(unit)
    telling = MessageTelling(
        message=message.id,
        line=message.line,
        code=message.code,
        title=f"{message.code} {kind.name}, from {message.sender}",
        is_humanitarian=about.is_humanitarian,
        began_at=now,
        speaks_of=message.speaks_of,
        acknowledge_s=terms.clocks.acknowledge_s,
        has_list=bool(listed),
    )
    units = tuple(_wanted(telling, own, about, now) for own in listed)
    telling = replace(telling, units=tuple(each for each in units if each is not None))
    return keep_telling(unit, node, telling, EntryKind.TELLING_BEGUN)


def telling_of(view: View, message_id: str) -> MessageTelling | None:
    """Who must be told of a message; None where nobody was asked for."""
    found = view.declaration(Subject.TELLING, message_id)
    return None if found is None else stored_telling(found.body)


def listed_units(view: View) -> tuple[OwnUnit, ...]:
    """Every unit on the list, by name."""
    every = (stored_unit(each.body) for each in view.declarations(Subject.UNIT))
    return tuple(sorted((each for each in every if each.is_listed), key=lambda own: own.name))


def reconsider(unit: Unit, node: Node, listed: Sequence[OwnUnit]) -> None:
    """Have open tellings follow the list: new units are added, unlisted ones leave untold."""
    for each in unit.declarations(Subject.TELLING):
        before = stored_telling(each.body)
        stored = unit.message(before.message)
        if stored is None or not is_live(unit, before.message):
            continue
        about = about_in(unit, stored_message(stored.content))
        after = _reconsidered(before, listed, about, node.now())
        if after != before:
            keep_telling(unit, node, after, EntryKind.TELLING_CHANGED)


def with_step(
    telling: MessageTelling, unit_id: str, step: TellingStep, own: OwnUnit | None
) -> MessageTelling:
    """The telling once something more is on record about one of its units."""
    units = tuple(
        _stepped(telling, each, step, own) if each.unit == unit_id else each
        for each in telling.units
    )
    return replace(telling, units=units)


def keep_telling(
    unit: Unit, node: Node, telling: MessageTelling, kind: EntryKind, *, actor: str = ""
) -> MessageTelling:
    """Keep a telling with its clocks."""
    party = node.identity.party
    content = Content(Subject.TELLING, telling.message, party, telling_document(telling))
    write(unit, node, content, kind, actor=actor)
    _arm(unit, telling, node.now())
    return telling


def tick_telling(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Have the clocks of units run out: each is overdue once, and its next means is due."""
    telling = stored_telling(current.body)
    if _is_over(unit, telling, now):
        done = current._replace(live=False, version=current.version + 1)
        unit.put_declaration(done, action="ended", at=now)
        unit.put_deadlines(Subject.TELLING, telling.message, [])
        return
    late = [each for each in telling.units if _runs_out(each, now)]
    if not late:
        _arm(unit, telling, now)
        return
    units = tuple(
        replace(each, is_overdue=True, tried=each.tried + 1) if each in late else each
        for each in telling.units
    )
    keep_telling(unit, node, replace(telling, units=units), EntryKind.TELLING_OVERDUE)


def is_live(view: View, message_id: str) -> bool:
    """Whether a message may still ask something of units."""
    stored = view.message(message_id)
    over = ("WITHDRAWN", "SUPERSEDED", "CANCELLED", "EXPIRED")
    return stored is not None and stored.state not in over


def about_in(view: View, message: Message) -> About:
    """What a message speaks of; a change of an operation may leave to the node where that is."""
    named = message.fields.get("operation")
    known: tuple[Footprint, ...] = ()
    if isinstance(named, dict) and isinstance(named.get("id"), str):
        stored = view.operation(named["id"])
        if stored is not None:
            known = tuple(each.footprint for each in stored.operation.volumes)
    return about_of(message, known)


def _wanted(
    telling: MessageTelling, own: OwnUnit, about: About, now: datetime
) -> UnitTelling | None:
    why = reason_to_tell(own, about)
    if not why:
        return None
    due = tell_by(now, telling.acknowledge_s, telling.speaks_of)
    return UnitTelling(own.id, own.name, why, due=due)


def _reconsidered(
    telling: MessageTelling, listed: Sequence[OwnUnit], about: About, now: datetime
) -> MessageTelling:
    wanted = {own.id: _wanted(telling, own, about, now) for own in listed}
    stay = [each for each in telling.units if each.steps or wanted.get(each.unit) is not None]
    there = {each.unit for each in stay}
    added = [each for each in wanted.values() if each is not None and each.unit not in there]
    has_list = telling.has_list or bool(listed)
    return replace(telling, units=(*stay, *added), has_list=has_list)


def _stepped(
    telling: MessageTelling, one: UnitTelling, step: TellingStep, own: OwnUnit | None
) -> UnitTelling:
    due = None
    steps = (*one.steps, step)
    told = replace(one, steps=steps)
    if told.word is UnitWord.TOLD:
        due = confirm_by(own, step.at, telling.acknowledge_s, telling.speaks_of)
    return replace(told, due=due, is_overdue=False)


def _runs_out(one: UnitTelling, now: datetime) -> bool:
    return one.due is not None and one.due <= now and not one.is_overdue


def _arm(unit: Unit, telling: MessageTelling, now: datetime) -> None:
    due = [
        (f"unit {each.unit}", each.due)
        for each in telling.units
        if each.due is not None and not each.is_overdue
    ]
    later = max(_looked_at(telling), now + _AGAIN)
    unit.put_deadlines(Subject.TELLING, telling.message, [*due, ("over", later)])


def _looked_at(telling: MessageTelling) -> datetime:
    """When a telling is looked at to see whether it may rest."""
    start = telling.speaks_of
    return telling.began_at + _RESTS_AFTER if start is None else start + _AGAIN


def _is_over(view: View, telling: MessageTelling, now: datetime) -> bool:
    """Whether nobody need look at it any more; what a live message asks never rests untold."""
    if not is_live(view, telling.message):
        return True
    is_settled = telling.passed in (Units.CONFIRMED, Units.NONE)
    return is_settled and now >= _looked_at(telling)
