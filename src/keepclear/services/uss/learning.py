"""Learn what stands around an intent: references from the discovery service, details from managers.

Details are known from what their manager told of itself or answered before, as long as the
version is the one the discovery service names; otherwise they are asked for, all at once.

Source: ASTM F3548-21, SCD0010, SCD0035, USS0105 (details come from the managing USS alone);
    interface UTM API 1.0.0, OperationalIntentReference.ovn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from typing import NamedTuple, TypeVar

from keepclear.errors import (
    AirspaceConflict,
    InvalidInput,
    KeepclearError,
    NotFound,
    PeerSilent,
    PeerTrouble,
)
from keepclear.f3548.details import faults_of_constraint, faults_of_intent
from keepclear.formats.f3548 import (
    AirspaceConflictResponse,
    Constraint,
    ConstraintReference,
    OperationalIntent,
    OperationalIntentReference,
    Volume4D,
    decode,
)
from keepclear.ports.store import View
from keepclear.ports.uss_store import LearntSort
from keepclear.services.uss.asking_managers import ask_managers
from keepclear.services.uss.complaining import doubt_constraint, doubt_intent
from keepclear.services.uss.learnt import learn, learnt_of
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
    mark, ours = uss.hearing.mark(), [each for each in references if _is_own_intent(uss, each)]
    near: dict[str, NearIntent | None] = {each.id: None for each in ours}
    theirs = [each for each in references if each.id not in near]
    with uss.node.store.view() as view:
        near |= {each.id: _learnt_intent(view, each) for each in theirs}
    unknown = [each for each in theirs if near[each.id] is None]
    asked = ask_managers(uss.pool, unknown, uss.peers.intent)
    for each in ours:
        near[each.id] = _own_intent(uss, each)
    wait(asked.values(), timeout=DETAILS_WAIT_S)
    for each in unknown:
        near[each.id] = _answered_intent(uss, each, asked[each.id])
    fresh = [
        learnt_of(uss, found.intent, found.reference.manager, is_told=False)
        for each in unknown
        if (found := near[each.id]) is not None and found.intent is not None
    ]
    learn(uss, fresh, mark)
    return [found for each in references if (found := near[each.id]) is not None]


def _is_own_intent(uss: Uss, reference: OperationalIntentReference) -> bool:
    return uss.is_ours(reference.uss_base_url) or uss.own.intent(reference.id) is not None


def _own_intent(uss: Uss, reference: OperationalIntentReference) -> NearIntent | None:
    """One of ours, which another thread may be changing; None where it is gone by now."""
    version = reference.version
    own = uss.own.intent_as_of(reference.id, version, within_s=DETAILS_WAIT_S)
    if own is not None:
        return NearIntent(reference, own)
    if uss.own.intent(reference.id) is not None:
        return NearIntent(reference, None, "it is ours, and its last change is not answered yet")
    if _is_gone(uss.dss.intent, reference.id):
        return None
    trouble = "the discovery service names it as ours, and we do not know it"
    return NearIntent(reference, None, trouble)


def _is_gone(ask: Callable[[str], object], entity_id: str) -> bool:
    """Whether the discovery service has something no more that it named before."""
    try:
        ask(entity_id)
    except NotFound:
        return True
    except (InvalidInput, PeerTrouble):
        return False
    return False


def _learnt_intent(view: View, reference: OperationalIntentReference) -> NearIntent | None:
    learnt = view.learnt(LearntSort.INTENT, reference.id)
    if learnt is None or learnt.version != reference.version:
        return None
    intent = decode(OperationalIntent, learnt.body)
    return None if faults_of_intent(intent, reference) else NearIntent(reference, intent)


def _answered_intent(
    uss: Uss, reference: OperationalIntentReference, answer: Future[OperationalIntent]
) -> NearIntent | None:
    """What a manager answered; None where it is gone by now."""
    if not answer.done():
        answer.cancel()
        return NearIntent(reference, None, "its manager has not answered in time")
    try:
        intent = answer.result()
    except KeepclearError as error:
        if isinstance(error, NotFound) and _is_gone(uss.dss.intent, reference.id):
            return None
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
    mark, ours = uss.hearing.mark(), [each for each in references if _is_own_constraint(uss, each)]
    near: dict[str, NearConstraint | None] = {each.id: None for each in ours}
    theirs = [each for each in references if each.id not in near]
    with uss.node.store.view() as view:
        near |= {each.id: _learnt_constraint(view, each) for each in theirs}
    unknown = [each for each in theirs if near[each.id] is None]
    asked = ask_managers(uss.pool, unknown, uss.peers.constraint)
    for each in ours:
        near[each.id] = _own_constraint(uss, each)
    wait(asked.values(), timeout=DETAILS_WAIT_S)
    for each in unknown:
        near[each.id] = _answered_constraint(uss, each, asked[each.id])
    fresh = [
        learnt_of(uss, found.constraint, found.reference.manager, is_told=False)
        for each in unknown
        if (found := near[each.id]) is not None and found.constraint is not None
    ]
    learn(uss, fresh, mark)
    return [found for each in references if (found := near[each.id]) is not None]


def _is_own_constraint(uss: Uss, reference: ConstraintReference) -> bool:
    return uss.is_ours(reference.uss_base_url) or uss.own.constraint(reference.id) is not None


def _own_constraint(uss: Uss, reference: ConstraintReference) -> NearConstraint | None:
    """As `_own_intent`, of a constraint."""
    version = reference.version
    own = uss.own.constraint_as_of(reference.id, version, within_s=DETAILS_WAIT_S)
    if own is not None:
        return NearConstraint(reference, own)
    if uss.own.constraint(reference.id) is None and _is_gone(uss.dss.constraint, reference.id):
        return None
    return NearConstraint(reference, None, "it is ours, and what became of it is not known")


def _learnt_constraint(view: View, reference: ConstraintReference) -> NearConstraint | None:
    learnt = view.learnt(LearntSort.CONSTRAINT, reference.id)
    if learnt is None or learnt.version != reference.version:
        return None
    constraint = decode(Constraint, learnt.body)
    faults = faults_of_constraint(constraint, reference)
    return None if faults else NearConstraint(reference, constraint)


def _answered_constraint(
    uss: Uss, reference: ConstraintReference, answer: Future[Constraint]
) -> NearConstraint | None:
    """As `_answered_intent`, of a constraint."""
    if not answer.done():
        answer.cancel()
        return NearConstraint(reference, None, "its manager has not answered in time")
    try:
        constraint = answer.result()
    except KeepclearError as error:
        if isinstance(error, NotFound) and _is_gone(uss.dss.constraint, reference.id):
            return None
        if not isinstance(error, PeerSilent):
            doubt_constraint(uss, reference)
        return NearConstraint(reference, None, error.message)
    faults = faults_of_constraint(constraint, reference)
    if faults:
        doubt_constraint(uss, reference)
        return NearConstraint(reference, None, f"its details are not valid: {'; '.join(faults)}")
    return NearConstraint(reference, constraint)
