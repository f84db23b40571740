"""Whom a change must be told to, as the F3548 interface writes it.

Source: ASTM F3548-21, interface UTM API 1.0.0: SubscriptionState, SubscriberToNotify.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

from keepclear.formats.f3548.record import (
    Record,
    SubscriptionID,
    SubscriptionNotificationIndex,
    SubscriptionUssBaseURL,
)


class SubscriptionState(Record, frozen=True, kw_only=True):
    """A subscription and which of its notifications this is; the first is 1."""

    subscription_id: SubscriptionID
    notification_index: SubscriptionNotificationIndex


Subscriptions: TypeAlias = Annotated[tuple[SubscriptionState, ...], Meta(min_length=1)]


class SubscriberToNotify(Record, frozen=True, kw_only=True):
    """Somebody whom the one who made a change must tell of it."""

    subscriptions: Subscriptions
    uss_base_url: SubscriptionUssBaseURL
