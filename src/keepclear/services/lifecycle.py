"""How an operation goes from state to state.

Source: ASTM F3548-21, 4.4.2 (states of an operational intent), in this product's words:
planned, active, nonconforming, contingent, ended. Whoever began to fly never goes back to
planned, and contingent only ends.
"""

from __future__ import annotations

from collections.abc import Mapping

from keepclear.errors import StateForbids
from keepclear.ledger.entries import EntryKind
from keepclear.model.operation import EndReason, Operation, OperationState

_S = OperationState

NEXT: Mapping[OperationState, frozenset[OperationState]] = {
    _S.PLANNED: frozenset({_S.ACTIVE, _S.NONCONFORMING, _S.CONTINGENT, _S.ENDED}),
    _S.ACTIVE: frozenset({_S.NONCONFORMING, _S.CONTINGENT, _S.ENDED}),
    _S.NONCONFORMING: frozenset({_S.ACTIVE, _S.CONTINGENT, _S.ENDED}),
    _S.CONTINGENT: frozenset({_S.ENDED}),
    _S.ENDED: frozenset(),
}
"""Which states may follow a state; the same state may always be said again."""

ENTRY_OF: Mapping[OperationState, EntryKind] = {
    _S.ACTIVE: EntryKind.OPERATION_ACTIVATED,
    _S.NONCONFORMING: EntryKind.OPERATION_NONCONFORMING,
    _S.CONTINGENT: EntryKind.OPERATION_CONTINGENT,
    _S.ENDED: EntryKind.OPERATION_ENDED,
}


def require_next(operation: Operation, state: OperationState) -> None:
    """Refuse a state that cannot follow the present one.

    Raises:
        StateForbids: with the states that may follow.
    """
    if state in NEXT[operation.state]:
        return
    may = ", ".join(sorted(NEXT[operation.state])) or "nothing"
    raise StateForbids(
        f"{operation.designator} is {operation.state}; {may} may follow, {state} may not"
    )


def end_reason_of(operation: Operation, said: EndReason) -> EndReason:
    """Why an operation ends: as said, else cancelled before its flight, completed after."""
    if said:
        return said
    before = operation.state is OperationState.PLANNED
    return EndReason.CANCELLED if before else EndReason.COMPLETED


def entry_kind_of(state: OperationState, reason: EndReason) -> EntryKind:
    """What the ledger calls the change to a state."""
    if reason is EndReason.CANCELLED:
        return EntryKind.OPERATION_CANCELLED
    return ENTRY_OF[state]
