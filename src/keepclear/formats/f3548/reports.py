"""Exchanges, reports about them and logs, as the F3548 interface writes them.

Source: ASTM F3548-21, interface UTM API 1.0.0: USSLogSet to ConstraintProviderAssociation.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from keepclear.formats.f3548.geometry import Time
from keepclear.formats.f3548.record import (
    EntityID,
    EntityOVN,
    Int32,
    Maybe,
    NullableRecord,
    Record,
)
from keepclear.formats.f3548.telemetry import VehicleTelemetry

NotificationTriggeringEvent: TypeAlias = Literal[
    "GEN0400",
    "GEN0405",
    "SCD0090",
    "SCD0095",
    "ACM0010",
    "CMSA0115",
    "CMSA0300",
    "CSTP0005",
    "CSTP0010",
    "CSTP0020",
    "CSTP0025",
    "CSTP0030",
    "CSTO0035",
]
InputTriggeringEvent: TypeAlias = Literal[
    "OPIN0040",
    "CMSA0010",
    "CMSA0025",
    "CMSA0100",
    "CMSA0105",
    "CMSA0110",
    "CMSA0200",
    "CMSA0205",
    "CMSA0210",
    "CMSA0215",
]


class ExchangeRecord(NullableRecord, frozen=True, kw_only=True):
    """A request and what was answered; bodies are in base64."""

    url: str
    method: str
    headers: tuple[str, ...] | UnsetType = UNSET
    recorder_role: Literal["Client", "Server"]
    request_time: Time
    request_body: str | UnsetType = UNSET
    response_time: Maybe[Time] = UNSET
    response_body: str | UnsetType = UNSET
    response_code: Int32 | UnsetType = UNSET
    problem: str | UnsetType = UNSET


class ErrorReport(Record, frozen=True, kw_only=True):
    """Somebody tells a server of trouble in an exchange with it."""

    report_id: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    exchange: ExchangeRecord


class PositionRecord(Record, frozen=True, kw_only=True):
    """A report of an aircraft, and when it came in."""

    time_received: Time
    telemetry: VehicleTelemetry


class OperationalIntentPositions(Record, frozen=True, kw_only=True):
    """The reports of one intent's aircraft."""

    positions: tuple[PositionRecord, ...] | UnsetType = UNSET
    operational_intent_id: EntityID


class PlanningRecord(Record, frozen=True, kw_only=True):
    """One attempt to plan."""

    time: Time
    ovns: tuple[EntityOVN, ...]
    missing_operational_intents: tuple[EntityID, ...] | UnsetType = UNSET
    missing_constraints: tuple[EntityID, ...] | UnsetType = UNSET
    operational_intent_id: EntityID | UnsetType = UNSET
    problem: str | UnsetType = UNSET


class UserNotificationRecord(Record, frozen=True, kw_only=True):
    """Something an operator was told because a requirement asks for it."""

    triggering_event_time: Time
    notification_time: Time
    notification_details: str | UnsetType = UNSET
    notification_triggering_event: NotificationTriggeringEvent


class UserInputRecord(Record, frozen=True, kw_only=True):
    """Something an operator said that a requirement speaks of."""

    triggering_event_time: Time
    operational_intent_id: EntityID
    input_triggering_event: InputTriggeringEvent
    input_details: str | UnsetType = UNSET


class OperatorAssociation(Record, frozen=True, kw_only=True):
    """Whose an intent is."""

    operational_intent_id: EntityID
    operator_id: str


class ConstraintProviderAssociation(Record, frozen=True, kw_only=True):
    """Whose a constraint is."""

    constraint_id: EntityID
    constraint_provider_id: str


class USSLogSet(Record, frozen=True, kw_only=True):
    """What a service has logged."""

    messages: tuple[ExchangeRecord, ...] | UnsetType = UNSET
    operator_notifications: tuple[UserNotificationRecord, ...] | UnsetType = UNSET
    operator_inputs: tuple[UserInputRecord, ...] | UnsetType = UNSET
    operator_associations: tuple[OperatorAssociation, ...] | UnsetType = UNSET
    planning_attempts: tuple[PlanningRecord, ...] | UnsetType = UNSET
    operational_intent_positions: tuple[OperationalIntentPositions, ...] | UnsetType = UNSET
    constraint_provider_associations: tuple[ConstraintProviderAssociation, ...] | UnsetType = UNSET
