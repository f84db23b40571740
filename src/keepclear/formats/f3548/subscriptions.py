"""Subscriptions at a discovery service, as the F3548 interface writes them.

Source: ASTM F3548-21, interface UTM API 1.0.0: SubscriptionState to DeleteSubscriptionResponse.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from keepclear.formats.f3548.constraints import ConstraintReference
from keepclear.formats.f3548.geometry import Time, Volume4D
from keepclear.formats.f3548.intents import OperationalIntentReference
from keepclear.formats.f3548.notifying import SubscriberToNotify, SubscriptionState
from keepclear.formats.f3548.record import (
    EntityID,
    Maybe,
    NullableRecord,
    Record,
    SubscriptionID,
    SubscriptionNotificationIndex,
    SubscriptionUssBaseURL,
)

__all__ = [
    "DeleteSubscriptionResponse",
    "GetSubscriptionResponse",
    "PutSubscriptionParameters",
    "PutSubscriptionResponse",
    "QuerySubscriptionParameters",
    "QuerySubscriptionsResponse",
    "SubscriberToNotify",
    "Subscription",
    "SubscriptionState",
]


class Subscription(NullableRecord, frozen=True, kw_only=True):
    """An area whose changes somebody is told of."""

    id: SubscriptionID
    version: str
    notification_index: SubscriptionNotificationIndex
    uss_base_url: SubscriptionUssBaseURL
    time_start: Maybe[Time] = UNSET
    time_end: Maybe[Time] = UNSET
    notify_for_operational_intents: bool | UnsetType = UNSET
    notify_for_constraints: bool | UnsetType = UNSET
    implicit_subscription: bool | UnsetType = UNSET
    dependent_operational_intents: tuple[EntityID, ...] | UnsetType = UNSET


class QuerySubscriptionParameters(NullableRecord, frozen=True, kw_only=True):
    """Where somebody looks for own subscriptions."""

    area_of_interest: Maybe[Volume4D] = UNSET


class QuerySubscriptionsResponse(Record, frozen=True, kw_only=True):
    """The caller's subscriptions there."""

    subscriptions: tuple[Subscription, ...]


class GetSubscriptionResponse(Record, frozen=True, kw_only=True):
    """One subscription."""

    subscription: Subscription


class PutSubscriptionParameters(Record, frozen=True, kw_only=True):
    """A subscription to be made or changed."""

    extents: Volume4D
    uss_base_url: SubscriptionUssBaseURL
    notify_for_operational_intents: bool | UnsetType = UNSET
    notify_for_constraints: bool | UnsetType = UNSET


class PutSubscriptionResponse(Record, frozen=True, kw_only=True):
    """The subscription, and what is there now of the kinds it asks for."""

    subscription: Subscription
    operational_intent_references: tuple[OperationalIntentReference, ...] | UnsetType = UNSET
    constraint_references: tuple[ConstraintReference, ...] | UnsetType = UNSET


class DeleteSubscriptionResponse(Record, frozen=True, kw_only=True):
    """The subscription as it last was."""

    subscription: Subscription
