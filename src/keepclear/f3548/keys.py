"""What a service must prove to know before it may plan.

Source: ASTM F3548-21, interface UTM API 1.0.0, PutOperationalIntentReferenceParameters.key and
    OperationalIntentState; a Down service's accepted intents need not be known (SCD0005).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from keepclear.model.coordination import IntentState, UssState


class Relevant(NamedTuple):
    """Something of which a discovery service holds that it is near.

    Attributes:
        id: of the intent or constraint.
        ovn: its opaque version.
        state: of an intent; None for a constraint.
        availability: what is held of its manager.
    """

    id: str
    ovn: str
    state: IntentState | None
    availability: UssState


def missing_from(
    key: Collection[str],
    relevant: Iterable[Relevant],
    *,
    target: IntentState,
    own_id: str,
    constraints: bool,
) -> tuple[Relevant, ...]:
    """What a key ought to hold and does not, in the order given.

    A service's own intents count like any other's; what else the key holds does no harm.

    Args:
        key: the OVNs a service has shown.
        relevant: intents and constraints near what it wants to claim.
        target: the state it wants.
        own_id: of what it claims, which need not be known to itself.
        constraints: whether it processes constraints.
    """
    if not target.is_nominal:
        return ()
    known = frozenset(key)
    return tuple(
        each
        for each in relevant
        if each.ovn not in known and each.id != own_id and must_be_known(each, constraints)
    )


def must_be_known(entity: Relevant, constraints: bool) -> bool:
    """Tell whether a key has to hold an entity at all.

    Args:
        entity: near what somebody wants to claim.
        constraints: whether they process constraints.
    """
    if entity.state is None:
        return constraints
    return not (entity.state is IntentState.ACCEPTED and entity.availability is UssState.DOWN)
