"""Learn what stands around an intent: references from the discovery service, details from managers.

Details are known from what their manager told of itself or answered before, as long as the
version is the one the discovery service names; otherwise they are asked for, all at once.

Source: ASTM F3548-21, SCD0010, SCD0035, USS0105 (details come from the managing USS alone);
    interface UTM API 1.0.0, OperationalIntentReference.ovn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from datetime import timedelta
from typing import NamedTuple, TypeVar

from keepclear.errors import AirspaceConflict, InvalidInput, KeepclearError, PeerSilent
from keepclear.f3548.details import faults_of_constraint, faults_of_intent
from keepclear.formats.f3548 import (
    AirspaceConflictResponse,
    Constraint,
    ConstraintReference,
    OperationalIntent,
    OperationalIntentReference,
    Volume4D,
    decode,
    encode,
)
from keepclear.formats.f3548.volumes import moment_of
from keepclear.ports.store import Unit, View
from keepclear.ports.uss_store import Learnt, LearntSort
from keepclear.services.uss.complaining import doubt_constraint, doubt_intent
from keepclear.services.uss.uss import Uss

DETAILS_WAIT_S = 4.0
"""A manager that has not answered by then is silent; the standard gives it 1 s."""

R = TypeVar("R")


class NearIntent(NamedTuple):
    """An intent that the discovery service finds relevant.

    Attributes:
        reference: as the service has it.
        intent: as its manager tells it; None where that could not be had.
        trouble: why not; empty where it is there.
    """

    reference: OperationalIntentReference
    intent: OperationalIntent | None
    trouble: str = ""


class NearConstraint(NamedTuple):
    """A constraint that the discovery service finds relevant; as `NearIntent`."""

    reference: ConstraintReference
    constraint: Constraint | None
    trouble: str = ""


class Surroundings(NamedTuple):
    """What stands around."""

    intents: tuple[NearIntent, ...]
    constraints: tuple[NearConstraint, ...]


class Named(NamedTuple):
    """References that the discovery service named besides those it was asked for."""

    intents: tuple[OperationalIntentReference, ...] = ()
    constraints: tuple[ConstraintReference, ...] = ()


NOTHING_NAMED = Named()


def named_in(conflict: AirspaceConflict) -> Named:
    """What the discovery service named as missing from a key."""
    response = conflict.response
    if not isinstance(response, AirspaceConflictResponse):
        return NOTHING_NAMED
    return Named(
        tuple(response.missing_operational_intents or ()), tuple(response.missing_constraints or ())
    )


def surroundings(
    uss: Uss, entity_id: str, volumes: Sequence[Volume4D], named: Named = NOTHING_NAMED
) -> Surroundings:
    """What stands around some volumes, without the intent itself.

    Args:
        uss: ours.
        entity_id: of the intent that is planned.
        volumes: where and when.
        named: what the service has named as missing; newer than what it is asked for.

    Raises:
        KeepclearError: the discovery service refuses or cannot be dealt with.
    """
    found = {each.id: each for each in _each(uss, uss.dss.query_intents, volumes)}
    found |= {each.id: each for each in named.intents}
    found.pop(entity_id, None)
    limits: dict[str, ConstraintReference] = {}
    if uss.settings.processes_constraints:
        limits = {each.id: each for each in _each(uss, uss.dss.query_constraints, volumes)}
        limits |= {each.id: each for each in named.constraints}
    return Surroundings(
        tuple(_near_intents(uss, list(found.values()))),
        tuple(_near_constraints(uss, list(limits.values()))),
    )


def _each(
    uss: Uss, query: Callable[[Volume4D], Sequence[R]], volumes: Sequence[Volume4D]
) -> Iterable[R]:
    if len(volumes) == 1:
        return query(volumes[0])
    asked = [uss.pool.submit(query, volume) for volume in volumes]
    return [each for answer in asked for each in answer.result()]


def _near_intents(
    uss: Uss, references: Sequence[OperationalIntentReference]
) -> Iterable[NearIntent]:
    near: dict[str, NearIntent] = {}
    asked: dict[str, Future[OperationalIntent]] = {}
    with uss.node.store.view() as view:
        for reference in references:
            known = _known_intent(uss, view, reference)
            if known is not None:
                near[reference.id] = NearIntent(reference, known)
            elif uss.is_ours(reference.uss_base_url):
                trouble = "the discovery service names it as ours, and we do not know it"
                near[reference.id] = NearIntent(reference, None, trouble)
            else:
                asked[reference.id] = uss.pool.submit(
                    uss.peers.intent, reference.uss_base_url, reference.id
                )
    wait(asked.values(), timeout=DETAILS_WAIT_S)
    for reference in references:
        if reference.id in asked:
            near[reference.id] = _answered_intent(uss, reference, asked[reference.id])
    learn(uss, [each for each in near.values() if each.reference.id in asked])
    return [near[reference.id] for reference in references]


def _known_intent(
    uss: Uss, view: View, reference: OperationalIntentReference
) -> OperationalIntent | None:
    own = uss.own.intent(reference.id)
    if own is not None:
        return own.intent
    learnt = view.learnt(LearntSort.INTENT, reference.id)
    if learnt is None or learnt.version != reference.version:
        return None
    intent = decode(OperationalIntent, learnt.body)
    return intent if not faults_of_intent(intent, reference) else None


def _answered_intent(
    uss: Uss, reference: OperationalIntentReference, answer: Future[OperationalIntent]
) -> NearIntent:
    if not answer.done():
        answer.cancel()
        return NearIntent(reference, None, "its manager has not answered in time")
    try:
        intent = answer.result()
    except KeepclearError as error:
        if not isinstance(error, PeerSilent):
            doubt_intent(uss, reference)
        return NearIntent(reference, None, error.message)
    if intent.reference.version > reference.version:
        reference = _newer(uss, reference)
    faults = faults_of_intent(intent, reference)
    if faults:
        doubt_intent(uss, reference)
        return NearIntent(reference, None, f"its details are not valid: {'; '.join(faults)}")
    return NearIntent(reference, intent)


def _newer(uss: Uss, reference: OperationalIntentReference) -> OperationalIntentReference:
    """The reference as the service has it by now: it changed while its manager was asked."""
    try:
        return uss.dss.intent(reference.id)
    except InvalidInput:
        return reference


def _near_constraints(
    uss: Uss, references: Sequence[ConstraintReference]
) -> Iterable[NearConstraint]:
    near: dict[str, NearConstraint] = {}
    asked: dict[str, Future[Constraint]] = {}
    with uss.node.store.view() as view:
        for reference in references:
            known = _known_constraint(uss, view, reference)
            if known is not None:
                near[reference.id] = NearConstraint(reference, known)
            else:
                asked[reference.id] = uss.pool.submit(
                    uss.peers.constraint, reference.uss_base_url, reference.id
                )
    wait(asked.values(), timeout=DETAILS_WAIT_S)
    for reference in references:
        if reference.id in asked:
            near[reference.id] = _answered_constraint(uss, reference, asked[reference.id])
    learn_constraints(uss, [each for each in near.values() if each.reference.id in asked])
    return [near[reference.id] for reference in references]


def _known_constraint(uss: Uss, view: View, reference: ConstraintReference) -> Constraint | None:
    own = uss.own.constraint(reference.id)
    if own is not None:
        return own.constraint
    learnt = view.learnt(LearntSort.CONSTRAINT, reference.id)
    if learnt is None or learnt.version != reference.version:
        return None
    constraint = decode(Constraint, learnt.body)
    return constraint if not faults_of_constraint(constraint, reference) else None


def _answered_constraint(
    uss: Uss, reference: ConstraintReference, answer: Future[Constraint]
) -> NearConstraint:
    if not answer.done():
        answer.cancel()
        return NearConstraint(reference, None, "its manager has not answered in time")
    try:
        constraint = answer.result()
    except KeepclearError as error:
        if not isinstance(error, PeerSilent):
            doubt_constraint(uss, reference)
        return NearConstraint(reference, None, error.message)
    faults = faults_of_constraint(constraint, reference)
    if faults:
        doubt_constraint(uss, reference)
        return NearConstraint(reference, None, f"its details are not valid: {'; '.join(faults)}")
    return NearConstraint(reference, constraint)


def learn(uss: Uss, near: Sequence[NearIntent]) -> None:
    """Keep what managers answered, so that they are asked once for each version."""
    fresh = [
        learnt_intent(uss, each.intent, each.reference.manager, is_told=False)
        for each in near
        if each.intent is not None
    ]
    _keep(uss, fresh)


def learn_constraints(uss: Uss, near: Sequence[NearConstraint]) -> None:
    """Keep what managers of constraints answered."""
    fresh = [
        learnt_constraint(uss, each.constraint, each.reference.manager, is_told=False)
        for each in near
        if each.constraint is not None
    ]
    _keep(uss, fresh)


def _keep(uss: Uss, fresh: Sequence[Learnt]) -> None:
    def work(unit: Unit) -> None:
        for each in fresh:
            unit.put_learnt(each)

    if fresh:
        uss.node.store.write(work)


def learnt_intent(uss: Uss, intent: OperationalIntent, manager: str, *, is_told: bool) -> Learnt:
    """An intent of another as it is kept."""
    return Learnt(
        sort=LearntSort.INTENT,
        id=intent.reference.id,
        manager=manager,
        version=intent.reference.version,
        ovn=intent.reference.ovn or "",
        is_told=is_told,
        ends=moment_of(intent.reference.time_end),
        at=uss.now(),
        body=encode(intent),
    )


def learnt_constraint(uss: Uss, constraint: Constraint, manager: str, *, is_told: bool) -> Learnt:
    """A constraint of another as it is kept."""
    return Learnt(
        sort=LearntSort.CONSTRAINT,
        id=constraint.reference.id,
        manager=manager,
        version=constraint.reference.version,
        ovn=constraint.reference.ovn or "",
        is_told=is_told,
        ends=moment_of(constraint.reference.time_end),
        at=uss.now(),
        body=encode(constraint),
    )


def forget_old(uss: Uss, *, kept_s: float = 86_400.0) -> None:
    """Forget what others published and is long over."""
    before = uss.now() - timedelta(seconds=kept_s)
    uss.node.store.write(lambda unit: unit.drop_learnt_before(before))
