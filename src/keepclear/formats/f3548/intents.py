"""Operational intents, as the F3548 interface writes them.

Source: ASTM F3548-21, interface UTM API 1.0.0: OperationalIntentState to
    GetOperationalIntentDetailsResponse.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from keepclear.formats.f3548.availability import UssAvailabilityState
from keepclear.formats.f3548.geometry import Time, Volume4D
from keepclear.formats.f3548.notifying import SubscriberToNotify, Subscriptions
from keepclear.formats.f3548.record import (
    EntityID,
    Int32,
    Key,
    Maybe,
    NullableRecord,
    OperationalIntentUssBaseURL,
    Priority,
    Record,
    SubscriptionID,
    SubscriptionUssBaseURL,
)
from keepclear.model.coordination import IntentState

OperationalIntentState: TypeAlias = IntentState


class OperationalIntentReference(Record, frozen=True, kw_only=True):
    """What a discovery service says of an intent.

    Attributes:
        ovn: its opaque version, for its manager and from its manager only; what others read
            is absent, empty or a text that says whom to ask.
    """

    id: EntityID
    manager: str
    uss_availability: UssAvailabilityState
    version: Int32
    state: OperationalIntentState
    ovn: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    time_start: Time
    time_end: Time
    uss_base_url: OperationalIntentUssBaseURL
    subscription_id: SubscriptionID


class ImplicitSubscriptionParameters(Record, frozen=True, kw_only=True):
    """A subscription that lives and dies with an intent."""

    uss_base_url: SubscriptionUssBaseURL
    notify_for_constraints: bool | UnsetType = UNSET


class PutOperationalIntentReferenceParameters(NullableRecord, frozen=True, kw_only=True):
    """An intent to be made or changed."""

    extents: Annotated[tuple[Volume4D, ...], Meta(min_length=1)]
    key: Key | UnsetType = UNSET
    state: OperationalIntentState
    uss_base_url: OperationalIntentUssBaseURL
    subscription_id: EntityID | UnsetType = UNSET
    new_subscription: Maybe[ImplicitSubscriptionParameters] = UNSET
    requested_ovn_suffix: str | UnsetType = UNSET
    """An extension of InterUSS: the end of the OVN that the manager would like."""


class GetOperationalIntentReferenceResponse(Record, frozen=True, kw_only=True):
    """One intent."""

    operational_intent_reference: OperationalIntentReference


class ChangeOperationalIntentReferenceResponse(Record, frozen=True, kw_only=True):
    """The intent as it is now, or last was, and who must be told."""

    subscribers: tuple[SubscriberToNotify, ...]
    operational_intent_reference: OperationalIntentReference


class QueryOperationalIntentReferenceParameters(NullableRecord, frozen=True, kw_only=True):
    """Where somebody looks for intents."""

    area_of_interest: Maybe[Volume4D] = UNSET


class QueryOperationalIntentReferenceResponse(Record, frozen=True, kw_only=True):
    """The intents there."""

    operational_intent_references: tuple[OperationalIntentReference, ...]


class OperationalIntentDetails(Record, frozen=True, kw_only=True):
    """What only an intent's manager says of it."""

    volumes: tuple[Volume4D, ...] | UnsetType = UNSET
    off_nominal_volumes: tuple[Volume4D, ...] | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET


class OperationalIntent(Record, frozen=True, kw_only=True):
    """An intent whole."""

    reference: OperationalIntentReference
    details: OperationalIntentDetails


class PutOperationalIntentDetailsParameters(NullableRecord, frozen=True, kw_only=True):
    """A manager tells of a change; without the intent it is gone."""

    operational_intent_id: EntityID
    operational_intent: Maybe[OperationalIntent] = UNSET
    subscriptions: Subscriptions


class GetOperationalIntentDetailsResponse(Record, frozen=True, kw_only=True):
    """An intent whole, from its manager."""

    operational_intent: OperationalIntent
