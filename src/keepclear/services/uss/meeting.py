"""Which own intents something of another's meets, and what their operators are told of it.

Source: ASTM F3548-21, SCD0095, CSTP0010 .. 0030.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from keepclear.f3548.intersections import intersecting
from keepclear.formats.documents.published import PublishedIntent
from keepclear.formats.f3548 import Constraint, OperationalIntent, Volume4D, decode
from keepclear.formats.f3548.volumes import volume_of
from keepclear.ports.uss_store import Learnt, LearntSort
from keepclear.services.uss.judging import volumes_of
from keepclear.services.uss.operators import Saying, tell_operators
from keepclear.services.uss.uss import Uss


def met_by_intent(own: Sequence[PublishedIntent], intent: OperationalIntent) -> list[Saying]:
    """For each of some own intents that an intent meets, what its operator is told."""
    about = f"intent {intent.reference.id} of {intent.reference.manager}"
    state = intent.reference.state
    return [
        Saying("SCD0095", each.id, 1, f"{each.designator} conflicts with {about}, now {state}")
        for each in _meeting(own, extents_of_intent(intent))
    ]


def met_by_constraint(own: Sequence[PublishedIntent], constraint: Constraint) -> list[Saying]:
    """As `met_by_intent`, of a constraint."""
    about = f"constraint {constraint.reference.id} of {constraint.reference.manager}"
    return [
        Saying("CSTP0010", each.id, 1, f"{each.designator} meets {about}")
        for each in _meeting(own, constraint.details.volumes)
    ]


def extents_of_intent(intent: OperationalIntent) -> tuple[Volume4D, ...]:
    """Everywhere an intent may be."""
    details = intent.details
    return (*(details.volumes or ()), *(details.off_nominal_volumes or ()))


def tell_of_what_came(
    uss: Uss,
    published: PublishedIntent,
    mark: int,
    *,
    before: PublishedIntent,
    judged: Collection[str],
) -> None:
    """Tell an operator of what others told that meets an intent, while it was being put.

    Whoever took it looked for own intents before this one was among them; one that comes from
    now on finds it there.

    Args:
        uss: ours.
        published: the intent, which is among `uss.own` already.
        mark: of `uss.hearing`, from before the discovery service was asked to take it.
        before: as it was until then; of what meets that, its operator is told already.
        judged: the ids of what its operator is told of anyway.
    """
    things = [each for each in uss.hearing.since(mark) if each[1] not in judged]
    if not things:
        return
    with uss.node.store.view() as view:
        told = [view.learnt(*each) for each in things]
    sayings = [
        saying
        for each in told
        if each is not None and each.is_told and not _sayings_of([before], each)
        for saying in _sayings_of([published], each)
    ]
    tell_at_once(uss, sayings)


def tell_at_once(uss: Uss, sayings: Sequence[Saying]) -> None:
    """Have operators told in a work of its own; nothing where there is nothing to say."""
    at = uss.now()
    if sayings:
        uss.node.store.write(lambda unit: tell_operators(uss, unit, sayings, event_at=at))


def _sayings_of(own: Sequence[PublishedIntent], learnt: Learnt) -> list[Saying]:
    if learnt.sort is LearntSort.INTENT:
        return met_by_intent(own, decode(OperationalIntent, learnt.body))
    return met_by_constraint(own, decode(Constraint, learnt.body))


def _meeting(own: Sequence[PublishedIntent], theirs: Sequence[Volume4D]) -> list[PublishedIntent]:
    mine = [volumes_of(each.intent.details) if each.intent else () for each in own]
    places = [place for place, volumes in enumerate(mine) for _ in volumes]
    flat = [volume for volumes in mine for volume in volumes]
    shapes = [volume_of(each) for each in theirs]
    met = {places[meeting.theirs] for meeting in intersecting(shapes, flat)}
    return [own[place] for place in sorted(met)]
