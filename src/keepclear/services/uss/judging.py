"""Judge what stands around an intent: may it be there, what goes into the key, who must be told.

Source: ASTM F3548-21, SCD0005 .. SCD0050 (by `f3548.priorities`), SCD0090, CSTP0005.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keepclear.f3548.intersections import intersecting
from keepclear.f3548.priorities import Met, Step, ruling, step_of
from keepclear.formats.f3548 import OperationalIntent, OperationalIntentDetails, Volume4D
from keepclear.formats.f3548.volumes import volume_of
from keepclear.model.coordination import IntentState, UssState
from keepclear.model.volume import Volume
from keepclear.services.uss.learning import NearConstraint, NearIntent, Surroundings


class Placing(NamedTuple):
    """An own intent as it is to be placed.

    Attributes:
        before: the state it has; None where it is new.
        after: the state it is to have.
        priority: of it.
        volumes: where it is to be.
        volumes_before: where it is, while it is in use; nothing otherwise.
        equals_may_meet: what the regulator says of equal priorities.
    """

    before: IntentState | None
    after: IntentState
    priority: int
    volumes: tuple[Volume, ...]
    volumes_before: tuple[Volume, ...]
    equals_may_meet: bool


class Judgement(NamedTuple):
    """What was found.

    Attributes:
        refusals: why it may not be there; nothing where it may.
        met: the intents it meets and may meet.
        constraints: the constraints it meets.
        key: the OVNs of all that is known.
    """

    refusals: tuple[str, ...]
    met: tuple[NearIntent, ...]
    constraints: tuple[NearConstraint, ...]
    key: tuple[str, ...]


def judged(placing: Placing, around: Surroundings) -> Judgement:
    """What an intent meets, and whether it may."""
    step = step_of(placing.before, placing.after)
    known = [each for each in around.intents if each.intent is not None]
    meets = _meeting(placing.volumes, [_volumes_of(each.intent) for each in known])
    met_before = _meeting(placing.volumes_before, [_volumes_of(each.intent) for each in known])
    refusals: list[str] = []
    met: list[NearIntent] = []
    for place, near in enumerate(known):
        if place in meets:
            refusal = _refusal(placing, step, near, place in met_before)
            if refusal:
                refusals.append(refusal)
            else:
                met.append(near)
    for near in around.intents:
        if near.intent is None:
            refusals += _refusals_unknown(placing, step, near)
    limits = [each for each in around.constraints if each.constraint is not None]
    shapes = [_shapes(each.constraint.details.volumes) for each in limits if each.constraint]
    constraints = [limits[place] for place in sorted(_meeting(placing.volumes, shapes))]
    refusals += [
        f"constraint {each.reference.id} of {each.reference.manager}: {each.trouble}"
        for each in around.constraints
        if each.constraint is None
    ]
    return Judgement(tuple(refusals), tuple(met), tuple(constraints), key_of(around))


def volumes_of(details: OperationalIntentDetails) -> tuple[Volume, ...]:
    """Everywhere an intent may be, off-nominal volumes included.

    Raises:
        InvalidInput: one of its volumes is unusable.
    """
    return _shapes((*(details.volumes or ()), *(details.off_nominal_volumes or ())))


def _shapes(volumes: Sequence[Volume4D]) -> tuple[Volume, ...]:
    return tuple(volume_of(each) for each in volumes)


def _volumes_of(intent: OperationalIntent | None) -> tuple[Volume, ...]:
    return () if intent is None else volumes_of(intent.details)


def _meeting(mine: Sequence[Volume], theirs: Sequence[Sequence[Volume]]) -> frozenset[int]:
    """The places of those that meet any of mine."""
    places = [place for place, volumes in enumerate(theirs) for _ in volumes]
    flat = [volume for volumes in theirs for volume in volumes]
    return frozenset(places[meeting.theirs] for meeting in intersecting(mine, flat))


def _refusal(placing: Placing, step: Step | None, near: NearIntent, met_before: bool) -> str:
    priority = 0 if near.intent is None else near.intent.details.priority or 0
    said = ruling(
        placing.priority,
        step,
        Met(
            priority,
            near.reference.state,
            near.reference.uss_availability,
            met_before,
            is_known=near.intent is not None,
        ),
        equals_may_meet=placing.equals_may_meet,
    )
    if said.allowed:
        return ""
    return (
        f"it conflicts with {near.reference.state} intent {near.reference.id} of "
        f"{near.reference.manager}: {said.reason} ({said.requirement})"
    )


def _refusals_unknown(placing: Placing, step: Step | None, near: NearIntent) -> list[str]:
    """Where details cannot be had: a USS that is down counts by its state, any other stops us."""
    if near.reference.uss_availability is UssState.DOWN:
        refusal = _refusal(placing, step, near, met_before=False)
        return [refusal] if refusal else []
    return [f"intent {near.reference.id} of {near.reference.manager}: {near.trouble}"]


def key_of(around: Surroundings) -> tuple[str, ...]:
    """The OVNs of all that is known around an intent: what proves that it is known."""
    intents = (each.intent.reference.ovn for each in around.intents if each.intent is not None)
    limits = (
        each.constraint.reference.ovn for each in around.constraints if each.constraint is not None
    )
    return tuple(dict.fromkeys(ovn for ovn in (*intents, *limits) if ovn))
