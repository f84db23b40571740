"""What is over leaves by itself, in pieces small enough to hold nobody up.

Answers never depend on how far this has come: they look at the times themselves.
"""

from __future__ import annotations

from keepclear.f3548.extent import microseconds_of
from keepclear.ports.dss_store import DssUnit
from keepclear.services.dss.attaching import detach
from keepclear.services.dss.discovery import Dss

_A_PIECE = 50
"""So many of each kind leave in one work."""


def expire(dss: Dss) -> int:
    """Remove what is over: subscriptions at their end, others some time after theirs.

    Returns:
        How many left.

    Raises:
        NodeFault: the store does not take it; what left before has left.
    """
    total = 0
    while _is_any_over(dss):
        total += dss.store.write(lambda unit: _expire_piece(dss, unit))
    return total


def _is_any_over(dss: Dss) -> bool:
    now_us, before_us = _moments(dss)
    with dss.store.view() as view:
        return bool(
            view.over_subscriptions(now_us, limit=1)
            or view.over_intents(before_us, limit=1)
            or view.over_constraints(before_us, limit=1)
        )


def _expire_piece(dss: Dss, unit: DssUnit) -> int:
    now_us, before_us = _moments(dss)
    subscriptions = unit.over_subscriptions(now_us, limit=_A_PIECE)
    for subscription in subscriptions:
        extent = unit.subscription_extent(subscription.number)
        unit.drop_subscription(subscription.number, extent)
    intents = unit.over_intents(before_us, limit=_A_PIECE)
    for intent in intents:
        unit.drop_intent(intent.number, unit.intent_extent(intent.number))
        detach(unit, intent.subscription_id)
    constraints = unit.over_constraints(before_us, limit=_A_PIECE)
    for constraint in constraints:
        unit.drop_constraint(constraint.number, unit.constraint_extent(constraint.number))
    return len(subscriptions) + len(intents) + len(constraints)


def _moments(dss: Dss) -> tuple[int, int]:
    now_us = microseconds_of(dss.now())
    return now_us, now_us - round(dss.limits.expired_kept_s * 1e6)
