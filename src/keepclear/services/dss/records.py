"""What is stored, as the standard writes it: references, subscriptions, who must be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import UNSET

from keepclear.formats.f3548 import (
    ConstraintReference,
    OperationalIntentReference,
    SubscriberToNotify,
    Subscription,
    SubscriptionState,
    Time,
    time_of,
)
from keepclear.formats.f3548.ids import NO_SUBSCRIPTION_ID
from keepclear.ports.dss_store import Notified, StoredConstraint, StoredIntent, StoredSubscription

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def intent_reference(stored: StoredIntent, caller: str) -> OperationalIntentReference:
    """What a caller may read of an intent; only its manager reads its OVN."""
    record = stored.record
    return OperationalIntentReference(
        id=record.id,
        manager=record.manager,
        uss_availability=stored.availability,
        version=record.version,
        state=record.state,
        ovn=record.ovn if record.manager == caller else UNSET,
        time_start=_time(stored.start_us),
        time_end=_time(stored.end_us),
        uss_base_url=record.base_url,
        subscription_id=stored.subscription_id or NO_SUBSCRIPTION_ID,
    )


def constraint_reference(stored: StoredConstraint, caller: str) -> ConstraintReference:
    """What a caller may read of a constraint; only its manager reads its OVN."""
    record = stored.record
    return ConstraintReference(
        id=record.id,
        manager=record.manager,
        uss_availability=stored.availability,
        version=record.version,
        ovn=record.ovn if record.manager == caller else UNSET,
        time_start=_time(stored.start_us),
        time_end=_time(stored.end_us),
        uss_base_url=record.base_url,
    )


def subscription_of(stored: StoredSubscription, dependents: Iterable[str]) -> Subscription:
    """A subscription, for its manager.

    Args:
        stored: the subscription.
        dependents: the ids of the intents that depend on it.
    """
    record = stored.record
    return Subscription(
        id=record.id,
        version=record.version,
        notification_index=record.notified,
        uss_base_url=record.base_url,
        time_start=_time(stored.start_us),
        time_end=_time(stored.end_us),
        notify_for_operational_intents=record.for_intents,
        notify_for_constraints=record.for_constraints,
        implicit_subscription=record.is_implicit,
        dependent_operational_intents=tuple(dependents),
    )


def subscribers_of(notified: Sequence[Notified]) -> tuple[SubscriberToNotify, ...]:
    """Whom the caller must tell, each address once."""
    by_address: dict[str, list[SubscriptionState]] = {}
    for each in notified:
        state = SubscriptionState(subscription_id=each.id, notification_index=each.notified)
        by_address.setdefault(each.base_url, []).append(state)
    return tuple(
        SubscriberToNotify(subscriptions=tuple(states), uss_base_url=address)
        for address, states in by_address.items()
    )


def _time(at_us: int) -> Time:
    return time_of(_EPOCH + timedelta(microseconds=at_us))
