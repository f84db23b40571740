"""Which states an intent may pass through, and which roles may ask for them.

Source: ASTM F3548-21, interface UTM API 1.0.0, OperationalIntentState and
    UssAvailabilityState; requirements OPIN0015, OPIN0030, SCD0080.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from keepclear.errors import InvalidInput, NotPermitted, UssIsDown
from keepclear.model.coordination import IntentState, UssState
from keepclear.model.volume import Volume

STRATEGIC_COORDINATION = "utm.strategic_coordination"
CONSTRAINT_MANAGEMENT = "utm.constraint_management"
CONSTRAINT_PROCESSING = "utm.constraint_processing"
CONFORMANCE_MONITORING = "utm.conformance_monitoring_sa"
AVAILABILITY_ARBITRATION = "utm.availability_arbitration"

RECOVERABLE = timedelta(seconds=60)
"""So long a flight may be off its plan and still be expected back (the standard's constant)."""

_AFTER: dict[IntentState | None, frozenset[IntentState | None]] = {
    None: frozenset({None, IntentState.ACCEPTED, IntentState.ACTIVATED}),
    IntentState.ACCEPTED: frozenset({None, *IntentState}),
    IntentState.ACTIVATED: frozenset({None, *IntentState} - {IntentState.ACCEPTED}),
    IntentState.NONCONFORMING: frozenset({None, *IntentState} - {IntentState.ACCEPTED}),
    IntentState.CONTINGENT: frozenset({None, IntentState.CONTINGENT}),
}
"""What may follow each state; None is before planning and after the end."""


def scope_for(state: IntentState) -> str:
    """The role a service needs to bring an intent into a state, or to change it there."""
    return STRATEGIC_COORDINATION if state.is_nominal else CONFORMANCE_MONITORING


def require_state_at_dss(
    before: IntentState | None,
    after: IntentState,
    scopes: frozenset[str],
    availability: UssState,
) -> None:
    """Refuse a state that a discovery service does not take from this caller.

    It keeps no other state machine; the services do.

    Args:
        before: None where the intent is new.
        after: what is asked for.
        scopes: of the caller's token.
        availability: what is held of the caller.

    Raises:
        NotPermitted: the token lacks the role.
        InvalidInput: a new intent is anything but Accepted.
        UssIsDown: the caller is down and asks for a nominal state.
    """
    if (scope := scope_for(after)) not in scopes:
        raise NotPermitted(
            f"the state {after} needs the scope {scope}",
            remedy=f"Ask for a token with the scope {scope}.",
        )
    if before is None and after is not IntentState.ACCEPTED:
        raise InvalidInput(
            f"a new operational intent cannot be {after}",
            remedy="Create it as Accepted, then change it.",
        )
    if after.is_nominal:
        require_up(availability)


def require_up(availability: UssState) -> None:
    """Refuse what a service that is down may not do: plan, activate, delete.

    Raises:
        UssIsDown: it is down; only an arbiter can say otherwise.
    """
    if availability is UssState.DOWN:
        raise UssIsDown(
            "this service is held to be Down and may not plan, activate or delete",
            remedy="Have the availability arbiter set it back to Normal or Unknown.",
        )


def may_follow(before: IntentState | None, after: IntentState | None) -> bool:
    """Tell whether an operator's service may bring an intent from one state into another.

    None is before planning and after the end. A new intent that should be Activated is made
    Accepted at the discovery service first.
    """
    return after in _AFTER[before]


def needs_subscription(state: IntentState) -> bool:
    """Tell whether an intent in a state must hear of changes (SCD0080)."""
    return state is not IntentState.ACCEPTED


def active_now(volumes: Iterable[Volume], now: datetime) -> bool:
    """Tell whether an intent with these volumes may be Activated: one of them has begun."""
    return any(each.window.start <= now <= each.window.end for each in volumes)


def is_beyond_recovery(nonconforming_since: datetime | None, now: datetime) -> bool:
    """Tell whether a flight was off its plan for so long that it counts as lost.

    From then on its intent is Contingent, and only ends. None: it is on its plan.
    """
    return nonconforming_since is not None and now - nonconforming_since >= RECOVERABLE
