"""Take what other USSs tell: learn it, and tell own operators whose flights it conflicts with.

Source: ASTM F3548-21, SCD0095, CSTP0010 .. 0030; interface UTM API 1.0.0,
    notifyOperationalIntentDetailsChanged and notifyConstraintDetailsChanged (403 where the
    sender is not the manager, 409 for an older version, or for the same with other content).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from keepclear.errors import InvalidInput, NotOurs, VersionConflict
from keepclear.f3548.details import faults_of_constraint, faults_of_intent
from keepclear.formats.documents.published import PublishedIntent
from keepclear.formats.f3548 import (
    PutConstraintDetailsParameters,
    PutOperationalIntentDetailsParameters,
    Volume4D,
)
from keepclear.ports.store import Unit
from keepclear.ports.uss_store import Learnt, LearntSort
from keepclear.services.uss.learnt import (
    forget_learnt,
    keep_learnt,
    learnt_of,
)
from keepclear.services.uss.meeting import (
    extents_of_intent,
    met_by_constraint,
    met_by_intent,
    tell_at_once,
)
from keepclear.services.uss.uss import Uss


class Sender(NamedTuple):
    """Who tells it, as its token says.

    Attributes:
        sub: the token's subject; the manager of what it publishes.
        client_id: the token's client; some authorisation servers name USSs by it.
    """

    sub: str
    client_id: str


def take_intent(uss: Uss, sender: Sender, told: PutOperationalIntentDetailsParameters) -> None:
    """Take that an intent of another changed, or is gone.

    Raises:
        InvalidInput: what is told is not valid.
        NotOurs: the sender is not its manager.
        VersionConflict: a newer version is known, or the same with other content.
    """
    entity_id, intent = told.operational_intent_id.lower(), told.operational_intent
    if uss.own.intent(entity_id) is not None:
        raise NotOurs(f"operational intent {entity_id} is ours, and not {sender.sub}'s to change")
    if not intent:
        _forget(uss, LearntSort.INTENT, entity_id, sender)
        return
    faults = faults_of_intent(intent, intent.reference)
    _require_valid(entity_id, intent.reference.id, faults)
    _require_manager(sender, intent.reference.manager, entity_id)
    learnt = learnt_of(uss, intent, intent.reference.manager, is_told=True)
    uss.node.store.write(lambda unit: _keep(uss, unit, learnt, sender))
    # Only now: an own intent that is being put, and not there yet, looks for what is kept.
    own = _own_near(uss, extents_of_intent(intent))
    tell_at_once(uss, met_by_intent(own, intent))


def take_constraint(uss: Uss, sender: Sender, told: PutConstraintDetailsParameters) -> None:
    """Take that a constraint of another changed, or is gone.

    Raises:
        InvalidInput, NotOurs, VersionConflict: as `take_intent`.
    """
    entity_id, constraint = told.constraint_id.lower(), told.constraint
    if uss.own.constraint(entity_id) is not None:
        raise NotOurs(f"constraint {entity_id} is ours, and not {sender.sub}'s to change")
    if not constraint:
        _forget(uss, LearntSort.CONSTRAINT, entity_id, sender)
        return
    faults = faults_of_constraint(constraint, constraint.reference)
    _require_valid(entity_id, constraint.reference.id, faults)
    _require_manager(sender, constraint.reference.manager, entity_id)
    learnt = learnt_of(uss, constraint, constraint.reference.manager, is_told=True)
    uss.node.store.write(lambda unit: _keep(uss, unit, learnt, sender))
    own = _own_near(uss, constraint.details.volumes)
    tell_at_once(uss, met_by_constraint(own, constraint))


def _keep(uss: Uss, unit: Unit, told: Learnt, sender: Sender) -> None:
    """Keep what is told; what was asked for since it was true, and is newer, stays."""
    known = unit.learnt(told.sort, told.id)
    _require_newer(known, told, sender)
    if known is None or known.version <= told.version:
        keep_learnt(uss, unit, told)


def _forget(uss: Uss, sort: LearntSort, entity_id: str, sender: Sender) -> None:
    def work(unit: Unit) -> None:
        known = unit.learnt(sort, entity_id)
        if known is not None:
            _require_manager(sender, known.manager, entity_id)
        forget_learnt(uss, unit, sort, entity_id)

    uss.node.store.write(work)


def _require_valid(entity_id: str, named: str, faults: Sequence[str]) -> None:
    if named.lower() != entity_id:
        raise InvalidInput(f"it is about {entity_id}, and its reference about {named}")
    if faults:
        raise InvalidInput(f"{entity_id} is not valid: {'; '.join(faults)}")


def _require_manager(sender: Sender, manager: str, entity_id: str) -> None:
    if manager not in (sender.sub, sender.client_id):
        raise NotOurs(f"{entity_id} is managed by {manager}, and {sender.sub} tells of it")


def _require_newer(known: Learnt | None, told: Learnt, sender: Sender) -> None:
    if known is None:
        return
    _require_manager(sender, known.manager, told.id)
    if not known.is_told:
        return
    if told.version < known.version:
        raise VersionConflict(f"{told.id}: version {known.version} was told before")
    if told.version == known.version and told.body != known.body:
        raise VersionConflict(f"{told.id}: version {told.version} was told with other content")


def _own_near(uss: Uss, volumes: Sequence[Volume4D]) -> list[PublishedIntent]:
    return [each for each in uss.own.intents_near(volumes) if each.is_wanted]
