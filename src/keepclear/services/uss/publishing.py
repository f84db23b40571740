"""Release an own operation to F3548, keep what is published as the operation is, take it back.

The release is of one operation, by a person, and said in the ledger. From then on the intent
follows the operation. F3548's priorities and its rules for services that are down are
decided here and in no other place: nothing of them reaches a line to another party.

Source: keepclear's design, section 5 ("Publishing to F3548 is an explicit L3 release per
    operation"); ASTM F3548-21, OPIN0005 .. OPIN0040.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import msgspec

from keepclear.errors import NotFound, NotOurs, StateForbids
from keepclear.f3548.states import RECOVERABLE, is_beyond_recovery
from keepclear.formats.documents.published import PublishedIntent
from keepclear.formats.f3548 import Volume4D
from keepclear.ledger.entries import EntryKind
from keepclear.model.coordination import IntentState
from keepclear.model.operation import Operation, OperationState
from keepclear.ports.store import View
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.uss.ending import end
from keepclear.services.uss.extents import extents_of
from keepclear.services.uss.keeping import keep_intent
from keepclear.services.uss.planning import plan
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.wanted import Outcome, Result, Wanted, state_of

STATE_OF = {
    OperationState.PLANNED: IntentState.ACCEPTED,
    OperationState.ACTIVE: IntentState.ACTIVATED,
    OperationState.NONCONFORMING: IntentState.NONCONFORMING,
    OperationState.CONTINGENT: IntentState.CONTINGENT,
}
"""The same states in the standard's words."""
RECOVERY_RULE = f"F3548: off its plan for {RECOVERABLE.total_seconds():.0f} s"
"""Who makes an intent Contingent where no person did."""


class Publication(NamedTuple):
    """What became of a release.

    Attributes:
        outcome: of the planning.
        losses: what is published otherwise than it was filed, for a person.
    """

    outcome: Outcome
    losses: tuple[str, ...]


def publish(
    uss: Uss, operation_id: str, *, role: str, priority: int | None = None, actor: str = ""
) -> Publication:
    """Release an own operation to the discovery service, or bring what is published up to date.

    Args:
        uss: ours.
        operation_id: which operation.
        role: as what the person is on duty.
        priority: as the regulator has it; left out, as was said before, or as the operation says.
        actor: who releases it.

    Raises:
        NotPermitted: no role here is called that.
        NotFound: the node never held it.
        NotOurs: it is another party's.
        StateForbids: it has ended.
        InvalidInput: it cannot be written as an intent.
    """
    with uss.own.alone(operation_id):
        with uss.node.store.view() as view:
            released_by = releaser(uss, view, role, actor)
            operation = own_operation(uss, view, operation_id)
        if operation.state is OperationState.ENDED:
            raise StateForbids(f"{operation.designator} has ended")
        return brought_up(uss, operation, actor=released_by, priority=priority)


def withdraw(uss: Uss, operation_id: str, *, role: str, actor: str = "") -> Outcome:
    """Take a release back; the operation itself goes on.

    Raises:
        NotPermitted: no role here is called that.
        NotFound: it is not published.
    """
    with uss.own.alone(operation_id):
        if uss.own.intent(operation_id) is None:
            raise NotFound(f"operation {operation_id} is not published to F3548")
        with uss.node.store.view() as view:
            released_by = releaser(uss, view, role, actor)
        return end(uss, operation_id, actor=released_by)


def releaser(uss: Uss, view: View, role: str, actor: str) -> str:
    """Who releases, and as what.

    Raises:
        NotPermitted: no role here is called that; a person's name is none.
    """
    duty = role_on_watch(view, uss.node, role)
    return f"{actor}, {duty}" if actor else duty


def brought_up(
    uss: Uss, operation: Operation, *, actor: str, priority: int | None = None
) -> Publication:
    """Have the intent say what its operation says; the caller holds `uss.own.alone`.

    Args:
        uss: ours.
        operation: as it is now.
        actor: who asks; empty where nobody does.
        priority: where somebody says another than before.
    """
    extents = extents_of(uss.node, operation)
    current = uss.own.intent(operation.id)
    wanted = wanted_of(operation, extents.volumes, current, at=uss.now())
    if priority is not None:
        wanted = replace(wanted, priority=priority, said_priority=priority)
    outcome = plan(uss, replace(wanted, actor=actor))
    if outcome.result is Result.REFUSED and outcome.published is not None:
        marked = msgspec.structs.replace(
            outcome.published, operation_version=operation.version, note=outcome.why
        )
        outcome = outcome._replace(published=keep_intent(uss, marked, EntryKind.INTENT_CHANGED))
    return Publication(outcome, extents.losses)


def wanted_of(
    operation: Operation,
    volumes: tuple[Volume4D, ...],
    current: PublishedIntent | None,
    *,
    at: datetime,
) -> Wanted:
    """What an operation's state and volumes ask for.

    Off its plan, an operation's volumes are where it is now; what it was planned in stays the
    intent's nominal part while it is only nonconforming. One that is off its plan for too long
    counts as lost here, whatever its owner says of it.
    """
    state, since = STATE_OF[operation.state], None
    if state is IntentState.NONCONFORMING:
        known = None if current is None else current.nonconforming_since
        since = known or operation.received_at
    is_lost = since is not None and (
        state_of(current) is IntentState.CONTINGENT or is_beyond_recovery(since, at)
    )
    if is_lost:
        state = IntentState.CONTINGENT
    off_nominal: tuple[Volume4D, ...] = ()
    nominal = volumes
    if not state.is_nominal:
        nominal, off_nominal = _planned_before(current) or volumes, volumes
    if state is IntentState.CONTINGENT:
        nominal = ()
    said = None if current is None else current.priority
    return Wanted(
        id=operation.id,
        designator=operation.designator,
        operation_version=operation.version,
        state=state,
        volumes=nominal,
        off_nominal_volumes=off_nominal,
        priority=operation.priority if said is None else said,
        said_priority=said,
        nonconforming_since=since,
        because=RECOVERY_RULE if is_lost else "",
    )


def _planned_before(current: PublishedIntent | None) -> tuple[Volume4D, ...]:
    if state_of(current) is None or current is None or current.intent is None:
        return ()
    return current.intent.details.volumes or ()


def own_operation(uss: Uss, view: View, operation_id: str) -> Operation:
    """An operation of ours.

    Raises:
        NotFound: the node never held it.
        NotOurs: it is another party's.
    """
    stored = view.operation(operation_id)
    if stored is None:
        raise NotFound(f"there is no operation {operation_id}")
    if stored.operation.party != uss.node.identity.party:
        raise NotOurs(f"{stored.operation.designator} is of {stored.operation.party}")
    return stored.operation
