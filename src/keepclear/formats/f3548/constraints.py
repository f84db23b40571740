"""Constraints, as the F3548 interface writes them.

Source: ASTM F3548-21, interface UTM API 1.0.0: ConstraintReference to
    GetConstraintDetailsResponse, AirspaceConflictResponse.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from keepclear.formats.f3548.availability import UssAvailabilityState
from keepclear.formats.f3548.geometry import Time, Volume4D
from keepclear.formats.f3548.geozone import GeoZone
from keepclear.formats.f3548.intents import OperationalIntentReference
from keepclear.formats.f3548.notifying import SubscriberToNotify, Subscriptions
from keepclear.formats.f3548.record import (
    ConstraintUssBaseURL,
    EntityID,
    Int32,
    Maybe,
    NullableRecord,
    Record,
)


class ConstraintReference(Record, frozen=True, kw_only=True):
    """What a discovery service says of a constraint.

    Attributes:
        ovn: its opaque version, for its manager and from its manager only; what others read
            is absent, empty or a text that says whom to ask.
    """

    id: EntityID
    manager: str
    uss_availability: UssAvailabilityState
    version: Int32
    ovn: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    time_start: Time
    time_end: Time
    uss_base_url: ConstraintUssBaseURL


class PutConstraintReferenceParameters(Record, frozen=True, kw_only=True):
    """A constraint to be made or changed."""

    extents: Annotated[tuple[Volume4D, ...], Meta(min_length=1)]
    uss_base_url: ConstraintUssBaseURL


class GetConstraintReferenceResponse(Record, frozen=True, kw_only=True):
    """One constraint."""

    constraint_reference: ConstraintReference


class ChangeConstraintReferenceResponse(Record, frozen=True, kw_only=True):
    """The constraint as it is now, or last was, and who must be told."""

    subscribers: tuple[SubscriberToNotify, ...]
    constraint_reference: ConstraintReference


class QueryConstraintReferenceParameters(NullableRecord, frozen=True, kw_only=True):
    """Where somebody looks for constraints."""

    area_of_interest: Maybe[Volume4D] = UNSET


class QueryConstraintReferencesResponse(Record, frozen=True, kw_only=True):
    """The constraints there."""

    constraint_references: tuple[ConstraintReference, ...]


class AirspaceConflictResponse(Record, frozen=True, kw_only=True):
    """What the caller must learn before the airspace may be changed."""

    message: str | UnsetType = UNSET
    missing_operational_intents: tuple[OperationalIntentReference, ...] | UnsetType = UNSET
    missing_constraints: tuple[ConstraintReference, ...] | UnsetType = UNSET


class ConstraintDetails(NullableRecord, frozen=True, kw_only=True):
    """What only a constraint's manager says of it."""

    volumes: Annotated[tuple[Volume4D, ...], Meta(min_length=1)]
    type: str | UnsetType = UNSET
    geozone: Maybe[GeoZone] = UNSET


class Constraint(Record, frozen=True, kw_only=True):
    """A constraint whole."""

    reference: ConstraintReference
    details: ConstraintDetails


class PutConstraintDetailsParameters(NullableRecord, frozen=True, kw_only=True):
    """A manager tells of a change; without the constraint it is gone."""

    constraint_id: EntityID
    constraint: Maybe[Constraint] = UNSET
    subscriptions: Subscriptions


class GetConstraintDetailsResponse(Record, frozen=True, kw_only=True):
    """A constraint whole, from its manager."""

    constraint: Constraint
